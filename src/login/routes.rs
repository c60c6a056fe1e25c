//! The handlers of logging in, and of what a browser prefers.

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::pages::{Button, LoginPage};
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::i18n::Locale;
use crate::signin::Purpose;
use crate::web::App;
use crate::web::Client;
use crate::web::Flow;
use crate::web::FormBody;
use crate::web::Limit;
use crate::web::MaybeUser;
use crate::web::Next;
use crate::web::Prefs;
use crate::web::QueryPart;
use crate::web::chrome;
use crate::web::page::Theme;
use crate::web::page::render;
use crate::web::see_other;
use crate::web::way_out;

/// `?next=` of the login.
#[derive(Deserialize)]
pub(super) struct Target {
    next: Option<String>,
}

impl Target {
    pub(super) fn next(&self) -> Option<Next> {
        Next::parse(self.next.as_deref()?)
    }
}

/// The login page; straight on for whoever is logged in. Anybody.
pub(super) async fn show(
    app: web::Data<App>,
    req: HttpRequest,
    query: Result<QueryPart<Target>, AppError>,
    visitor: MaybeUser,
    client: Client,
    flow: Flow,
) -> AppResult<HttpResponse> {
    // A hostile `next` is ignored, not a reason to refuse the login.
    let next = query.ok().and_then(|QueryPart(target)| target.next());
    if visitor.0.is_some() {
        return Ok(see_other(next.as_ref().map_or("/profile", Next::as_str)));
    }
    flow.key_or_new()?;
    let recent = Prefs::of(&req, &app.names).provider;
    let out = way_out(&app.config.server.public_url, &client.user_agent, &towards("/login", next.as_ref()));
    let buttons = app
        .registry
        .iter()
        .map(|provider| Button {
            slug: provider.slug().to_owned(),
            name: provider.display_name().map(str::to_owned),
            href: start_address(provider.slug(), next.as_ref()),
            recent: recent.as_deref() == Some(provider.slug()),
            way_out: out.clone().filter(|_| provider.refuses_web_views()),
        })
        .collect();
    Ok(render(StatusCode::OK, &LoginPage { c: chrome(&app, &req, None), buttons }))
}

/// Where a login with this provider starts, or with `again` a further proof.
pub(super) fn start_address(slug: &str, next: Option<&Next>) -> String {
    towards(&format!("/login/{slug}"), next)
}

fn towards(path: &str, next: Option<&Next>) -> String {
    match next {
        None => path.to_owned(),
        Some(next) => {
            let encoded: String = url::form_urlencoded::byte_serialize(next.as_str().as_bytes()).collect();
            format!("{path}?next={encoded}")
        }
    }
}

/// Begins a login: 303 to the provider. Anybody. A prefetch begins nothing.
pub(super) async fn start(
    app: web::Data<App>,
    req: HttpRequest,
    slug: web::Path<String>,
    query: Result<QueryPart<Target>, AppError>,
    client: Client,
    flow: Flow,
) -> AppResult<HttpResponse> {
    let provider = app.registry.find(&slug).ok_or_else(|| AppError::new(Kind::NotFound))?;
    if is_prefetch(&req) {
        return Ok(HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").finish());
    }
    app.limits.count(Limit::Login, client.address)?;
    let next = query.ok().and_then(|QueryPart(target)| target.next());
    let key = flow.key_for_start()?;
    let started = app.desk.start(provider, Purpose::Login, next.as_ref().map_or("", Next::as_str), &key).await?;
    Ok(see_other(&started.location))
}

fn is_prefetch(req: &HttpRequest) -> bool {
    ["sec-purpose", "purpose"].into_iter().any(|name| {
        let value = req.headers().get(HeaderName::from_static(name)).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.contains("prefetch"))
    })
}

/// What a browser prefers; both fields may be missing.
#[derive(Deserialize)]
pub(super) struct PreferencesForm {
    theme: Option<String>,
    locale: Option<String>,
    next: Option<String>,
}

/// Remembers theme and language in this browser: 303 to where it came from. Anybody.
pub(super) async fn preferences(
    app: web::Data<App>,
    req: HttpRequest,
    form: FormBody<PreferencesForm>,
) -> HttpResponse {
    let FormBody(form) = form;
    let mut prefs = Prefs::of(&req, &app.names);
    prefs.theme = form.theme.as_deref().and_then(Theme::parse).or(prefs.theme);
    prefs.locale = form.locale.as_deref().and_then(Locale::parse).or(prefs.locale);
    let next = form.next.as_deref().and_then(Next::parse_page);
    let mut response = see_other(next.as_ref().map_or("/", Next::as_str));
    if let Err(error) = response.add_cookie(&prefs.cookie(&app.names)) {
        tracing::error!(cause = %error, "the preferences cookie could not be set");
    }
    response
}
