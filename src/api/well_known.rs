//! The public keys of access tokens.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};

use crate::web::App;

/// How long others may keep the keys, in seconds: shorter than the time a new key is published before it signs.
const MAX_AGE: u32 = 300;

/// The JWK Set (RFC 7517 section 5). Anybody.
pub(super) async fn jwks(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/jwk-set+json")
        .insert_header((CACHE_CONTROL, format!("public, max-age={MAX_AGE}")))
        .body(app.keys().jwks().to_owned())
}
