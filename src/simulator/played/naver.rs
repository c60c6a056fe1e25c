//! Naver (`wire/providers.md` section 2): `nid.naver.com` and `openapi.naver.com` at once, below `/naver`. OAuth under
//! `/oauth2.0/`, OpenID Connect under `/oauth2/`.

use actix_web::{HttpResponse, web};
use openssl::error::ErrorStack;
use serde_json::{Map, Value, json};

use super::super::authorize;
use super::super::call::Call;
use super::super::client;
use super::super::errors::{NoToken, TokenFault, in_plain_words, json_answer};
use super::super::keys::Algorithm;
use super::super::manners::{
    Anew, Asked, Habit, Item, Keys, Letters, Lives, Look, Looks, Manners, RedirectAgain, Renewal, StateRule,
    UnknownScope,
};
use super::super::people::Person;
use super::super::provider::Provider;
use super::super::state::Link;
use super::super::tokens;
use super::super::tokens::{Granted, Proof};
use super::super::weather::Place;
use super::kakao::{keys, picture};
use crate::error::AppError;

pub(in super::super) static MANNERS: Manners = Manners {
    items: &[
        Item { scope: "nickname", words: "sim-item-nickname", asked: Asked::Always },
        Item { scope: "name", words: "sim-item-name", asked: Asked::Optional },
        Item { scope: "email", words: "sim-item-contact-email", asked: Asked::Optional },
        Item { scope: "profile_image", words: "sim-item-picture", asked: Asked::Optional },
    ],
    bare_scopes: &["openid", "profile"],
    unknown_scope: UnknownScope::Ignored,
    state: StateRule::Required,
    // Documented for OpenID Connect only; looking at it in both is stricter than Naver is known to be.
    challenges: &["S256"],
    strict_verifier: false,
    redirect_again: RedirectAgain::Ignored,
    grant_type_optional: false,
    anew: &[Anew::AuthType],
    silent: None,
    cancelled: &[("error", "access_denied"), ("error_description", "Canceled By User")],
    blank: "+",
    refusal: in_plain_words,
    looks: Looks {
        code: Look { begins: "", letters: Letters::Base64Url },
        access: Look { begins: "AAAA", letters: Letters::Base64 },
        refresh: Look { begins: "", letters: Letters::Hex },
    },
    // Nobody documents how long a code and a refresh token live.
    lives: Lives { code: 600, access: Some(3_600), refresh: Some(31_536_000) },
    renewal: Renewal::Kept,
    places: &[
        (Place::Authorize, "/naver/oauth2.0/authorize"),
        (Place::Authorize, "/naver/oauth2/authorize"),
        (Place::Discovery, "/naver/.well-known/openid-configuration"),
        (Place::Token, "/naver/oauth2.0/token"),
        (Place::Token, "/naver/oauth2/token"),
        (Place::Keys, "/naver/oauth2/jwks"),
        (Place::Profile, "/naver/v1/nid/me"),
        (Place::Revoke, "/naver/oauth2.0/revoke"),
    ],
    keys: Some(Keys { algorithm: Algorithm::Rs256, shown: 1 }),
    habits: &[(Habit::Openid, true), (Habit::StateAgain, true)],
};

/// Its addresses.
pub(in super::super) fn routes(cfg: &mut web::ServiceConfig) {
    authorize::routes(cfg, "/naver/oauth2.0/authorize");
    authorize::routes(cfg, "/naver/oauth2/authorize");
    cfg.route("/naver/oauth2.0/token", web::get().to(token))
        .route("/naver/oauth2.0/token", web::post().to(token))
        .route("/naver/oauth2.0/revoke", web::post().to(revoke))
        .route("/naver/oauth2/token", web::post().to(openid_token))
        .route("/naver/oauth2/jwks", web::get().to(keys))
        .route("/naver/.well-known/openid-configuration", web::get().to(configuration))
        .route("/naver/v1/nid/me", web::get().to(me))
        .route("/naver/v1/nid/me", web::post().to(me))
        .route("/naver/v1/nid/verify", web::get().to(verify));
}

/// `/oauth2.0/token`, by GET or POST. `grant_type=delete` is the old way to unlink, which always says it worked.
async fn token(call: Call) -> Result<HttpResponse, AppError> {
    let form = if call.method == "GET" { &call.query } else { &call.form };
    if form.get("grant_type") == Some("delete") {
        if let Err(fault) = client::check(&call, form, Proof::Body) {
            return Ok(refuse(&fault));
        }
        let token = form.get("access_token").unwrap_or_default();
        end(&call, token);
        return Ok(json_answer(200, &json!({"access_token": token, "result": "success"})));
    }
    tokens::endpoint(&call, Proof::Body, refuse, answer)
}

/// `/oauth2/token`. That a bad client gets 401 was seen; the rest as in OAuth is a guess.
async fn openid_token(call: Call) -> Result<HttpResponse, AppError> {
    let refuse_openid = |fault: &TokenFault| match fault {
        TokenFault::Client(_) | TokenFault::Secret => json_answer(401, &json!({"error": "invalid_client"})),
        other => refuse(other),
    };
    tokens::endpoint(&call, Proof::Body, refuse_openid, answer)
}

/// Errors come with status 200.
fn refuse(fault: &TokenFault) -> HttpResponse {
    let (error, description) = match fault {
        TokenFault::Client(_) | TokenFault::Secret => ("invalid_client", "wrong client id or client secret"),
        TokenFault::GrantType => ("invalid_request", "unsupported grant_type"),
        TokenFault::Missing(_) => ("invalid_request", "parameter is missing"),
        TokenFault::Refresh => ("invalid_request", "invalid refresh_token"),
        _ => ("invalid_request", "no valid data in session"),
    };
    TokenFault::answer(200, error, description)
}

/// `expires_in` is a text.
fn answer(call: &Call, granted: &Granted) -> Result<Value, ErrorStack> {
    let mut answer = json!({
        "access_token": granted.tokens.access, "token_type": "bearer", "expires_in": "3600",
    });
    if let Some(refresh) = &granted.tokens.refresh {
        answer["refresh_token"] = json!(refresh);
    }
    if call.path == "/naver/oauth2/token"
        && let Some(token) = tokens::id_token(call, granted, [])?
    {
        answer["id_token"] = json!(token);
    }
    Ok(answer)
}

/// Ends a token with its pair, and the link with it. Whether it was known.
fn end(call: &Call, token: &str) {
    let mut memory = call.state.memory();
    if let Some((grant, _)) = memory.grants.of_token(Provider::Naver, token) {
        memory.unlink(Provider::Naver, grant.person.id);
    }
}

/// `POST /oauth2.0/revoke` (RFC 7009, since May 2026): an empty 200, for unknown tokens too.
async fn revoke(call: Call) -> HttpResponse {
    let form = &call.form;
    let Some(token) = form.get("token").filter(|token| !token.is_empty()) else {
        return TokenFault::answer(400, "invalid_request", "token is missing.");
    };
    if client::check(&call, form, Proof::Body).is_err() {
        return TokenFault::answer(401, "unauthorized_client", "Client authentication failed.");
    }
    end(&call, token);
    HttpResponse::Ok().finish()
}

/// `/v1/nid/me`: everything is wrapped, everything is text.
async fn me(call: Call) -> HttpResponse {
    match call.bearer() {
        Ok(access) => {
            let person = access.grant.person;
            let link = call.state.memory().link(Provider::Naver, person).cloned();
            let link = link.unwrap_or_else(|| Link::new(0));
            let response = profile(person, &link, &call.state.origin);
            json_answer(200, &json!({"resultcode": "00", "message": "success", "response": response}))
        }
        Err(why) => no_token(why),
    }
}

fn profile(person: &Person, link: &Link, origin: &str) -> Map<String, Value> {
    let agreed = |scope: &str| link.agreed.contains(scope);
    // Who has no nickname is shown as a masked id.
    let nickname = person.name.map_or_else(|| format!("{}***", person.id.get(..3).unwrap_or_default()), str::to_owned);
    let fields = [
        ("id", Some(person.id.to_owned())),
        ("nickname", agreed("nickname").then_some(nickname)),
        ("name", person.name.filter(|_| agreed("name")).map(str::to_owned)),
        ("email", person.mailbox.filter(|_| agreed("email")).map(|mailbox| mailbox.address.to_owned())),
        ("profile_image", agreed("profile_image").then(|| picture(origin, person, 640))),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?)))).collect()
}

fn no_token(why: NoToken) -> HttpResponse {
    let body = match why {
        NoToken::Missing => {
            json!({"resultcode": "028", "message": "Authentication header not exists / 인증 헤더가 없습니다."})
        }
        _ => json!({"resultcode": "024", "message": "Authentication failed / 인증에 실패했습니다."}),
    };
    json_answer(401, &body)
}

/// `/v1/nid/verify`. It never says for which app a token is.
async fn verify(call: Call) -> HttpResponse {
    match call.bearer() {
        Ok(access) => {
            let response = json!({"token": "***", "expire_date": access.expires_at.unwrap_or_default().to_string(), "allowed_profile": "profile/nickname"});
            json_answer(200, &json!({"resultcode": "00", "message": "success", "response": response}))
        }
        Err(why) => no_token(why),
    }
}

async fn configuration(call: Call) -> HttpResponse {
    let issuer = Provider::Naver.issuer(&call.state.origin);
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth2/authorize"),
        "token_endpoint": format!("{issuer}/oauth2/token"),
        "jwks_uri": format!("{issuer}/oauth2/jwks"),
        "userinfo_endpoint": format!("{issuer}/v1/nid/me"),
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile"],
        "grant_types_supported": ["authorization_code"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    json_answer(200, &document)
}
