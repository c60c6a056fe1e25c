//! JSON for programs: logging in for native apps, tokens, who am I, devices, and the public keys that verify our access tokens.
//!
//! Nothing here ever answers with a page: whatever is refused under `/api`, by a handler or before one, is an RFC 9457
//! problem (`web::errors`). Scripts of other origins may ask only if the operator listed them (`server.cors_origins`), and
//! then with a bearer token: their answers never allow credentials, so no cookie speaks for them.

mod login;
mod me;
mod openapi;
mod problem;
mod sessions;
mod time;
mod tokens;
mod well_known;

use actix_cors::Cors;
use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::middleware::Condition;
use actix_web::web::{self, ServiceConfig};

use crate::error::AppError;
use crate::error::Kind;
use crate::web::App;
use crate::web::paths;

/// How long a browser may remember what it may ask, in seconds.
const PREFLIGHT_SECONDS: usize = 600;

/// The routes of this room. Whatever else is asked under `/api` is refused in JSON, never as a page.
pub fn routes(cfg: &mut ServiceConfig, app: &App) {
    let origins = &app.config.server.cors_origins;
    let devices = paths::page(sessions::list).chain(paths::delete(sessions::end_others));
    let api = paths::under("/api");
    cfg.service(paths::resource("/.well-known/jwks.json", paths::page(well_known::jwks))).service(
        web::scope("/api")
            .wrap(Condition::new(!origins.is_empty(), cors(origins)))
            .service(api.resource("/me", paths::page(me::show)))
            .service(api.resource("/sessions", devices))
            .service(api.resource("/sessions/{id}", paths::delete(sessions::end)))
            .service(api.resource("/login/{provider}", paths::form(login::log_in)))
            .service(api.slashed("/token/refresh", paths::form(tokens::refresh)))
            .service(api.slashed("/token/verify", paths::form(tokens::verify)))
            .service(api.slashed("/token/blacklist", paths::form(tokens::blacklist)))
            .service(api.resource("/openapi.json", paths::page(openapi::describe)))
            .default_service(web::to(nothing)),
    );
}

fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::POST, Method::DELETE])
        .allowed_headers([AUTHORIZATION, CONTENT_TYPE])
        .expose_headers([RETRY_AFTER, WWW_AUTHENTICATE])
        .block_on_origin_mismatch(false)
        .max_age(PREFLIGHT_SECONDS);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

async fn nothing() -> Result<HttpResponse, AppError> {
    Err(AppError::new(Kind::NotFound))
}
