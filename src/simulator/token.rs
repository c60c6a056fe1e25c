//! `POST /oauth/token`. Parameters are read from the body, as documented; Basic authentication is ignored, as Kakao does.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::app::App;
use super::call::{Call, Pairs};
use super::errors::{TokenFault, json_answer};
use super::grants::{ACCESS_SECONDS, Presented, REFRESH_SECONDS, Tokens, opaque};
use super::id_token;
use super::people;
use super::state::{Link, State};
use crate::error::AppError;
use crate::secret;

/// `POST /oauth/token`.
pub(super) async fn exchange(call: Call) -> Result<HttpResponse, AppError> {
    let (access, refresh) = (opaque()?, opaque()?);
    let state = &call.state;
    let granted = match granted(state, &call.form, access, refresh) {
        Ok(granted) => granted,
        Err(fault) => return Ok(fault.answer()),
    };
    Ok(json_answer(200, &answer(state, &granted).map_err(AppError::internal)?))
}

/// Tokens, the nonce for the ID token, and what the person agreed to.
struct Granted {
    tokens: Tokens,
    first: bool,
    link: Link,
}

/// The order of these checks is a guess.
fn granted(state: &State, form: &Pairs, access: String, refresh: String) -> Result<Granted, TokenFault> {
    let client_id = check_client(&state.app, form)?;
    let now = state.now();
    let mut memory = state.memory();
    let (tokens, first) = match form.get("grant_type") {
        Some("authorization_code") => {
            let presented = Presented {
                code: form.get("code").unwrap_or("null"),
                client_id,
                redirect_uri: form.get("redirect_uri"),
                verifier: form.get("code_verifier"),
            };
            let grant = memory.grants.redeem(&presented, now)?;
            (memory.grants.open(grant, access, refresh, now), true)
        }
        Some("refresh_token") => {
            let missing = || TokenFault::new(400, "invalid_grant", "KOE319", "refresh_token is required");
            let presented = form.get("refresh_token").filter(|token| !token.is_empty()).ok_or_else(missing)?;
            (memory.grants.renew(presented, access, refresh, now)?, false)
        }
        _ => return Err(TokenFault::new(400, "unsupported_grant_type", "KOE310", "unsupported grant_type")),
    };
    // Unlinking ends codes and tokens, so whoever comes here is linked.
    let link = memory.links.get(&tokens.grant.person).cloned().ok_or_else(TokenFault::no_such_refresh_token)?;
    Ok(Granted { tokens, first, link })
}

fn check_client<'a>(app: &App, form: &'a Pairs) -> Result<&'a str, TokenFault> {
    let unknown = |id: &str| TokenFault::new(401, "invalid_client", "KOE101", format!("Not exist client_id [{id}]"));
    let client_id = form.get("client_id").ok_or_else(|| unknown("null"))?;
    if client_id != app.client_id {
        return Err(unknown(client_id));
    }
    let presented = form.get("client_secret").unwrap_or_default();
    if !secret::same(presented.as_bytes(), app.client_secret.as_bytes()) {
        return Err(TokenFault::new(401, "invalid_client", "KOE010", "Bad client credentials"));
    }
    Ok(client_id)
}

fn answer(state: &State, granted: &Granted) -> Result<Value, openssl::error::ErrorStack> {
    let Granted { tokens, first, link } = granted;
    let grant = &tokens.grant;
    let mut answer = serde_json::Map::new();
    answer.insert("token_type".into(), json!("bearer"));
    answer.insert("access_token".into(), json!(tokens.access));
    answer.insert("expires_in".into(), json!(ACCESS_SECONDS));
    if let Some(refresh) = &tokens.refresh {
        answer.insert("refresh_token".into(), json!(refresh));
        answer.insert("refresh_token_expires_in".into(), json!(REFRESH_SECONDS));
    }
    if *first {
        let scope: Vec<&str> = link.agreed.iter().map(String::as_str).chain(grant.openid.then_some("openid")).collect();
        answer.insert("scope".into(), json!(scope.join(" ")));
    }
    if let Some(person) = people::find(grant.person).filter(|_| grant.openid) {
        let nonce = grant.nonce.as_deref().filter(|_| *first);
        let claims = id_token::claims(grant, person, link, &state.origin, nonce, state.now() + state.weather.clock());
        answer.insert("id_token".into(), json!(state.signer.sign(&claims)?));
    }
    Ok(Value::Object(answer))
}
