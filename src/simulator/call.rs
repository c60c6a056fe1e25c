//! The one door of the practice provider: a request as every handler sees it. Going through it also writes the request
//! into the record that tests read, and plays the faults that they asked for.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, HeaderName};
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use url::form_urlencoded;

use super::errors::NoToken;
use super::grants::Access;
use super::provider::Provider;
use super::record::{Fault, Recorded};
use super::state::State;
use crate::error::AppError;
use crate::i18n::Locale;

/// Names the browser to the practice provider.
pub(super) const SESSION_COOKIE: &str = "sim_session";

/// Keeps the language of the practice pages.
pub(super) const LANGUAGE_COOKIE: &str = "sim_lang";

/// Parameters in the order they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs(pub(super) Vec<(String, String)>);

impl Pairs {
    pub(super) fn read(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The first of that name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// How a request authenticates itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationKind {
    /// There is no such header.
    None,
    /// An access token.
    Bearer,
    /// The admin key.
    KakaoAk,
    /// A client's id and secret.
    Basic,
    /// Something else.
    Other,
}

/// A request.
pub(super) struct Call {
    pub(super) state: Arc<State>,
    /// Whose address was asked.
    pub(super) provider: Provider,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) raw_query: String,
    pub(super) query: Pairs,
    /// Empty unless the body is a form.
    pub(super) form: Pairs,
    /// Whether there is a body of another type than a form.
    pub(super) foreign_body: bool,
    pub(super) body: Bytes,
    /// As they came, names in small letters.
    pub(super) headers: Vec<(String, String)>,
    pub(super) authorization: Option<String>,
    /// Value of [`SESSION_COOKIE`].
    pub(super) browser: Option<String>,
    pub(super) locale: Locale,
}

impl Call {
    fn read(req: &HttpRequest, body: &Bytes) -> Option<Self> {
        let state = req.app_data::<Data<State>>()?.clone().into_inner();
        let header = |name: HeaderName| req.headers().get(name).and_then(|value| value.to_str().ok());
        let is_form = header(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        let query = Pairs::read(req.query_string().as_bytes());
        let kept = req.cookie(LANGUAGE_COOKIE).and_then(|cookie| Locale::parse(cookie.value()));
        let asked = query.get("lang").and_then(Locale::parse);
        let read = || header(ACCEPT_LANGUAGE).and_then(Locale::negotiate);
        Some(Self {
            state,
            provider: Provider::of_path(req.path()),
            method: req.method().as_str().to_owned(),
            path: req.path().to_owned(),
            raw_query: req.query_string().to_owned(),
            locale: asked.or(kept).or_else(read).unwrap_or(Locale::Ko),
            query,
            form: if is_form { Pairs::read(body) } else { Pairs::default() },
            foreign_body: !is_form && !body.is_empty(),
            body: body.clone(),
            headers: req
                .headers()
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
                .collect(),
            authorization: header(AUTHORIZATION).map(str::to_owned),
            browser: req.cookie(SESSION_COOKIE).map(|cookie| cookie.value().to_owned()),
        })
    }

    /// The scheme of `Authorization` and what follows it.
    pub(super) fn credentials(&self) -> (AuthorizationKind, &str) {
        let Some(header) = &self.authorization else { return (AuthorizationKind::None, "") };
        let (scheme, rest) = header.split_once(' ').unwrap_or((header, ""));
        let kind = match scheme.to_ascii_lowercase().as_str() {
            "bearer" => AuthorizationKind::Bearer,
            "kakaoak" => AuthorizationKind::KakaoAk,
            "basic" => AuthorizationKind::Basic,
            _ => AuthorizationKind::Other,
        };
        (kind, rest.trim())
    }

    /// The first header of that name, which is written in small letters.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The access token that came along, if it is one of this provider's and alive.
    pub(super) fn bearer(&self) -> Result<Access, NoToken> {
        match self.credentials() {
            (AuthorizationKind::Bearer, token) if !token.is_empty() => {
                self.state.memory().grants.access(self.provider, token, self.state.now())
            }
            _ => Err(NoToken::Missing),
        }
    }

    /// A parameter of kapi, which reads the query and the form alike.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.get(name).or_else(|| self.form.get(name))
    }

    /// Adds the cookies a browser should keep: who it is, where that is known, and the language it just chose.
    pub(super) fn keep(&self, answer: &mut HttpResponse, browser: Option<&str>) {
        let mut cookies = Vec::new();
        if let Some(browser) = browser.filter(|browser| self.browser.as_deref() != Some(browser)) {
            cookies.push(cookie(SESSION_COOKIE, browser));
        }
        if self.query.get("lang").is_some() {
            cookies.push(cookie(LANGUAGE_COOKIE, self.locale.code()));
        }
        for cookie in cookies {
            // Only a value that cannot stand in a header is refused, and these are letters and digits.
            drop(answer.add_cookie(&cookie));
        }
    }

    fn record(&self) {
        let (authorization, _) = self.credentials();
        self.state.record(Recorded {
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.0.clone(),
            form: self.form.0.clone(),
            authorization,
            headers: self.headers.clone(),
            body: String::from_utf8_lossy(&self.body).into_owned(),
        });
    }
}

fn cookie<'a>(name: &'a str, value: &'a str) -> Cookie<'a> {
    // Not `Secure`: this is plain HTTP on loopback.
    Cookie::build(name, value).path("/").http_only(true).same_site(SameSite::Lax).finish()
}

impl FromRequest for Call {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, body) = (req.clone(), Bytes::from_request(req, payload));
        Box::pin(async move {
            let body = body.await?;
            let call = Self::read(&req, &body).ok_or_else(|| AppError::internal("the simulator has no state"))?;
            call.record();
            match call.state.take_fault(&call.path) {
                Some(fault) => Err(play(fault).await),
                None => Ok(call),
            }
        })
    }
}

async fn play(fault: Fault) -> actix_web::Error {
    tokio::time::sleep(fault.delay).await;
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let answer = HttpResponse::build(status).insert_header((CONTENT_TYPE, fault.content_type)).body(fault.body);
    InternalError::from_response("a fault that a test asked for", answer).into()
}
