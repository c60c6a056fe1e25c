//! LINE's two ways to have a token checked by LINE.

use actix_web::HttpResponse;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::super::call::Call;
use super::super::errors::{TokenFault, json_answer};
use super::super::keys;
use super::super::provider::Provider;
use crate::secret;

/// `GET /oauth2/v2.1/verify?access_token=`: for which channel a token is, and how long.
pub(super) async fn access_token(call: Call) -> HttpResponse {
    let token = call.query.get("access_token").unwrap_or_default();
    let now = call.state.now();
    match call.state.memory().grants.access(Provider::Line, token, now) {
        Ok(access) => {
            let left = access.expires_at.unwrap_or_default() - now;
            let scope: Vec<&str> = access.grant.scope.iter().map(String::as_str).filter(|s| *s != "email").collect();
            json_answer(
                200,
                &json!({"scope": scope.join(" "), "client_id": access.grant.client_id, "expires_in": left}),
            )
        }
        Err(_) => TokenFault::answer(400, "invalid_request", "access token expired"),
    }
}

/// `POST /oauth2/v2.1/verify`: the claims of an ID token under the channel's secret, or why not.
pub(super) async fn id_token(call: Call) -> HttpResponse {
    match claims(&call) {
        Ok(claims) => json_answer(200, &claims),
        Err(why) => TokenFault::answer(400, "invalid_request", why),
    }
}

fn claims(call: &Call) -> Result<Value, &'static str> {
    let invalid = "Invalid IdToken.";
    let token = call.form.get("id_token").unwrap_or_default();
    let (signed, signature) = token.rsplit_once('.').ok_or(invalid)?;
    let right = keys::hmac(call.state.app.secret(Provider::Line).as_bytes(), signed.as_bytes());
    let right = right.map_err(|_no_hmac| invalid)?;
    if !secret::same(BASE64URL_NOPAD.encode(&right).as_bytes(), signature.as_bytes()) {
        return Err(invalid);
    }
    let payload = signed.split('.').nth(1).and_then(|part| BASE64URL_NOPAD.decode(part.as_bytes()).ok());
    let claims: Value = payload.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or(invalid)?;
    if claims["iss"] != Provider::Line.issuer(&call.state.origin).as_str() {
        return Err("Invalid IdToken Issuer.");
    }
    if claims["exp"].as_i64().is_none_or(|ends| ends <= call.state.now()) {
        return Err("IdToken expired.");
    }
    if claims["aud"].as_str() != call.form.get("client_id") {
        return Err("Invalid IdToken Audience.");
    }
    if call.form.get("nonce").is_some_and(|nonce| claims["nonce"] != nonce) {
        return Err("Invalid IdToken Nonce.");
    }
    if call.form.get("user_id").is_some_and(|id| claims["sub"] != id) {
        return Err("Invalid IdToken Subject Identifier.");
    }
    Ok(claims)
}
