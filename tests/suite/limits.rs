//! Floods: who asks too often is told to wait, in words, and nobody else notices.

use std::net::IpAddr;

use crate::kit::{Answer, Backend, Browser, Setting, TestApp, people};

fn few() -> Vec<Setting> {
    vec![
        ("FIIIIILM_LIMITS__ENABLED", "true".into()),
        ("FIIIIILM_LIMITS__LOGIN", "5".into()),
        ("FIIIIILM_LIMITS__CALLBACK", "3".into()),
        ("FIIIIILM_LIMITS__REFRESH_SESSION", "2".into()),
    ]
}

async fn limited(backend: Backend) -> TestApp {
    TestApp::start_with(backend, &few()).await
}

fn from(app: &TestApp, address: [u8; 4]) -> Browser {
    Browser::from_address(app.running.address, IpAddr::from(address))
}

/// The refusal, as whoever sent the flood sees it.
fn assert_refused(answer: &Answer) {
    assert_eq!(answer.status, 429, "{}", answer.body);
    let wait: u32 = answer.header("retry-after").expect("Retry-After").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(answer.set_cookies().is_empty(), "a refusal costs no cookie");
    assert!(answer.body.contains("요청이 너무 많아요"), "{}", answer.body);
    assert!(answer.body.contains(answer.header("x-request-id").expect("an id")), "the page names its request");
}

/// How many of `count` starts are let through.
async fn started(browser: &mut Browser, path: &str, headers: &[(&str, &str)], count: usize) -> usize {
    let mut passed = 0;
    for _ in 0..count {
        passed += usize::from(browser.get_with(path, headers).await.status == 303);
    }
    passed
}

on_both! {
    with few;

    async fn r01_a_flood_of_starts_is_refused_in_words_and_others_go_on(app: TestApp) {
        let mut flood = from(&app, [127, 0, 0, 2]);
        assert_eq!(started(&mut flood, "/login/kakao", &[], 8).await, 5);
        let mut fresh = from(&app, [127, 0, 0, 2]);
        assert_refused(&fresh.get("/login/kakao").await);
        assert_eq!(fresh.get("/login").await.status, 200, "pages are not limited");
        let mut other = from(&app, [127, 0, 0, 3]);
        assert_eq!(other.log_in(people::ORDINARY).await.status, 303, "another address logs in");
    }

    async fn r01_a_flood_of_callbacks_is_refused_before_any_exchange(app: TestApp) {
        let mut flood = from(&app, [127, 0, 0, 2]);
        for _ in 0..3 {
            assert_eq!(flood.get("/login/kakao/callback?code=x&state=y").await.status, 400);
        }
        let mut fresh = from(&app, [127, 0, 0, 2]);
        assert_refused(&fresh.get("/login/kakao/callback?code=x&state=y").await);
        assert_eq!(app.token_requests(), 0);
        let mut other = from(&app, [127, 0, 0, 3]);
        assert_eq!(other.log_in(people::ORDINARY).await.status, 303);
    }

    async fn r02_a_written_address_counts_for_nothing(app: TestApp) {
        let mut passed = 0;
        for n in 0..4 {
            let address = format!("198.51.100.{n}");
            for name in ["X-Forwarded-For", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP"] {
                passed += started(&mut app.browser(), "/login/kakao", &[(name, &address)], 1).await;
            }
            let forwarded = format!("for={address}");
            passed += started(&mut app.browser(), "/login/kakao", &[("Forwarded", &forwarded)], 1).await;
        }
        assert_eq!(passed, 5, "one bucket for all of them");
    }

    async fn r04_success_gives_nothing_back(app: TestApp) {
        let mut browser = from(&app, [127, 0, 0, 2]);
        browser.get("/login/kakao/callback?code=x&state=y").await;
        assert_eq!(browser.log_in(people::ORDINARY).await.status, 303);
        browser.get("/login/kakao/callback?code=x&state=y").await;
        assert_refused(&from(&app, [127, 0, 0, 2]).get("/login/kakao/callback?code=x&state=y").await);
    }

    async fn r05_a_path_written_otherwise_is_the_same_path_or_none(app: TestApp) {
        let mut browser = from(&app, [127, 0, 0, 2]);
        let mut passed = 0;
        for path in ["/login/kakao", "/login/kakao?a=1", "/login/kakao?next=/profile", "/login/kakao?#x"] {
            passed += started(&mut browser, path, &[], 2).await;
        }
        assert_eq!(passed, 5);
        for path in ["/login/kakao/", "//login/kakao", "/LOGIN/kakao", "/login%2fkakao", "/login/Kakao", "/login/%6bakao"] {
            let answer = browser.get(path).await;
            assert!(answer.header("location").is_none_or(|to| !to.contains("/oauth/authorize")), "{path}: {}", answer.status);
        }
    }

    async fn r09_what_has_no_limit_is_not_limited_however_much_one_proxy_asks(app: TestApp) {
        let mut known = app.logged_in(people::ORDINARY).await;
        for _ in 0..300 {
            assert_eq!(known.get("/api/me").await.status, 200);
            assert_eq!(app.browser().get("/api/me").await.status, 401);
        }
    }

    async fn r10_limits_need_no_database(app: TestApp) {
        let mut held = app.inspect();
        let frozen = if app.is_sqlite() { "begin exclusive" } else { "begin; lock table sessions, users in access exclusive mode" };
        held.execute(frozen);
        let mut here = from(&app, [127, 0, 2, 9]);
        let passed = started(&mut here, "/login/kakao", &[], 40).await;
        assert!((1..40).contains(&passed), "{passed} of 40 starts passed");
        assert_refused(&here.get("/login/kakao").await);
        held.execute("commit");
    }

    async fn r06_nobody_is_shut_out_by_failures_elsewhere(app: TestApp) {
        assert_eq!(from(&app, [127, 0, 0, 4]).log_in(people::ORDINARY).await.status, 303);
        let mut attacker = from(&app, [127, 0, 0, 2]);
        for _ in 0..30 {
            attacker.get("/login/kakao/callback?error=access_denied&state=x").await;
        }
        assert_eq!(from(&app, [127, 0, 0, 3]).log_in(people::ORDINARY).await.status, 303);
    }

    async fn r01_a_session_renews_so_often_and_then_waits(app: TestApp) {
        let mut browser = from(&app, [127, 0, 0, 2]);
        assert_eq!(browser.log_in(people::ORDINARY).await.status, 303);
        for _ in 0..2 {
            browser.forget_cookie("access");
            assert_eq!(browser.get("/profile").await.status, 200);
        }
        browser.forget_cookie("access");
        assert_refused(&browser.get("/profile").await);
        assert!(browser.cookie("refresh").is_some(), "nobody is logged out by it");
        let mut other = from(&app, [127, 0, 0, 2]);
        assert_eq!(other.log_in(people::ORDINARY).await.status, 303);
        other.forget_cookie("access");
        assert_eq!(other.get("/profile").await.status, 200, "another session of the same person");
    }
}

const BOTH: [Backend; 2] = [Backend::Sqlite, Backend::Postgres];

async fn trusting(backend: Backend) -> TestApp {
    let mut settings = few();
    settings.push(("FIIIIILM_SERVER__TRUSTED_PROXIES", "127.0.0.0/8".into()));
    TestApp::start_with(backend, &settings).await
}

#[actix_web::test]
async fn r02_behind_a_trusted_proxy_the_hop_it_reports_counts() {
    for backend in BOTH {
        let app = trusting(backend).await;
        for spoofed in 0..5 {
            let header = format!("203.0.113.{spoofed}, 198.51.100.9");
            assert_eq!(started(&mut app.browser(), "/login/kakao", &[("X-Forwarded-For", &header)], 1).await, 1);
        }
        let same = [("X-Forwarded-For", "8.8.8.8, 198.51.100.9")];
        let passed = started(&mut app.browser(), "/login/kakao", &same, 3).await;
        assert_eq!(passed, 0, "what stands left of it was written by anybody");
        let other = [("X-Forwarded-For", "198.51.100.9, 198.51.100.10")];
        assert_eq!(started(&mut app.browser(), "/login/kakao", &other, 1).await, 1);
    }
}

#[actix_web::test]
async fn r08_two_processes_let_through_twice_as_much() {
    for backend in BOTH {
        let app = limited(backend).await;
        let second = app.second().await;
        let mut passed = 0;
        for _ in 0..2 {
            for address in [app.running.address, second.address] {
                passed += started(&mut Browser::new(address), "/login/kakao", &[], 5).await;
            }
        }
        assert_eq!(passed, 10);
        second.stop(Some(std::time::Duration::ZERO)).await;
    }
}
