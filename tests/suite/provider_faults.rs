//! Bad weather between the site and its provider. Whatever happens there, nobody is logged in, nothing is kept, the page
//! says whose turn it is, the code is sent once, and with the sun back the next login works.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use fiiiiilm::simulator::{Place, Trouble};
use futures_util::future::join_all;
use reqwest::Method;

use crate::kit::{Answer, Backend, Browser, TestApp, people};

/// The three answers a reader gets, by what their page says in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    StartOver,
    TryLater,
    OperatorMustFix,
    Refused,
    UnderAge,
}

impl Turn {
    fn outcome(self) -> (u16, &'static str) {
        match self {
            Self::StartOver => (400, "expired"),
            Self::TryLater => (503, "try-later"),
            Self::OperatorMustFix => (502, "operator-must-fix"),
            Self::Refused => (400, "refused"),
            Self::UnderAge => (403, "under-age"),
        }
    }
}

/// The page for a login that failed, checked as its reader sees it.
fn assert_page(answer: &Answer, language: &str, turn: Turn, code: &str) {
    let (status, outcome) = turn.outcome();
    assert_eq!(answer.status, status, "{code}: {}", answer.body);
    let words = fiiiiilm::i18n::Locale::parse(language).unwrap();
    let title = words.text(&format!("outcome-{outcome}-title")).to_owned();
    assert!(answer.body.contains(&title), "{code}: no {title:?} in {}", answer.body);
    assert!(answer.body.contains(code), "no {code} in {}", answer.body);
    let id = answer.header("x-request-id").expect("a request id");
    assert!(answer.body.contains(id), "the page names its request");
    assert!(answer.cookie("__Host-access").is_none() && answer.cookie("__Host-refresh").is_none(), "{code}");
    for leak in ["as the weather has it", "127.0.0.1", "localhost", "panicked", "reqwest", "sql"] {
        assert!(!answer.body.contains(leak), "{code}: {leak}");
    }
}

/// A login in this weather, as far as its answer.
async fn stormy_login(app: &TestApp, language: &str) -> (Browser, Answer) {
    let mut browser = app.browser();
    browser.accept_language = language.to_owned();
    let answer = browser.log_in(people::ORDINARY).await;
    (browser, answer)
}

/// One trouble at one place: the page, nothing kept, one token request; then fair weather and a login that works.
async fn assert_weathered(app: &TestApp, place: Place, trouble: Trouble, turn: Turn, code: &str) {
    let weather = app.simulator.state();
    weather.forget_requests();
    weather.set_trouble(place, Some(trouble));
    let before = app.inspect().rows();
    let language = if trouble.name().len().is_multiple_of(2) { "ko" } else { "en" };
    let (mut browser, answer) = stormy_login(app, language).await;
    assert_page(&answer, language, turn, code);
    assert_eq!(app.token_requests(), 1, "{place:?} {trouble:?}: an exchange is never repeated");
    assert_eq!(browser.me().await.status, 401);
    assert_eq!(app.inspect().rows(), before, "{place:?} {trouble:?}");
    weather.set_trouble(place, None);
    assert!(!weather.requests().iter().any(|request| request.path == "/elsewhere"), "a redirect was followed");
}

/// What each trouble is called on the page. Slow ones have tests of their own.
fn quick(place: Place) -> Vec<(Trouble, Turn, String)> {
    let malformed = match place {
        Place::Token => (Turn::TryLater, "token-malformed"),
        Place::Keys => (Turn::TryLater, "keys-malformed"),
        Place::TokenInfo => (Turn::Refused, "sub-mismatch"),
        // Without a number nobody knows who this is.
        _ => (Turn::Refused, "no-id"),
    };
    let mut expected: BTreeMap<String, (Turn, &str)> = BTreeMap::new();
    for (name, turn, code) in [
        ("closed", Turn::TryLater, "broken"),
        ("http-500", Turn::TryLater, "http-500"),
        ("http-503", Turn::TryLater, "http-503"),
        ("http-429", Turn::TryLater, "http-429"),
        ("html", Turn::TryLater, "not-json"),
        ("truncated", Turn::TryLater, "not-json"),
        ("wrong-types", malformed.0, malformed.1),
        ("huge", Turn::TryLater, "too-large"),
        ("redirect", Turn::OperatorMustFix, "http-302"),
        ("compressed", Turn::TryLater, "not-json"),
        ("cut", Turn::TryLater, "broken"),
        ("KOE320", Turn::StartOver, "KOE320"),
        ("KOE322", Turn::StartOver, "KOE322"),
        ("KOE237", Turn::TryLater, "KOE237"),
        ("KOE003", Turn::TryLater, "KOE003"),
        ("KOE101", Turn::OperatorMustFix, "KOE101"),
        ("KOE010", Turn::OperatorMustFix, "KOE010"),
        ("KOE114", Turn::OperatorMustFix, "KOE114"),
        ("KOE303", Turn::OperatorMustFix, "KOE303"),
        ("KOE127", Turn::OperatorMustFix, "KOE127"),
        ("-1", Turn::TryLater, "kapi-1"),
        ("-7", Turn::TryLater, "kapi-7"),
        ("-10", Turn::TryLater, "kapi-10"),
        ("-401", Turn::StartOver, "kapi-401"),
        ("-101", Turn::StartOver, "kapi-101"),
        ("-406", Turn::UnderAge, "kapi-406"),
        ("-3", Turn::OperatorMustFix, "kapi-3"),
        ("-5", Turn::OperatorMustFix, "kapi-5"),
        ("-903", Turn::OperatorMustFix, "kapi-903"),
    ] {
        expected.insert(name.into(), (turn, code));
    }
    let known = |trouble: Trouble| {
        let (turn, code) = expected.get(&trouble.name())?;
        Some((trouble, *turn, (*code).to_owned()))
    };
    Trouble::at(place).into_iter().filter_map(known).collect()
}

async fn every_quick_trouble(app: TestApp, place: Place) {
    let troubles = quick(place);
    assert!(troubles.len() >= 10);
    for (trouble, turn, code) in troubles {
        assert_weathered(&app, place, trouble, turn, &code).await;
    }
    // A mislabelled right answer is a right answer: providers do that, and nothing else parses.
    app.simulator.state().set_trouble(place, Some(Trouble::Mislabelled));
    let (mut browser, answer) = stormy_login(&app, "ko").await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(browser.me().await.status, 200);
}

/// So many seconds are left to every login, whatever its provider does.
const CALLBACK: Duration = Duration::from_secs(13);

on_both! {
    async fn n01_n04_n06_n07_n08_n09_n10_trouble_at_the_token_endpoint_is_weathered(app: TestApp) {
        every_quick_trouble(app, Place::Token).await;
    }

    async fn n01_n04_n06_n07_n08_n09_n10_trouble_at_the_profile_is_weathered(app: TestApp) {
        every_quick_trouble(app, Place::Profile).await;
    }

    async fn n02_n03_n15_silence_ends_in_time_and_harms_nobody_else(app: TestApp) {
        let mut here = app.logged_in(people::NO_EMAIL).await;
        app.simulator.state().forget_requests();
        for (place, trouble) in [(Place::Token, Trouble::Silent), (Place::Profile, Trouble::Trickle)] {
            app.simulator.state().set_trouble(place, Some(trouble));
        }
        let before = app.inspect().rows();
        let begun = Instant::now();
        let mut browsers = Vec::new();
        for _ in 0..60 {
            let mut browser = app.browser();
            let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
            browsers.push((browser, callback));
        }
        let stuck = join_all(browsers.iter_mut().map(|(browser, callback)| browser.get(callback)));
        let others = async {
            for _ in 0..30 {
                for path in ["/api/me", "/profile", "/healthz", "/login/kakao"] {
                    let asked = Instant::now();
                    let status = here.get(path).await.status;
                    assert!(status == 200 || status == 303, "{path}: {status}");
                    assert!(asked.elapsed() < Duration::from_secs(3), "{path} waits for somebody else's provider");
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let (answers, ()) = futures_util::future::join(stuck, others).await;
        assert!(begun.elapsed() < CALLBACK + Duration::from_secs(10), "60 starts and one deadline");
        for answer in &answers {
            assert_page(answer, "ko", Turn::TryLater, "timeout");
        }
        assert_eq!(app.token_requests(), 60, "once each");
        assert_eq!(app.inspect().rows(), before);
        for place in Place::ALL {
            app.simulator.state().set_trouble(place, None);
        }
        assert_eq!(stormy_login(&app, "ko").await.1.status, 303);
    }

    async fn n05_a_packed_answer_is_never_unpacked(app: TestApp) {
        for place in [Place::Token, Place::Profile] {
            app.simulator.state().set_trouble(place, Some(Trouble::Compressed));
            let before = app.inspect().rows();
            let (mut browser, answer) = stormy_login(&app, "ko").await;
            assert_eq!(answer.status, 503, "{place:?}: {}", answer.body);
            assert_eq!(browser.me().await.status, 401);
            assert_eq!(app.inspect().rows(), before);
            app.simulator.state().set_trouble(place, None);
        }
    }

    async fn n17_a_flapping_provider_works_whenever_it_is_up(app: TestApp) {
        for _ in 0..crate::kit::size(6, 60) {
            app.simulator.state().set_trouble(Place::Token, Some(Trouble::Closed));
            assert_eq!(stormy_login(&app, "ko").await.1.status, 503);
            app.simulator.state().set_trouble(Place::Token, None);
            assert_eq!(stormy_login(&app, "ko").await.1.status, 303, "up again, and at once");
        }
    }

    async fn n03_a_trickle_is_cut_by_the_whole_deadline(app: TestApp) {
        for place in [Place::Token, Place::Profile] {
            app.simulator.state().set_trouble(place, Some(Trouble::Trickle));
            let begun = Instant::now();
            let (_, answer) = stormy_login(&app, "en").await;
            assert!(begun.elapsed() < CALLBACK, "{place:?}: {:?}", begun.elapsed());
            assert_page(&answer, "en", Turn::TryLater, "timeout");
            app.simulator.state().set_trouble(place, None);
        }
    }

    async fn n02_a_slow_provider_is_waited_for(app: TestApp) {
        app.simulator.state().set_trouble(Place::Profile, Some(Trouble::Slow));
        assert_eq!(stormy_login(&app, "ko").await.1.status, 303, "five seconds are within the ten");
    }

    async fn n16_clocks_ten_minutes_apart_are_told_apart(app: TestApp) {
        for ahead in [600, -30_000] {
            app.simulator.state().set_clock(ahead);
            let before = app.inspect().rows();
            let (_, answer) = stormy_login(&app, "ko").await;
            assert_eq!(answer.status, 400, "{ahead}: {}", answer.body);
            assert!(answer.body.contains("id-token-"), "{ahead}: {}", answer.body);
            assert_eq!(app.inspect().rows(), before);
        }
        app.simulator.state().set_clock(25);
        assert_eq!(stormy_login(&app, "ko").await.1.status, 303, "half a minute is nothing");
    }

    async fn the_browser_is_sent_back_with_an_error_and_told_whose_turn_it_is(app: TestApp) {
        for (error, status, outcome) in [
            ("access_denied", 200, "cancelled"),
            ("consent_required", 400, "expired"),
            ("server_error", 503, "try-later"),
            ("unauthorized_client", 502, "operator-must-fix"),
        ] {
            app.simulator.state().set_trouble(Place::Authorize, Some(Trouble::Denied(error)));
            let mut browser = app.browser();
            let started = browser.get("/login/kakao").await;
            let back = browser.get(started.location()).await;
            let answer = browser.get(back.location()).await;
            assert_eq!(answer.status, status, "{error}: {}", answer.body);
            let title = fiiiiilm::i18n::Locale::Ko.text(&format!("outcome-{outcome}-title")).to_owned();
            assert!(answer.body.contains(&title), "{error}: {}", answer.body);
            assert_eq!(browser.me().await.status, 401);
        }
        assert_eq!(app.token_requests(), 0);
    }

    async fn the_weather_is_set_on_a_page_of_the_simulator(app: TestApp) {
        let mut browser = app.browser();
        let page = format!("{}/weather", app.simulator.origin());
        let fair = browser.get(&page).await;
        assert!(fair.body.contains("지금은 모두 정상이에요"), "{}", fair.body);
        for name in ["authorize", "token", "keys", "profile", "token_info", "clock", "once"] {
            assert!(fair.body.contains(&format!("name=\"{name}\"")), "{name}");
        }
        let form: &[(&str, &str)] = &[("token", "KOE237"), ("profile", "no-such-trouble"), ("once", "1")];
        assert_eq!(browser.send(Method::POST, &page, &[], Some(form)).await.status, 303);
        assert!(browser.get(&page).await.body.contains("value=\"KOE237\" selected"));
        assert_page(&stormy_login(&app, "ko").await.1, "ko", Turn::TryLater, "KOE237");
        assert_eq!(stormy_login(&app, "ko").await.1.status, 303, "once means once");
        browser.send(Method::POST, &page, &[], Some(&[("keys", "closed")])).await;
        browser.send(Method::POST, &page, &[], Some(&[])).await;
        assert!(browser.get(&page).await.body.contains("지금은 모두 정상이에요"));
    }
}

/// Keys and the app's number are asked for once and remembered, so each trouble meets a site that has just started.
async fn trouble_at_the_start(backend: Backend, place: Place) {
    for (trouble, turn, code) in quick(place) {
        let app = TestApp::start(backend).await;
        assert_weathered(&app, place, trouble, turn, &code).await;
        assert_eq!(stormy_login(&app, "ko").await.1.status, 303, "{trouble:?}: fair weather again");
        app.simulator.state().set_trouble(place, Some(trouble));
        assert_eq!(stormy_login(&app, "ko").await.1.status, 303, "{trouble:?}: what is known goes on working");
        app.running.stop(Some(Duration::ZERO)).await;
    }
}

macro_rules! at_the_start {
    ($($name:ident, $backend:ident, $place:ident;)*) => {
        $(#[actix_web::test]
        async fn $name() { trouble_at_the_start(Backend::$backend, Place::$place).await; })*
    };
}

at_the_start! {
    n01_n04_n06_n07_n08_n09_n10_trouble_at_the_keys_is_weathered_on_sqlite, Sqlite, Keys;
    n01_n04_n06_n07_n08_n09_n10_trouble_at_the_keys_is_weathered_on_postgres, Postgres, Keys;
    n01_n04_n06_n07_n08_n09_n10_trouble_at_token_info_is_weathered_on_sqlite, Sqlite, TokenInfo;
    n01_n04_n06_n07_n08_n09_n10_trouble_at_token_info_is_weathered_on_postgres, Postgres, TokenInfo;
}

#[actix_web::test]
async fn n01_a_provider_that_refuses_connections_is_told_at_once() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let nobody = crate::kit::port::free_address();
        let api = vec![("FIIIIILM_PROVIDERS__KAKAO__API_BASE", format!("http://{nobody}"))];
        let app = TestApp::start_with(backend, &api).await;
        let begun = Instant::now();
        let (_, answer) = stormy_login(&app, "ko").await;
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        assert_page(&answer, "ko", Turn::TryLater, "connect");
        assert_eq!(app.token_requests(), 1);
        assert_eq!(app.inspect().rows(), (0, 0, 0));
    }
}
