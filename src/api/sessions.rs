//! Where somebody is logged in, for programs.

use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Problem;
use super::time::rfc3339;
use crate::db::SessionId;
use crate::device::Device;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::tokens;
use crate::web::App;
use crate::web::Bearer;
use crate::web::PendingCookies;
use crate::web::circumstances;

/// A device.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    /// Its id.
    id: String,
    /// Whether the caller speaks from it.
    current: bool,
    /// The provider it logged in with.
    #[schema(example = "kakao")]
    provider: String,
    /// The browser in words, if known.
    browser: Option<String>,
    /// The operating system in words, if known.
    system: Option<String>,
    /// The address it logged in from, shortened.
    #[schema(example = "203.0.113.0")]
    address: Option<String>,
    /// When it logged in.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last used, to the minute.
    #[schema(format = DateTime)]
    last_seen_at: String,
    /// When it ends if it is not used before.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// How many ended.
#[derive(Serialize, ToSchema)]
pub(super) struct Ended {
    /// How many sessions ended.
    ended: usize,
}

/// The caller's devices, the one used last first.
#[utoipa::path(
    get, path = "/api/sessions", tag = "sessions", security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The devices", body = Vec<Session>),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Try again later", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(app: web::Data<App>, caller: Bearer) -> AppResult<HttpResponse> {
    let (viewer, now) = (caller.0, app.clock.now());
    let id = viewer.person.id.clone();
    let sessions = app.db.read(move |conn| tokens::live_of_user(conn, &id, now)).await?;
    let shown = sessions.into_iter().map(|session| {
        let device = Device::of(&session.user_agent);
        Ok(Session {
            current: session.id == viewer.session.id,
            id: session.id.to_string(),
            provider: session.provider,
            browser: device.browser,
            system: device.system,
            address: Some(session.address).filter(|address| !address.is_empty()),
            created_at: rfc3339(session.created_at)?,
            last_seen_at: rfc3339(session.last_seen_at)?,
            expires_at: rfc3339(session.expires_at)?,
        })
    });
    Ok(HttpResponse::Ok().json(shown.collect::<AppResult<Vec<Session>>>()?))
}

/// Ends one of the caller's sessions; the present one too, which is a log-out.
#[utoipa::path(
    delete, path = "/api/sessions/{id}", tag = "sessions", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "The session's id")),
    responses(
        (status = 204, description = "It is over"),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another site asked", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "None of the caller's", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Try again later", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn end(
    app: web::Data<App>,
    req: HttpRequest,
    caller: Bearer,
    id: web::Path<String>,
) -> AppResult<HttpResponse> {
    let viewer = caller.0;
    let id: SessionId = id.parse().map_err(|_no_id| AppError::new(Kind::NotFound))?;
    let current = id == viewer.session.id;
    let (owner, how) = (viewer.person.id.clone(), circumstances(&app, &req));
    app.db.write(move |conn| tokens::close_own(conn, &owner, &id, &how)).await?;
    app.changes.mark(&viewer.person.id);
    if current && !req.headers().contains_key(actix_web::http::header::AUTHORIZATION) {
        req.extensions_mut().insert(PendingCookies::Clear);
    }
    Ok(HttpResponse::build(StatusCode::NO_CONTENT).finish())
}

/// Ends all of the caller's sessions but the present one.
#[utoipa::path(
    delete, path = "/api/sessions", tag = "sessions", security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "They are over", body = Ended),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another site asked", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Try again later", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn end_others(app: web::Data<App>, req: HttpRequest, caller: Bearer) -> AppResult<HttpResponse> {
    let viewer = caller.0;
    let (owner, keep, how) = (viewer.person.id.clone(), viewer.session.id.clone(), circumstances(&app, &req));
    let ended = app.db.write(move |conn| tokens::close_others(conn, &owner, &keep, &how)).await?;
    app.changes.mark(&viewer.person.id);
    Ok(HttpResponse::Ok().json(Ended { ended }))
}
