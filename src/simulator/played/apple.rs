//! Apple (`wire/providers.md` section 5): `appleid.apple.com`, below `/apple`. It posts its answer from here, which is
//! another site than the one that asked, takes no secret but a signed one, and says a name once.

use actix_web::{HttpResponse, web};
use data_encoding::HEXLOWER;
use openssl::error::ErrorStack;
use serde_json::{Value, json};

use super::super::authorize;
use super::super::call::Call;
use super::super::client;
use super::super::errors::{Refusal, TokenFault, Wrong, detail, in_plain_words, json_answer};
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
use super::kakao::keys;
use crate::error::AppError;
use crate::secret;

pub(in super::super) static MANNERS: Manners = Manners {
    items: &[
        Item { scope: "name", words: "sim-item-name", asked: Asked::NamedAlways },
        // Who says no still gives an address, one of Apple's that leads to theirs.
        Item { scope: "email", words: "sim-item-my-address", asked: Asked::Named },
    ],
    bare_scopes: &["openid"],
    unknown_scope: UnknownScope::Refused,
    state: StateRule::Optional,
    challenges: &["S256"],
    strict_verifier: true,
    redirect_again: RedirectAgain::Required,
    grant_type_optional: false,
    anew: &[],
    silent: None,
    cancelled: &[("error", "user_cancelled_authorize")],
    blank: "+",
    refusal,
    looks: Looks {
        code: Look { begins: "c", letters: Letters::Base64Url },
        access: Look { begins: "a", letters: Letters::Base64Url },
        refresh: Look { begins: "r", letters: Letters::Base64Url },
    },
    lives: Lives { code: 300, access: Some(3_600), refresh: None },
    renewal: Renewal::Kept,
    places: &[
        (Place::Authorize, "/apple/auth/authorize"),
        (Place::Discovery, "/apple/.well-known/openid-configuration"),
        (Place::Token, "/apple/auth/token"),
        (Place::Keys, "/apple/auth/keys"),
        (Place::Revoke, "/apple/auth/revoke"),
    ],
    keys: Some(Keys { algorithm: Algorithm::Rs256, shown: 3 }),
    habits: &[(Habit::Openid, true)],
};

/// Its addresses. There is no userinfo.
pub(in super::super) fn routes(cfg: &mut web::ServiceConfig) {
    authorize::routes(cfg, "/apple/auth/authorize");
    cfg.route("/apple/auth/token", web::post().to(token))
        .route("/apple/auth/revoke", web::post().to(revoke))
        .route("/apple/auth/keys", web::get().to(keys))
        .route("/apple/.well-known/openid-configuration", web::get().to(configuration));
}

fn refusal(wrong: &Wrong) -> Refusal {
    match wrong {
        Wrong::Redirect(_) => {
            Refusal { code: "unauthorized_client", text: "sim-wrong-redirect", detail: detail(wrong) }
        }
        other => in_plain_words(other),
    }
}

/// `user`, at the first login only: nobody signed it, and the browser carries it.
pub(in super::super) fn beside_the_code(grant: &Grant) -> Vec<(String, String)> {
    let Some(name) = grant.person.name.filter(|_| grant.first && grant.has("name")) else { return Vec::new() };
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    let mut user = json!({"name": {"firstName": first, "lastName": last}});
    if let Some((address, _)) = address(grant) {
        user["email"] = json!(address);
    }
    vec![("user".to_owned(), user.to_string())]
}

/// The address a site gets to see, and whether it is a relay.
fn address(grant: &Grant) -> Option<(String, bool)> {
    let mailbox = grant.person.mailbox?;
    if grant.has("email") && !grant.person.is(Oddity::Relay) {
        return Some((mailbox.address.to_owned(), false));
    }
    let hash = secret::sha256(grant.person.id.as_bytes());
    let name = HEXLOWER.encode(hash.get(..5).unwrap_or_default());
    Some((format!("{name}@privaterelay.appleid.com"), true))
}

async fn token(call: Call) -> Result<HttpResponse, AppError> {
    tokens::endpoint(&call, Proof::Signed, refuse, answer)
}

/// Without a description, mostly.
fn refuse(fault: &TokenFault) -> HttpResponse {
    json_answer(400, &json!({"error": fault.oauth_name()}))
}

fn answer(call: &Call, granted: &Granted) -> Result<Value, ErrorStack> {
    let mut answer = json!({
        "access_token": granted.tokens.access, "token_type": "Bearer", "expires_in": 3_600,
    });
    if let Some(refresh) = &granted.tokens.refresh {
        answer["refresh_token"] = json!(refresh);
    }
    let grant = &granted.tokens.grant;
    let mut more = vec![
        ("at_hash", json!(at_hash(&granted.tokens.access))),
        ("auth_time", json!(grant.auth_time)),
        ("nonce_supported", json!(true)),
    ];
    more.extend(facts(grant));
    if let Some(token) = tokens::id_token(call, granted, more)? {
        answer["id_token"] = json!(token);
    }
    Ok(answer)
}

/// Flags are booleans or texts, as it happens. The address comes whenever it was asked for, also from who hides it.
fn facts(grant: &Grant) -> Vec<(&'static str, Value)> {
    let person: &Person = grant.person;
    let flag = |on: bool| if person.is(Oddity::StringFlags) { json!(on.to_string()) } else { json!(on) };
    let Some((address, relay)) = address(grant) else { return Vec::new() };
    let verified = person.mailbox.is_some_and(|mailbox| mailbox.verified);
    let mut facts = vec![("email", json!(address)), ("email_verified", flag(verified))];
    if relay {
        facts.push(("is_private_email", flag(true)));
    }
    if person.is(Oddity::Managed) {
        facts.push(("org_id", json!("practice-school")));
    }
    facts
}

/// `POST /auth/revoke`: an empty 200 for any token, also for none that it knows.
async fn revoke(call: Call) -> HttpResponse {
    if let Err(fault) = client::check(&call, &call.form, Proof::Signed) {
        return refuse(&fault);
    }
    let Some(token) = call.form.get("token") else { return json_answer(400, &json!({"error": "invalid_request"})) };
    let mut memory = call.state.memory();
    if let Some((grant, _)) = memory.grants.of_token(Provider::Apple, token) {
        memory.unlink(Provider::Apple, grant.person.id);
    }
    HttpResponse::Ok().finish()
}

async fn configuration(call: Call) -> HttpResponse {
    let issuer = Provider::Apple.issuer(&call.state.origin);
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth/authorize"),
        "token_endpoint": format!("{issuer}/auth/token"),
        "revocation_endpoint": format!("{issuer}/auth/revoke"),
        "jwks_uri": format!("{issuer}/auth/keys"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "name"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    });
    json_answer(200, &document)
}
