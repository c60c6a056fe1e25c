//! Tokens for programs, in the shapes and codes of Simple JWT, so that a front end written for it goes on working.
//!
//! Whoever sends a token in the body speaks for themselves: cookies are ignored, and none is set. A browser's own front end
//! sends nothing and has its cookies renewed, if it asks from our origin.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::Problem;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::tokens;
use crate::tokens::RefreshClaims;
use crate::web::App;
use crate::web::ByCookie;
use crate::web::Client;
use crate::web::JsonBody;
use crate::web::Limit;
use crate::web::Renewal;
use crate::web::circumstances;
use crate::web::is_good_access_token;
use crate::web::refresh_cookies;
use crate::web::renew;
use crate::web::same_origin;

/// A refresh token.
#[derive(Deserialize, ToSchema)]
pub(super) struct RefreshToken {
    /// The refresh token.
    #[schema(min_length = 1, pattern = "\\S")]
    #[expect(dead_code, reason = "the schema of a body that is read field by field")]
    refresh: String,
}

/// Any of our tokens.
#[derive(Deserialize, ToSchema)]
pub(super) struct AnyToken {
    /// An access or a refresh token.
    #[schema(min_length = 1, pattern = "\\S")]
    #[expect(dead_code, reason = "the schema of a body that is read field by field")]
    token: String,
}

/// A pair of tokens.
#[derive(Serialize, ToSchema)]
pub(super) struct Pair {
    /// The access token, good for minutes.
    access: String,
    /// The refresh token; the one that was presented is spent.
    refresh: String,
}

/// Nothing to say.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {}

fn not_valid() -> AppError {
    AppError::with_code(Kind::Unauthenticated, "token_not_valid").detailed("Token is invalid or expired")
}

fn claims_of(app: &App, token: &str) -> AppResult<RefreshClaims> {
    app.refresh.verify(token.trim(), app.clock.now()).ok_or_else(not_valid)
}

/// Trades a refresh token for the next pair.
///
/// With an empty body the browser's refresh cookie is meant; the answer then sets cookies and has no body.
#[utoipa::path(
    post, path = "/api/token/refresh", tag = "tokens", request_body = RefreshToken,
    responses(
        (status = 200, description = "The next pair", body = Pair),
        (status = 204, description = "New cookies were set (empty body)"),
        (status = 400, description = "A field is missing", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is not valid", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another site asked", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Body over 64 KiB", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Try again later", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn refresh(
    app: web::Data<App>,
    req: HttpRequest,
    client: Client,
    body: JsonBody,
) -> AppResult<HttpResponse> {
    if body.0.is_none() {
        same_origin(&req, &app.config.server.public_url)?;
    }
    app.limits.count(Limit::Refresh, client.address)?;
    if body.0.is_none() {
        return match refresh_cookies(&app, &req).await? {
            ByCookie::Renewed => Ok(HttpResponse::build(StatusCode::NO_CONTENT).finish()),
            ByCookie::Refused => Err(not_valid()),
        };
    }
    let claims = claims_of(&app, body.text("refresh")?)?;
    match renew(&app, claims, circumstances(&app, &req)).await? {
        Renewal::Goes { pair, .. } => {
            Ok(HttpResponse::Ok().json(Pair { access: pair.access.0, refresh: pair.refresh.0 }))
        }
        Renewal::Over("token_not_valid") => Err(not_valid()),
        Renewal::Over(code) => Err(AppError::with_code(Kind::Unauthenticated, code)),
    }
}

/// Says whether a token is good now: signature, times, session and person. Changes nothing.
#[utoipa::path(
    post, path = "/api/token/verify", tag = "tokens", request_body = AnyToken,
    responses(
        (status = 200, description = "It is good", body = Done),
        (status = 400, description = "A field is missing", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "It is not", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another site asked", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Body over 64 KiB", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Try again later", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn verify(
    app: web::Data<App>,
    req: HttpRequest,
    client: Client,
    body: JsonBody,
) -> AppResult<HttpResponse> {
    asked_with_a_body(&app, &req, &body)?;
    app.limits.count(Limit::Refresh, client.address)?;
    let token = body.text("token")?.trim();
    let good = match app.refresh.verify(token, app.clock.now()) {
        Some(claims) => {
            let now = app.clock.now();
            app.db.read(move |conn| tokens::is_usable(conn, &claims, now)).await?
        }
        None => is_good_access_token(&app, token).await?,
    };
    if good { Ok(HttpResponse::Ok().json(Done {})) } else { Err(not_valid()) }
}

/// Ends the session of a refresh token, with all its tokens.
#[utoipa::path(
    post, path = "/api/token/blacklist", tag = "tokens", request_body = RefreshToken,
    responses(
        (status = 200, description = "It is over", body = Done),
        (status = 400, description = "A field is missing", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is not valid", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another site asked", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Body over 64 KiB", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Try again later", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn blacklist(
    app: web::Data<App>,
    req: HttpRequest,
    client: Client,
    body: JsonBody,
) -> AppResult<HttpResponse> {
    asked_with_a_body(&app, &req, &body)?;
    app.limits.count(Limit::Refresh, client.address)?;
    let claims = claims_of(&app, body.text("refresh")?)?;
    let session = claims.sid.parse().map_err(|_no_id| not_valid())?;
    let how = circumstances(&app, &req);
    let now = how.at;
    let owner = app
        .db
        .write(move |conn| match tokens::find(conn, &session)?.filter(|session| session.is_live(now)) {
            Some(session) => tokens::close(conn, &session.id, "logout", &how),
            None => Ok(None),
        })
        .await?;
    let owner = owner.ok_or_else(not_valid)?;
    app.changes.mark(&owner);
    Ok(HttpResponse::Ok().json(Done {}))
}

/// Without a token in the body nobody vouches for a request from another site.
fn asked_with_a_body(app: &App, req: &HttpRequest, body: &JsonBody) -> AppResult<()> {
    if body.0.is_none() { same_origin(req, &app.config.server.public_url) } else { Ok(()) }
}
