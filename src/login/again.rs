//! Proving once more who one is, for what asks for a fresh login.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::routes::Target;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::signin::Purpose;
use crate::web::App;
use crate::web::Client;
use crate::web::CurrentUser;
use crate::web::Flow;
use crate::web::Limit;
use crate::web::Next;
use crate::web::OnwardPage;
use crate::web::QueryPart;
use crate::web::chrome;
use crate::web::page::render;

/// On to the provider this session came from, which is asked to have the person prove who they are. Users. A page and no
/// redirect, because a form may have led here.
pub(super) async fn again(
    app: web::Data<App>,
    req: HttpRequest,
    user: CurrentUser,
    query: Result<QueryPart<Target>, AppError>,
    client: Client,
    flow: Flow,
) -> AppResult<HttpResponse> {
    app.limits.count(Limit::Login, client.address)?;
    let viewer = user.0;
    let provider = app.registry.find(&viewer.session.provider);
    let provider = provider.ok_or_else(|| AppError::with_code(Kind::Conflict, "provider_off"))?;
    let next = query.ok().and_then(|QueryPart(target)| target.next());
    let purpose = Purpose::Again(viewer.session.id.clone());
    let target = next.as_ref().map_or("", Next::as_str);
    let started = app.desk.start(provider, purpose, target, &flow.key_for_start()?).await?;
    let c = chrome(&app, &req, Some(&viewer));
    Ok(render(StatusCode::OK, &OnwardPage::to_provider(c, provider.slug(), started.location)))
}
