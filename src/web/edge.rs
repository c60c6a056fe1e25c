//! The one middleware around everything. In: request id, cookie sieve, Host, origin. Out: pending cookies, refusals made
//! into answers, headers, the log line. One function in one place, because the order matters and every layer of
//! middleware costs each request an allocation.

use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse};

use super::app::App;
use super::chunked;
use super::cookies::PendingCookies;
use super::csrf;
use super::errors;
use super::host::{self, Verdict};
use super::request_id::RequestId;
use crate::db;
use crate::error::AppError;
use crate::error::Kind;

/// Longest path and query, in bytes.
const MAX_URI: usize = 16 * 1024;

/// Longest path alone: no route of ours is near it.
const MAX_PATH: usize = 6 * 1024;

/// Longest header, in bytes. The framework's own limit is that of the whole head, 128 KiB.
const MAX_HEADER: usize = 16 * 1024;

/// The database's share of a page or a JSON answer, all its jobs together; a handler that may take longer says so itself.
const LIMIT: Duration = Duration::from_secs(3);

/// Methods some route of ours could know. Others go on to their path alone, which refuses them and says which it knows
/// (`Allow`, RFC 9110 section 15.5.6); where there is no such path either, nothing is there.
const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::OPTIONS, Method::PUT, Method::PATCH, Method::DELETE];

/// Passes a request through.
///
/// # Errors
/// Never of its own: every refusal has become an answer.
pub async fn pass(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let begun = Instant::now();
    let Some(app) = App::of(req.request()).cloned() else {
        return next.call(req).await.map(ServiceResponse::map_into_boxed_body);
    };
    let id = RequestId::new();
    req.extensions_mut().insert(id.clone());
    let held = chunked::hold(&mut req);
    let sieved = app.names.sieve(req.headers_mut());
    let response = match gate(&app, req.request(), sieved) {
        Some(response) => req.into_response(response),
        None => match db::within(LIMIT, next.call(req)).await {
            Ok(response) => response.map_into_boxed_body(),
            // Only a middleware inside fails so: the session cookie's.
            Err(error) => return Err(error),
        },
    };
    let mut response = answer_refusal(&app, response);
    finish(&app, &mut response, &id);
    log(&response, &id, begun);
    Ok(chunked::until_answered(held, response))
}

/// What is refused or redirected before any handler.
fn gate(app: &App, req: &HttpRequest, sieved: bool) -> Option<HttpResponse> {
    let public_url = &app.config.server.public_url;
    let refuse = |kind| Some(HttpResponse::from_error(AppError::new(kind)));
    if !sieved || req.headers().iter().any(|(_, value)| value.len() > MAX_HEADER) {
        return Some(HttpResponse::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
    }
    let whole = req.uri().path_and_query().map_or(0, |path| path.as_str().len());
    if whole > MAX_URI || req.uri().path().len() > MAX_PATH {
        return Some(HttpResponse::new(StatusCode::URI_TOO_LONG));
    }
    match host::judge(req, public_url, &app.names) {
        Verdict::Right => {}
        Verdict::Redirect => {
            let path = req.uri().path_and_query().map_or("/", |path| path.as_str());
            let mark = app.names.cookie(&app.names.host, "1".into(), host::MARK_SECONDS);
            let found = HttpResponse::Found().insert_header((LOCATION, public_url.join(path))).cookie(mark).finish();
            return Some(found);
        }
        Verdict::Loop | Verdict::Misdirected => return refuse(Kind::Misdirected),
    }
    if METHODS.contains(req.method()) && !csrf::allows(req, public_url) {
        return Some(HttpResponse::from_error(AppError::with_code(Kind::Forbidden, "cross_site")));
    }
    None
}

fn answer_refusal(app: &App, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let Some((error, cause)) = errors::refusal(response.response()) else { return response };
    if let Some(cause) = cause {
        let request_id = RequestId::of(response.request());
        if error.kind().status().is_server_error() {
            tracing::error!(request_id, code = error.code(), cause, "request failed");
        } else {
            tracing::info!(request_id, code = error.code(), cause, "request refused");
        }
    }
    let (req, old) = response.into_parts();
    let mut answer = errors::answer(app, &req, &error);
    for (name, value) in old.headers() {
        // What a handler or a route said about its refusal (`Allow`, cookies) stays.
        if *name != actix_web::http::header::CONTENT_TYPE && *name != actix_web::http::header::CONTENT_LENGTH {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    if old.status() == StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE || old.status() == StatusCode::URI_TOO_LONG {
        *answer.status_mut() = old.status();
    }
    ServiceResponse::new(req, answer)
}

fn finish(app: &App, response: &mut ServiceResponse<BoxBody>, id: &RequestId) {
    let pending = response.request().extensions_mut().remove::<PendingCookies>();
    if let Some(pending) = pending {
        for cookie in app.names.pending(&pending) {
            // Only a malformed cookie is refused; ours are made of base64url.
            if let Err(error) = response.response_mut().add_cookie(&cookie) {
                tracing::error!(cause = %error, "a cookie could not be set");
            }
        }
    }
    let status = response.status();
    app.policy.apply(status, response.headers_mut());
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
}

/// One line per request; the route's pattern, never the address: a callback's query is a secret.
fn log(response: &ServiceResponse<BoxBody>, id: &RequestId, begun: Instant) {
    let req = response.request();
    let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let route = req.match_pattern().unwrap_or_else(|| "-".into());
    tracing::info!(
        target: "request",
        request_id = id.as_str(),
        method = req.method().as_str(),
        route,
        status = response.status().as_u16(),
        duration_ms,
        "answered"
    );
}
