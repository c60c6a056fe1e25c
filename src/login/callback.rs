//! The way back from a provider.

use std::time::Duration;

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};

use super::brought::Brought;
use super::pages::{AlarmPage, OutcomePage};
use super::posted;
use super::routes::start_address;
use crate::db;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::signin::Arrival;
use crate::signin::Attempt;
use crate::signin::Beside;
use crate::signin::BrowserKey;
use crate::signin::Ending;
use crate::signin::Finished;
use crate::signin::PendingSignup;
use crate::signin::Purpose;
use crate::signin::SIGNUP_LIFE;
use crate::web::App;
use crate::web::Client;
use crate::web::Flow;
use crate::web::Limit;
use crate::web::Next;
use crate::web::PendingCookies;
use crate::web::Prefs;
use crate::web::QueryPart;
use crate::web::RequestId;
use crate::web::chrome;
use crate::web::cookie_value;
use crate::web::credentials_of;
use crate::web::page::render;
use crate::web::replaced_session;
use crate::web::see_other;

/// The provider has ten seconds, the database the rest.
const LIMIT: Duration = Duration::from_secs(13);

/// Finishes a login: 303 to the target with cookies, or a page that says what happened. Anybody.
pub(super) async fn callback(
    app: web::Data<App>,
    req: HttpRequest,
    slug: web::Path<String>,
    query: Result<QueryPart<Brought>, AppError>,
    client: Client,
    flow: Flow,
) -> AppResult<HttpResponse> {
    let provider = app.registry.find(&slug).ok_or_else(|| AppError::new(Kind::NotFound))?;
    app.limits.count(Limit::Callback, client.address)?;
    // Whoever posts does nothing else: an answer in the address was not asked for.
    let brought = match provider.posts() {
        true => posted::open(&app, &req, &slug),
        false => query.ok().map(|QueryPart(brought)| Brought { user: None, ..brought }),
    };
    let provider = provider.slug();
    let Some(brought) = brought else { return Ok(unknown(&app, &req, provider)) };
    let (Some(state), Some(answer)) = (&brought.state, brought.answer()) else {
        return Ok(unknown(&app, &req, provider));
    };
    let arrival = arrival(&app, &req, provider, client, &flow, brought.beside());
    db::within(LIMIT, async {
        let finished = app.desk.clone().finish(state, answer, arrival).await;
        answer_to(&app, &req, provider, &finished).await
    })
    .await
}

/// Who comes, and with what.
pub(super) fn arrival(
    app: &App,
    req: &HttpRequest,
    provider: &str,
    client: Client,
    flow: &Flow,
    beside: Beside,
) -> Arrival {
    let key = flow.key();
    Arrival {
        provider: provider.to_owned(),
        signup: key.as_ref().and_then(|key| signup_of(app, req, key)),
        browser_key: key,
        replaces: replaced_session(app, req),
        address: client.short_address(),
        user_agent: client.user_agent,
        request_id: RequestId::of(req),
        beside,
    }
}

/// The new account that waits in this browser.
pub(super) fn signup_of(app: &App, req: &HttpRequest, key: &BrowserKey) -> Option<PendingSignup> {
    app.desk.waiting(cookie_value(req.headers(), &app.names.signup)?, key)
}

/// What a browser is answered whose login ended like this.
pub(super) async fn answer_to(
    app: &App,
    req: &HttpRequest,
    provider: &str,
    finished: &Finished,
) -> AppResult<HttpResponse> {
    Ok(match finished {
        Finished::SignedIn { session, opened, target, alarm } => match credentials_of(app, session, opened).await? {
            Some(pair) => signed_in(app, req, provider, (target, *alarm), PendingCookies::Set(pair)),
            None => {
                let again = start_address(provider, Next::parse(target).as_ref());
                page(app, req, Ending::Used, ("used", None), again)
            }
        },
        Finished::Waits { sealed } => {
            let mut response = see_other("/welcome");
            let life = SIGNUP_LIFE.whole_seconds();
            set_cookie(&mut response, &app.names.cookie(&app.names.signup, sealed.clone(), life));
            response
        }
        Finished::Ended { ending, code, attempt, reason } => {
            let told = (code.as_str(), reason.as_deref());
            page(app, req, *ending, told, again_address(provider, attempt.as_deref()))
        }
    })
}

/// On to the target; whoever must be told something is told first.
fn signed_in(
    app: &App,
    req: &HttpRequest,
    provider: &str,
    (target, alarm): (&str, bool),
    cookies: PendingCookies,
) -> HttpResponse {
    req.extensions_mut().insert(cookies);
    let next = Next::or_profile(target);
    let mut response = if alarm {
        render(StatusCode::OK, &AlarmPage { c: chrome(app, req, None), next: next.as_str().to_owned() })
    } else {
        see_other(next.as_str())
    };
    let prefs = Prefs { provider: Some(provider.to_owned()), ..Prefs::of(req, &app.names) };
    set_cookie(&mut response, &prefs.cookie(&app.names));
    if cookie_value(req.headers(), &app.names.signup).is_some() {
        // Whoever is in has said what they want with it.
        set_cookie(&mut response, &app.names.cookie(&app.names.signup, String::new(), 0));
    }
    response
}

fn set_cookie(response: &mut HttpResponse, cookie: &Cookie<'_>) {
    if let Err(error) = response.add_cookie(cookie) {
        tracing::error!(cause = %error, "a cookie could not be set");
    }
}

/// Where starting again leads: for the same purpose, towards the same target, when the seal was ours.
fn again_address(provider: &str, attempt: Option<&Attempt>) -> String {
    let next = attempt.and_then(|attempt| Next::parse(&attempt.target));
    match attempt.map(|attempt| &attempt.purpose) {
        Some(Purpose::Again(_)) => start_address("again", next.as_ref()),
        Some(Purpose::Link(_)) => "/profile/identities".to_owned(),
        Some(Purpose::AddEmail(_)) => "/profile".to_owned(),
        Some(Purpose::Join(_)) => "/welcome".to_owned(),
        Some(Purpose::Login) | None => start_address(provider, next.as_ref()),
    }
}

pub(super) fn unknown(app: &App, req: &HttpRequest, provider: &str) -> HttpResponse {
    page(app, req, Ending::UnknownState, ("unknown_state", None), start_address(provider, None))
}

fn page(
    app: &App,
    req: &HttpRequest,
    ending: Ending,
    (code, reason): (&str, Option<&str>),
    again: String,
) -> HttpResponse {
    let again = ending.may_start_again().then_some(again);
    let c = chrome(app, req, None);
    let page = OutcomePage::new(c, ending, again, code.to_owned(), RequestId::of(req)).because(reason);
    let mut answer = render(status(ending), &page);
    if ending == Ending::TryLater {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    answer
}

const fn status(ending: Ending) -> StatusCode {
    match ending {
        // Pressing cancel is no fault of anybody.
        Ending::Cancelled => StatusCode::OK,
        Ending::TryLater => StatusCode::SERVICE_UNAVAILABLE,
        Ending::OperatorMustFix => StatusCode::BAD_GATEWAY,
        Ending::UnderAge
        | Ending::Banned
        | Ending::Waiting
        | Ending::Closed
        | Ending::SignUpClosed
        | Ending::OtherPerson
        | Ending::NotAskedAnew
        | Ending::WelcomeRequired => StatusCode::FORBIDDEN,
        Ending::IdentityOfAnother => StatusCode::CONFLICT,
        Ending::NotYet => StatusCode::NOT_IMPLEMENTED,
        Ending::ForeignBrowser | Ending::Expired | Ending::UnknownState | Ending::Used | Ending::Refused => {
            StatusCode::BAD_REQUEST
        }
    }
}
