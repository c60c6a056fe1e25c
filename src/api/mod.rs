//! JSON for programs: who am I, and the public keys that verify our access tokens.

mod me;
mod well_known;

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};

use crate::error::AppError;
use crate::error::Kind;
use crate::web::paths;

/// The routes of this room. Whatever else is asked under `/api` is refused in JSON, never as a page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(paths::resource("/.well-known/jwks.json", paths::page(well_known::jwks)))
        .service(paths::resource("/api/me", paths::page(me::show)))
        .service(web::scope("/api").default_service(web::to(nothing)));
}

async fn nothing() -> Result<HttpResponse, AppError> {
    Err(AppError::new(Kind::NotFound))
}
