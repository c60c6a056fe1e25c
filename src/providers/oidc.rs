//! ID tokens (OpenID Connect Core 3.1.3.7). The crate checks the signature and nothing else: left to it, a token without
//! `aud` or with a `crit` it does not understand would pass. So header and claims are read and judged here, one by one.

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;
use sha2::{Digest as _, Sha512};

use super::fault::{Fault, Step};
use super::http::{Deadline, Http};
use super::jwks::Keys;
use super::profile::text_id;
use crate::clock;
use crate::clock::Clock;
use crate::clock::Moment;
use crate::json;
use crate::json::Object;
use crate::secret;
use crate::secret::Secret;

/// How far two clocks may stand apart, in seconds.
const LEEWAY: i64 = 30;

/// A token from further ahead is not of now, in seconds.
const AHEAD: i64 = 300;

/// Longest ID token read, in bytes.
const TOKEN_MAX: usize = 16 * 1024;

/// What makes a token of ours.
pub(super) struct Oidc {
    /// Who issues it, in each spelling there is; the first is the issuer's own.
    pub(super) issuers: Vec<String>,
    pub(super) client_id: String,
    /// What it may be signed by. The token's header chooses among these, each of which has keys of its own kind.
    pub(super) algorithms: Vec<Algorithm>,
    /// The key of HS256, where that is among them.
    pub(super) secret: Option<Secret<String>>,
    pub(super) keys: Keys,
    pub(super) clock: Clock,
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oidc({:?})", self.issuers)
    }
}

/// To what a token must be tied.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binding<'a> {
    /// The nonce it must have; without one here, it must have none.
    pub(super) nonce: Option<&'a str>,
    /// For whom it may be besides our client id.
    pub(super) audiences: &'a [String],
    /// The access token that came with it, which `at_hash` speaks of.
    pub(super) access_token: Option<&'a Secret<String>>,
}

/// What a good token says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) subject: String,
    pub(super) auth_time: Option<Moment>,
    pub(super) issued_at: Option<Moment>,
    /// All of them.
    pub(super) all: Object,
    /// SHA-256 of the signed part, in hex: the signature itself may have several forms.
    pub(super) digest: String,
    /// When it is too old for us.
    pub(super) until: Moment,
}

/// No ID token came, and there is no other proof.
pub(super) fn missing() -> Fault {
    refuse("missing", "no ID token came with the access token; is openid among the scopes?")
}

/// The refusal of a token, by the name of what is wrong.
pub(super) fn refuse(what: &str, why: impl Into<String>) -> Fault {
    Fault::refused(Step::IdToken, &format!("id-token-{what}"), why)
}

impl Oidc {
    /// Tokens of one issuer, signed by RS256 as OpenID Connect has it unless agreed otherwise.
    pub(super) fn new(issuer: &str, client_id: &str, keys_at: String, clock: &Clock) -> Self {
        Self {
            issuers: vec![issuer.to_owned()],
            client_id: client_id.to_owned(),
            algorithms: vec![Algorithm::RS256],
            secret: None,
            keys: Keys::new(keys_at, clock.clone()),
            clock: clock.clone(),
        }
    }

    /// Checks a token.
    pub(super) async fn verify(
        &self,
        http: &Http,
        token: &Secret<String>,
        binding: &Binding<'_>,
        deadline: Deadline,
    ) -> Result<Claims, Fault> {
        if token.expose().len() > TOKEN_MAX {
            return Err(refuse("malformed", "it is too long"));
        }
        let parts: Vec<&str> = token.expose().split('.').collect();
        let [header, payload, signature] = parts[..] else { return Err(refuse("malformed", "it has not three parts")) };
        let (algorithm, id) = check_header(&part(header)?, &self.algorithms)?;
        let key = match (algorithm, &self.secret) {
            (Algorithm::HS256, Some(secret)) => DecodingKey::from_secret(secret.expose().as_bytes()),
            (Algorithm::HS256, None) => return Err(refuse("alg", "there is no secret to check it by")),
            _ => self.keys.find(http, id.as_deref(), algorithm, deadline).await?,
        };
        let signed = token.expose().get(..header.len() + 1 + payload.len()).unwrap_or_default();
        match jsonwebtoken::crypto::verify(signature, signed.as_bytes(), &key, algorithm) {
            Ok(true) => {}
            _ => return Err(refuse("signature", "the signature is not the provider's")),
        }
        let claims = part(payload)?;
        self.check_addressee(&claims, binding.audiences)?;
        let until = self.check_times(&claims)?;
        check_binding(&claims, binding, algorithm)?;
        let subject = claims.get("sub").and_then(text_id);
        let subject = subject.ok_or_else(|| refuse("sub", "sub is not text of 1 to 255 printable characters"))?;
        let auth_time = whole(&claims, "auth_time")?.map(clock::from_unix_seconds);
        let issued_at = whole(&claims, "iat")?.map(clock::from_unix_seconds);
        let digest = HEXLOWER.encode(&secret::sha256(signed.as_bytes()));
        Ok(Claims { subject, auth_time, issued_at, all: claims, digest, until })
    }

    /// `iss`, `aud` and `azp`: from whom, for whom.
    pub(super) fn check_addressee(&self, claims: &Object, others: &[String]) -> Result<(), Fault> {
        let us = |name: &str| name == self.client_id || others.iter().any(|other| other == name);
        if !text(claims, "iss")?.is_some_and(|iss| self.issuers.iter().any(|known| known == iss)) {
            return Err(refuse("iss", "iss is not the provider"));
        }
        let azp = text(claims, "azp")?;
        let ours = match claims.get("aud") {
            Some(Value::String(one)) => us(one) && azp.is_none_or(us),
            Some(Value::Array(several)) => {
                let named = several.iter().any(|one| one.as_str().is_some_and(us));
                named && several.iter().all(Value::is_string) && azp.is_some_and(us)
            }
            _ => false,
        };
        if ours { Ok(()) } else { Err(refuse("aud", "aud and azp do not say that it is for us")) }
    }

    /// `exp`, `iat`, `nbf` and `auth_time`: whether it is of now, and until when it is.
    pub(super) fn check_times(&self, claims: &Object) -> Result<Moment, Fault> {
        let now = clock::unix_seconds(self.clock.now());
        let exp = whole(claims, "exp")?.ok_or_else(|| refuse("exp", "exp is missing"))?;
        let iat = whole(claims, "iat")?.ok_or_else(|| refuse("iat", "iat is missing"))?;
        let late = now.saturating_sub(exp);
        if late >= LEEWAY {
            return Err(refuse("exp", format!("it expired {late} s ago by our clock; do the clocks agree?")));
        }
        let limits = [
            ("iat", Some(iat), AHEAD),
            ("nbf", whole(claims, "nbf")?, LEEWAY),
            ("auth_time", whole(claims, "auth_time")?, AHEAD),
        ];
        for (name, at, limit) in limits {
            let ahead = at.map_or(0, |at| at.saturating_sub(now));
            if ahead > limit {
                return Err(refuse(name, format!("{name} is {ahead} s ahead of our clock; do the clocks agree?")));
            }
        }
        Ok(clock::from_unix_seconds(exp.saturating_add(LEEWAY)))
    }
}

/// Decodes one part of a token.
pub(super) fn part(encoded: &str) -> Result<Object, Fault> {
    let bytes = BASE64URL_NOPAD.decode(encoded.as_bytes()).ok();
    bytes
        .and_then(|bytes| json::object(&bytes))
        .ok_or_else(|| refuse("malformed", "a part is not base64url of one JSON object"))
}

/// Only these algorithms, only a JWT, nothing that would have to be understood and is not. Answers the key id too.
pub(super) fn check_header(header: &Object, known: &[Algorithm]) -> Result<(Algorithm, Option<String>), Fault> {
    let said = header.get("alg").and_then(Value::as_str);
    let Some(algorithm) = known.iter().copied().find(|algorithm| said == Some(name(*algorithm))) else {
        return Err(refuse("alg", "alg is not one that was agreed on"));
    };
    // A security event (`secevent+jwt`) is signed by the same keys for the same audience.
    let is_jwt = |typ: &Value| typ.as_str().is_some_and(|typ| typ.eq_ignore_ascii_case("JWT"));
    if header.get("typ").is_some_and(|typ| !is_jwt(typ)) {
        return Err(refuse("typ", "typ says that it is another kind of token"));
    }
    if ["crit", "b64", "zip", "enc"].iter().any(|name| header.contains_key(*name)) {
        return Err(refuse("crit", "the header asks for something that is not understood here"));
    }
    match header.get("kid") {
        None => Ok((algorithm, None)),
        Some(Value::String(id)) => Ok((algorithm, Some(id.clone()))),
        Some(_) => Err(refuse("kid", "the key id is not text")),
    }
}

/// As headers and issuers write it (RFC 7518 section 3.1, RFC 8037 section 3.1).
pub(super) const fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::RS256 => "RS256",
        Algorithm::PS256 => "PS256",
        Algorithm::ES256 => "ES256",
        Algorithm::EdDSA => "EdDSA",
        Algorithm::HS256 => "HS256",
        // None of ours; no header says so.
        _ => "",
    }
}

/// `nonce` and `at_hash` tie the token to this login and to the access token beside it; `events` would make it a security
/// event whose type was left out.
fn check_binding(claims: &Object, binding: &Binding<'_>, algorithm: Algorithm) -> Result<(), Fault> {
    if claims.contains_key("events") {
        return Err(refuse("events", "it is a security event"));
    }
    let ours = match (text(claims, "nonce")?, binding.nonce) {
        (Some(claimed), Some(nonce)) => secret::same(claimed.as_bytes(), nonce.as_bytes()),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    if !ours {
        return Err(refuse("nonce", "nonce is not the one of this login"));
    }
    if let Some(claimed) = text(claims, "at_hash")?
        && let Some(access_token) = binding.access_token
    {
        let token = access_token.expose().as_bytes();
        // The left half of the signature's own hash (OpenID Connect Core 3.1.3.6); Ed25519's is SHA-512.
        let half = match algorithm {
            Algorithm::EdDSA => Sha512::digest(token)[..32].to_vec(),
            _ => secret::sha256(token)[..16].to_vec(),
        };
        if claimed != BASE64URL_NOPAD.encode(&half) {
            return Err(refuse("at_hash", "at_hash belongs to another access token"));
        }
    }
    Ok(())
}

/// A text claim; absent is fine here, another type is not.
fn text<'a>(claims: &'a Object, name: &str) -> Result<Option<&'a str>, Fault> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(refuse(name, format!("{name} is not text"))),
    }
}

/// A point in time as a whole number of seconds; absent is fine here, another type is not.
fn whole(claims: &Object, name: &str) -> Result<Option<i64>, Fault> {
    claims
        .get(name)
        .map(|value| value.as_i64().ok_or_else(|| refuse(name, format!("{name} is not a whole number"))))
        .transpose()
}
