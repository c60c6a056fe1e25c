//! The public keys of access tokens.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};

use crate::web::App;

/// How long others may keep the keys, in seconds: shorter than the time a new key is published before it signs.
const MAX_AGE: u32 = 300;

/// The public keys that verify access tokens (RFC 7517): active, next and retiring.
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "keys",
    responses((
        status = 200, description = "A JWK Set", body = serde_json::Value, content_type = "application/jwk-set+json"
    ))
)]
pub(super) async fn jwks(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/jwk-set+json")
        .insert_header((CACHE_CONTROL, format!("public, max-age={MAX_AGE}")))
        .body(app.keys().jwks().to_owned())
}
