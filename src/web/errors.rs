//! A refusal on its way out: logged once with its cause, then shown as a page in the reader's language or as JSON
//! (RFC 9457) without it. Handlers and doors only say what is wrong; which form the answer takes is decided here.

use std::sync::Arc;

use actix_web::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::app::App;
use super::chrome::chrome;
use super::headers::see_other;
use super::onward::OnwardPage;
use super::page::{ErrorPage, render};
use super::request_id::RequestId;
use super::viewer::Viewer;
use crate::error::AppError;
use crate::error::Kind;

/// The page on which a form stands, for a form that is sent to another address than its own page's: data of its route.
/// Whoever sends the form and has to prove first who they are is shown that page again afterwards.
#[derive(Clone, Copy, Debug)]
pub struct FormPage(pub &'static str);

/// Whether programs, not people, ask here.
#[must_use]
pub(super) fn wants_json(path: &str) -> bool {
    ["/api/", "/.well-known/", "/webhooks/"].iter().any(|prefix| path.starts_with(prefix))
}

/// The refusal behind a response that carries no body of its own, and its cause for the log.
#[must_use]
pub(super) fn refusal(
    response: &HttpResponse<impl actix_web::body::MessageBody>,
) -> Option<(AppError, Option<String>)> {
    if let Some(error) = response.error().and_then(|error| error.as_error::<AppError>()) {
        return Some((error.without_cause(), error.cause_line()));
    }
    if response.headers().contains_key(CONTENT_TYPE) {
        return None;
    }
    kind_of(response.status()).map(|kind| (AppError::new(kind), None))
}

fn kind_of(status: StatusCode) -> Option<Kind> {
    Some(match status.as_u16() {
        401 => Kind::Unauthenticated,
        403 => Kind::Forbidden,
        404 => Kind::NotFound,
        405 => Kind::MethodNotAllowed,
        408 => Kind::TooSlow,
        409 => Kind::Conflict,
        413 => Kind::TooLarge,
        415 => Kind::UnsupportedMediaType,
        421 => Kind::Misdirected,
        429 => Kind::TooMany,
        503 => Kind::Unavailable,
        400..=499 => Kind::BadRequest,
        500..=599 => Kind::Internal,
        _ => return None,
    })
}

/// The answer a refusal becomes.
#[must_use]
pub(super) fn answer(app: &App, req: &HttpRequest, error: &AppError) -> HttpResponse {
    let mut response = if wants_json(req.path()) {
        problem(req, error)
    } else if error.kind() == Kind::Unauthenticated {
        return see_other(&login_address(req));
    } else if error.kind() == Kind::NotFresh {
        return prove_again(app, req);
    } else {
        let viewer = req.extensions().get::<Arc<Viewer>>().cloned();
        let mut c = chrome(app, req, viewer.as_deref());
        if matches!(error.kind(), Kind::NotFound | Kind::BadRequest) {
            // Nothing is there to come back to, and the address may be anything.
            c.path = "/".into();
        }
        render(error.kind().status(), &ErrorPage::new(c, error, RequestId::of(req)))
    };
    if let Some(seconds) = error.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// To the login, and back to the page that was asked for; what a form carried cannot come back.
fn login_address(req: &HttpRequest) -> String {
    let path = req.uri().path_and_query().map_or("/", |path| path.as_str());
    if req.method() != Method::GET {
        return "/login".into();
    }
    let next: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
    format!("/login?next={next}")
}

/// To prove again who one is, and back to the page that asked. A form is answered with a page that goes on by itself: a
/// redirect that leaves our origin in the end would be stopped by `form-action`.
fn prove_again(app: &App, req: &HttpRequest) -> HttpResponse {
    let form = req.app_data::<FormPage>().map(|page| page.0);
    let own = || req.uri().path_and_query().map_or("/", |path| path.as_str());
    let next: String = url::form_urlencoded::byte_serialize(form.unwrap_or_else(own).as_bytes()).collect();
    let href = format!("/login/again?next={next}");
    if req.method() == Method::GET {
        return see_other(&href);
    }
    let viewer = req.extensions().get::<Arc<Viewer>>().cloned();
    render(StatusCode::OK, &OnwardPage::after_a_form(chrome(app, req, viewer.as_deref()), href))
}

/// The refusal as `application/problem+json`. `code` and `detail` are Simple JWT's where it has one, so that a front
/// end written for it understands.
#[must_use]
pub fn problem(req: &HttpRequest, error: &AppError) -> HttpResponse {
    problem_with(req, error, &[])
}

/// The same with further members.
#[must_use]
pub fn problem_with(req: &HttpRequest, error: &AppError, more: &[(&str, Value)]) -> HttpResponse {
    let status = error.kind().status();
    let mut response = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        // RFC 6750 section 3: an error is named only when a token was sent.
        let sent = error.code() == "token_not_valid";
        let challenge = if sent { "Bearer error=\"invalid_token\"" } else { "Bearer" };
        response.insert_header((WWW_AUTHENTICATE, challenge));
    }
    let mut body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "code": error.code(),
        "detail": error.detail().unwrap_or_else(|| detail(error.code())),
        "request_id": RequestId::of(req),
    });
    if let Some((name, words)) = error.field() {
        if body.get(name).is_some() {
            // A field may be called as one of the members above (`code`), which stay what RFC 9457 and we say they are.
            body["detail"] = json!(format!("{name}: {words}"));
        } else {
            body[name] = json!([words]);
        }
    }
    for (name, value) in more {
        body[*name] = value.clone();
    }
    response.content_type("application/problem+json").body(body.to_string())
}

fn detail(code: &str) -> &'static str {
    match code {
        "token_not_valid" => "Given token not valid for any token type",
        "bad_authorization_header" => "Authorization header must contain two space-delimited values",
        "not_authenticated" => "Authentication credentials were not provided.",
        "user_inactive" => "User is inactive",
        "user_not_found" => "User not found",
        "cross_site" => "This must come from the site's own pages, or with a token of its own.",
        "unsupported_media_type" => "The body must be application/json, not compressed.",
        "too_large" => "The body is too large.",
        "not_found" => "There is nothing here, or nothing for you.",
        "forbidden" => "You may not do this.",
        "fresh_login_required" => "This needs a login of the last ten minutes.",
        "method_not_allowed" => "This can be asked for, but not in this way.",
        "misdirected" => "This is another host than the one you asked for.",
        "too_slow" => "The body of the request did not come in time.",
        "too_many_requests" => "Too many requests from this address; wait as long as Retry-After says.",
        "unavailable" => "This cannot be answered now; try again in a few seconds.",
        "bad_gateway" => "The identity provider cannot be used as it is set up; quote the request id to the operator.",
        "banned" | "waiting" | "closed" | "sign_up_closed" | "under_age" => "This person may not log in.",
        "welcome_required" => "A new person finishes joining on the page welcome_url first.",
        "internal" => "Something failed here; quote the request id to the operator.",
        _ => "The request cannot be understood.",
    }
}
