//! Apple's server-to-server notices: a JWS with the keys, issuer and audience of its ID tokens. It is no security event
//! token: what happened stands in `events` as one object, which mostly comes as a text.

use serde_json::Value;

use super::addressee::text;
use super::security_event::{EventEffect, EventRefusal};
use crate::json;
use crate::json::Object;

/// Above this a time can only be in milliseconds, in which Apple sends what it documents as seconds.
const MILLISECONDS: i64 = 100_000_000_000;

/// What a notice says.
pub(super) struct Said {
    /// Its kind, for the log.
    pub(super) kind: String,
    /// When it happened, in seconds, where it says so.
    pub(super) at: Option<i64>,
    /// About whom, and what it brings about.
    pub(super) effect: Option<(String, EventEffect)>,
}

/// Reads the claims. An ID token has no `events`.
pub(super) fn read(claims: &Object) -> Result<Said, EventRefusal> {
    let event = match claims.get("events") {
        Some(Value::Object(event)) => event.clone(),
        Some(Value::String(event)) => {
            json::object(event.as_bytes()).ok_or(EventRefusal::Request("events is no JSON object"))?
        }
        _ => return Err(EventRefusal::Request("events is missing")),
    };
    let kind = event.get("type").and_then(Value::as_str).ok_or(EventRefusal::Request("the event has no type"))?;
    let at = event.get("event_time").and_then(Value::as_i64);
    let at = at.map(|at| if at > MILLISECONDS { at / 1_000 } else { at });
    // The last is what the documents call the second.
    let effect = if ["consent-revoked", "account-delete", "account-deleted"].contains(&kind) {
        text(event.get("sub"))?.map(|subject| (subject, EventEffect::LinkOver))
    } else {
        None
    };
    Ok(Said { kind: kind.chars().take(64).collect(), at, effect })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(events: Value) -> Result<(Option<i64>, Option<String>), EventRefusal> {
        let claims = json!({ "events": events });
        read(claims.as_object().unwrap()).map(|said| (said.at, said.effect.map(|(subject, _)| subject)))
    }

    #[test]
    fn h08_events_come_as_a_text_and_as_an_object_and_times_in_two_units() {
        let subject = Some("000123.abc.0456".to_owned());
        for kind in ["consent-revoked", "account-delete", "account-deleted"] {
            for at in [1_608_693_364_i64, 1_608_693_364_100] {
                let event = json!({"type": kind, "sub": subject, "event_time": at});
                assert_eq!(said(json!(event.to_string())), Ok((Some(1_608_693_364), subject.clone())), "{kind}");
                assert_eq!(said(event), Ok((Some(1_608_693_364), subject.clone())), "{kind}");
            }
        }
        for kind in ["email-disabled", "email-enabled", "something-new"] {
            assert_eq!(said(json!({"type": kind, "sub": "1"})), Ok((None, None)), "{kind}");
        }
    }

    #[test]
    fn h10_what_cannot_be_understood_is_refused() {
        for events in [
            json!(null),
            json!("[]"),
            json!("{"),
            json!({}),
            json!({"type": 1}),
            json!({"type": "consent-revoked"}),
            json!({"type": "consent-revoked", "sub": 1}),
            json!(r#"{"type":"consent-revoked","sub":"1","sub":"2"}"#),
        ] {
            assert!(said(events.clone()).is_err(), "{events}");
        }
        assert!(read(&Object::new()).is_err());
    }
}
