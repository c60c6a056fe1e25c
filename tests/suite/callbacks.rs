//! Group B of the security requirements: what comes back from a provider, and from whoever pretends to be one.

use std::collections::HashSet;

use futures_util::future::join_all;
use reqwest::Method;
use time::Duration;

use crate::kit::{Answer, Browser, TestApp, people};

/// The page that says the login cannot be finished: a 4xx with code and request id, no session, nothing echoed.
fn assert_refused(answer: &Answer, what: &str) {
    assert!((400..500).contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
    assert_eq!(answer.cookie("__Host-access"), None, "{what}");
    assert_eq!(answer.cookie("__Host-refresh"), None, "{what}");
    let id = answer.header("x-request-id").expect("a request id");
    assert!(answer.body.contains(id), "{what}: the page does not show its request id");
}

/// Runs `attack` and holds that it left nothing behind: no rows, no request to the provider, nobody logged in.
async fn nothing_happens(app: &TestApp, browser: &mut Browser, path: &str) {
    let (rows, asked) = (app.inspect().rows(), app.token_requests());
    let answer = browser.get(path).await;
    assert_refused(&answer, path);
    assert_eq!(app.inspect().rows(), rows, "{path}");
    assert_eq!(app.token_requests(), asked, "{path}");
    assert_eq!(browser.me().await.status, 401, "{path}");
}

fn with_state(callback: &str, state: &str) -> String {
    let mut url = url::Url::parse(callback).unwrap();
    let code = url.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    url.query_pairs_mut().clear().append_pair("code", &code).append_pair("state", state);
    url.into()
}

fn part(callback: &str, name: &str) -> String {
    url::Url::parse(callback).unwrap().query_pairs().find(|(n, _)| n == name).unwrap().1.into_owned()
}

on_both! {
    async fn b01_a_callback_without_state_is_refused(app: TestApp) {
        let mut browser = app.browser();
        browser.until_callback("/login/kakao", people::ORDINARY).await;
        nothing_happens(&app, &mut browser, "/login/kakao/callback?code=x").await;
    }

    async fn b02_a_callback_of_a_browser_that_never_started_is_refused(app: TestApp) {
        for path in ["/login/kakao/callback?code=x", "/login/kakao/callback?code=x&state=", "/login/kakao/callback", "/login/kakao/callback?state=x"] {
            nothing_happens(&app, &mut app.browser(), path).await;
        }
    }

    async fn b03_any_other_spelling_of_the_state_is_refused(app: TestApp) {
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
        let state = part(&callback, "state");
        let mut flipped = state.clone().into_bytes();
        let last = flipped.len() - 30;
        flipped[last] = if flipped[last] == b'A' { b'B' } else { b'A' };
        let spellings = [
            String::from_utf8(flipped).unwrap(),
            state.to_lowercase(),
            format!("{state} "),
            format!("{state}="),
            state[..state.len() - 1].to_owned(),
            format!("{state}{state}"),
            state.replacen(&state[..1], &format!("%{:02X}", state.as_bytes()[0]), 1),
        ];
        for spelling in spellings {
            nothing_happens(&app, &mut browser, &with_state(&callback, &spelling)).await;
        }
        assert_eq!(browser.get(&callback).await.status, 303, "the real one still works");
    }

    async fn b04_b05_somebody_elses_callback_is_refused_and_ones_own_still_works(app: TestApp) {
        let mut attacker = app.browser();
        let stolen = attacker.until_callback("/login/kakao", people::ORDINARY).await;
        nothing_happens(&app, &mut app.browser(), &stolen).await;
        let mut victim = app.browser();
        let own = victim.until_callback("/login/kakao", people::NO_EMAIL).await;
        nothing_happens(&app, &mut victim, &stolen).await;
        assert_eq!(victim.get(&own).await.status, 303);
        let name = victim.me().await.body;
        let foreign = victim.get(&stolen).await;
        assert_refused(&foreign, "a foreign callback while logged in");
        assert_eq!(victim.me().await.body, name, "the session is untouched");
    }

    async fn b06_a_repeated_callback_gives_the_same_session_and_one_exchange(app: TestApp) {
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao?next=/profile", people::ORDINARY).await;
        let first = browser.get(&callback).await;
        let second = browser.get(&callback).await;
        assert_eq!((first.status, second.status), (303, 303));
        assert_eq!(second.location(), first.location());
        assert_eq!(second.cookie("__Host-refresh"), first.cookie("__Host-refresh"));
        assert_eq!(app.token_requests(), 1);
        assert_eq!(app.inspect().rows(), (1, 1, 1));
    }

    async fn a_repeated_callback_after_logging_out_opens_nothing(app: TestApp) {
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
        let twin_key = browser.cookie("flow").unwrap().to_owned();
        browser.get(&callback).await;
        assert_eq!(browser.post("/logout", &[]).await.status, 303);
        browser.set_cookie("flow", &twin_key);
        assert_refused(&browser.get(&callback).await, "after logout");
        assert_eq!(browser.me().await.status, 401);
    }

    async fn b07_fifty_identical_callbacks_at_once_are_one_login(app: TestApp) {
        for _ in 0..3 {
            let mut browser = app.browser();
            let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
            let asked = app.token_requests();
            let sessions = app.inspect().number("select count(*) as n from sessions");
            let mut twins: Vec<Browser> = (0..50).map(|_| browser.twin()).collect();
            let answers = join_all(twins.iter_mut().map(|twin| twin.get(&callback))).await;
            let cookies: HashSet<Option<String>> = answers.iter().map(|answer| answer.cookie("__Host-refresh")).collect();
            assert!(answers.iter().all(|answer| answer.status == 303));
            assert_eq!(cookies.len(), 1, "all get the same session");
            assert_eq!(app.token_requests(), asked + 1);
            assert_eq!(app.inspect().number("select count(*) as n from sessions"), sessions + 1);
        }
    }

    async fn b07_a_callback_split_over_two_processes_is_one_session(app: TestApp) {
        let second = app.second().await;
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
        let (mut here, mut there) = (browser.twin(), browser.twin());
        there.at(second.address);
        let (a, b) = tokio::join!(here.get(&callback), there.get(&callback));
        assert_eq!((a.status, b.status), (303, 303), "{} {}", a.body, b.body);
        assert_eq!(a.cookie("__Host-refresh"), b.cookie("__Host-refresh"));
        assert_eq!(app.inspect().number("select count(*) as n from sessions"), 1);
        second.stop(Some(std::time::Duration::ZERO)).await;
    }

    async fn b08_a_state_works_for_the_provider_it_was_made_for(app: TestApp) {
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
        let other = callback.replace("/login/kakao/callback", "/login/google/callback");
        let asked = app.token_requests();
        assert_eq!(browser.get(&other).await.status, 404, "no such provider here");
        assert_eq!(app.token_requests(), asked);
        assert_eq!(browser.get(&callback).await.status, 303);
    }

    async fn a13_a_login_older_than_half_an_hour_starts_again(app: TestApp) {
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao?next=/admin/users", people::ORDINARY).await;
        app.clock.advance(Duration::minutes(31));
        nothing_happens(&app, &mut browser, &callback).await;
        let page = browser.get(&callback).await;
        assert!(page.body.contains("/login/kakao?next=%2Fadmin%2Fusers"), "it starts again towards the same target: {}", page.body);
    }

    async fn a13_a_login_of_twenty_nine_minutes_is_finished(app: TestApp) {
        let mut browser = app.browser();
        let started = browser.get("/login/kakao").await;
        app.clock.advance(Duration::minutes(29));
        let callback = browser.consent(started.location(), people::ORDINARY, "agree").await;
        assert_eq!(browser.get(&callback).await.status, 303);
    }

    async fn a12_twenty_tabs_all_come_through_in_any_order(app: TestApp) {
        let mut browser = app.browser();
        let mut callbacks = Vec::new();
        for _ in 0..20 {
            callbacks.push(browser.until_callback("/login/kakao", people::ORDINARY).await);
        }
        callbacks.rotate_left(7);
        for callback in callbacks {
            assert_eq!(browser.get(&callback).await.status, 303);
        }
        let header = browser.cookie_header("app").unwrap();
        assert!(header.len() < 4096, "{} bytes of cookies", header.len());
    }

    async fn b10_cancelling_is_a_kind_page_and_nothing_raw_comes_back(app: TestApp) {
        let mut browser = app.browser();
        let started = browser.get("/login/kakao").await;
        let cancelled = browser.consent(started.location(), people::ORDINARY, "cancel").await;
        assert!(cancelled.contains("error=access_denied"), "{cancelled}");
        let page = browser.get(&cancelled).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("/login/kakao"), "a way to start again");
        let started = browser.get("/login/kakao").await;
        let state = part(started.location(), "state");
        let hostile = format!("/login/kakao/callback?error=%3Csvg+onload%3Dx%3E&error_description=%3Csvg+onload%3Dx%3E&error_uri=//evil.test&state={state}");
        let page = browser.get(&hostile).await;
        assert!(!page.body.contains("<svg onload") && !page.body.contains("evil.test") && !page.body.contains("onload"));
        assert_eq!(app.inspect().rows(), (0, 0, 0));
        assert_eq!(app.token_requests(), 0);
    }

    async fn under_fourteen_is_said_in_words(app: TestApp) {
        let mut browser = app.browser();
        let started = browser.get("/login/kakao").await;
        let denied = browser.consent(started.location(), people::UNDER_FOURTEEN, "agree").await;
        let page = browser.get(&denied).await;
        assert_eq!(page.status, 403, "{}", page.body);
        assert!(page.body.contains("14"), "{}", page.body);
        assert_eq!(app.inspect().rows(), (0, 0, 0));
    }

    async fn b11_b12_ambiguous_callbacks_are_refused(app: TestApp) {
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
        let (code, state) = (part(&callback, "code"), part(&callback, "state"));
        for query in [
            format!("code={code}&code=b&state={state}"),
            format!("code={code}&state={state}&state=bad"),
            format!("code={code}&state=bad&state={state}"),
            format!("code={code}&state[]={state}"),
            format!("code=%00&state={state}"),
            format!("code=a%0d%0ab&state={state}"),
            format!("code=&state={state}"),
        ] {
            nothing_happens(&app, &mut browser, &format!("/login/kakao/callback?{query}")).await;
        }
        assert_eq!(browser.get(&callback).await.status, 303, "the real one still works");
    }

    async fn b13_b24_other_methods_have_no_effect(app: TestApp) {
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
        for method in [Method::HEAD, Method::OPTIONS, Method::POST, Method::PUT, Method::DELETE] {
            let answer = browser.send(method.clone(), &callback, &[("Sec-Fetch-Site", "same-origin")], None).await;
            assert_eq!(answer.status, 405, "{method}");
        }
        assert_eq!(app.token_requests(), 0);
        assert_eq!(browser.get(&callback).await.status, 303);
    }

    async fn b14_b25_unknown_parameters_are_ignored_and_the_token_request_is_clean(app: TestApp) {
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
        let answer = browser.get(&format!("{callback}&scope=x&authuser=0&prompt=none&hd=x&foo=bar&next=//evil.test")).await;
        assert_eq!((answer.status, answer.location()), (303, "/profile"));
        let requests = app.simulator.state().requests();
        let token = requests.iter().find(|request| request.path == "/oauth/token").unwrap();
        assert_eq!(token.method, "POST");
        assert!(token.query.is_empty(), "nothing in the query");
        let field = |name: &str| token.form.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
        assert_eq!(field("redirect_uri").as_deref(), Some("https://app.test/login/kakao/callback"));
        assert_eq!(field("client_secret").as_deref(), Some(fiiiiilm::config::demo::CLIENT_SECRET));
        let verifier = field("code_verifier").unwrap();
        assert!((43..=128).contains(&verifier.len()));
        assert_eq!(token.form.iter().filter(|(name, _)| name == "code").count(), 1);
    }

    async fn b16_an_injected_code_of_somebody_else_opens_nothing(app: TestApp) {
        let mut victim = app.browser();
        let stolen = victim.until_callback("/login/kakao", people::ORDINARY).await;
        let mut attacker = app.browser();
        let own = attacker.until_callback("/login/kakao", people::NO_EMAIL).await;
        let injected = with_state(&stolen, &part(&own, "state"));
        assert_refused(&attacker.get(&injected).await, "an injected code");
        assert_eq!(attacker.me().await.status, 401);
        assert_eq!(app.inspect().rows(), (0, 0, 0));
    }

    async fn b20_b21_b28_a_login_replaces_the_session_of_this_browser(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let (old_access, old_refresh) = (browser.cookie("access").unwrap().to_owned(), browser.cookie("refresh").unwrap().to_owned());
        let first = browser.me().await.body;
        assert_eq!(browser.get("/login").await.status, 303, "straight on while logged in");
        assert_eq!(browser.log_in(people::NO_EMAIL).await.status, 303);
        assert_ne!(browser.cookie("access"), Some(old_access.as_str()));
        assert_ne!(browser.cookie("refresh"), Some(old_refresh.as_str()));
        assert_ne!(browser.me().await.body, first);
        let mut thief = app.browser();
        thief.set_cookie("access", &old_access);
        assert_eq!(thief.me().await.status, 401, "the old access token is dead");
        thief.forget_cookie("access");
        thief.set_cookie("refresh", &old_refresh);
        assert_eq!(thief.get("/profile").await.status, 303, "so is the old refresh token");
    }

    async fn b23_the_landing_page_leaks_nothing(app: TestApp) {
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
        let answer = browser.get(&callback).await;
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(!answer.location().contains("code") && !answer.location().contains("state"));
        assert!(answer.body.is_empty());
    }

    async fn c14_fifty_first_logins_of_one_person_at_once_make_one_user(app: TestApp) {
        let mut pairs = Vec::new();
        for _ in 0..20 {
            let mut browser = app.browser();
            let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
            pairs.push((browser, callback));
        }
        let answers = join_all(pairs.iter_mut().map(|(browser, callback)| browser.get(callback))).await;
        for answer in &answers {
            assert_eq!(answer.status, 303, "{}", answer.body);
        }
        let (users, identities, sessions) = app.inspect().rows();
        assert_eq!((users, identities, sessions), (1, 1, 20));
    }

    async fn a01_a02_a03_every_start_is_new(app: TestApp) {
        let mut browser = app.browser();
        let (mut states, mut challenges, mut nonces) = (HashSet::new(), HashSet::new(), HashSet::new());
        for _ in 0..200 {
            let started = browser.get("/login/kakao").await;
            let location = started.location().to_owned();
            assert_eq!(part(&location, "response_type"), "code");
            assert_eq!(part(&location, "code_challenge_method"), "S256");
            assert_eq!(part(&location, "code_challenge").len(), 43);
            assert!(!location.contains("scope="), "no scope unless configured");
            states.insert(part(&location, "state"));
            challenges.insert(part(&location, "code_challenge"));
            nonces.insert(part(&location, "nonce"));
        }
        assert_eq!((states.len(), challenges.len(), nonces.len()), (200, 200, 200));
        let heads: HashSet<&str> = states.iter().map(|state| &state[..5]).collect();
        assert!(heads.len() > 195, "states begin alike");
        assert!(states.iter().all(|state| state.bytes().all(|b| b.is_ascii_alphanumeric()) && state.len() <= 1200));
    }

    async fn a06_a_caller_cannot_steer_the_authorization_request(app: TestApp) {
        let mut browser = app.browser();
        let steered = browser
            .get("/login/kakao?redirect_uri=https://evil.test&scope=x&client_id=y&response_mode=fragment&prompt=none&state=x&nonce=y&code_challenge=z&login_hint=q")
            .await;
        let url = url::Url::parse(steered.location()).unwrap();
        let names: Vec<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
        for forbidden in ["scope", "response_mode", "prompt", "login_hint"] {
            assert!(!names.contains(&forbidden.to_owned()), "{forbidden}");
        }
        assert_eq!(part(steered.location(), "redirect_uri"), "https://app.test/login/kakao/callback");
        assert_eq!(part(steered.location(), "client_id"), fiiiiilm::config::demo::CLIENT_ID);
    }

    async fn a17_a_prefetch_starts_nothing(app: TestApp) {
        let mut browser = app.browser();
        let answer = browser.get_with("/login/kakao", &[("Sec-Purpose", "prefetch")]).await;
        assert!(answer.set_cookies().is_empty() && answer.header("location").is_none(), "{}", answer.status);
    }
}
