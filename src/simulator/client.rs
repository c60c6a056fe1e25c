//! Whether the site proves to be the client it says it is.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::pkey::PKey;
use serde_json::Value;

use super::app::Registered;
use super::call::{AuthorizationKind, Call, Pairs};
use super::errors::TokenFault;
use super::manners::Habit;
use super::tokens::Proof;
use crate::config::demo;
use crate::secret;

/// Six months: Apple takes no client secret that lives longer, in seconds.
const SIGNED_SECONDS_MAX: i64 = 15_777_000;

/// The client's id, once it has proved itself.
pub(super) fn check(call: &Call, form: &Pairs, proof: Proof) -> Result<String, TokenFault> {
    let habit = |habit| call.state.has_habit(call.provider, habit);
    let basic = basic(call).filter(|_| proof == Proof::BodyOrBasic && !habit(Habit::PostOnly));
    let (id, presented) = match basic {
        Some((id, presented)) => (Some(id), Some(presented)),
        None if habit(Habit::BasicOnly) => return Err(TokenFault::Secret),
        None => (form.get("client_id").map(str::to_owned), form.get("client_secret").map(str::to_owned)),
    };
    let known = call.state.app.at(call.provider).filter(|known| id.as_deref() == Some(&known.client_id));
    let Some(known) = known else { return Err(TokenFault::Client(id)) };
    let presented = presented.unwrap_or_default();
    let right = match proof {
        Proof::Signed => is_signed(call, known, &presented).is_some(),
        _ => secret::same(presented.as_bytes(), known.client_secret.as_bytes()),
    };
    if right { Ok(known.client_id.clone()) } else { Err(TokenFault::Secret) }
}

/// Id and secret of `Authorization: Basic`, each form-encoded before (RFC 6749 section 2.3.1).
pub(super) fn basic(call: &Call) -> Option<(String, String)> {
    let (AuthorizationKind::Basic, encoded) = call.credentials() else { return None };
    let text = String::from_utf8(BASE64.decode(encoded.as_bytes()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |text: &str| {
        let pair = format!("x={text}");
        url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned())
    };
    Some((decode(id)?, decode(secret)?))
}

/// Apple's: ES256 with the key and by the team of the console, for Apple, about this client, alive, not for too long.
fn is_signed(call: &Call, known: &Registered, token: &str) -> Option<()> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let part =
        |text: &str| -> Option<Value> { serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).ok()?).ok() };
    let (header, claims) = (part(header)?, part(claims)?);
    let now = call.state.now();
    let (begins, ends) = (claims["iat"].as_i64()?, claims["exp"].as_i64()?);
    let right = header["alg"] == "ES256"
        && header["kid"] == demo::APPLE_KEY_ID
        && claims["iss"] == demo::APPLE_TEAM_ID
        && claims["sub"] == known.client_id.as_str()
        && claims["aud"] == call.provider.issuer(&call.state.origin).as_str()
        && begins <= now + 60
        && ends > now
        && ends - now <= SIGNED_SECONDS_MAX;
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?;
    // Raw halves, as JOSE writes them; the DER of other libraries has another length.
    let (r, s) = (signature.len() == 64).then(|| signature.split_at(32))?;
    let halves = EcdsaSig::from_private_components(BigNum::from_slice(r).ok()?, BigNum::from_slice(s).ok()?).ok()?;
    let key = PKey::private_key_from_pem(demo::APPLE_PRIVATE_KEY.as_bytes()).ok()?.ec_key().ok()?;
    (right && halves.verify(&secret::sha256(signed.as_bytes()), &key).ok()?).then_some(())
}
