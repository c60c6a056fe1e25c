//! Kakao's notices: the unlink webhook, whose only proof is the admin key, and changes of an account's status (SETs).

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::act::{act, in_time};
use super::signed;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::secret;
use crate::users;
use crate::users::Effect;
use crate::users::Heard;
use crate::web::App;
use crate::web::Client;
use crate::web::FormBody;
use crate::web::Limit;
use crate::web::QueryPart;
use crate::web::circumstances;

/// What the webhook says; `referrer_type` says why, which changes nothing.
#[derive(Deserialize)]
pub(super) struct Unlinked {
    app_id: String,
    user_id: String,
}

/// Kakao says that somebody unlinked the app there, by GET. Kakao.
pub(super) async fn unlink_by_query(
    app: web::Data<App>,
    req: HttpRequest,
    client: Client,
    query: Result<QueryPart<Unlinked>, AppError>,
) -> AppResult<HttpResponse> {
    unlink(&app, &req, &client, query.map(|QueryPart(said)| said)).await
}

/// The same by POST. Kakao.
pub(super) async fn unlink_by_form(
    app: web::Data<App>,
    req: HttpRequest,
    client: Client,
    form: Result<FormBody<Unlinked>, AppError>,
) -> AppResult<HttpResponse> {
    unlink(&app, &req, &client, form.map(|FormBody(said)| said)).await
}

async fn unlink(
    app: &web::Data<App>,
    req: &HttpRequest,
    client: &Client,
    said: Result<Unlinked, AppError>,
) -> AppResult<HttpResponse> {
    app.limits.count(Limit::Webhook, client.address)?;
    let stranger =
        || AppError::with_code(Kind::Unauthenticated, "webhook_key").because("not Kakao's admin key and app");
    if !knows_key(app, req) {
        return Err(stranger());
    }
    let said = said?;
    let digits = |text: &str| (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(&said.user_id) {
        return Err(AppError::new(Kind::BadRequest));
    }
    in_time(async {
        let bound = app.db.read(|conn| users::realm(conn, "kakao")).await?;
        let configured = app.registry.find("kakao").and_then(|kakao| kakao.realm());
        if configured.or(bound).is_some_and(|ours| ours != said.app_id) {
            return Err(stranger());
        }
        let effects = vec![(said.user_id, Effect::LinkOver)];
        let heard = Heard { provider: "kakao".to_owned(), effects, once: None, at: None };
        act(app, heard, circumstances(app, req)).await
    })
    .await?;
    Ok(HttpResponse::Ok().finish())
}

/// Compared by their hashes, so that the time says nothing, not even about the length.
fn knows_key(app: &App, req: &HttpRequest) -> bool {
    let key = app.config.providers.kakao.as_ref().and_then(|kakao| kakao.admin_key.as_ref());
    let mut sent = req.headers().get_all(AUTHORIZATION);
    let (Some(key), Some(sent), None) = (key, sent.next(), sent.next()) else { return false };
    let right = format!("KakaoAK {}", key.expose());
    secret::same(&secret::sha256(sent.as_bytes()), &secret::sha256(right.as_bytes()))
}

/// Kakao says that the status of an account changed: 202, or 400 with the words of RFC 8935. Kakao.
pub(super) async fn events(
    app: web::Data<App>,
    req: HttpRequest,
    client: Client,
    payload: web::Payload,
) -> AppResult<HttpResponse> {
    app.limits.count(Limit::Webhook, client.address)?;
    signed::event_token(&app, &req, "kakao", payload).await
}
