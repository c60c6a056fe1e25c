//! The switch: one choice for each address, and the clock.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use askama::Template;

use super::super::call::Call;
use super::super::pages::{Frame, html};
use super::{Place, Trouble};

/// How far the clock may be off, in seconds.
const CLOCKS: [(i64, &str); 3] =
    [(0, "sim-weather-clock-right"), (600, "sim-weather-clock-ahead"), (-600, "sim-weather-clock-behind")];

#[derive(Template)]
#[template(path = "simulator/weather.html")]
struct WeatherPage {
    c: Frame,
    places: Vec<Switch>,
    clocks: Vec<Choice>,
    /// Whether a trouble that is set ends with the next call.
    once: bool,
    /// Whether anything is wrong now.
    stormy: bool,
}

/// A place and what can be chosen there.
struct Switch {
    name: &'static str,
    path: &'static str,
    words: &'static str,
    choices: Vec<Choice>,
}

struct Choice {
    value: String,
    /// The i18n key of what it is; none where the value says it.
    words: Option<&'static str>,
    chosen: bool,
}

/// `GET /weather`.
pub(in super::super) async fn show(call: Call) -> HttpResponse {
    let weather = &call.state.weather;
    let gusts: Vec<_> = Place::ALL.into_iter().map(|place| (place, weather.of(place))).collect();
    let clock = weather.clock();
    let page = WeatherPage {
        once: gusts.iter().any(|(_, gust)| gust.is_some_and(|gust| gust.once)),
        stormy: clock != 0 || gusts.iter().any(|(_, gust)| gust.is_some()),
        places: gusts.into_iter().map(|(place, gust)| switch(place, gust.map(|gust| gust.trouble))).collect(),
        clocks: CLOCKS
            .iter()
            .map(|(seconds, words)| Choice {
                value: seconds.to_string(),
                words: Some(words),
                chosen: *seconds == clock,
            })
            .collect(),
        c: Frame::switchable(&call),
    };
    let mut answer = html(StatusCode::OK, &page);
    call.keep(&mut answer, None);
    answer
}

fn switch(place: Place, now: Option<Trouble>) -> Switch {
    let fair = Choice { value: String::new(), words: Some("sim-weather-fair"), chosen: now.is_none() };
    let troubles = Trouble::at(place).into_iter().map(|trouble| Choice {
        value: trouble.name(),
        words: words(trouble),
        chosen: now == Some(trouble),
    });
    Switch {
        name: place.name(),
        path: place.path(),
        words: match place {
            Place::Authorize => "sim-weather-authorize",
            Place::Token => "sim-weather-token",
            Place::Keys => "sim-weather-keys",
            Place::Profile => "sim-weather-profile",
            Place::TokenInfo => "sim-weather-token-info",
        },
        choices: std::iter::once(fair).chain(troubles).collect(),
    }
}

const fn words(trouble: Trouble) -> Option<&'static str> {
    Some(match trouble {
        Trouble::Closed => "sim-weather-closed",
        Trouble::Silent => "sim-weather-silent",
        Trouble::Slow => "sim-weather-slow",
        Trouble::Trickle => "sim-weather-trickle",
        Trouble::Html => "sim-weather-html",
        Trouble::Truncated => "sim-weather-truncated",
        Trouble::WrongTypes => "sim-weather-wrong-types",
        Trouble::Huge => "sim-weather-huge",
        Trouble::Redirect => "sim-weather-redirect",
        Trouble::Mislabelled => "sim-weather-mislabelled",
        Trouble::Compressed => "sim-weather-compressed",
        Trouble::Cut => "sim-weather-cut",
        Trouble::Status(_) | Trouble::Koe(_) | Trouble::Kapi(_) | Trouble::Denied(_) => return None,
    })
}

/// `POST /weather`: what the form says holds, and what it does not say is fair. 303 back.
pub(in super::super) async fn change(call: Call) -> HttpResponse {
    let once = call.form.get("once").is_some();
    for place in Place::ALL {
        let named = call.form.get(place.name()).unwrap_or_default();
        let trouble = Trouble::at(place).into_iter().find(|trouble| trouble.name() == named);
        call.state.weather.set(place, trouble, once);
    }
    let wanted = call.form.get("clock").unwrap_or_default();
    let clock = CLOCKS.iter().map(|(seconds, _)| *seconds).find(|seconds| seconds.to_string() == wanted);
    call.state.weather.set_clock(clock.unwrap_or(0));
    HttpResponse::SeeOther().insert_header((LOCATION, "/weather")).finish()
}
