//! Everything that is held about a person, for them.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::audit;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::users;
use crate::web::App;
use crate::web::FreshUser;
use crate::web::circumstances;

/// A JSON file: the person, their linked accounts, sessions and history; no tokens. Users with a fresh login.
pub(super) async fn export(app: web::Data<App>, req: HttpRequest, user: FreshUser) -> AppResult<HttpResponse> {
    let (id, how) = (user.0.person.id.clone(), circumstances(&app, &req));
    let about = id.clone();
    let held = app.db.read(move |conn| users::everything_about(conn, &about, how.at)).await?;
    let held = held.ok_or_else(|| AppError::new(Kind::NotFound))?;
    let how = circumstances(&app, &req).by(&id);
    app.db.write(move |conn| audit::record(conn, &how, "profile.export", Some(&id), "")).await?;
    let body = serde_json::to_string_pretty(&held).map_err(AppError::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/json; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"account.json\""))
        .body(body))
}
