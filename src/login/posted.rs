//! A callback that is posted (Apple's). It comes from the provider's page, so that browsers keep back every cookie of ours
//! and nothing can be decided. What it brings is sealed into a cookie for five minutes, and the browser is sent to the same
//! address with GET, which carries all of them.

use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::brought::Brought;
use super::callback;
use crate::clock::unix_seconds;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::web::App;
use crate::web::Client;
use crate::web::FormBody;
use crate::web::Limit;
use crate::web::cookie_value;
use crate::web::see_other;

/// How long the browser may take from the one request to the other, in seconds.
const LIFE: i64 = 300;

/// Longest value of the cookie: browsers drop what has more than 4,096 bytes with its name.
const MAX_COOKIE: usize = 4_000;

/// Longest `user` kept: it holds a name, and is worth no failed login.
const MAX_USER: usize = 512;

#[derive(Deserialize, Serialize)]
struct Sealed {
    at: i64,
    brought: Brought,
}

/// Takes a posted callback in: 303 to the same address. Anybody, from anywhere; nothing is believed and nobody signed in.
pub(super) async fn posted(
    app: web::Data<App>,
    req: HttpRequest,
    slug: web::Path<String>,
    client: Client,
    form: Result<FormBody<Brought>, AppError>,
) -> AppResult<HttpResponse> {
    let provider = app.registry.find(&slug).ok_or_else(|| AppError::new(Kind::NotFound))?;
    if !provider.posts() {
        let mut refusal = HttpResponse::from_error(AppError::new(Kind::MethodNotAllowed));
        refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
        return Ok(refusal);
    }
    app.limits.count(Limit::Callback, client.address)?;
    // What stands in a query as well is ambiguous.
    let form = form.ok().filter(|_| req.query_string().is_empty());
    let Some(value) = form.and_then(|FormBody(brought)| seal(&app, &slug, brought)) else {
        return Ok(callback::unknown(&app, &req, &slug));
    };
    let mut response = see_other(&format!("/login/{}/callback", provider.slug()));
    response.add_cookie(&app.names.cookie(&app.names.apple, value, LIFE)).map_err(AppError::internal)?;
    Ok(response)
}

fn seal(app: &App, slug: &str, mut brought: Brought) -> Option<String> {
    brought.user = brought.user.filter(|user| user.len() <= MAX_USER);
    // As in a query: what holds a control character is nobody's answer.
    if brought.fields_mut().into_iter().flatten().any(|text| text.chars().any(char::is_control)) {
        return None;
    }
    let sealed = Sealed { at: unix_seconds(app.clock.now()), brought };
    let sealed = app.posted.seal(&serde_json::to_vec(&sealed).ok()?, slug.as_bytes()).ok()?;
    Some(BASE64URL_NOPAD.encode(&sealed)).filter(|value| value.len() <= MAX_COOKIE)
}

/// What was posted for this provider lately.
pub(super) fn open(app: &App, req: &HttpRequest, slug: &str) -> Option<Brought> {
    let value = cookie_value(req.headers(), &app.names.apple)?;
    let sealed = app.posted.open(&BASE64URL_NOPAD.decode(value.as_bytes()).ok()?, slug.as_bytes())?;
    let Sealed { at, brought } = serde_json::from_slice(&sealed).ok()?;
    // A clock that stepped back a little is no reason to lose a login.
    (-LIFE..=LIFE).contains(&(unix_seconds(app.clock.now()) - at)).then_some(brought)
}
