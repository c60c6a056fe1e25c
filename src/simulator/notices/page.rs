//! The buttons, and what came of them.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::super::call::Call;
use super::super::pages::{Card, Frame, html, nothing};
use super::super::provider::Provider;
use super::super::weather::Place;
use super::kinds::{Notice, Variation};
use super::post::Sent;

/// So many requests are shown.
const SHOWN_MAX: usize = 30;

#[derive(Template)]
#[template(path = "simulator/notices.html")]
struct NoticesPage {
    c: Frame,
    action: String,
    tabs: Vec<Tab>,
    people: Vec<Card>,
    notices: Vec<Notice>,
    variations: Vec<(Variation, &'static str)>,
    sent: Vec<Sent>,
    /// What the site asked of this provider: method, path, names of what came along.
    heard: Vec<(String, String, String)>,
}

struct Tab {
    words: &'static str,
    address: String,
    here: bool,
}

fn address(provider: Provider) -> String {
    format!("/notices/{}", provider.name())
}

/// `GET /notices`: Kakao's.
pub(in super::super) async fn show(call: Call) -> HttpResponse {
    page(&call, Provider::Kakao)
}

/// `GET /notices/{provider}`.
pub(in super::super) async fn show_at(call: Call, name: web::Path<String>) -> HttpResponse {
    match Provider::parse(&name) {
        Some(provider) => page(&call, provider),
        None => nothing(call).await,
    }
}

fn page(call: &Call, provider: Provider) -> HttpResponse {
    let notices = Notice::of(provider);
    let possible = |variation: &Variation| notices.iter().any(|notice| Variation::of(*notice).contains(variation));
    let mut sent: Vec<Sent> = call.state.sent().into_iter().filter(|sent| sent.notice.provider() == provider).collect();
    sent.reverse();
    let page = NoticesPage {
        action: address(provider),
        tabs: Provider::ALL
            .into_iter()
            .map(|other| Tab { words: other.words(), address: address(other), here: other == provider })
            .collect(),
        people: provider.people().iter().map(|person| Card::of(call, provider, person)).collect(),
        variations: Variation::ALL.into_iter().filter(possible).map(|kind| (kind, words(kind))).collect(),
        notices,
        sent,
        heard: heard(call, provider),
        c: Frame { who: provider.words(), ..Frame::switchable(call) },
    };
    let mut answer = html(StatusCode::OK, &page);
    call.keep(&mut answer, None);
    answer
}

/// What programs asked lately, the newest first; of what came along only the names.
fn heard(call: &Call, provider: Provider) -> Vec<(String, String, String)> {
    let pages = provider.paths(Place::Authorize);
    let program = |path: &str| {
        provider.places().into_iter().flat_map(|place| provider.paths(place)).any(|known| {
            !pages.contains(&known) && known.strip_suffix('*').map_or(known == path, |begin| path.starts_with(begin))
        })
    };
    let asked = call.state.requests().into_iter().rev().filter(|asked| program(&asked.path)).take(SHOWN_MAX);
    let names = |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>().join(", ");
    asked.map(|asked| (asked.method.clone(), asked.path.clone(), names(&[asked.query, asked.form].concat()))).collect()
}

const fn words(variation: Variation) -> &'static str {
    match variation {
        Variation::Plain => "sim-variation-plain",
        Variation::ByGet => "sim-variation-by-get",
        Variation::InQuery => "sim-variation-in-query",
        Variation::AudienceList => "sim-variation-audience-list",
        Variation::Ended => "sim-variation-ended",
        Variation::EventsObject => "sim-variation-events-object",
        Variation::Milliseconds => "sim-variation-milliseconds",
        Variation::UnknownEvent => "sim-variation-unknown-event",
        Variation::WrongKey => "sim-variation-wrong-key",
        Variation::NoKey => "sim-variation-no-key",
        Variation::WrongApp => "sim-variation-wrong-app",
        Variation::WrongIssuer => "sim-variation-wrong-issuer",
        Variation::IssuerSlash => "sim-variation-issuer-slash",
        Variation::UnknownKid => "sim-variation-unknown-kid",
        Variation::AlgNone => "sim-variation-alg-none",
        Variation::PublicKey => "sim-variation-public-key",
        Variation::WrongTime => "sim-variation-wrong-time",
        Variation::IdToken => "sim-variation-id-token",
        Variation::Tampered => "sim-variation-tampered",
        Variation::NoSubject => "sim-variation-no-subject",
        Variation::Nonsense => "sim-variation-nonsense",
    }
}

/// `POST /notices/{provider}`: sends one. 303 back, where its answer is shown.
pub(in super::super) async fn send(call: Call, name: web::Path<String>) -> HttpResponse {
    let Some(provider) = Provider::parse(&name) else { return nothing(call).await };
    let named = |field: &str| call.form.get(field).unwrap_or_default().to_owned();
    let notice = Notice::of(provider).into_iter().find(|notice| notice.name() == named("notice"));
    let variation = Variation::ALL.into_iter().find(|variation| variation.name() == named("variation"));
    let Some(notice) = notice else { return nothing(call).await };
    // One that this notice cannot have is as if none had been chosen.
    let variation = variation.filter(|variation| Variation::of(notice).contains(variation));
    call.state.send_notice(notice, &named("person"), variation.unwrap_or(Variation::Plain)).await;
    HttpResponse::SeeOther().insert_header((LOCATION, address(provider))).finish()
}

/// `POST /notices`: the newest once more.
pub(in super::super) async fn again(call: Call) -> HttpResponse {
    let provider = call.state.send_again().await.map_or(Provider::Kakao, |sent| sent.notice.provider());
    HttpResponse::SeeOther().insert_header((LOCATION, address(provider))).finish()
}
