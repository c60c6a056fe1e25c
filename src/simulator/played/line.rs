//! LINE Login v2.1 (`wire/providers.md` section 6): `access.line.me` and `api.line.me` at once, below `/line`.

use actix_web::{HttpResponse, web};
use openssl::error::ErrorStack;
use serde_json::{Value, json};

use super::super::authorize;
use super::super::call::Call;
use super::super::client;
use super::super::errors::{TokenFault, in_plain_words, json_answer};
use super::super::grants;
use super::super::grants::Grant;
use super::super::jose::Draft;
use super::super::keys::Algorithm;
use super::super::manners::{
    Anew, Asked, Habit, Item, Keys, Letters, Lives, Look, Looks, Manners, RedirectAgain, Renewal, StateRule,
    UnknownScope,
};
use super::super::provider::Provider;
use super::super::tokens;
use super::super::tokens::{Granted, Proof};
use super::super::weather::Place;
use super::kakao::{keys, picture};
use super::line_checks;
use crate::error::AppError;

/// A channel access token lives so long, in seconds.
const CHANNEL_SECONDS: i64 = 900;

pub(in super::super) static MANNERS: Manners = Manners {
    items: &[
        Item { scope: "profile", words: "sim-item-name-and-picture", asked: Asked::NamedAlways },
        Item { scope: "email", words: "sim-item-address", asked: Asked::Named },
    ],
    bare_scopes: &["openid"],
    unknown_scope: UnknownScope::Refused,
    // What happens to other signs is a guess: a page says so.
    state: StateRule::Alphanumeric,
    challenges: &["S256"],
    strict_verifier: false,
    redirect_again: RedirectAgain::Required,
    grant_type_optional: false,
    anew: &[Anew::MaxAge],
    silent: None,
    cancelled: &[
        ("error", "access_denied"),
        ("error_description", "The user has denied the approval"),
        ("errorMessage", "DISALLOWED"),
        ("errorCode", "417"),
    ],
    blank: "+",
    refusal: in_plain_words,
    looks: Looks {
        code: Look { begins: "", letters: Letters::Hex },
        access: Look { begins: "eyJ", letters: Letters::Base64Url },
        refresh: Look { begins: "Aa1F", letters: Letters::Hex },
    },
    lives: Lives { code: 600, access: Some(2_592_000), refresh: Some(7_776_000) },
    renewal: Renewal::Repeated,
    places: &[
        (Place::Authorize, "/line/oauth2/v2.1/authorize"),
        (Place::Discovery, "/line/.well-known/openid-configuration"),
        (Place::Token, "/line/oauth2/v2.1/token"),
        (Place::Keys, "/line/oauth2/v2.1/certs"),
        (Place::Profile, "/line/v2/profile"),
        (Place::Revoke, "/line/user/v1/deauthorize"),
    ],
    keys: Some(Keys { algorithm: Algorithm::Es256, shown: 1 }),
    habits: &[(Habit::Openid, true), (Habit::Email, true)],
};

/// Its addresses.
pub(in super::super) fn routes(cfg: &mut web::ServiceConfig) {
    authorize::routes(cfg, "/line/oauth2/v2.1/authorize");
    cfg.route("/line/oauth2/v2.1/token", web::post().to(token))
        .route("/line/oauth2/v2.1/revoke", web::post().to(revoke))
        .route("/line/oauth2/v2.1/certs", web::get().to(keys))
        .route("/line/oauth2/v2.1/verify", web::get().to(line_checks::access_token))
        .route("/line/oauth2/v2.1/verify", web::post().to(line_checks::id_token))
        .route("/line/oauth2/v2.1/userinfo", web::get().to(userinfo))
        .route("/line/oauth2/v2.1/userinfo", web::post().to(userinfo))
        .route("/line/v2/profile", web::get().to(profile))
        .route("/line/oauth2/v3/token", web::post().to(channel_token))
        .route("/line/user/v1/deauthorize", web::post().to(deauthorize))
        .route("/line/.well-known/openid-configuration", web::get().to(configuration));
}

async fn token(call: Call) -> Result<HttpResponse, AppError> {
    tokens::endpoint(&call, Proof::Body, refuse, answer)
}

/// The text for a bad code is a guess.
fn refuse(fault: &TokenFault) -> HttpResponse {
    let description = match fault {
        TokenFault::Client(_) | TokenFault::Secret => "invalid client_id or client_secret",
        TokenFault::Redirect => "redirect_uri does not match",
        TokenFault::Verifier => "code_verifier does not match",
        TokenFault::Refresh => "invalid refresh token",
        TokenFault::GrantType => "unsupported grant_type",
        _ => "invalid authorization code",
    };
    TokenFault::answer(400, fault.oauth_name(), description)
}

/// `email` is never named in `scope`.
fn answer(call: &Call, granted: &Granted) -> Result<Value, ErrorStack> {
    let grant = &granted.tokens.grant;
    let mut answer = json!({
        "access_token": granted.tokens.access, "expires_in": 2_592_000, "scope": scope(grant), "token_type": "Bearer",
    });
    if let Some(refresh) = &granted.tokens.refresh {
        answer["refresh_token"] = json!(refresh);
    }
    if let Some(token) = id_token(call, granted)? {
        answer["id_token"] = json!(token);
    }
    Ok(answer)
}

fn scope(grant: &Grant) -> String {
    let named = [("profile", grant.has("profile")), ("openid", grant.openid)];
    named.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect::<Vec<_>>().join(" ")
}

/// Under the channel's secret, or by a key for those who ask for one.
fn id_token(call: &Call, granted: &Granted) -> Result<Option<String>, ErrorStack> {
    let grant = &granted.tokens.grant;
    let mut claims = vec![("amr", json!(["pwd"])), ("auth_time", json!(grant.auth_time))];
    if grant.has("profile") {
        claims.extend(grant.person.name.map(|name| ("name", json!(name))));
        if !grant.person.default_picture {
            claims.push(("picture", json!(picture(&call.state.origin, grant.person, 110))));
        }
    }
    let may = grant.has("email") && call.state.has_habit(Provider::Line, Habit::Email);
    claims.extend(grant.person.mailbox.filter(|_| may).map(|mailbox| ("email", json!(mailbox.address))));
    if call.form.get("id_token_key_type") == Some("JWK") {
        return tokens::id_token(call, granted, claims);
    }
    let keys = call.state.keys(Provider::Line)?;
    let (Some(key), true) = (keys.first(), grant.openid) else { return Ok(None) };
    let mut draft = Draft::under(call.state.app.secret(Provider::Line), tokens::claims(call, granted));
    for (name, value) in claims {
        draft.claim(name, Some(value));
    }
    call.state.sign_id_token(Provider::Line, draft, key).map(Some)
}

/// Without an address: that is in the ID token only.
async fn userinfo(call: Call) -> HttpResponse {
    let access = match call.bearer() {
        Ok(access) => access,
        Err(_) => return TokenFault::answer(401, "invalid_token", "The access token is invalid"),
    };
    let person = access.grant.person;
    let mut info = json!({"sub": person.id});
    if let Some(name) = person.name.filter(|_| access.grant.has("profile")) {
        info["name"] = json!(name);
    }
    json_answer(200, &info)
}

async fn profile(call: Call) -> HttpResponse {
    let refused = |status, message: &str| json_answer(status, &json!({"message": message}));
    let access = match call.bearer() {
        Ok(access) => access,
        Err(_) => return refused(401, "The access token expired"),
    };
    if !access.grant.has("profile") {
        return refused(403, "The scope is not granted");
    }
    let person = access.grant.person;
    let mut profile = json!({"userId": person.id, "displayName": person.name});
    if !person.default_picture {
        profile["pictureUrl"] = json!(picture(&call.state.origin, person, 640));
    }
    let mut answer = json_answer(200, &profile);
    let id = actix_web::http::header::HeaderName::from_static("x-line-request-id");
    answer.headers_mut().insert(id, actix_web::http::header::HeaderValue::from_static("practice"));
    answer
}

/// Ends the token; the consent stays.
async fn revoke(call: Call) -> HttpResponse {
    if let Err(fault) = client::check(&call, &call.form, Proof::Body) {
        return refuse(&fault);
    }
    let mut memory = call.state.memory();
    let token = call.form.get("access_token").unwrap_or_default();
    if let Some((_, family)) = memory.grants.of_token(Provider::Line, token) {
        memory.grants.end_family(family);
    }
    HttpResponse::Ok().finish()
}

/// `POST /oauth2/v3/token`: a stateless channel access token for a quarter of an hour.
async fn channel_token(call: Call) -> Result<HttpResponse, AppError> {
    if call.form.get("grant_type") != Some("client_credentials") {
        return Ok(TokenFault::answer(400, "unsupported_grant_type", "unsupported grant_type"));
    }
    if let Err(fault) = client::check(&call, &call.form, Proof::Body) {
        return Ok(refuse(&fault));
    }
    let token = grants::opaque()?;
    let ends = call.state.now() + CHANNEL_SECONDS;
    call.state.memory().channel_tokens.insert(token.clone(), ends);
    Ok(json_answer(200, &json!({"token_type": "Bearer", "access_token": token, "expires_in": CHANNEL_SECONDS})))
}

/// `POST /user/v1/deauthorize`, in the channel's name: the consent ends. What is ended already is an invalid token.
async fn deauthorize(call: Call) -> HttpResponse {
    let (_, channel) = call.credentials();
    let now = call.state.now();
    let known = call.state.memory().channel_tokens.get(channel).is_some_and(|ends| now < *ends);
    if !known {
        return json_answer(
            401,
            &json!({"message": "Authentication failed due to the following reason: invalid token."}),
        );
    }
    let body: Option<Value> = serde_json::from_slice(&call.body).ok();
    let token = body.as_ref().and_then(|body| body["userAccessToken"].as_str()).unwrap_or_default();
    let mut memory = call.state.memory();
    match memory.grants.access(Provider::Line, token, now) {
        Ok(access) => {
            memory.unlink(Provider::Line, access.grant.person.id);
            HttpResponse::NoContent().finish()
        }
        Err(_) => json_answer(400, &json!({"message": "invalid token"})),
    }
}

/// It names only ES256, whatever web logins get.
async fn configuration(call: Call) -> HttpResponse {
    let issuer = Provider::Line.issuer(&call.state.origin);
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth2/v2.1/authorize"),
        "token_endpoint": format!("{issuer}/oauth2/v2.1/token"),
        "revocation_endpoint": format!("{issuer}/oauth2/v2.1/revoke"),
        "userinfo_endpoint": format!("{issuer}/oauth2/v2.1/userinfo"),
        "jwks_uri": format!("{issuer}/oauth2/v2.1/certs"),
        "scopes_supported": ["openid", "profile", "email"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
    });
    json_answer(200, &document)
}
