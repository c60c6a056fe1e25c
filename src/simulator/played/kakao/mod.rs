//! Kakao (`wire/kakao.md`): `kauth.kakao.com` and `kapi.kakao.com` at once, at the root. What Kakao's documents leave open
//! is marked as a guess where it is decided.

mod admin;
pub(in super::super) mod errors;
mod logout;
mod shapes;
mod users;

use actix_web::{HttpResponse, web};
use openssl::error::ErrorStack;
use serde_json::{Value, json};

use super::super::authorize;
use super::super::call::Call;
use super::super::errors::json_answer;
use super::super::keys::Algorithm;
use super::super::manners::{
    Anew, Asked, Habit, Item, Keys, Letters, Lives, Look, Looks, Manners, RedirectAgain, Renewal, StateRule,
    UnknownScope,
};
use super::super::tokens;
use super::super::tokens::{Granted, Proof};
use super::super::weather::Place;
use crate::error::AppError;

pub(in super::super) use logout::Target;
pub(in super::super) use shapes::picture;

/// Life of an access token (and of its ID token) of a REST API key, in seconds, as seen from Kakao.
const ACCESS_SECONDS: i64 = 21_599;

/// Life of a refresh token in seconds, as seen from Kakao.
const REFRESH_SECONDS: i64 = 5_183_999;

const OPAQUE: Look = Look { begins: "", letters: Letters::Base64Url };

pub(in super::super) static MANNERS: Manners = Manners {
    items: &[
        Item { scope: "profile_nickname", words: "sim-item-nickname", asked: Asked::Always },
        Item { scope: "profile_image", words: "sim-item-picture", asked: Asked::Optional },
        Item { scope: "account_email", words: "sim-item-email", asked: Asked::Optional },
    ],
    bare_scopes: &["openid"],
    unknown_scope: UnknownScope::Refused,
    state: StateRule::Optional,
    challenges: &["S256"],
    strict_verifier: false,
    redirect_again: RedirectAgain::Required,
    grant_type_optional: false,
    anew: &[Anew::Prompt],
    // The text of `login_required` is not known.
    silent: Some([
        &[("error", "login_required"), ("error_description", "user authentication required.")],
        &[("error", "consent_required"), ("error_description", "user consent required.")],
    ]),
    cancelled: &[("error", "access_denied"), ("error_description", "User denied access")],
    blank: "%20",
    refusal: errors::in_koe,
    looks: Looks { code: OPAQUE, access: OPAQUE, refresh: OPAQUE },
    // Kakao does not say how long a code lives; ten minutes are commonly told.
    lives: Lives { code: 600, access: Some(ACCESS_SECONDS), refresh: Some(REFRESH_SECONDS) },
    renewal: Renewal::InItsLastMonth,
    places: &[
        (Place::Authorize, "/oauth/authorize"),
        (Place::Discovery, "/.well-known/openid-configuration"),
        (Place::Token, "/oauth/token"),
        (Place::Keys, "/.well-known/jwks.json"),
        (Place::Profile, "/v2/user/me"),
        (Place::TokenInfo, "/v1/user/access_token_info"),
        (Place::Revoke, "/v1/user/unlink"),
    ],
    keys: Some(Keys { algorithm: Algorithm::Rs256, shown: 2 }),
    habits: &[(Habit::Openid, true)],
};

/// Its addresses.
pub(in super::super) fn routes(cfg: &mut web::ServiceConfig) {
    authorize::routes(cfg, "/oauth/authorize");
    cfg.route("/oauth/logout", web::get().to(logout::show))
        .route("/oauth/logout", web::post().to(logout::leave))
        .route("/oauth/token", web::post().to(token))
        .route("/.well-known/openid-configuration", web::get().to(configuration))
        .route("/.well-known/jwks.json", web::get().to(keys))
        .route("/v1/oidc/userinfo", web::get().to(users::userinfo))
        .route("/v2/user/me", web::get().to(users::me))
        .route("/v2/user/me", web::post().to(users::me))
        .route("/v2/user/scopes", web::get().to(users::scopes))
        .route("/v1/user/access_token_info", web::get().to(users::token_info))
        .route("/v1/user/logout", web::post().to(users::logout))
        .route("/v1/user/unlink", web::post().to(users::unlink))
        .route("/v1/user/ids", web::get().to(admin::ids))
        .route("/v2/app/users", web::get().to(admin::users));
}

/// `POST /oauth/token`. Basic authentication is ignored, as Kakao does.
async fn token(call: Call) -> Result<HttpResponse, AppError> {
    tokens::endpoint(&call, Proof::Body, errors::refuse_token, answer)
}

fn answer(call: &Call, granted: &Granted) -> Result<Value, ErrorStack> {
    let grant = &granted.tokens.grant;
    let mut answer = json!({
        "token_type": "bearer", "access_token": granted.tokens.access, "expires_in": ACCESS_SECONDS,
    });
    if let Some(refresh) = &granted.tokens.refresh {
        answer["refresh_token"] = json!(refresh);
        answer["refresh_token_expires_in"] = json!(REFRESH_SECONDS);
    }
    if granted.first {
        let agreed = granted.link.agreed.iter().map(String::as_str);
        let scope: Vec<&str> = agreed.chain(grant.openid.then_some("openid")).collect();
        answer["scope"] = json!(scope.join(" "));
    }
    let more = shapes::in_id_token(grant, &granted.link, &call.state.origin);
    if let Some(token) = tokens::id_token(call, granted, more)? {
        answer["id_token"] = json!(token);
    }
    Ok(answer)
}

/// What it says about itself (OpenID Connect Discovery 1.0 section 4), with Kakao's members and no others.
async fn configuration(call: Call) -> HttpResponse {
    let origin = &call.state.origin;
    let document = json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}/oauth/authorize"),
        "token_endpoint": format!("{origin}/oauth/token"),
        "userinfo_endpoint": format!("{origin}/v1/oidc/userinfo"),
        "jwks_uri": format!("{origin}/.well-known/jwks.json"),
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "request_uri_parameter_supported": false,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["iss", "aud", "sub", "auth_time", "exp", "iat", "nonce", "nickname", "picture", "email"],
    });
    json_answer(200, &document)
}

/// The keys of whichever provider was asked.
pub(in super::super) async fn keys(call: Call) -> Result<HttpResponse, AppError> {
    let keys = call.state.keys(call.provider).map_err(AppError::internal)?;
    let keys: Vec<&Value> = keys.iter().map(|key| key.jwk()).collect();
    Ok(json_answer(200, &json!({"keys": keys})))
}
