//! What the provider says about itself. Every address is this origin, which plays kauth and kapi at once.

use actix_web::HttpResponse;
use serde_json::json;

use super::call::Call;
use super::errors::json_answer;

/// `GET /.well-known/openid-configuration` (OpenID Connect Discovery 1.0 section 4), with Kakao's members and no others.
pub(super) async fn configuration(call: Call) -> HttpResponse {
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

/// `GET /.well-known/jwks.json`.
pub(super) async fn keys(call: Call) -> HttpResponse {
    json_answer(200, &json!({"keys": [call.state.signer.jwk()]}))
}
