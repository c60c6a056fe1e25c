//! The token endpoint all providers share: who asks, for what, by which code. How it is answered, each says itself.

use std::fmt;

use actix_web::HttpResponse;
use openssl::error::ErrorStack;
use serde_json::Value;

use super::call::{Call, Pairs};
use super::client;
use super::errors::TokenFault;
use super::grants;
use super::grants::{Presented, Tokens};
use super::jose::Draft;
use super::manners::Habit;
use super::state::Link;
use crate::error::AppError;
use crate::secret::NoRandom;

/// How a client proves itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// By its secret in the body; `Authorization` is not looked at.
    Body,
    /// By its secret in the body or in `Authorization: Basic`.
    BodyOrBasic,
    /// By a JWT it signed, in the place of the secret (Apple).
    Signed,
}

/// Tokens, and what goes with them.
pub(super) struct Granted {
    pub(super) tokens: Tokens,
    /// From a code, not from a refresh token.
    pub(super) first: bool,
    pub(super) link: Link,
}

/// Why there are none.
pub(super) enum NotGranted {
    Fault(TokenFault),
    NoRandom(NoRandom),
}

impl From<TokenFault> for NotGranted {
    fn from(fault: TokenFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<NoRandom> for NotGranted {
    fn from(cause: NoRandom) -> Self {
        Self::NoRandom(cause)
    }
}

impl fmt::Debug for NotGranted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NotGranted")
    }
}

/// The whole of a token endpoint: `refuse` and `answer` are the provider's own words.
pub(super) fn endpoint(
    call: &Call,
    proof: Proof,
    refuse: fn(&TokenFault) -> HttpResponse,
    answer: fn(&Call, &Granted) -> Result<Value, ErrorStack>,
) -> Result<HttpResponse, AppError> {
    let form = if call.method == "GET" { &call.query } else { &call.form };
    match granted(call, form, proof) {
        Ok(granted) => {
            let body = answer(call, &granted).map_err(AppError::internal)?;
            Ok(super::errors::json_answer(200, &body))
        }
        Err(NotGranted::Fault(fault)) => Ok(refuse(&fault)),
        Err(NotGranted::NoRandom(cause)) => Err(cause.into()),
    }
}

/// Tokens for whoever asks rightly. The order of these checks is a guess.
pub(super) fn granted(call: &Call, form: &Pairs, proof: Proof) -> Result<Granted, NotGranted> {
    let (state, provider, manners) = (&call.state, call.provider, call.provider.manners());
    let client_id = client::check(call, form, proof)?;
    let (access, refresh) = (grants::issue(manners.looks.access)?, grants::issue(manners.looks.refresh)?);
    let grant_type = form.get("grant_type").or_else(|| manners.grant_type_optional.then_some("authorization_code"));
    let now = state.now();
    let again = state.has_habit(provider, Habit::StateAgain);
    let mut memory = state.memory();
    let (tokens, first) = match grant_type {
        Some("authorization_code") => {
            let presented = Presented {
                provider,
                code: form.get("code").unwrap_or("null"),
                client_id: &client_id,
                redirect_uri: form.get("redirect_uri"),
                verifier: form.get("code_verifier"),
                state: again.then(|| form.get("state").unwrap_or_default()),
            };
            let grant = memory.grants.redeem(&presented, now)?;
            (memory.grants.open(grant, access, refresh, now), true)
        }
        Some("refresh_token") => {
            let presented = form.get("refresh_token").filter(|token| !token.is_empty());
            let presented = presented.ok_or(TokenFault::Missing("refresh_token"))?;
            (memory.grants.renew(provider, presented, access, refresh, now)?, false)
        }
        _ => return Err(TokenFault::GrantType.into()),
    };
    // Unlinking ends codes and tokens, so whoever comes here is linked.
    let link = memory.link(provider, tokens.grant.person).cloned().ok_or(TokenFault::Refresh)?;
    drop(memory);
    Ok(Granted { tokens, first, link })
}

/// The claims every ID token has, signed by the provider's key.
pub(super) fn id_token(
    call: &Call,
    granted: &Granted,
    more: impl IntoIterator<Item = (&'static str, Value)>,
) -> Result<Option<String>, ErrorStack> {
    let grant = &granted.tokens.grant;
    let keys = call.state.keys(call.provider)?;
    let (Some(key), true) = (keys.first(), grant.openid) else { return Ok(None) };
    let mut draft = Draft::of(key, "JWT", claims(call, granted));
    for (name, value) in more {
        draft.claim(name, Some(value));
    }
    call.state.sign_id_token(call.provider, draft, key).map(Some)
}

/// Who, for whom, when. A refreshed one has no nonce: whether Kakao repeats it is not known.
pub(super) fn claims(call: &Call, granted: &Granted) -> Value {
    let (state, grant) = (&call.state, &granted.tokens.grant);
    let now = state.now() + state.weather.clock();
    let life = grant.provider.manners().lives.access.unwrap_or(3_600);
    let mut claims = serde_json::json!({
        "iss": grant.provider.issuer(&state.origin),
        "aud": grant.client_id,
        "sub": grant.person.id,
        "iat": now,
        "exp": now + life,
    });
    if let (Some(nonce), true) = (&grant.nonce, granted.first) {
        claims["nonce"] = nonce.as_str().into();
    }
    claims
}
