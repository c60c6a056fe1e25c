//! Bad weather at every provider and every step of a login: whoever is struck gets a page that says whose turn it is, nobody
//! else notices. What each trouble is called, `provider_faults` says of Kakao.

use std::time::{Duration, Instant};

use fiiiiilm::simulator::{Place, Trouble};
use futures_util::StreamExt as _;
use futures_util::future::{join, join_all};
use futures_util::stream;

use crate::kit::{Answer, Backend, CONTRACTS, Contract, TestApp, every_provider};

/// So many sites at once: each has connections of its own to the one PostgreSQL.
const AT_ONCE: usize = 4;

/// The steps of a login that the site takes by itself.
fn steps(contract: &Contract) -> Vec<Place> {
    let unused = |place: &Place| matches!(place, Place::Authorize | Place::Revoke);
    let known_by_heart = |place: &Place| *place == Place::Discovery && contract.name() != "oidc";
    let no_token = |place: &Place| *place == Place::Keys && (!contract.openid || contract.name() == "line");
    let in_the_token = |place: &Place| *place == Place::Profile && contract.profile.is_none();
    let places = contract.provider.places().into_iter();
    places
        .filter(|place| !unused(place) && !known_by_heart(place) && !no_token(place) && !in_the_token(place))
        .collect()
}

/// Which answers a trouble may have; a login without its address is one, where only the list of addresses is struck.
fn expected(place: Place, trouble: Trouble) -> &'static [u16] {
    match (place, trouble) {
        (Place::Emails, _) => &[303, 400, 502, 503],
        (
            _,
            Trouble::Closed | Trouble::Cut | Trouble::Html | Trouble::Huge | Trouble::Truncated | Trouble::Compressed,
        ) => &[503],
        (_, Trouble::Status(429 | 500 | 503)) => &[503],
        (_, Trouble::Redirect) => &[502, 503],
        (_, Trouble::Mislabelled) => &[303],
        (Place::Token, Trouble::Reported("server_error" | "temporarily_unavailable")) => &[503],
        _ => &[400, 403, 502, 503],
    }
}

fn assert_told(answer: &Answer, what: &str) {
    let id = answer.header("x-request-id").expect("a request id");
    assert!(answer.body.contains(id), "{what}: the page names its request");
    assert!(answer.cookie("__Host-access").is_none() && answer.cookie("__Host-refresh").is_none(), "{what}");
    for leak in ["as the weather has it", "127.0.0.1", "localhost", "panicked", "reqwest", "Under maintenance"] {
        assert!(!answer.body.contains(leak), "{what}: {leak}");
    }
}

/// One trouble at one step, met by a site that has just started: what is remembered helps nobody.
async fn struck(app: &TestApp, contract: &Contract, place: Place, trouble: Trouble) {
    let what = format!("{} {place:?} {trouble:?}", contract.name());
    let weather = app.simulator.state();
    weather.forget_requests();
    weather.set_trouble_at(contract.provider, place, Some(trouble));
    let before = app.inspect().rows();
    let site = app.second().await;
    let mut browser = app.browser();
    browser.at(site.address);
    let start = browser.get(&contract.start()).await;
    if start.status == 303 {
        let callback = browser.consent(start.location(), contract.second, "agree").await;
        let answer = browser.get(&callback).await;
        assert!(expected(place, trouble).contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
        if answer.status != 303 {
            assert_told(&answer, &what);
            assert_eq!(browser.me().await.status, 401, "{what}");
            assert_eq!(app.inspect().rows(), before, "{what}");
        }
        assert!(app.token_requests_at(contract.provider) <= 1, "{what}: an exchange is never repeated");
    } else {
        // Without knowing the issuer nobody can be sent there.
        assert_eq!(place, Place::Discovery, "{what}: {}", start.body);
        assert!((500..=503).contains(&start.status), "{what}: {}", start.status);
        assert_told(&start, &what);
        assert_eq!(app.token_requests_at(contract.provider), 0, "{what}");
    }
    let elsewhere = weather.requests().iter().any(|request| request.path == "/elsewhere");
    assert!(!elsewhere, "{what}: a redirect was followed");
    weather.set_trouble_at(contract.provider, place, None);
    site.stop(Some(Duration::ZERO)).await;
}

on_both! {
    with every_provider;

    async fn n01_n04_n05_n06_n07_n08_n09_n10_every_trouble_at_every_step_of_every_provider_is_weathered(app: TestApp) {
        for contract in &CONTRACTS {
            for place in steps(contract) {
                for trouble in Trouble::of(contract.provider, place) {
                    if !matches!(trouble, Trouble::Silent | Trouble::Slow | Trouble::Trickle) {
                        struck(&app, contract, place, trouble).await;
                    }
                }
            }
            let answer = app.browser().come_in_at(contract.name(), contract.second).await;
            assert_eq!(answer.status, 303, "{}: fair again: {}", contract.name(), answer.body);
        }
    }

    async fn a_browser_sent_back_with_an_error_gets_a_kind_page(app: TestApp) {
        for contract in &CONTRACTS {
            for trouble in Trouble::of(contract.provider, Place::Authorize) {
                let Trouble::Denied(error) = trouble else { continue };
                app.simulator.state().set_trouble_at(contract.provider, Place::Authorize, Some(trouble));
                let mut browser = app.browser();
                let start = browser.get(&contract.start()).await;
                let callback = browser.turned_back(start.location()).await;
                let answer = browser.get(&callback).await;
                let right: &[u16] = if error == "access_denied" || error.starts_with("user_cancelled") { &[200] } else { &[400, 502, 503] };
                assert!(right.contains(&answer.status), "{} {error}: {} {}", contract.name(), answer.status, answer.body);
                assert_eq!(browser.me().await.status, 401);
            }
            app.simulator.state().set_trouble_at(contract.provider, Place::Authorize, None);
            assert_eq!(app.token_requests_at(contract.provider), 0, "{}", contract.name());
        }
    }
}

/// A provider falls silent at one step.
async fn silent(backend: Backend, contract: &'static Contract, place: Place) {
    let what = format!("{} {place:?}", contract.name());
    let app = TestApp::start_with(backend, &every_provider()).await;
    app.simulator.state().set_trouble_at(contract.provider, place, Some(Trouble::Silent));
    let mut tries = 0;
    // A busy machine may be slow enough to hide it once; who waits for a provider that is not theirs waits every time.
    while !unharmed(&app, contract, place, &what).await {
        tries += 1;
        assert!(tries < 3, "{what}: the others waited");
    }
    app.simulator.state().set_trouble_at(contract.provider, place, None);
    // Whoever comes within three seconds of a failed discovery gets the answer of that one.
    app.clock.advance(time::Duration::seconds(4));
    let after = app.browser().unpooled().come_in_at(contract.name(), contract.without_email).await;
    assert_eq!(after.status, 303, "{what}: well again: {}", after.body);
    app.running.stop(Some(Duration::ZERO)).await;
}

/// Five people at the silent provider, three at another one, where all goes well. Whether these were done before those.
async fn unharmed(app: &TestApp, contract: &'static Contract, place: Place, what: &str) -> bool {
    let other = CONTRACTS.iter().find(|other| other.provider != contract.provider).expect("another provider");
    let mut here = app.browser().unpooled();
    assert_eq!(here.come_in_at(other.name(), other.second).await.status, 303, "{what}");
    let stuck = async {
        let all = join_all((0..5).map(|_| stuck_login(app, contract, place, what))).await;
        (Instant::now(), all)
    };
    let others = async {
        for _ in 0..3 {
            assert_eq!(app.browser().unpooled().come_in_at(other.name(), other.ordinary).await.status, 303, "{what}");
            assert_eq!(here.me().await.status, 200, "{what}");
        }
        Instant::now()
    };
    let ((ended, _), done) = join(stuck, others).await;
    done < ended
}

/// Ends with a page; where only the list of addresses is silent, perhaps without an address.
async fn stuck_login(app: &TestApp, contract: &Contract, place: Place, what: &str) {
    let mut browser = app.browser().unpooled();
    let start = browser.get(&contract.start()).await;
    let answer = if start.status == 303 {
        let callback = browser.consent(start.location(), contract.ordinary, "agree").await;
        browser.get(&callback).await
    } else {
        assert_eq!(place, Place::Discovery, "{what}: {}", start.body);
        start
    };
    assert!(answer.status == 503 || place == Place::Emails, "{what}: {} {}", answer.status, answer.body);
}

async fn silence_everywhere(backend: Backend) {
    let all = CONTRACTS.iter().flat_map(|contract| steps(contract).into_iter().map(move |place| (contract, place)));
    let trials: Vec<_> = all.map(|(contract, place)| silent(backend, contract, place)).collect();
    stream::iter(trials).buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
}

#[actix_web::test]
async fn n02_n15_silence_at_any_step_of_any_provider_harms_nobody_else_on_sqlite() {
    silence_everywhere(Backend::Sqlite).await;
}

#[actix_web::test]
async fn n02_n15_silence_at_any_step_of_any_provider_harms_nobody_else_on_postgres() {
    silence_everywhere(Backend::Postgres).await;
}
