//! The pages, in both languages, without scripts. Nobody should take them for Kakao's.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use askama::Template;

use super::app::{ConsentItem, Requirement};
use super::call::Call;
use super::errors::Koe;
use super::logout::Target;
use super::people;
use super::people::Person;
use super::shapes::picture;
use crate::error::AppError;
use crate::i18n::Locale;

const STYLE: &str = include_str!("../../static/simulator.css");

/// What every page shares.
pub(super) struct Frame {
    pub(super) locale: Locale,
    /// Where the language switch leads, for pages that can be asked for again.
    pub(super) switch: Option<String>,
    pub(super) site: String,
}

impl Frame {
    fn of(call: &Call) -> Self {
        Self { locale: call.locale, switch: None, site: call.state.app.site.clone() }
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
struct Card {
    id: i64,
    name: String,
    picture: String,
    note: &'static str,
    linked: bool,
    here: bool,
}

impl Card {
    fn of(call: &Call, person: &Person) -> Self {
        let linked = call.state.memory().links.contains_key(&person.id);
        let picture = picture("", person, 110);
        Self { id: person.id, name: person.shown_name(), picture, note: person.note, linked, here: false }
    }
}

#[derive(Template)]
#[template(path = "simulator/index.html")]
struct IndexPage {
    c: Frame,
    people: Vec<Card>,
}

#[derive(Template)]
#[template(path = "simulator/people.html")]
struct PeoplePage {
    c: Frame,
    request: String,
    people: Vec<Card>,
}

#[derive(Template)]
#[template(path = "simulator/consent.html")]
struct ConsentPage {
    c: Frame,
    request: String,
    person: Card,
    required: Vec<&'static str>,
    optional: Vec<(String, &'static str)>,
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

/// `GET /`: what this is, and who is there.
pub(super) async fn index(call: Call) -> HttpResponse {
    let people = people::ALL.iter().map(|person| Card::of(&call, person)).collect();
    let mut answer = html(StatusCode::OK, &IndexPage { c: Frame::switchable(&call), people });
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
    let session = call.state.memory().browsers.get(browser).copied();
    let here = |id| session.is_some_and(|session| session.person == id);
    let people = people::ALL.iter().map(|person| Card { here: here(person.id), ..Card::of(call, person) }).collect();
    html(StatusCode::OK, &PeoplePage { c: Frame::switchable(call), request: request.to_owned(), people })
}

/// Do you agree?
pub(super) fn consent(call: &Call, request: &str, person: &Person, items: &[&ConsentItem]) -> HttpResponse {
    let required = |item: &&&ConsentItem| item.requirement == Requirement::Required;
    let page = ConsentPage {
        c: Frame::switchable(call),
        request: request.to_owned(),
        person: Card::of(call, person),
        required: items.iter().filter(required).map(|item| item_key(&item.scope)).collect(),
        optional: items
            .iter()
            .filter(|item| !required(item))
            .map(|item| (item.scope.clone(), item_key(&item.scope)))
            .collect(),
    };
    html(StatusCode::OK, &page)
}

/// This service only, or the account too?
pub(super) fn logout(call: &Call, target: &Target, person: Option<&Person>) -> HttpResponse {
    let person = person.map(|person| Card::of(call, person));
    let mut answer = html(StatusCode::OK, &LogoutPage { c: Frame::switchable(call), target, person });
    call.keep(&mut answer, None);
    answer
}

/// A fault of the request, on a page of the provider's own. Its status is a guess; Kakao does not document one.
pub(super) fn refusal(call: &Call, koe: &Koe) -> HttpResponse {
    let (text, detail) = (refusal_key(koe.code), koe.detail.as_deref());
    let page = ErrorPage { c: Frame::of(call), title: "sim-refusal-title", code: Some(koe.code), text, detail };
    html(StatusCode::BAD_REQUEST, &page)
}

/// The login under way is not known (any more).
pub(super) fn over(call: &Call) -> HttpResponse {
    let (title, text) = ("sim-over-title", "sim-over-text");
    html(StatusCode::BAD_REQUEST, &ErrorPage { c: Frame::of(call), title, code: None, text, detail: None })
}

fn refusal_key(code: &str) -> &'static str {
    match code {
        "KOE006" => "sim-koe006",
        "KOE007" => "sim-koe007",
        "KOE008" => "sim-koe008",
        "KOE101" => "sim-koe101",
        "KOE201" => "sim-koe201",
        "KOE202" => "sim-koe202",
        "KOE205" => "sim-koe205",
        "KOE207" => "sim-koe207",
        _ => "sim-koe-other",
    }
}

fn item_key(scope: &str) -> &'static str {
    match scope {
        "profile_nickname" => "sim-item-nickname",
        "profile_image" => "sim-item-picture",
        "account_email" => "sim-item-email",
        _ => "sim-item-other",
    }
}

pub(super) fn html(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status).insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(html),
        Err(cause) => HttpResponse::from_error(AppError::internal(cause)),
    }
}
