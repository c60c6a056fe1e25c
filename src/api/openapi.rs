//! The description of this interface, made from the handlers and the types they answer with.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{RefOr, Required};
use utoipa::{Modify, OpenApi};

use super::{login, me, sessions, tokens, well_known};
use crate::error::AppError;
use crate::error::AppResult;
use crate::web::App;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "fiiiiilm",
        description = "Log-in for other programs: tokens, the person they speak for, and their devices. Errors are RFC 9457 \
                       problems whose `code` and `detail` are Simple JWT's where it has one."
    ),
    paths(
        login::log_in,
        tokens::refresh,
        tokens::verify,
        tokens::blacklist,
        me::show,
        sessions::list,
        sessions::end,
        sessions::end_others,
        well_known::jwks,
        describe
    ),
    tags(
        (name = "tokens", description = "Refreshing, verifying and ending tokens"),
        (name = "me", description = "The caller"),
        (name = "sessions", description = "The caller's devices"),
        (name = "keys", description = "For whoever verifies access tokens"),
    ),
    modifiers(&Schemes)
)]
struct Description;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        // The macro's own way to say that a body may be missing also says that it may be `null`.
        let refresh = api.paths.paths.get_mut("/api/token/refresh").and_then(|path| path.post.as_mut());
        if let Some(RefOr::T(body)) = refresh.and_then(|operation| operation.request_body.as_mut()) {
            body.required = Some(Required::False);
        }
        let components = api.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        // `__Host-access` on https; the name in the description is corrected when it is served.
        let cookie = ApiKey::Cookie(ApiKeyValue::new("access"));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
    }
}

/// This description.
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "keys",
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value))
)]
pub(super) async fn describe(app: web::Data<App>) -> AppResult<HttpResponse> {
    let mut api = Description::openapi();
    env!("CARGO_PKG_VERSION").clone_into(&mut api.info.version);
    api.servers = Some(vec![utoipa::openapi::Server::new(app.config.server.public_url.origin())]);
    if let Some(components) = &mut api.components {
        let cookie = ApiKey::Cookie(ApiKeyValue::new(app.names.access.clone()));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
    }
    let text = api.to_json().map_err(AppError::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/json"))
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(text))
}
