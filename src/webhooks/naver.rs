//! Naver's notice that a person has ended the connection there.

use actix_web::{HttpRequest, HttpResponse, web};

use super::act::{act, body, in_time};
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::providers::NaverNotice;
use crate::users::Effect;
use crate::users::Heard;
use crate::web::App;
use crate::web::Client;
use crate::web::Limit;
use crate::web::circumstances;

/// The connection of an account has ended: 204, known here or not. It has no id: heard again, it finds nothing left to end, and
/// a link that was made later than it is another one. Naver.
pub(super) async fn unlink(
    app: web::Data<App>,
    req: HttpRequest,
    client: Client,
    payload: web::Payload,
) -> AppResult<HttpResponse> {
    app.limits.count(Limit::Webhook, client.address)?;
    let sent = body(payload).await?;
    let naver = app.config.providers.naver.as_ref().ok_or_else(|| AppError::new(Kind::NotFound))?;
    let notice = NaverNotice::parse(req.query_string(), &sent).ok_or_else(|| AppError::new(Kind::BadRequest))?;
    let (subject, at) = notice.open(naver, app.clock.now()).map_err(|why| {
        tracing::info!(provider = "naver", description = why, outcome = "refused", "notice");
        AppError::with_code(Kind::Forbidden, "webhook_signature")
    })?;
    let effects = vec![(subject, Effect::LinkOver)];
    let heard = Heard { provider: "naver".to_owned(), effects, once: None, at: Some(at) };
    in_time(act(&app, heard, circumstances(&app, &req))).await?;
    Ok(HttpResponse::NoContent().finish())
}
