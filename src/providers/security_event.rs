//! Security event tokens (RFC 8417): what a provider says of a person without being asked. They are signed by the keys of its
//! ID tokens, for the same audience, so only `typ` and `events` tell the two apart; both are asked here, as they are refused
//! there. They say what has happened, so they do not expire.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use serde_json::Value;

use super::fault::Answer;
use super::http::Deadline;
use super::oidc::{Oidc, part};
use super::provider::Provider;
use crate::clock;
use crate::clock::Moment;
use crate::json::Object;

/// Keys are fetched within this time, or the notice comes too early.
const KEYS: Duration = Duration::from_millis(700);

/// One from further ahead is not of now, in seconds.
const AHEAD: i64 = 300;

/// Longest token, and longest id and subject.
const TOKEN_MAX: usize = 16 * 1024;
const NAME_MAX: usize = 255;

const OAUTH: &str = "https://schemas.openid.net/secevent/oauth/event-type/";
const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type/";
const CAEP: &str = "https://schemas.openid.net/secevent/caep/event-type/";

/// What an event brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventEffect {
    /// The link has ended at the provider.
    LinkOver,
    /// Sessions begun with the account are not to be trusted.
    SessionsOver,
}

/// A token that was verified.
#[derive(Clone, Debug)]
pub struct SecurityEvent {
    /// Who says it.
    pub issuer: String,
    /// Its id.
    pub id: String,
    /// When it happened.
    pub at: Moment,
    /// About whom, and what it brings about; empty when nothing.
    pub effects: Vec<(String, EventEffect)>,
    /// Its kinds, for the log.
    pub kinds: Vec<String>,
}

/// Why a token is not taken, in the words of RFC 8935 section 2.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventRefusal {
    /// It is no security event token, or says nothing that can be understood.
    Request(&'static str),
    /// No key of the provider signed it.
    Key,
    /// Somebody else says it.
    Issuer,
    /// It is for somebody else.
    Audience,
    /// It cannot be verified now.
    Unavailable,
}

impl Provider {
    /// Verifies a security event token.
    ///
    /// # Errors
    /// See [`EventRefusal`].
    pub async fn hear(&self, token: &str) -> Result<SecurityEvent, EventRefusal> {
        let deadline = Deadline::within(KEYS);
        let way = self.road.way(&self.http, deadline).await.map_err(|_fault| EventRefusal::Unavailable)?;
        let oidc = way.oidc.as_ref().ok_or(EventRefusal::Request("this provider sends none"))?;
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts[..] else { return Err(EventRefusal::Request("not three parts")) };
        if token.len() > TOKEN_MAX {
            return Err(EventRefusal::Request("too long"));
        }
        let read = |encoded| part(encoded).map_err(|_fault| EventRefusal::Request("a part is no JSON object"));
        let kid = check_header(&read(header)?)?;
        let key = oidc.keys.find_sparingly(&self.http, kid.as_deref(), Algorithm::RS256, deadline).await;
        let key = key.map_err(|fault| match fault.answer {
            Answer::Refused => EventRefusal::Key,
            _ => EventRefusal::Unavailable,
        })?;
        let signed = token.get(..header.len() + 1 + payload.len()).unwrap_or_default();
        if !jsonwebtoken::crypto::verify(signature, signed.as_bytes(), &key, Algorithm::RS256).unwrap_or(false) {
            return Err(EventRefusal::Key);
        }
        let native = self.dialect.native();
        judge(oidc, native.audiences, self.dialect.realm().as_deref(), &read(payload)?)
    }
}

/// Only RS256, only this kind of token, nothing that would have to be understood and is not.
fn check_header(header: &Object) -> Result<Option<String>, EventRefusal> {
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    if text("alg") != Some("RS256") {
        return Err(EventRefusal::Request("alg is not RS256"));
    }
    let typ = text("typ").unwrap_or_default().to_ascii_lowercase();
    if typ.strip_prefix("application/").unwrap_or(&typ) != "secevent+jwt" {
        return Err(EventRefusal::Request("typ is not secevent+jwt"));
    }
    if ["crit", "b64", "zip", "enc"].iter().any(|name| header.contains_key(*name)) {
        return Err(EventRefusal::Request("the header asks for something that is not understood here"));
    }
    match header.get("kid") {
        None => Ok(None),
        Some(Value::String(kid)) => Ok(Some(kid.clone())),
        Some(_) => Err(EventRefusal::Request("the key id is not text")),
    }
}

fn judge(
    oidc: &Oidc,
    audiences: &[String],
    realm: Option<&str>,
    claims: &Object,
) -> Result<SecurityEvent, EventRefusal> {
    let us = |value: &Value| value.as_str().is_some_and(|n| n == oidc.client_id || audiences.iter().any(|a| a == n));
    let issuer =
        claims.get("iss").and_then(Value::as_str).filter(|iss| oidc.issuers.first().is_some_and(|ours| ours == iss));
    let issuer = issuer.ok_or(EventRefusal::Issuer)?;
    let for_us = match claims.get("aud") {
        Some(Value::Array(several)) => several.iter().any(us),
        Some(one) => us(one),
        None => false,
    };
    let app = claims.get("app_id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    if !for_us || app.zip(realm).is_some_and(|(app, realm)| app != realm) {
        return Err(EventRefusal::Audience);
    }
    let id = claims.get("jti").and_then(Value::as_str).filter(|id| !id.is_empty() && id.len() <= NAME_MAX);
    let id = id.ok_or(EventRefusal::Request("jti is missing"))?.to_owned();
    let issued = claims.get("iat").and_then(Value::as_i64).ok_or(EventRefusal::Request("iat is missing"))?;
    if issued - clock::unix_seconds(oidc.clock.now()) > AHEAD {
        return Err(EventRefusal::Request("iat is ahead of our clock"));
    }
    let at = claims.get("toe").and_then(Value::as_i64).unwrap_or(issued).min(issued);
    let events = claims.get("events").and_then(Value::as_object).filter(|events| !events.is_empty());
    let events = events.ok_or(EventRefusal::Request("events is missing"))?;
    let mut effects = Vec::new();
    for (uri, event) in events {
        if let Some(effect) = effect(uri)
            && let Some(subject) = subject(issuer, claims, event)?
            // The echo of our own unlinking.
            && event.get("reason").and_then(Value::as_str) != Some("UNLINK_FROM_SERVICE")
        {
            effects.push((subject, effect));
        }
    }
    let kinds = events.keys().map(|uri| uri.rsplit('/').next().unwrap_or_default().chars().take(64).collect());
    let at = clock::from_unix_seconds(at);
    Ok(SecurityEvent { issuer: issuer.to_owned(), id, at, effects, kinds: kinds.collect() })
}

/// Exactly these; one that is not listed brings nothing about.
fn effect(uri: &str) -> Option<EventEffect> {
    let named = |prefix: &str, names: &[&str]| uri.strip_prefix(prefix).is_some_and(|name| names.contains(&name));
    if named(OAUTH, &["user-unlinked"]) || named(RISC, &["account-purged"]) {
        return Some(EventEffect::LinkOver);
    }
    let sessions = named(OAUTH, &["tokens-revoked", "token-revoked"])
        || named(
            RISC,
            &["sessions-revoked", "account-disabled", "credential-compromise", "account-credential-change-required"],
        )
        || named(CAEP, &["credential-change"]);
    sessions.then_some(EventEffect::SessionsOver)
}

/// Whom it is about; `None` for somebody named in a way that means nobody here.
fn subject(issuer: &str, claims: &Object, event: &Value) -> Result<Option<String>, EventRefusal> {
    let malformed = EventRefusal::Request("a known event is malformed");
    let event = event.as_object().ok_or(malformed)?;
    let subject = event.get("subject").or_else(|| claims.get("sub_id")).and_then(Value::as_object).ok_or(malformed)?;
    let kind = subject.get("subject_type").or_else(|| subject.get("format")).and_then(Value::as_str);
    if !matches!(kind, Some("iss-sub" | "iss_sub")) || subject.get("iss").and_then(Value::as_str) != Some(issuer) {
        return Ok(None);
    }
    text(subject.get("sub").or_else(|| claims.get("sub")))
}

fn text(value: Option<&Value>) -> Result<Option<String>, EventRefusal> {
    match value {
        Some(Value::String(text)) if !text.is_empty() && text.len() <= NAME_MAX => Ok(Some(text.clone())),
        _ => Err(EventRefusal::Request("a known event names nobody")),
    }
}
