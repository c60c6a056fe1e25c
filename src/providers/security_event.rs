//! Security event tokens (RFC 8417): what a provider says of a person without being asked. They are signed by the keys of its
//! ID tokens, for the same audience, so only `typ` and `events` tell the two apart; both are asked here, as they are refused
//! there. They say what has happened, so they do not expire.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use serde_json::Value;

use super::addressee::{Addressee, Form};
use super::dialect::Notices;
use super::fault::{Answer, Fault};
use super::http::Deadline;
use super::oidc::part;
use super::provider::Provider;
use crate::clock;
use crate::clock::Moment;
use crate::json::Object;

/// Keys are fetched within this time, or the notice comes too early.
const KEYS: Duration = Duration::from_millis(700);

/// Longest token.
const TOKEN_MAX: usize = 16 * 1024;

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

impl From<Fault> for EventRefusal {
    /// Of a fetch: a key that is not among those published, or nothing to compare with.
    fn from(fault: Fault) -> Self {
        match fault.answer {
            Answer::Refused => Self::Key,
            _ => Self::Unavailable,
        }
    }
}

impl Provider {
    /// Verifies a signed notice: a security event token, or what Apple sends.
    ///
    /// # Errors
    /// See [`EventRefusal`].
    pub async fn hear(&self, token: &str) -> Result<SecurityEvent, EventRefusal> {
        let deadline = Deadline::within(KEYS);
        if token.len() > TOKEN_MAX {
            return Err(EventRefusal::Request("too long"));
        }
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts[..] else { return Err(EventRefusal::Request("not three parts")) };
        let notices = self.dialect.notices();
        // Whatever costs nothing comes first: anybody can send anything here.
        let kid = check_header(&object(header)?, notices.form())?;
        let claims = object(payload)?;
        let way = self.road.way(&self.http, deadline).await?;
        let oidc = way.oidc.as_ref().ok_or(EventRefusal::Request("this provider sends none"))?;
        let risc = match notices {
            Notices::Risc(risc) => Some((risc.issuer(), risc.keys(&self.http, deadline).await?)),
            Notices::None => return Err(EventRefusal::Request("this provider sends none")),
            Notices::Events | Notices::Apple => None,
        };
        let keys = risc.as_ref().map_or(&oidc.keys, |(_, keys)| &**keys);
        let key = keys.find_sparingly(&self.http, kid.as_deref(), Algorithm::RS256, deadline).await?;
        let signed = token.get(..header.len() + 1 + payload.len()).unwrap_or_default();
        if !jsonwebtoken::crypto::verify(signature, signed.as_bytes(), &key, Algorithm::RS256).unwrap_or(false) {
            return Err(EventRefusal::Key);
        }
        let addressee = Addressee {
            issuer: risc.as_ref().map_or_else(|| self.dialect.issuer(), |(issuer, _)| issuer),
            client_id: &oidc.client_id,
            audiences: self.dialect.native().audiences,
            realm: self.dialect.realm(),
            now: clock::unix_seconds(oidc.clock.now()),
        };
        addressee.judge(&claims, notices.form())
    }
}

fn object(encoded: &str) -> Result<Object, EventRefusal> {
    part(encoded).map_err(|_fault| EventRefusal::Request("a part is no JSON object"))
}

/// Only RS256, only this kind of token, nothing that would have to be understood and is not.
pub(super) fn check_header(header: &Object, form: Form) -> Result<Option<String>, EventRefusal> {
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    if text("alg") != Some("RS256") {
        return Err(EventRefusal::Request("alg is not RS256"));
    }
    let typ = text("typ").unwrap_or_default().to_ascii_lowercase();
    let typ = typ.strip_prefix("application/").unwrap_or(&typ);
    match form {
        Form::Apple if typ != "jwt" && header.contains_key("typ") => {
            return Err(EventRefusal::Request("typ is not JWT"));
        }
        Form::EventToken if typ != "secevent+jwt" => return Err(EventRefusal::Request("typ is not secevent+jwt")),
        Form::Apple | Form::EventToken => {}
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn h07_an_id_token_is_no_event_and_an_event_is_no_id_token() {
        let header = |typ: Value| json!({"alg": "RS256", "typ": typ, "kid": "k"}).as_object().unwrap().clone();
        assert!(check_header(&header(json!("JWT")), Form::EventToken).is_err());
        assert!(check_header(&header(json!("secevent+jwt")), Form::Apple).is_err());
        assert!(check_header(&header(json!("application/secevent+jwt")), Form::EventToken).is_ok());
        assert!(check_header(&header(json!("JWT")), Form::Apple).is_ok());
        for typ in [json!(null), json!(""), json!(1), json!("at+jwt")] {
            assert!(check_header(&header(typ.clone()), Form::EventToken).is_err(), "{typ}");
            assert!(check_header(&header(typ.clone()), Form::Apple).is_err(), "{typ}");
        }
        let nameless = json!({"alg": "RS256"}).as_object().unwrap().clone();
        assert!(check_header(&nameless, Form::EventToken).is_err() && check_header(&nameless, Form::Apple).is_ok());
    }
}
