//! Groups A and B: what a start sends, and what reaches the provider of what a callback says.

use std::collections::BTreeSet;
use std::time::Duration;

use fiiiiilm::simulator::Fault;
use url::Url;

use crate::kit::{Answer, Backend, Browser, Program, TestApp, Wire, people, size};

fn query(address: &str) -> Vec<(String, String)> {
    Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

fn get<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
}

/// A login under way: the browser, and the state its callback needs.
async fn started(app: &TestApp) -> (Browser, String) {
    let mut browser = app.browser();
    let answer = browser.get("/login/kakao").await;
    let state = get(&query(answer.location()), "state").unwrap().to_owned();
    (browser, state)
}

/// The codes of all token requests so far.
fn codes(app: &TestApp) -> Vec<Vec<String>> {
    let asked = app.simulator.state().requests().into_iter().filter(|request| request.path == "/oauth/token");
    asked
        .map(|request| request.form.into_iter().filter(|(name, _)| name == "code").map(|(_, code)| code).collect())
        .collect()
}

async fn assert_no_session(app: &TestApp, browser: &mut Browser, answer: &Answer, before: (i64, i64, i64)) {
    assert!((400..=504).contains(&answer.status), "{} {}", answer.status, answer.body);
    assert!(answer.cookie("__Host-access").is_none() && answer.cookie("__Host-refresh").is_none());
    assert_eq!(browser.me().await.status, 401);
    assert_eq!(app.inspect().rows(), before);
}

on_both! {
    async fn a05_only_the_code_flow_and_only_what_is_needed(app: TestApp) {
        let answer = app.browser().get("/login/kakao").await;
        let query = query(answer.location());
        assert_eq!(get(&query, "response_type"), Some("code"));
        let names: BTreeSet<&str> = query.iter().map(|(name, _)| name.as_str()).collect();
        let expected = [
            "client_id", "code_challenge", "code_challenge_method", "nonce", "redirect_uri", "response_type", "state",
        ];
        assert_eq!(names, expected.into(), "no scope unless configured: the console's consent items decide");
        assert_eq!(names.len(), query.len(), "each once");
    }

    async fn a09_redirects_are_303_uncached_and_empty(app: TestApp) {
        let mut browser = app.browser();
        let start = browser.get("/login/kakao").await;
        let callback = browser.consent(start.location(), people::ORDINARY, "agree").await;
        let landing = browser.get(&callback).await;
        let logout = browser.post("/logout", &[]).await;
        let stranger = browser.get("/profile").await;
        for (what, answer) in [("start", start), ("callback", landing), ("logout", logout), ("stranger", stranger)] {
            assert_eq!(answer.status, 303, "{what}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
            assert!(answer.body.len() < 200, "{what}: {}", answer.body);
        }
    }

    async fn a10_a_provider_nobody_knows_is_not_found_and_not_repeated(app: TestApp) {
        app.simulator.state().forget_requests();
        let long = "e".repeat(4096);
        for name in ["evil", "Kakao", "KAKAO", "kakao/", "kakao%00", "../kakao", "kakao%2f..", "%2e%2e%2fkakao", "evil%3Cb%3E", "k%61kao%20", &long] {
            for path in [format!("/login/{name}"), format!("/login/{name}/callback?code=a&state=b")] {
                let answer = app.browser().get(&path).await;
                assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
                assert!(!answer.body.contains("evil") && !answer.body.contains(&long), "{path}: {}", answer.body);
            }
        }
        assert!(app.simulator.state().requests().is_empty(), "nobody was asked");
    }

    async fn a12_two_first_tabs_at_once_and_sixty_abandoned_ones(app: TestApp) {
        let empty = app.browser();
        let (mut one, mut two) = (empty.twin(), empty.twin());
        let (first, second) = futures_util::future::join(one.get("/login/kakao"), two.get("/login/kakao")).await;
        let to_first = one.consent(first.location(), people::ORDINARY, "agree").await;
        let to_second = two.consent(second.location(), people::ORDINARY, "agree").await;
        // A browser has one jar: the later answer's cookie is the one it keeps.
        one.set_cookie("flow", &second.cookie("__Host-flow").unwrap());
        let stray = one.get(&to_first).await;
        assert!([303, 400].contains(&stray.status));
        assert!(stray.status == 303 || stray.body.contains("/login"), "a way to start again");
        assert_eq!(one.get(&to_second).await.status, 303);
        assert_eq!(one.me().await.status, 200);

        let mut browser = app.browser();
        for _ in 0..60 {
            browser.get("/login/kakao").await;
        }
        assert!(browser.cookie_header("app").unwrap().len() < 4096);
        assert_eq!(browser.log_in(people::ORDINARY).await.status, 303);
    }

    async fn b14_whatever_else_a_provider_adds_is_no_trouble(app: TestApp) {
        for more in ["scope=a%20b", "authuser=0&hd=app.test", "prompt=consent", "foo=bar&foo=baz", "error_uri="] {
            let mut browser = app.browser();
            let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
            assert_eq!(browser.get(&format!("{callback}&{more}")).await.status, 303, "{more}");
        }
    }

    async fn b15_a_code_reaches_the_provider_as_it_is_or_not_at_all(app: TestApp) {
        for code in ["a&client_id=evil&x=", "a=b;c", "코드", "a%20b+c", "\r\nHost: evil.test", "\0", " ", &"c".repeat(8 * 1024), &"c".repeat(16 * 1024)] {
            let (mut browser, state) = started(&app).await;
            app.simulator.state().forget_requests();
            let before = app.inspect().rows();
            let pairs = [("code", code), ("state", state.as_str())];
            let said: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            let answer = browser.get(&format!("/login/kakao/callback?{said}")).await;
            match codes(&app).as_slice() {
                [] => assert!([400, 414].contains(&answer.status), "{code:?}: {}", answer.status),
                [sent] => assert_eq!(sent, &[code.to_owned()]),
                more => panic!("{code:?} was sent {} times", more.len()),
            }
            assert_no_session(&app, &mut browser, &answer, before).await;
        }
    }

    async fn b18_n12_without_an_id_token_or_a_profile_nobody_is_let_in(app: TestApp) {
        let body = r#"{"access_token":"t","token_type":"bearer","expires_in":21599,"refresh_token":"r"}"#;
        let fault = |status, body: &str| Fault { status, content_type: "application/json", body: body.into(), delay: Duration::ZERO };
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
        app.simulator.state().fail_next("/oauth/token", fault(200, body));
        let before = app.inspect().rows();
        let answer = browser.get(&callback).await;
        let asked = |path: &str| app.simulator.state().requests().iter().any(|request| request.path == path);
        if answer.status == 303 {
            // Kakao without OpenID Connect has no ID token; the token itself must then have been proved to be ours.
            assert!(asked("/v1/user/access_token_info"), "whose token is it?");
        } else {
            assert_no_session(&app, &mut browser, &answer, before).await;
        }
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao", people::NO_EMAIL).await;
        app.simulator.state().fail_next("/v2/user/me", fault(500, "{}"));
        let before = app.inspect().rows();
        let answer = browser.get(&callback).await;
        assert_no_session(&app, &mut browser, &answer, before).await;
    }

    async fn b29_who_closes_the_tab_leaves_nothing_half_done(app: TestApp) {
        let rounds = size(20, 200);
        for _ in 0..rounds {
            let mut browser = app.browser();
            let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
            let path = Url::parse(&callback).unwrap();
            let cookie = browser.cookie_header("app").unwrap();
            let request = format!("GET {}?{} HTTP/1.1\r\nHost: app.test\r\nCookie: {cookie}\r\n\r\n", path.path(), path.query().unwrap());
            let mut wire = Wire::open(app.running.address).await;
            wire.say(request.as_bytes()).await;
        }
        // Whatever was begun ends by itself.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let (users, identities, sessions) = app.inspect().rows();
        assert!(users <= 1 && identities == users, "{users} {identities}");
        assert!(sessions <= i64::try_from(rounds).unwrap(), "{sessions}");
        assert_eq!(app.browser().log_in(people::ORDINARY).await.status, 303);
        assert_eq!(app.inspect().rows().0, 1);
    }
}

async fn abandoned_starts(backend: Backend) {
    let program = Program::start(backend, &[]).await;
    let mut inspect = program.inspect();
    for _ in 0..200 {
        program.browser().get("/login/kakao").await;
    }
    let before = (inspect.rows(), program.held());
    let mut browser = program.browser();
    for _ in 0..size(2_000, 100_000) {
        browser.forget_cookie("flow");
        assert_eq!(browser.get("/login/kakao").await.status, 303);
    }
    let (rows, held) = (inspect.rows(), program.held());
    assert_eq!(rows, before.0, "a start writes nothing");
    assert!(held.mib <= before.1.mib + 20, "{:?} became {held:?}", before.1);
}

#[actix_web::test]
async fn a14_starts_that_nobody_finishes_leave_nothing_on_sqlite() {
    abandoned_starts(Backend::Sqlite).await;
}

#[actix_web::test]
async fn a14_starts_that_nobody_finishes_leave_nothing_on_postgres() {
    abandoned_starts(Backend::Postgres).await;
}
