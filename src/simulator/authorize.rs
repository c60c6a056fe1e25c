//! `GET /oauth/authorize` and the two questions behind it: who are you, and do you agree?

use std::collections::BTreeSet;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;

use super::app::ConsentItem;
use super::call::Call;
use super::consent;
use super::errors::Koe;
use super::grants::{Grant, opaque};
use super::pages;
use super::people;
use super::people::Person;
use super::request::AuthorizeRequest;
use super::state::{Browser, Link, Pending, State};
use crate::error::AppError;

/// A login under way may wait so long for its person, in seconds.
const PENDING_SECONDS: i64 = 1_800;

/// What the browser gets.
type Answer = Result<HttpResponse, AppError>;

/// `GET /oauth/authorize`.
pub(super) async fn show(call: Call) -> Answer {
    let request = match AuthorizeRequest::read(&call.state.app, &call.query, &call.raw_query) {
        Ok(request) => Arc::new(request),
        Err(koe) => return Ok(pages::refusal(&call, &koe)),
    };
    if request.prompt_none {
        return silently(&call.state, call.browser.as_deref(), &request);
    }
    let (name, browser) = (opaque()?, browser_of(&call)?);
    let pending = Pending { request, started_at: call.state.now(), chosen: None };
    call.state.memory().pending.insert(name.clone(), pending);
    let mut answer = pages::people(&call, &name, &browser);
    call.keep(&mut answer, Some(&browser));
    Ok(answer)
}

/// `POST /oauth/authorize/person`: somebody was chosen.
pub(super) async fn choose(call: Call) -> Answer {
    let Some((name, mut pending)) = pending_of(&call, call.form.get("request")) else { return Ok(pages::over(&call)) };
    let chosen = call.form.get("person").and_then(|id| id.parse().ok()).and_then(people::find);
    let Some(person) = chosen else { return Ok(pages::refusal(&call, &Koe::about("KOE204", "person"))) };
    if person.under_14 {
        return Ok(too_young(&pending.request));
    }
    let (state, name_of_browser) = (&call.state, browser_of(&call)?);
    let browser = log_in(state, &name_of_browser, person, pending.request.prompt_login);
    pending.chosen = Some(browser);
    let request = pending.request.clone();
    state.memory().pending.insert(name.clone(), pending);
    let mut answer = if questions(state, person, &request).is_some() {
        redirect(StatusCode::SEE_OTHER, &format!("/oauth/authorize/consent?request={name}"))
    } else {
        grant(state, browser, &request)?
    };
    call.keep(&mut answer, Some(&name_of_browser));
    Ok(answer)
}

/// `GET /oauth/authorize/consent`: the question.
pub(super) async fn ask(call: Call) -> Answer {
    let Some((name, pending)) = pending_of(&call, call.query.get("request")) else { return Ok(pages::over(&call)) };
    let Some(browser) = pending.chosen else { return Ok(pages::over(&call)) };
    let Some(person) = people::find(browser.person) else { return Ok(pages::over(&call)) };
    // Answered in the meantime, in another tab or before the way back: there is nothing left to ask.
    let Some(items) = questions(&call.state, person, &pending.request) else {
        return grant(&call.state, browser, &pending.request);
    };
    let mut answer = pages::consent(&call, &name, person, &items);
    call.keep(&mut answer, None);
    Ok(answer)
}

/// `POST /oauth/authorize/consent`: the answer.
pub(super) async fn decide(call: Call) -> Answer {
    let Some((_, pending)) = pending_of(&call, call.form.get("request")) else { return Ok(pages::over(&call)) };
    let Some(browser) = pending.chosen else { return Ok(pages::over(&call)) };
    let request = &pending.request;
    match call.form.get("decision") {
        Some("agree") => {}
        Some("cancel") => return Ok(denied(request, "access_denied", "User denied access")),
        _ => return Ok(pages::refusal(&call, &Koe::about("KOE204", "decision"))),
    }
    let ticked: BTreeSet<&str> = call.form.all("scope").collect();
    remember_consent(&call.state, browser.person, request, &ticked);
    grant(&call.state, browser, request)
}

/// `prompt=none`: a code when nobody has to be asked anything, otherwise why not. The texts of `login_required` and of
/// a person who is too young are not known for this case.
fn silently(state: &State, browser: Option<&str>, request: &AuthorizeRequest) -> Answer {
    let known = browser.and_then(|browser| state.memory().browsers.get(browser).copied());
    let Some(browser) = known else { return Ok(denied(request, "login_required", "user authentication required.")) };
    match people::find(browser.person) {
        Some(person) if questions(state, person, request).is_none() => grant(state, browser, request),
        _ => Ok(denied(request, "consent_required", "user consent required.")),
    }
}

/// The items this person must be asked about; `None` when the code can be issued at once.
fn questions<'a>(state: &'a State, person: &Person, request: &AuthorizeRequest) -> Option<Vec<&'a ConsentItem>> {
    let link = state.memory().links.get(&person.id).cloned();
    consent::to_ask(&state.app, link.as_ref(), request.scope.as_deref())
}

fn remember_consent(state: &State, person: i64, request: &AuthorizeRequest, ticked: &BTreeSet<&str>) {
    let now = state.now();
    let mut memory = state.memory();
    let link = memory.links.get(&person);
    if let Some(asked) = consent::to_ask(&state.app, link, request.scope.as_deref()) {
        let agreed = consent::agreed(&asked, ticked);
        let link = memory.links.entry(person).or_insert_with(|| Link { agreed: BTreeSet::new(), connected_at: now });
        link.agreed.extend(agreed);
    }
}

/// Issues a code. Whoever says no to a required item never comes here.
fn grant(state: &State, browser: Browser, request: &AuthorizeRequest) -> Answer {
    let code = opaque()?;
    let grant = Grant {
        person: browser.person,
        client_id: request.client_id.clone(),
        openid: request.wants_id_token(&state.app),
        nonce: request.nonce.clone(),
        auth_time: browser.auth_time,
    };
    let now = state.now();
    state.memory().grants.issue(code.clone(), grant, &request.redirect_uri, request.challenge.as_deref(), now);
    Ok(redirect(StatusCode::FOUND, &request.back(&[("code", &code)])))
}

/// Who is chosen again is still logged in since the first time, unless the site asked for a new proof.
fn log_in(state: &State, browser: &str, person: &Person, anew: bool) -> Browser {
    let now = state.now();
    let mut memory = state.memory();
    let before = memory.browsers.get(browser).copied().filter(|before| before.person == person.id && !anew);
    let session = before.unwrap_or(Browser { person: person.id, auth_time: now });
    memory.browsers.insert(browser.to_owned(), session);
    session
}

fn pending_of(call: &Call, name: Option<&str>) -> Option<(String, Pending)> {
    let name = name?;
    let pending = call.state.memory().pending.get(name).cloned()?;
    (call.state.now() < pending.started_at + PENDING_SECONDS).then(|| (name.to_owned(), pending))
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

fn too_young(request: &AuthorizeRequest) -> HttpResponse {
    denied(request, "access_denied", "Not allowed under age 14")
}

fn denied(request: &AuthorizeRequest, error: &str, description: &str) -> HttpResponse {
    redirect(StatusCode::FOUND, &request.back(&[("error", error), ("error_description", description)]))
}

pub(super) fn redirect(status: StatusCode, location: &str) -> HttpResponse {
    HttpResponse::build(status).insert_header((LOCATION, location)).finish()
}
