//! JWTs on their way out. Each is a [`Draft`] first, which tests and the switches of `/weather` may change: what a site must
//! refuse is made of what it must accept.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use openssl::error::ErrorStack;
use serde_json::{Map, Value, json};

use super::keys;
use super::keys::Key;

/// A JWT before it is signed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// `alg`, `typ`, `kid` and whatever is added.
    pub header: Map<String, Value>,
    /// What it says.
    pub claims: Map<String, Value>,
    /// Who signs it.
    pub by: By,
    /// Sent instead of what the rest would make.
    pub instead: Option<String>,
}

/// Who signs.
#[derive(Clone, PartialEq, Eq)]
pub enum By {
    /// The provider, with the key its header names first.
    Provider,
    /// Somebody else, with a key of the same kind.
    Stranger,
    /// Nobody: the third part is empty.
    Nobody,
    /// Whoever knows this text: HMAC with SHA-256.
    Secret(Vec<u8>),
    /// Whoever knows the provider's public key, as PEM, and takes it for a secret.
    PublicKey,
}

/// Without the secret.
impl fmt::Debug for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Provider => "Provider",
            Self::Stranger => "Stranger",
            Self::Nobody => "Nobody",
            Self::Secret(_) => "Secret",
            Self::PublicKey => "PublicKey",
        })
    }
}

impl Draft {
    /// As the provider with this key signs it.
    pub(super) fn of(key: &Key, typ: &str, claims: Value) -> Self {
        let header = json!({"alg": key.algorithm.name(), "typ": typ, "kid": key.kid});
        Self { header: object(header), claims: object(claims), by: By::Provider, instead: None }
    }

    /// As somebody with a shared secret signs it.
    pub(super) fn under(secret: &str, claims: Value) -> Self {
        let header = json!({"typ": "JWT", "alg": "HS256"});
        let by = By::Secret(secret.as_bytes().to_vec());
        Self { header: object(header), claims: object(claims), by, instead: None }
    }

    /// A claim, or none.
    pub fn claim(&mut self, name: &str, value: Option<Value>) {
        change(&mut self.claims, name, value);
    }

    /// A member of the header, or none.
    pub fn head(&mut self, name: &str, value: Option<Value>) {
        change(&mut self.header, name, value);
    }

    /// A compact JWS (RFC 7515 section 3.1).
    pub(super) fn compact(&self, key: &Key) -> Result<String, ErrorStack> {
        if let Some(instead) = &self.instead {
            return Ok(instead.clone());
        }
        let part =
            |value: &Map<String, Value>| BASE64URL_NOPAD.encode(Value::Object(value.clone()).to_string().as_bytes());
        let signed = format!("{}.{}", part(&self.header), part(&self.claims));
        let signature = match &self.by {
            By::Provider => key.sign(signed.as_bytes())?,
            By::Stranger => keys::strangers(key.algorithm)?.sign(signed.as_bytes())?,
            By::Nobody => Vec::new(),
            By::Secret(secret) => keys::hmac(secret, signed.as_bytes())?,
            By::PublicKey => keys::hmac(&key.public_pem()?, signed.as_bytes())?,
        };
        Ok(format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature)))
    }
}

fn change(object: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(object.insert(name.to_owned(), value)),
        None => drop(object.remove(name)),
    }
}

/// The members of an object; none of anything else.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// `at_hash` of OpenID Connect Core section 3.1.3.6: the left half of the access token's hash.
pub(super) fn at_hash(access_token: &str) -> String {
    BASE64URL_NOPAD.encode(crate::secret::sha256(access_token.as_bytes()).get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_hash_is_the_one_of_the_standard() {
        assert_eq!(at_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    }

    /// The token of the wire document, made by somebody else.
    #[test]
    fn lines_token_under_the_channel_secret_is_byte_for_byte_the_known_one() {
        let known = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwczovL2FjY2Vzcy5saW5lLm1lIiwic3ViIjoiVTEyMzQ1Njc4OTBhYmNkZWYxMjM0NTY3ODkwYWJjZGVmIiwiYXVkIjoiMTIzNDU2Nzg5MCIsImV4cCI6MjAwMDAwMDAwMCwiaWF0IjoxOTk5OTk2NDAwLCJub25jZSI6IjA5ODc2eHl6IiwiYW1yIjpbInB3ZCJdLCJuYW1lIjoiVGFybyBMaW5lIiwicGljdHVyZSI6Imh0dHBzOi8vc2FtcGxlX2xpbmUubWUvYUJjZGVmZzEyMzQ1NiIsImVtYWlsIjoidGFyby5saW5lQGV4YW1wbGUuY29tIn0.DMTizylatHWT9GnIa1aG-vWeyViDBNpYIOy3vFWu_lE";
        let (signed, signature) = known.rsplit_once('.').unwrap();
        let own = keys::hmac(b"0123456789abcdef0123456789abcdef", signed.as_bytes()).unwrap();
        assert_eq!(BASE64URL_NOPAD.encode(&own), signature);
    }
}
