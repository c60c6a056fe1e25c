//! What the claims of a signed notice say, and whether they say it to us: the issuer, the audience, the id it counts once by,
//! the time, and whom it is about. The signature was checked before (`security_event`).

use serde_json::Value;

use super::apple_notice;
use super::security_event::{EventEffect, EventRefusal, SecurityEvent};
use crate::clock;
use crate::json::Object;

/// One from further ahead is not of now, in seconds.
const AHEAD: i64 = 300;

/// Longest id and subject.
const NAME_MAX: usize = 255;

const OAUTH: &str = "https://schemas.openid.net/secevent/oauth/event-type/";
const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type/";
const CAEP: &str = "https://schemas.openid.net/secevent/caep/event-type/";

/// In which form a notice says what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A security event token (RFC 8417).
    EventToken,
    /// Apple's own.
    Apple,
}

/// From whom a notice must be, and for whom.
pub(super) struct Addressee<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) audiences: &'a [String],
    pub(super) realm: Option<String>,
    pub(super) now: i64,
}

impl Addressee<'_> {
    /// What the claims of a token say whose signature was checked.
    pub(super) fn judge(&self, claims: &Object, form: Form) -> Result<SecurityEvent, EventRefusal> {
        self.check(claims, form)?;
        let id = claims.get("jti").and_then(Value::as_str).filter(|id| !id.is_empty() && id.len() <= NAME_MAX);
        let id = id.ok_or(EventRefusal::Request("jti is missing"))?.to_owned();
        let issued = claims.get("iat").and_then(Value::as_i64).ok_or(EventRefusal::Request("iat is missing"))?;
        if issued.saturating_sub(self.now) > AHEAD {
            return Err(EventRefusal::Request("iat is ahead of our clock"));
        }
        let (at, effects, kinds) = match form {
            Form::Apple => {
                let said = apple_notice::read(claims)?;
                (said.at, said.effect.into_iter().collect(), vec![said.kind])
            }
            Form::EventToken => {
                let (effects, kinds) = events(self.issuer, claims)?;
                (claims.get("toe").and_then(Value::as_i64), effects, kinds)
            }
        };
        let at = clock::from_unix_seconds(at.unwrap_or(issued).min(issued));
        Ok(SecurityEvent { issuer: self.issuer.to_owned(), id, at, effects, kinds })
    }

    /// `iss`, `aud` and `app_id`.
    fn check(&self, claims: &Object, form: Form) -> Result<(), EventRefusal> {
        let us = |value: &Value| {
            value.as_str().is_some_and(|name| name == self.client_id || self.audiences.iter().any(|a| a == name))
        };
        if claims.get("iss").and_then(Value::as_str) != Some(self.issuer) {
            return Err(EventRefusal::Issuer);
        }
        let for_us = match claims.get("aud") {
            Some(Value::Array(several)) => several.iter().any(us),
            Some(one) => us(one),
            None => false,
        };
        // Kakao's alone: an app may have several client ids.
        let app = claims.get("app_id").filter(|_| form == Form::EventToken);
        let app = app.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        let same_app = app.zip(self.realm.as_ref()).is_none_or(|(app, realm)| app == *realm);
        if for_us && same_app { Ok(()) } else { Err(EventRefusal::Audience) }
    }
}

/// About whom, and what it brings about.
type Effects = Vec<(String, EventEffect)>;

/// The events of a security event token, and their kinds.
fn events(issuer: &str, claims: &Object) -> Result<(Effects, Vec<String>), EventRefusal> {
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
    Ok((effects, kinds.collect()))
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
    // Google's `id_token_claims` has the same members.
    let by_number = matches!(kind, Some("iss-sub" | "iss_sub" | "id_token_claims"));
    // Google has written its name with the slash and without.
    let named = subject.get("iss").and_then(Value::as_str).map(|iss| iss.strip_suffix('/').unwrap_or(iss));
    if !by_number || named != Some(issuer.strip_suffix('/').unwrap_or(issuer)) {
        return Ok(None);
    }
    text(subject.get("sub").or_else(|| claims.get("sub")))
}

/// A subject.
pub(super) fn text(value: Option<&Value>) -> Result<Option<String>, EventRefusal> {
    match value {
        Some(Value::String(text)) if !text.is_empty() && text.len() <= NAME_MAX => Ok(Some(text.clone())),
        _ => Err(EventRefusal::Request("a known event names nobody")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn heard(changes: &Value) -> Result<SecurityEvent, EventRefusal> {
        let subject = json!({"subject_type": "iss-sub", "iss": "https://issuer.test", "sub": "1"});
        let mut claims = json!({
            "iss": "https://issuer.test", "aud": "client", "iat": NOW, "jti": "j",
            "events": {format!("{OAUTH}tokens-revoked"): {"subject": subject}},
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let addressee = Addressee {
            issuer: "https://issuer.test",
            client_id: "client",
            audiences: &[],
            realm: Some("1".to_owned()),
            now: NOW,
        };
        addressee.judge(claims.as_object().unwrap(), Form::EventToken)
    }

    #[test]
    fn h09_a_statement_of_fact_does_not_expire_and_is_not_of_tomorrow() {
        assert!(heard(&json!({})).is_ok(), "no exp");
        assert!(heard(&json!({"iat": NOW - 30 * 86_400})).is_ok());
        assert!(heard(&json!({"exp": NOW - 3_600})).is_ok());
        assert!(heard(&json!({"iat": NOW + AHEAD})).is_ok());
        for iat in [json!(NOW + AHEAD + 1), json!(i64::MAX), json!("1800000000"), json!(1.5), json!(null)] {
            assert!(matches!(heard(&json!({"iat": iat})), Err(EventRefusal::Request(_))), "{iat}");
        }
        let earliest = heard(&json!({"iat": i64::MIN, "toe": i64::MAX}));
        assert!(earliest.is_ok_and(|event| event.at < clock::from_unix_seconds(NOW)));
    }

    #[test]
    fn h10_whom_an_event_is_about_is_read_in_every_form_and_never_guessed() {
        let uri = format!("{RISC}sessions-revoked");
        let about = |event: Value| heard(&json!({"events": {uri.as_str(): event}})).map(|event| event.effects.len());
        for subject in [
            json!({"subject_type": "iss-sub", "iss": "https://issuer.test", "sub": "1"}),
            json!({"format": "iss_sub", "iss": "https://issuer.test/", "sub": "1"}),
            json!({"subject_type": "id_token_claims", "iss": "https://issuer.test", "sub": "1", "email": "a@b.c"}),
        ] {
            assert_eq!(about(json!({"subject": subject})), Ok(1), "{subject}");
        }
        for subject in [
            json!({"format": "opaque", "id": "1"}),
            json!({"format": "email", "email": "a@b.c"}),
            json!({"format": "iss_sub", "iss": "https://other.test", "sub": "1"}),
        ] {
            assert_eq!(about(json!({"subject": subject})), Ok(0), "{subject}");
        }
        for event in [json!({}), json!(null), json!([]), json!({"subject": "1"})] {
            assert!(matches!(about(event.clone()), Err(EventRefusal::Request(_))), "{event}");
        }
        assert!(heard(&json!({"events": {"https://nobody.test/unknown": null}})).is_ok_and(|e| e.effects.is_empty()));
        let (known, other) = (
            json!({"subject": {"subject_type": "iss-sub", "iss": "https://issuer.test", "sub": "1"}}),
            json!({"state": "s"}),
        );
        let two = heard(&json!({"events": {uri.as_str(): &known, format!("{OAUTH}tokens-revoked"): &known}}));
        assert_eq!(two.map(|event| event.effects.len()), Ok(2), "two events in one");
        let beside = heard(&json!({"events": {uri.as_str(): &known, format!("{RISC}verification"): &other}}));
        assert_eq!(beside.map(|event| event.effects.len()), Ok(1), "one of which only tries the line");
        assert!(heard(&json!({"events": {}})).is_err() && heard(&json!({"events": null})).is_err());
    }
}
