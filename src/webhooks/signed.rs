//! Notices that are signed: security event tokens (Kakao, Google) and Apple's. Each has an id and counts once; a forged one is
//! refused before the database is asked anything.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::act::{act, body, in_time};
use super::count::Refusal;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::json;
use crate::providers::EventEffect;
use crate::providers::EventRefusal;
use crate::providers::SecurityEvent;
use crate::users::Effect;
use crate::users::Heard;
use crate::web::App;
use crate::web::circumstances;

/// A security event token, which is the whole body: 202, or 400 with the words of RFC 8935.
pub(super) async fn event_token(
    app: &App,
    req: &HttpRequest,
    slug: &str,
    payload: web::Payload,
) -> AppResult<HttpResponse> {
    let sent = body(payload).await?;
    match std::str::from_utf8(&sent).ok().filter(|_| is(req, "application/secevent+jwt")) {
        Some(token) => verified(app, req, slug, token.trim(), StatusCode::ACCEPTED).await,
        None => Ok(refused(slug, EventRefusal::Request("not application/secevent+jwt"))),
    }
}

/// A token as `payload` of a JSON object: 200, or 400 with the same words.
pub(super) async fn wrapped_token(
    app: &App,
    req: &HttpRequest,
    slug: &str,
    payload: web::Payload,
) -> AppResult<HttpResponse> {
    let sent = body(payload).await?;
    let sent = json::object(&sent).filter(|_| is(req, "application/json"));
    match sent.as_ref().and_then(|object| object.get("payload")?.as_str()) {
        Some(token) => verified(app, req, slug, token, StatusCode::OK).await,
        None => Ok(refused(slug, EventRefusal::Request("not a JSON object with a payload"))),
    }
}

fn is(req: &HttpRequest, wanted: &str) -> bool {
    let kind = req.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
}

async fn verified(
    app: &App,
    req: &HttpRequest,
    slug: &str,
    token: &str,
    success: StatusCode,
) -> AppResult<HttpResponse> {
    let provider = app.registry.find(slug).ok_or_else(|| AppError::new(Kind::NotFound))?;
    in_time(async {
        let event = match provider.hear(token).await {
            Ok(event) => event,
            Err(EventRefusal::Unavailable) => return Err(AppError::new(Kind::Unavailable)),
            Err(refusal) => return Ok(refused(slug, refusal)),
        };
        tracing::info!(provider = slug, kinds = ?event.kinds, acts = event.effects.len(), "security event");
        act(app, heard(slug, event), circumstances(app, req)).await?;
        Ok(HttpResponse::build(success).finish())
    })
    .await
}

fn heard(provider: &str, event: SecurityEvent) -> Heard {
    let effect = |effect| match effect {
        EventEffect::LinkOver => Effect::LinkOver,
        EventEffect::SessionsOver => Effect::SessionsOver,
    };
    Heard {
        provider: provider.to_owned(),
        effects: event.effects.into_iter().map(|(subject, what)| (subject, effect(what))).collect(),
        once: Some((event.issuer, event.id)),
        at: Some(event.at),
    }
}

/// RFC 8935 section 2.3.
fn refused(provider: &str, refusal: EventRefusal) -> HttpResponse {
    let (err, description) = match refusal {
        EventRefusal::Request(why) => ("invalid_request", why),
        EventRefusal::Key => ("invalid_key", "no key of the issuer signed it"),
        EventRefusal::Issuer => ("invalid_issuer", "iss is not the provider"),
        EventRefusal::Audience => ("invalid_audience", "it is not for this app"),
        EventRefusal::Unavailable => ("invalid_request", "it cannot be verified now"),
    };
    tracing::info!(provider, err, description, outcome = "refused", "security event");
    let mut answer = HttpResponse::BadRequest()
        .content_type("application/json")
        .body(json!({"err": err, "description": description}).to_string());
    answer.extensions_mut().insert(Refusal(err));
    answer
}
