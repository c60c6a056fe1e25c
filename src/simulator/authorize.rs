//! The page a site sends its visitors to, and the two questions behind it: who are you, and do you agree? One road for all
//! providers; what differs is in their [`Manners`](super::manners::Manners) and below, in what goes back.

use std::collections::BTreeSet;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web;

use super::back;
use super::call::Call;
use super::consent;
use super::errors::Wrong;
use super::grants::{Code, Grant, opaque};
use super::manners::{Habit, Item};
use super::pages;
use super::people::{Oddity, Person};
use super::provider::Provider;
use super::request;
use super::request::AuthorizeRequest;
use super::state::{Browser, Link, Pending, State};
use crate::error::AppError;

/// A login under way may wait so long for its person, in seconds.
const PENDING_SECONDS: i64 = 1_800;

/// What the browser gets.
type Answer = Result<HttpResponse, AppError>;

/// The road that begins at `path`.
pub(super) fn routes(cfg: &mut web::ServiceConfig, path: &str) {
    cfg.route(path, web::get().to(show))
        .route(path, web::post().to(show))
        .route(&format!("{path}/person"), web::post().to(choose))
        .route(&format!("{path}/consent"), web::get().to(ask))
        .route(&format!("{path}/consent"), web::post().to(decide));
}

/// The authorization request. A posted one (Naver documents it) has its parameters in the body.
pub(super) async fn show(call: Call) -> Answer {
    let (query, raw_query) = if call.method == "POST" {
        (call.form.clone(), String::from_utf8_lossy(&call.body).into_owned())
    } else {
        (call.query.clone(), call.raw_query.clone())
    };
    let read = AuthorizeRequest::read(call.provider, &call.state.app, &query, &raw_query)
        .and_then(|request| as_habits_want(&call.state, request));
    let request = match read {
        Ok(request) => Arc::new(request),
        Err(wrong) => return Ok(back::stranded(&call, &wrong, &query, &raw_query)),
    };
    if request.silent {
        return silently(&call.state, call.browser.as_deref(), &request);
    }
    let (name, browser) = (opaque()?, browser_of(&call)?);
    let pending = Pending { request, started_at: call.state.now(), chosen: None };
    call.state.memory().pending.insert(name.clone(), pending);
    let mut answer = pages::people(&call, &name, &browser);
    call.keep(&mut answer, Some(&browser));
    Ok(answer)
}

fn as_habits_want(state: &State, request: AuthorizeRequest) -> Result<AuthorizeRequest, Wrong> {
    if state.has_habit(request.provider, Habit::Pkce) && request.challenge.is_none() {
        return Err(Wrong::Missing("code_challenge"));
    }
    Ok(request)
}

/// `POST …/person`: somebody was chosen.
pub(super) async fn choose(call: Call) -> Answer {
    let Some((name, mut pending)) = pending_of(&call, call.form.get("request")) else { return Ok(pages::over(&call)) };
    let Some(person) = call.form.get("person").and_then(|id| call.provider.person(id)) else {
        return Ok(pages::refusal(&call, &Wrong::Value("person")));
    };
    let request = pending.request.clone();
    if person.is(Oddity::NotATester) {
        return Ok(pages::refusal(&call, &Wrong::Person));
    }
    if let Some((error, description)) = person.turned_away() {
        return Ok(back::denied(&call.state, &request, &[("error", error), ("error_description", description)]));
    }
    if person.is(Oddity::WrongBrowser) {
        return Ok(back::wrong_browser(&request));
    }
    let (state, name_of_browser) = (&call.state, browser_of(&call)?);
    let browser = log_in(state, &name_of_browser, person, &request);
    pending.chosen = Some(browser);
    state.memory().pending.insert(name.clone(), pending);
    let mut answer = if questions(state, person, &request).is_some() {
        let path = call.path.trim_end_matches("/person");
        redirect(StatusCode::SEE_OTHER, &format!("{path}/consent?request={name}"))
    } else {
        grant(state, browser, &request)?
    };
    call.keep(&mut answer, Some(&name_of_browser));
    Ok(answer)
}

/// `GET …/consent`: the question.
pub(super) async fn ask(call: Call) -> Answer {
    let Some((name, pending)) = pending_of(&call, call.query.get("request")) else { return Ok(pages::over(&call)) };
    let Some(browser) = pending.chosen else { return Ok(pages::over(&call)) };
    // Answered in the meantime, in another tab or before the way back: there is nothing left to ask.
    let Some(items) = questions(&call.state, browser.person, &pending.request) else {
        return grant(&call.state, browser, &pending.request);
    };
    let mut answer = pages::consent(&call, &name, browser.person, &items);
    call.keep(&mut answer, None);
    Ok(answer)
}

/// `POST …/consent`: the answer.
pub(super) async fn decide(call: Call) -> Answer {
    let Some((_, pending)) = pending_of(&call, call.form.get("request")) else { return Ok(pages::over(&call)) };
    let Some(browser) = pending.chosen else { return Ok(pages::over(&call)) };
    let request = &pending.request;
    match call.form.get("decision") {
        Some("agree") => {}
        Some("cancel") => return Ok(back::denied(&call.state, request, call.provider.manners().cancelled)),
        _ => return Ok(pages::refusal(&call, &Wrong::Value("decision"))),
    }
    let ticked: BTreeSet<&str> = call.form.all("scope").collect();
    let first = remember_consent(&call.state, browser.person, request, &ticked);
    grant_first(&call.state, browser, request, first)
}

/// `prompt=none`: a code when nobody has to be asked anything, otherwise why not.
fn silently(state: &State, browser: Option<&str>, request: &AuthorizeRequest) -> Answer {
    let [login_required, consent_required] = request.provider.manners().silent.unwrap_or([&[], &[]]);
    let known = browser.and_then(|browser| state.memory().browser(browser, request.provider));
    let Some(browser) = known else { return Ok(back::denied(state, request, login_required)) };
    if questions(state, browser.person, request).is_none() {
        grant(state, browser, request)
    } else {
        Ok(back::denied(state, request, consent_required))
    }
}

/// The items this person must be asked about; `None` when the code can be issued at once.
fn questions(state: &State, person: &'static Person, request: &AuthorizeRequest) -> Option<Vec<&'static Item>> {
    let link = state.memory().link(request.provider, person).cloned();
    consent::to_ask(request.provider.manners().items, link.as_ref(), request.named_items())
}

/// Whether this made the link.
fn remember_consent(
    state: &State,
    person: &'static Person,
    request: &AuthorizeRequest,
    ticked: &BTreeSet<&str>,
) -> bool {
    let (now, provider) = (state.now(), request.provider);
    let mut memory = state.memory();
    let link = memory.link(provider, person);
    let first = link.is_none();
    if let Some(asked) = consent::to_ask(provider.manners().items, link, request.named_items()) {
        let agreed = consent::agreed(&asked, ticked);
        let link = memory.links.entry((provider, person.id)).or_insert_with(|| Link::new(now));
        let declined = asked.iter().map(|item| item.scope.to_owned()).filter(|scope| !agreed.contains(scope));
        link.declined.extend(declined);
        link.declined.retain(|scope| !agreed.contains(scope));
        link.agreed.extend(agreed);
    }
    first
}

fn grant(state: &State, browser: Browser, request: &AuthorizeRequest) -> Answer {
    grant_first(state, browser, request, false)
}

/// Issues a code. Whoever says no to a required item never comes here.
fn grant_first(state: &State, browser: Browser, request: &AuthorizeRequest, first: bool) -> Answer {
    let (provider, manners) = (request.provider, request.provider.manners());
    let code = super::grants::issue(manners.looks.code)?;
    let link = state.memory().link(provider, browser.person).cloned().unwrap_or_else(|| Link::new(state.now()));
    let grant = Grant {
        provider,
        person: browser.person,
        client_id: request.client_id.clone(),
        scope: link.agreed,
        openid: wants_id_token(state, request),
        nonce: request.nonce.clone(),
        auth_time: browser.auth_time,
        first,
        offline: gets_refresh_token(state, request, first),
    };
    let bound = Code {
        grant: grant.clone(),
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge.clone(),
        state: request.raw_state.as_deref().map(request::decoded),
        issued_at: state.now(),
        used: false,
    };
    state.memory().grants.issue(code.clone(), bound);
    back::with_code(state, request, &grant, &code)
}

/// Whether an ID token comes: a request that names scopes names `openid` too; Kakao's console decides where none are named.
fn wants_id_token(state: &State, request: &AuthorizeRequest) -> bool {
    if !state.has_habit(request.provider, Habit::Openid) {
        return false;
    }
    match request.provider {
        Provider::Apple => true,
        Provider::Kakao => request.scope.is_none() || request.names("openid"),
        _ => request.names("openid"),
    }
}

/// Whether a refresh token comes: Google's only when asked for, with the first consent; GitHub's only for tokens that end.
fn gets_refresh_token(state: &State, request: &AuthorizeRequest, first: bool) -> bool {
    match request.provider {
        Provider::Google => request.offline && first,
        Provider::Github => state.has_habit(Provider::Github, Habit::ExpiringTokens) || request.names("offline_access"),
        Provider::Oidc => request.names("offline_access"),
        _ => true,
    }
}

/// Who is chosen again is still logged in since the first time, unless the site asked for a new proof.
fn log_in(state: &State, browser: &str, person: &'static Person, request: &AuthorizeRequest) -> Browser {
    let now = state.now();
    let mut memory = state.memory();
    let fresh = |before: &Browser| request.max_age.is_none_or(|age| now - before.auth_time <= age);
    let before = memory.browser(browser, request.provider);
    let before = before.filter(|before| before.person.id == person.id && !request.anew && fresh(before));
    let session = before.unwrap_or(Browser { person, auth_time: now });
    let mut sessions = memory.browsers.get(browser).cloned().unwrap_or_default();
    sessions.insert(request.provider, session);
    memory.browsers.insert(browser.to_owned(), sessions);
    session
}

fn pending_of(call: &Call, name: Option<&str>) -> Option<(String, Pending)> {
    let name = name?;
    let pending = call.state.memory().pending.get(name).cloned()?;
    let alive = call.state.now() < pending.started_at + PENDING_SECONDS && pending.request.provider == call.provider;
    alive.then(|| (name.to_owned(), pending))
}

/// The name of this browser, a new one when it has none. It is an opaque value of ours or it is none.
fn browser_of(call: &Call) -> Result<String, AppError> {
    let ours =
        |name: &&String| name.len() == 86 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    match call.browser.as_ref().filter(ours) {
        Some(name) => Ok(name.clone()),
        None => Ok(opaque()?),
    }
}

/// Without a body.
pub(super) fn redirect(status: StatusCode, location: &str) -> HttpResponse {
    HttpResponse::build(status).insert_header((LOCATION, location)).finish()
}
