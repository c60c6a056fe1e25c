//! The pages, in both languages, without scripts. Nobody should take them for Kakao's.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use askama::Template;

use data_encoding::BASE64;

use super::call::Call;
use super::errors::Wrong;
use super::manners::Item;
use super::people::Person;
use super::played::kakao::{Target, picture};
use super::provider::Provider;
use super::state::State;
use crate::error::AppError;
use crate::i18n::Locale;
use crate::secret;

const STYLE: &str = include_str!("../../static/simulator.css");

/// The one script: it presses the button that Apple's answer is posted with.
const POST_SCRIPT: &str = "document.forms[0].submit()";

/// What every page shares.
pub(super) struct Frame {
    pub(super) locale: Locale,
    /// i18n key of who is played.
    pub(super) who: &'static str,
    /// Where the language switch leads, for pages that can be asked for again.
    pub(super) switch: Option<String>,
    pub(super) site: String,
}

impl Frame {
    fn of(call: &Call) -> Self {
        let (locale, who) = (call.locale, call.provider.words());
        Self { locale, who, switch: None, site: call.state.app.site.clone() }
    }

    /// A page that can be asked for in the other language by its own address.
    pub(super) fn switchable(call: &Call) -> Self {
        let other = other(call.locale).code();
        let kept = call.raw_query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
        let query: Vec<String> = kept.map(str::to_owned).chain([format!("lang={other}")]).collect();
        Self { switch: Some(format!("{}?{}", call.path, query.join("&"))), ..Self::of(call) }
    }

    pub(super) fn t<'key>(&self, key: &'key str) -> &'key str {
        self.locale.text(key)
    }

    /// A phrase about the provider that is played.
    pub(super) fn of_provider(&self, key: &str) -> String {
        self.locale.format(key, &[("name", self.t(self.who))])
    }

    pub(super) const fn other(&self) -> Locale {
        other(self.locale)
    }

    pub(super) const fn other_name(&self) -> &'static str {
        match self.other() {
            Locale::Ko => "language-ko",
            Locale::En => "language-en",
        }
    }
}

const fn other(locale: Locale) -> Locale {
    match locale {
        Locale::Ko => Locale::En,
        Locale::En => Locale::Ko,
    }
}

/// A person on a page.
pub(super) struct Card {
    pub(super) id: &'static str,
    pub(super) name: String,
    pub(super) picture: String,
    pub(super) note: &'static str,
    pub(super) linked: bool,
    pub(super) here: bool,
}

impl Card {
    pub(super) fn of(call: &Call, provider: Provider, person: &'static Person) -> Self {
        let linked = call.state.is_linked(provider, person.id);
        let picture = picture("", person, 110);
        Self { id: person.id, name: person.shown_name(), picture, note: person.note, linked, here: false }
    }
}

/// A provider and who is there.
struct Group {
    provider: Provider,
    people: Vec<Card>,
    linked: i64,
}

#[derive(Template)]
#[template(path = "simulator/index.html")]
struct IndexPage {
    c: Frame,
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "simulator/people.html")]
struct PeoplePage {
    c: Frame,
    action: String,
    request: String,
    people: Vec<Card>,
}

#[derive(Template)]
#[template(path = "simulator/consent.html")]
struct ConsentPage {
    c: Frame,
    action: String,
    request: String,
    person: Card,
    required: Vec<&'static str>,
    optional: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "simulator/posted.html")]
struct PostedPage<'a> {
    c: Frame,
    action: &'a str,
    fields: &'a [(String, String)],
    script: &'static str,
}

#[derive(Template)]
#[template(path = "simulator/logout.html")]
struct LogoutPage<'a> {
    c: Frame,
    target: &'a Target,
    person: Option<Card>,
}

#[derive(Template)]
#[template(path = "simulator/error.html")]
struct ErrorPage<'a> {
    c: Frame,
    title: &'static str,
    code: Option<&'a str>,
    text: &'static str,
    detail: Option<&'a str>,
}

/// `GET /`: what this is, who is there, and who is linked.
pub(super) async fn index(call: Call) -> HttpResponse {
    let group = |provider: Provider| {
        let people: Vec<Card> = provider.people().iter().map(|person| Card::of(&call, provider, person)).collect();
        let linked = people.iter().map(|card| i64::from(card.linked)).sum();
        Group { provider, people, linked }
    };
    let groups = Provider::ALL.into_iter().map(group).collect();
    let mut answer =
        html(StatusCode::OK, &IndexPage { c: Frame { who: "sim-provider-all", ..Frame::switchable(&call) }, groups });
    call.keep(&mut answer, None);
    answer
}

/// `GET /simulator.css`.
pub(super) async fn stylesheet() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "public, max-age=60"))
        .body(STYLE)
}

/// Every other address.
pub(super) async fn nothing(call: Call) -> HttpResponse {
    let (title, text) = ("sim-nothing-title", "sim-nothing-text");
    html(StatusCode::NOT_FOUND, &ErrorPage { c: Frame::of(&call), title, code: None, text, detail: None })
}

/// Who do you want to be?
pub(super) fn people(call: &Call, request: &str, browser: &str) -> HttpResponse {
    let session = call.state.memory().browser(browser, call.provider);
    let here = |person: &Person| session.is_some_and(|session| session.person.id == person.id);
    let cards = call.provider.people().iter();
    let people = cards.map(|person| Card { here: here(person), ..Card::of(call, call.provider, person) }).collect();
    let page = PeoplePage {
        // A posted request has no address of its own that the language switch could lead to.
        c: if call.method == "POST" { Frame::of(call) } else { Frame::switchable(call) },
        action: format!("{}/person", call.path),
        request: request.to_owned(),
        people,
    };
    html(StatusCode::OK, &page)
}

/// Do you agree?
pub(super) fn consent(call: &Call, request: &str, person: &'static Person, items: &[&Item]) -> HttpResponse {
    let page = ConsentPage {
        c: Frame::switchable(call),
        action: call.path.clone(),
        request: request.to_owned(),
        person: Card::of(call, call.provider, person),
        required: items.iter().filter(|item| !item.asked.may_be_declined()).map(|item| item.words).collect(),
        optional: items
            .iter()
            .filter(|item| item.asked.may_be_declined())
            .map(|item| (item.scope, item.words))
            .collect(),
    };
    html(StatusCode::OK, &page)
}

/// The form that posts itself to the site; whoever has no scripts presses its button.
pub(super) fn posted(state: &State, provider: Provider, action: &str, fields: &[(String, String)]) -> HttpResponse {
    let c = Frame { locale: Locale::Ko, who: provider.words(), switch: None, site: state.app.site.clone() };
    html(StatusCode::OK, &PostedPage { c, action, fields, script: POST_SCRIPT })
}

/// The policy of that page: everything as elsewhere, and this one script.
pub(super) fn posting_policy() -> String {
    let hash = BASE64.encode(&secret::sha256(POST_SCRIPT.as_bytes()));
    format!("{}; script-src 'sha256-{hash}'", super::listener::CSP)
}

/// This service only, or the account too?
pub(super) fn logout(call: &Call, target: &Target, person: Option<&'static Person>) -> HttpResponse {
    let person = person.map(|person| Card::of(call, call.provider, person));
    let mut answer = html(StatusCode::OK, &LogoutPage { c: Frame::switchable(call), target, person });
    call.keep(&mut answer, None);
    answer
}

/// A fault of the request, on a page of the provider's own. Its status is a guess; Kakao does not document one.
pub(super) fn refusal(call: &Call, wrong: &Wrong) -> HttpResponse {
    let refusal = (call.provider.manners().refusal)(wrong);
    let (code, text, detail) = (Some(refusal.code), refusal.text, refusal.detail.as_deref());
    let page = ErrorPage { c: Frame::of(call), title: "sim-refusal-title", code, text, detail };
    html(StatusCode::BAD_REQUEST, &page)
}

/// The login under way is not known (any more).
pub(super) fn over(call: &Call) -> HttpResponse {
    let (title, text) = ("sim-over-title", "sim-over-text");
    html(StatusCode::BAD_REQUEST, &ErrorPage { c: Frame::of(call), title, code: None, text, detail: None })
}

pub(super) fn html(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status).insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(html),
        Err(cause) => HttpResponse::from_error(AppError::internal(cause)),
    }
}
