//! Notices that are signed: Kakao's and Google's security event tokens (RFC 8417), Apple's JWS.

use serde_json::{Value, json};

use super::super::grants::opaque;
use super::super::jose::{By, Draft};
use super::super::keys::Key;
use super::super::provider::Provider;
use super::super::state::State;
use super::kinds::{ECHO, Notice, Variation};
use super::post::Delivery;
use crate::error::AppError;

/// Kakao's account status: `POST /webhooks/kakao/events`, signed with the keys of its ID tokens.
pub(super) fn kakao(state: &State, notice: Notice, person: &str, variation: Variation) -> Result<Delivery, AppError> {
    let issuer = Provider::Kakao.issuer(&state.origin);
    let mut event = json!({"subject": {"subject_type": "iss-sub", "iss": issuer, "sub": person}});
    match notice.name() {
        "user-unlinked" => event["reason"] = json!("UNLINK_FROM_APPS"),
        ECHO => event["reason"] = json!("UNLINK_FROM_SERVICE"),
        _ => {}
    }
    let mut draft = draft(state, notice, &issuer, event, variation)?;
    draft.claim("sub", Some(json!(person)));
    draft.claim("app_id", Some(json!(state.app.app_id.to_string())));
    draft.claim("toe", Some(json!(state.now())));
    draft.claim("txn", Some(json!(opaque()?)));
    set(state, Provider::Kakao, &draft, "/webhooks/kakao/events")
}

/// Google's Cross-Account Protection: `POST /webhooks/google/events`. Its issuer ends in a slash, unlike that of ID tokens.
pub(super) fn google(state: &State, notice: Notice, person: &str, variation: Variation) -> Result<Delivery, AppError> {
    let issuer = format!("{}/", Provider::Google.issuer(&state.origin));
    let subject = json!({"subject_type": "iss-sub", "iss": issuer, "sub": person});
    let event = match notice.name() {
        "verification" => json!({"state": "practice"}),
        "token-revoked" => json!({"subject": {
            "subject_type": "oauth_token", "token_type": "refresh_token", "token_identifier_alg": "prefix",
            "token": "1//0practice0000",
        }}),
        "account-disabled" => json!({"subject": subject, "reason": "hijacking"}),
        _ => json!({"subject": subject}),
    };
    let draft = draft(state, notice, &issuer, event, variation)?;
    set(state, Provider::Google, &draft, "/webhooks/google/events")
}

/// Apple's: a JWS inside JSON, `POST /webhooks/apple/events`. What it says of the event comes as a text.
pub(super) fn apple(state: &State, notice: Notice, person: &str, variation: Variation) -> Result<Delivery, AppError> {
    let unit = if variation == Variation::Milliseconds { 1_000 } else { 1 };
    let kind = if variation == Variation::UnknownEvent { "something-new" } else { notice.name() };
    let mut event = json!({"type": kind, "sub": person, "event_time": state.now() * unit});
    if notice.name().starts_with("email-") {
        event["email"] = json!("0a1b2c3d4e@privaterelay.appleid.com");
        event["is_private_email"] = json!("true");
    }
    if variation == Variation::NoSubject {
        event = json!({"type": kind, "event_time": state.now() * unit});
    }
    let issuer = Provider::Apple.issuer(&state.origin);
    let mut draft = draft(state, notice, &issuer, Value::Null, variation)?;
    let as_object = variation == Variation::EventsObject;
    draft.claim("events", Some(if as_object { event } else { json!(event.to_string()) }));
    if variation == Variation::IdToken {
        draft.claim("events", None);
    }
    let key = first_key(state, Provider::Apple)?;
    let payload = draft.compact(&key).map_err(AppError::internal)?;
    let body = json!({"payload": payload}).to_string();
    Ok(Delivery::new("POST", "/webhooks/apple/events", "application/json", body))
}

fn first_key(state: &State, provider: Provider) -> Result<std::sync::Arc<Key>, AppError> {
    let keys = state.keys(provider).map_err(AppError::internal)?;
    keys.first().cloned().ok_or_else(|| AppError::internal("this provider signs nothing"))
}

/// A SET about one event, varied.
fn draft(
    state: &State,
    notice: Notice,
    issuer: &str,
    mut event: Value,
    variation: Variation,
) -> Result<Draft, AppError> {
    let provider = notice.provider();
    let client_id = state.app.at(provider).map_or("", |known| known.client_id.as_str());
    let kind = match variation {
        Variation::UnknownEvent => "https://schemas.example/event-type/something-new".to_owned(),
        _ => notice.event(),
    };
    if let (Variation::NoSubject, Some(event)) = (variation, event.as_object_mut()) {
        event.remove("subject");
    }
    let claims = json!({
        "iss": issuer, "aud": client_id, "iat": state.now(), "jti": opaque()?, "events": {kind: event},
    });
    let key = first_key(state, provider)?;
    let typ = if provider == Provider::Apple { "JWT" } else { "secevent+jwt" };
    let mut draft = Draft::of(&key, typ, claims);
    vary(&mut draft, issuer, state.now(), variation);
    Ok(draft)
}

fn vary(draft: &mut Draft, issuer: &str, now: i64, variation: Variation) {
    match variation {
        Variation::AudienceList => {
            let ours = draft.claims.get("aud").cloned().unwrap_or_default();
            draft.claim("aud", Some(json!(["somebody-else", ours])));
        }
        Variation::Ended => draft.claim("exp", Some(json!(now - 3_600))),
        Variation::WrongKey => draft.by = By::Stranger,
        Variation::NoKey => draft.by = By::Nobody,
        Variation::WrongApp => draft.claim("aud", Some(json!("somebody-else"))),
        Variation::WrongIssuer => draft.claim("iss", Some(json!("https://issuer.example"))),
        Variation::IssuerSlash => {
            let other = issuer.strip_suffix('/').map_or_else(|| format!("{issuer}/"), str::to_owned);
            draft.claim("iss", Some(json!(other)));
        }
        Variation::UnknownKid => {
            draft.head("kid", Some(json!("nobody-has-this-key")));
            draft.by = By::Stranger;
        }
        Variation::AlgNone => {
            draft.head("alg", Some(json!("none")));
            draft.by = By::Nobody;
        }
        Variation::PublicKey => {
            draft.head("alg", Some(json!("HS256")));
            draft.by = By::PublicKey;
        }
        Variation::WrongTime => draft.claim("iat", Some(json!(now + 600))),
        Variation::IdToken => {
            draft.head("typ", Some(json!("JWT")));
            draft.claim("events", None);
            draft.claim("exp", Some(json!(now + 3_600)));
            draft.claim("auth_time", Some(json!(now)));
        }
        Variation::Nonsense => draft.instead = Some("not.a.jwt".to_owned()),
        _ => {}
    }
}

fn set(state: &State, provider: Provider, draft: &Draft, path: &str) -> Result<Delivery, AppError> {
    let key = first_key(state, provider)?;
    let body = draft.compact(&key).map_err(AppError::internal)?;
    Ok(Delivery::new("POST", path, "application/secevent+jwt", body))
}
