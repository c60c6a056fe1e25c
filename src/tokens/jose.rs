//! Opening a token of our own. The crate checks the signature; everything it leaves open by default is closed here:
//! header members other than ours (`crit`, `jwk`, `jku`, … RFC 7515 section 4.1.11, RFC 8725 section 3.10) are refused,
//! `typ` and `alg` must be exactly what this kind of token has (RFC 8725 section 3.11), and claims parse into a struct
//! that knows no others, so that a wrong type or a second member of the same name is a refusal.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Longest token looked at, in bytes; ours are under 1 KiB, and a cookie cannot hold more than 4 KiB.
const MAX_LEN: usize = 4096;

/// The header of our own tokens and nothing else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnHeader {
    pub(super) alg: String,
    typ: String,
    pub(super) kid: Option<String>,
}

/// Reads the header when it is that of a token of this kind; `alg` is the caller's to compare with the key's.
pub(super) fn header(token: &str, typ: &str) -> Option<OwnHeader> {
    if token.len() > MAX_LEN {
        return None;
    }
    let bytes = BASE64URL_NOPAD.decode(token.split('.').next()?.as_bytes()).ok()?;
    let header: OwnHeader = serde_json::from_slice(&bytes).ok()?;
    (header.typ == typ).then_some(header)
}

/// The claims, if the signature holds. Times, issuer and audience are the caller's to check: the crate takes absent
/// ones for good ones and the system's clock for the time.
pub(super) fn claims<T: DeserializeOwned + Clone>(token: &str, alg: Algorithm, key: &DecodingKey) -> Option<T> {
    let mut validation = Validation::new(alg);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    decode::<T>(token, key, &validation).ok().map(|data| data.claims)
}
