//! Google (`wire/providers.md` section 3): its four hosts at once, below `/google`.

use actix_web::{HttpResponse, web};
use openssl::error::ErrorStack;
use serde_json::{Value, json};

use super::super::authorize;
use super::super::call::Call;
use super::super::errors::{TokenFault, in_plain_words, json_answer};
use super::super::grants::Grant;
use super::super::jose::at_hash;
use super::super::keys::Algorithm;
use super::super::manners::{
    Asked, Habit, Item, Keys, Letters, Lives, Look, Looks, Manners, RedirectAgain, Renewal, StateRule, UnknownScope,
};
use super::super::people::{Oddity, Person};
use super::super::provider::Provider;
use super::super::tokens;
use super::super::tokens::{Granted, Proof};
use super::super::weather::Place;
use super::kakao::{keys, picture};
use crate::error::AppError;

pub(in super::super) static MANNERS: Manners = Manners {
    items: &[
        Item { scope: "email", words: "sim-item-address", asked: Asked::NamedAlways },
        Item { scope: "profile", words: "sim-item-name-and-picture", asked: Asked::NamedAlways },
    ],
    bare_scopes: &["openid"],
    unknown_scope: UnknownScope::Refused,
    state: StateRule::Optional,
    challenges: &["S256", "plain"],
    strict_verifier: false,
    redirect_again: RedirectAgain::Required,
    grant_type_optional: false,
    anew: &[],
    silent: Some([&[("error", "login_required")], &[("error", "interaction_required")]]),
    cancelled: &[("error", "access_denied")],
    blank: "%20",
    refusal: in_plain_words,
    looks: Looks {
        // With a slash, which is encoded once.
        code: Look { begins: "4/0A", letters: Letters::Base64Url },
        access: Look { begins: "ya29.a0", letters: Letters::Base64Url },
        refresh: Look { begins: "1//0", letters: Letters::Base64Url },
    },
    lives: Lives { code: 600, access: Some(3_599), refresh: None },
    renewal: Renewal::Kept,
    places: &[
        (Place::Authorize, "/google/o/oauth2/v2/auth"),
        (Place::Discovery, "/google/.well-known/openid-configuration"),
        (Place::Token, "/google/token"),
        (Place::Keys, "/google/oauth2/v3/certs"),
        (Place::Profile, "/google/v1/userinfo"),
        (Place::Revoke, "/google/revoke"),
    ],
    keys: Some(Keys { algorithm: Algorithm::Rs256, shown: 2 }),
    habits: &[(Habit::Openid, true)],
};

/// Its addresses.
pub(in super::super) fn routes(cfg: &mut web::ServiceConfig) {
    authorize::routes(cfg, "/google/o/oauth2/v2/auth");
    cfg.route("/google/token", web::post().to(token))
        .route("/google/revoke", web::post().to(revoke))
        .route("/google/oauth2/v3/certs", web::get().to(keys))
        .route("/google/v1/userinfo", web::get().to(userinfo))
        .route("/google/.well-known/openid-configuration", web::get().to(configuration))
        .route("/google/.well-known/risc-configuration", web::get().to(risc));
}

/// What else comes back with a code.
pub(in super::super) fn beside_the_code(grant: &Grant) -> Vec<(String, String)> {
    let mut more = vec![("scope", scope(grant)), ("authuser", "0".to_owned())];
    if let Some(domain) = domain(grant.person) {
        more.push(("hd", domain.to_owned()));
    }
    more.push(("prompt", if grant.first { "consent" } else { "none" }.to_owned()));
    more.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

async fn token(call: Call) -> Result<HttpResponse, AppError> {
    tokens::endpoint(&call, Proof::BodyOrBasic, refuse, answer)
}

fn refuse(fault: &TokenFault) -> HttpResponse {
    let (status, error, description) = match fault {
        TokenFault::Client(_) => (401, "invalid_client", "The OAuth client was not found."),
        TokenFault::Secret => (401, "invalid_client", "Unauthorized"),
        TokenFault::Redirect => (400, "redirect_uri_mismatch", "Bad Request"),
        TokenFault::Verifier => (400, "invalid_grant", "Invalid code verifier."),
        TokenFault::Code(code) if !code.starts_with("4/") => (400, "invalid_grant", "Malformed auth code."),
        TokenFault::Refresh => (400, "invalid_grant", "Token has been expired or revoked."),
        other => (400, other.oauth_name(), "Bad Request"),
    };
    TokenFault::answer(status, error, description)
}

fn answer(call: &Call, granted: &Granted) -> Result<Value, ErrorStack> {
    let grant = &granted.tokens.grant;
    let mut answer = json!({
        "access_token": granted.tokens.access, "expires_in": 3_599, "scope": scope(grant), "token_type": "Bearer",
    });
    if let Some(refresh) = &granted.tokens.refresh {
        answer["refresh_token"] = json!(refresh);
    }
    let mut more = vec![("azp", json!(grant.client_id)), ("at_hash", json!(at_hash(&granted.tokens.access)))];
    more.extend(facts(grant, &call.state.origin));
    if let Some(token) = tokens::id_token(call, granted, more)? {
        answer["id_token"] = json!(token);
    }
    Ok(answer)
}

/// Scopes come back as addresses.
fn scope(grant: &Grant) -> String {
    let long = |name: &String| format!("https://www.googleapis.com/auth/userinfo.{name}");
    let openid = grant.openid.then(|| "openid".to_owned());
    grant.scope.iter().map(long).chain(openid).collect::<Vec<_>>().join(" ")
}

fn domain(person: &Person) -> Option<&'static str> {
    person.oddity(|oddity| match oddity {
        Oddity::Domain(domain) => Some(*domain),
        _ => None,
    })
}

/// What a token or the userinfo says about the person.
fn facts(grant: &Grant, origin: &str) -> Vec<(&'static str, Value)> {
    let person = grant.person;
    let mut facts = Vec::new();
    if let Some(mailbox) = person.mailbox.filter(|_| grant.has("email")) {
        facts.extend([("email", json!(mailbox.address)), ("email_verified", json!(mailbox.verified))]);
    }
    facts.extend(domain(person).map(|domain| ("hd", json!(domain))));
    if let Some(name) = person.name.filter(|_| grant.has("profile") && !person.is(Oddity::Bare)) {
        let (given, family) = name.split_once(' ').unwrap_or((name, ""));
        facts.extend([("name", json!(name)), ("given_name", json!(given)), ("family_name", json!(family))]);
        facts.push(("picture", json!(picture(origin, person, 110))));
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
        Err(_) => TokenFault::answer(401, "invalid_request", "Invalid Credentials"),
    }
}

/// `POST /revoke`: a token, of either kind, ends the consent. Nobody has to prove who asks.
async fn revoke(call: Call) -> HttpResponse {
    let token = call.parameter("token").unwrap_or_default();
    let mut memory = call.state.memory();
    match memory.grants.of_token(Provider::Google, token) {
        Some((grant, _)) => {
            memory.unlink(Provider::Google, grant.person.id);
            json_answer(200, &json!({}))
        }
        None => TokenFault::answer(400, "invalid_token", "Token expired or revoked"),
    }
}

async fn configuration(call: Call) -> HttpResponse {
    let issuer = Provider::Google.issuer(&call.state.origin);
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/o/oauth2/v2/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/v1/userinfo"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "jwks_uri": format!("{issuer}/oauth2/v3/certs"),
        "response_types_supported": ["code", "token", "id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["plain", "S256"],
    });
    json_answer(200, &document)
}

/// Where Cross-Account Protection says its issuer, with a slash at its end, and its keys.
async fn risc(call: Call) -> HttpResponse {
    let issuer = Provider::Google.issuer(&call.state.origin);
    let document = json!({
        "issuer": format!("{issuer}/"),
        "jwks_uri": format!("{issuer}/oauth2/v3/certs"),
        "delivery_methods_supported": ["https://schemas.openid.net/secevent/risc/delivery-method/push"],
    });
    json_answer(200, &document)
}
