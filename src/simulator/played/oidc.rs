//! An issuer nobody has a file for (`wire/providers.md` section 7): plain OpenID Connect by discovery, below `/oidc`, with a
//! switch for each thing that issuers do differently.

use actix_web::{HttpResponse, web};
use openssl::error::ErrorStack;
use serde_json::{Value, json};

use super::super::authorize;
use super::super::call::Call;
use super::super::client;
use super::super::errors::{TokenFault, in_plain_words, json_answer};
use super::super::grants::Grant;
use super::super::jose::at_hash;
use super::super::keys::Algorithm;
use super::super::manners::{
    Anew, Asked, Habit, Item, Keys, Letters, Lives, Look, Looks, Manners, RedirectAgain, Renewal, StateRule,
    UnknownScope,
};
use super::super::people::Oddity;
use super::super::provider::Provider;
use super::super::tokens;
use super::super::tokens::{Granted, Proof};
use super::super::weather::Place;
use super::kakao::{keys, picture};
use crate::error::AppError;

const OPAQUE: Look = Look { begins: "", letters: Letters::Base64Url };

pub(in super::super) static MANNERS: Manners = Manners {
    items: &[
        Item { scope: "profile", words: "sim-item-name-and-picture", asked: Asked::NamedAlways },
        Item { scope: "email", words: "sim-item-address", asked: Asked::NamedAlways },
    ],
    bare_scopes: &["openid", "offline_access"],
    unknown_scope: UnknownScope::Ignored,
    state: StateRule::Optional,
    challenges: &["S256"],
    strict_verifier: true,
    redirect_again: RedirectAgain::Required,
    grant_type_optional: false,
    anew: &[Anew::Prompt, Anew::MaxAge],
    silent: Some([&[("error", "login_required")], &[("error", "consent_required")]]),
    cancelled: &[("error", "access_denied"), ("error_description", "The resource owner denied the request")],
    blank: "+",
    refusal: in_plain_words,
    looks: Looks { code: OPAQUE, access: OPAQUE, refresh: OPAQUE },
    lives: Lives { code: 60, access: Some(3_600), refresh: Some(1_209_600) },
    renewal: Renewal::Rotated,
    places: &[
        (Place::Authorize, "/oidc/authorize"),
        (Place::Discovery, "/oidc/.well-known/openid-configuration"),
        (Place::Token, "/oidc/token"),
        (Place::Keys, "/oidc/keys"),
        (Place::Profile, "/oidc/userinfo"),
        (Place::Revoke, "/oidc/revoke"),
    ],
    keys: Some(Keys { algorithm: Algorithm::Rs256, shown: 2 }),
    habits: &[
        (Habit::Openid, true),
        (Habit::CallbackIssuer, true),
        (Habit::BasicOnly, false),
        (Habit::PostOnly, false),
        (Habit::Pkce, false),
    ],
};

/// Its addresses.
pub(in super::super) fn routes(cfg: &mut web::ServiceConfig) {
    authorize::routes(cfg, "/oidc/authorize");
    cfg.route("/oidc/token", web::post().to(token))
        .route("/oidc/revoke", web::post().to(revoke))
        .route("/oidc/keys", web::get().to(keys))
        .route("/oidc/userinfo", web::get().to(userinfo))
        .route("/oidc/userinfo", web::post().to(userinfo))
        .route("/oidc/.well-known/openid-configuration", web::get().to(configuration));
}

async fn token(call: Call) -> Result<HttpResponse, AppError> {
    tokens::endpoint(&call, Proof::BodyOrBasic, refuse, answer)
}

fn refuse(fault: &TokenFault) -> HttpResponse {
    let status = if matches!(fault, TokenFault::Client(_) | TokenFault::Secret) { 401 } else { 400 };
    json_answer(status, &json!({"error": fault.oauth_name()}))
}

fn answer(call: &Call, granted: &Granted) -> Result<Value, ErrorStack> {
    let grant = &granted.tokens.grant;
    let mut answer = json!({
        "access_token": granted.tokens.access, "token_type": "Bearer", "expires_in": 3_600,
    });
    if let Some(refresh) = &granted.tokens.refresh {
        answer["refresh_token"] = json!(refresh);
    }
    let mut more = vec![("auth_time", json!(grant.auth_time)), ("at_hash", json!(at_hash(&granted.tokens.access)))];
    more.extend(facts(grant, &call.state.origin));
    if let Some(token) = tokens::id_token(call, granted, more)? {
        answer["id_token"] = json!(token);
    }
    Ok(answer)
}

/// The standard claims (OpenID Connect Core section 5.1).
fn facts(grant: &Grant, origin: &str) -> Vec<(&'static str, Value)> {
    let person = grant.person;
    let mut facts = Vec::new();
    if let Some(mailbox) = person.mailbox.filter(|_| grant.has("email")) {
        facts.push(("email", json!(mailbox.address)));
        if person.is(Oddity::StringFlags) {
            facts.push(("email_verified", json!(mailbox.verified.to_string())));
        } else if !person.is(Oddity::Bare) {
            facts.push(("email_verified", json!(mailbox.verified)));
        }
    }
    if let Some(name) = person.name.filter(|_| grant.has("profile")) {
        facts.extend([("name", json!(name)), ("picture", json!(picture(origin, person, 110)))]);
        facts.push(("preferred_username", json!(person.id)));
    }
    facts
}

async fn userinfo(call: Call) -> HttpResponse {
    match call.bearer() {
        Ok(access) => {
            let mut info = json!({"sub": access.grant.person.id});
            for (name, value) in facts(&access.grant, &call.state.origin) {
                info[name] = value;
            }
            json_answer(200, &info)
        }
        Err(_) => TokenFault::answer(401, "invalid_token", "no such access token"),
    }
}

/// RFC 7009.
async fn revoke(call: Call) -> HttpResponse {
    if let Err(fault) = client::check(&call, &call.form, Proof::BodyOrBasic) {
        return refuse(&fault);
    }
    let mut memory = call.state.memory();
    if let Some((grant, _)) = memory.grants.of_token(Provider::Oidc, call.form.get("token").unwrap_or_default()) {
        memory.unlink(Provider::Oidc, grant.person.id);
    }
    HttpResponse::Ok().finish()
}

async fn configuration(call: Call) -> HttpResponse {
    let issuer = Provider::Oidc.issuer(&call.state.origin);
    let habit = |habit| call.state.has_habit(Provider::Oidc, habit);
    let methods = match (habit(Habit::BasicOnly), habit(Habit::PostOnly)) {
        (true, _) => json!(["client_secret_basic"]),
        (_, true) => json!(["client_secret_post"]),
        _ => json!(["client_secret_basic", "client_secret_post"]),
    };
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile", "offline_access"],
        "token_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": habit(Habit::CallbackIssuer),
    });
    json_answer(200, &document)
}
