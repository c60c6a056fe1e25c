//! The switch: one choice for each address, and the clock.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::super::call::Call;
use super::super::manners::Habit;
use super::super::pages::{Frame, html, nothing};
use super::super::provider::Provider;
use super::{Place, TWISTS, Trouble};

/// How far the clock may be off, in seconds.
const CLOCKS: [(i64, &str); 3] =
    [(0, "sim-weather-clock-right"), (600, "sim-weather-clock-ahead"), (-600, "sim-weather-clock-behind")];

#[derive(Template)]
#[template(path = "simulator/weather.html")]
struct WeatherPage {
    c: Frame,
    action: String,
    providers: Vec<Tab>,
    places: Vec<Switch>,
    habits: Vec<HabitSwitch>,
    twists: Vec<Choice>,
    clocks: Vec<Choice>,
    /// Whether a trouble that is set ends with the next call.
    once: bool,
    /// Whether anything is wrong now.
    stormy: bool,
    signs: bool,
}

/// A provider whose weather can be looked at.
struct Tab {
    words: &'static str,
    address: String,
    here: bool,
}

/// A place and what can be chosen there.
struct Switch {
    name: &'static str,
    path: String,
    words: &'static str,
    choices: Vec<Choice>,
}

/// A habit and whether it is on.
struct HabitSwitch {
    name: &'static str,
    words: &'static str,
    on: bool,
}

struct Choice {
    value: String,
    /// The i18n key of what it is; none where the value says it.
    words: Option<&'static str>,
    chosen: bool,
}

/// `GET /weather`: Kakao's.
pub(in super::super) async fn show(call: Call) -> HttpResponse {
    page(&call, Provider::Kakao)
}

/// `GET /weather/{provider}`.
pub(in super::super) async fn show_at(call: Call, name: web::Path<String>) -> HttpResponse {
    match Provider::parse(&name) {
        Some(provider) => page(&call, provider),
        None => nothing(call).await,
    }
}

fn address(provider: Provider) -> String {
    if provider == Provider::Kakao { "/weather".into() } else { format!("/weather/{}", provider.name()) }
}

fn page(call: &Call, provider: Provider) -> HttpResponse {
    let (state, weather) = (&call.state, &call.state.weather);
    let gusts: Vec<_> = provider.places().into_iter().map(|place| (place, weather.of(provider, place))).collect();
    let (clock, twist) = (weather.clock(), state.twist_name(provider));
    let habits = provider.manners().habits;
    let flipped = habits.iter().any(|(habit, natural)| state.has_habit(provider, *habit) != *natural);
    let page = WeatherPage {
        action: address(provider),
        providers: Provider::ALL
            .into_iter()
            .map(|other| Tab { words: other.words(), address: address(other), here: other == provider })
            .collect(),
        once: gusts.iter().any(|(_, gust)| gust.is_some_and(|gust| gust.once)),
        stormy: clock != 0 || flipped || twist.is_some() || gusts.iter().any(|(_, gust)| gust.is_some()),
        places: gusts.into_iter().map(|(place, gust)| switch(provider, place, gust.map(|gust| gust.trouble))).collect(),
        habits: habits
            .iter()
            .map(|(habit, _)| HabitSwitch {
                name: habit.name(),
                words: habit_words(*habit),
                on: state.has_habit(provider, *habit),
            })
            .collect(),
        twists: std::iter::once(fair(twist.is_none()))
            .chain(TWISTS.iter().map(|known| Choice {
                value: known.name.to_owned(),
                words: Some(known.words),
                chosen: twist == Some(known.name),
            }))
            .collect(),
        clocks: CLOCKS
            .iter()
            .map(|(seconds, words)| Choice {
                value: seconds.to_string(),
                words: Some(words),
                chosen: *seconds == clock,
            })
            .collect(),
        signs: provider.manners().keys.is_some(),
        c: Frame { who: provider.words(), ..Frame::switchable(call) },
    };
    let mut answer = html(StatusCode::OK, &page);
    call.keep(&mut answer, None);
    answer
}

const fn fair(chosen: bool) -> Choice {
    Choice { value: String::new(), words: Some("sim-weather-fair"), chosen }
}

fn switch(provider: Provider, place: Place, now: Option<Trouble>) -> Switch {
    let troubles = Trouble::of(provider, place).into_iter().map(|trouble| Choice {
        value: trouble.name(),
        words: words(trouble),
        chosen: now == Some(trouble),
    });
    Switch {
        name: place.name(),
        path: provider.paths(place).join(" "),
        words: match place {
            Place::Authorize => "sim-weather-authorize",
            Place::Discovery => "sim-weather-discovery",
            Place::Token => "sim-weather-token",
            Place::Keys => "sim-weather-keys",
            Place::Profile => "sim-weather-profile",
            Place::TokenInfo => "sim-weather-token-info",
            Place::Emails => "sim-weather-emails",
            Place::Revoke => "sim-weather-revoke",
        },
        choices: std::iter::once(fair(now.is_none())).chain(troubles).collect(),
    }
}

const fn habit_words(habit: Habit) -> &'static str {
    match habit {
        Habit::Openid => "sim-habit-openid",
        Habit::CallbackIssuer => "sim-habit-callback-issuer",
        Habit::ExpiringTokens => "sim-habit-expiring-tokens",
        Habit::Email => "sim-habit-email",
        Habit::StateAgain => "sim-habit-state-again",
        Habit::BasicOnly => "sim-habit-basic-only",
        Habit::PostOnly => "sim-habit-post-only",
        Habit::Pkce => "sim-habit-pkce",
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
        Trouble::Status(_) | Trouble::Koe(_) | Trouble::Kapi(_) | Trouble::Denied(_) | Trouble::Reported(_) => {
            return None;
        }
    })
}

/// `POST /weather`: Kakao's.
pub(in super::super) async fn change(call: Call) -> HttpResponse {
    set(&call, Provider::Kakao)
}

/// `POST /weather/{provider}`.
pub(in super::super) async fn change_at(call: Call, name: web::Path<String>) -> HttpResponse {
    match Provider::parse(&name) {
        Some(provider) => set(&call, provider),
        None => nothing(call).await,
    }
}

/// What the form says holds, and what it does not say is fair. 303 back.
fn set(call: &Call, provider: Provider) -> HttpResponse {
    let (state, form) = (&call.state, &call.form);
    if form.get("rotate").is_some() {
        state.rotate_keys(provider);
        return HttpResponse::SeeOther().insert_header((LOCATION, address(provider))).finish();
    }
    let once = form.get("once").is_some();
    for place in provider.places() {
        let named = form.get(place.name()).unwrap_or_default();
        let trouble = Trouble::of(provider, place).into_iter().find(|trouble| trouble.name() == named);
        state.weather.set(provider, place, trouble, once);
    }
    for (habit, natural) in provider.manners().habits {
        state.set_habit(provider, *habit, form.get(habit.name()).map_or(*natural, |said| said == "on"));
    }
    state.twist_by_name(provider, form.get("id_token").unwrap_or_default());
    let wanted = form.get("clock").unwrap_or_default();
    let clock = CLOCKS.iter().map(|(seconds, _)| *seconds).find(|seconds| seconds.to_string() == wanted);
    state.weather.set_clock(clock.unwrap_or(0));
    HttpResponse::SeeOther().insert_header((LOCATION, address(provider))).finish()
}
