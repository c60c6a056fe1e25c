//! Group K: what other sites may do with our answers, what these tell of us, and what a hostile profile does to a page.

use std::time::Duration;

use fiiiiilm::simulator::Fault;
use reqwest::Method;
use serde_json::json;

use crate::kit::{Answer, Browser, TestApp, people};

const PAGES: [&str; 9] =
    ["/", "/login", "/profile", "/admin/users", "/api/me", "/logout/done", "/nowhere", "/api/nowhere", "/healthz"];

/// A login after which Kakao says this of the person.
async fn log_in_as(app: &TestApp, name: &str, picture: &str) -> (Browser, Answer) {
    let mut browser = app.browser();
    let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
    let id: i64 = people::ORDINARY.parse().unwrap();
    let body = json!({"id": id, "connected_at": "2026-01-02T03:04:05Z", "kakao_account": {
        "profile_nickname_needs_agreement": false,
        "profile": {"nickname": name, "thumbnail_image_url": picture, "profile_image_url": picture, "is_default_image": false},
    }});
    let fault = Fault {
        status: 200,
        content_type: "application/json;charset=UTF-8",
        body: body.to_string(),
        delay: Duration::ZERO,
    };
    app.simulator.state().fail_next("/v2/user/me", fault);
    let answer = browser.get(&callback).await;
    (browser, answer)
}

on_both! {
    async fn k04_a_form_is_a_form(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let name = browser.me().await.body;
        let cookie = browser.cookie_header("app").unwrap();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        for kind in [Some("text/plain"), Some("application/json"), Some("multipart/form-data; boundary=x"), Some("application/json;x"), None] {
            let mut request = client
                .post(format!("http://{}/profile", app.running.address))
                .header("Host", "app.test")
                .header("Cookie", &cookie)
                .header("Sec-Fetch-Site", "same-origin")
                .body("display_name=evil");
            if let Some(kind) = kind {
                request = request.header("Content-Type", kind);
            }
            assert_eq!(request.send().await.unwrap().status(), 415, "{kind:?}");
        }
        assert_eq!(browser.me().await.body, name);
    }

    async fn k06_k14_no_other_origin_reads_anything(app: TestApp) {
        let mut browser = app.logged_in(people::ADMIN).await;
        for origin in ["https://evil.test", "null", "https://app.test.evil.test", "https://evilapp.test", "http://app.test", "https://app.test:8443"] {
            for path in PAGES {
                let read = browser.get_with(path, &[("Origin", origin), ("Sec-Fetch-Site", "cross-site")]).await;
                let ask = [("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization")];
                let preflight = browser.send(Method::OPTIONS, path, &ask, None).await;
                for answer in [read, preflight] {
                    let opened = answer.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
                    assert_eq!(opened, None, "{origin} {path}");
                    assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
                    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
                }
            }
        }
        let plain = browser.get("/api/me").await;
        assert_eq!(browser.get("/api/me?callback=steal").await.body, plain.body, "no JSONP");
        assert!(plain.header("content-type").unwrap().starts_with("application/json"));
    }

    async fn k15_somebody_elses_judge_finds_nothing_grave_in_any_policy(app: TestApp) {
        let mut browser = app.logged_in(people::ADMIN).await;
        let place = crate::verifiers::place();
        let judged = |policy: &str| crate::verifiers::ask("node".into(), place.join("policy.js"), &policy.into());
        let mut policies = std::collections::BTreeSet::new();
        for path in PAGES.iter().copied().chain(["/login", "/profile/delete", "/nowhere"]) {
            policies.extend(browser.get(path).await.header("content-security-policy").map(str::to_owned));
        }
        assert!(!policies.is_empty());
        let (fine, said) = judged("script-src * 'unsafe-inline'");
        assert!(!fine && said.contains("high"), "it judges at all: {said}");
        for policy in policies {
            assert_eq!(judged(&policy), (true, String::new()), "{policy}");
        }
    }

    async fn k09_no_page_can_be_framed(app: TestApp) {
        let mut browser = app.logged_in(people::ADMIN).await;
        for path in PAGES {
            let answer = browser.get(path).await;
            let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("no policy on {path}"));
            assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        }
    }

    async fn k10_m06_n18_whatever_a_provider_says_is_shown_as_text(app: TestApp) {
        let combining = format!("e{}", "\u{301}".repeat(1_000));
        let long = "가".repeat(10_000);
        let mut admin = app.logged_in(people::ADMIN).await;
        for name in [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg onload=alert(1)>", "javascript:alert(1)",
            "{{7*7}}", "${7*7}", "</title><script>alert(1)</script>", "</bdi><b onclick=x>", "&lt;b&gt;", "\\u003cscript\\u003e",
            "\u{202e}gnp.exe", "👩\u{200d}👩\u{200d}👧\u{200d}👦", "a\r\nSet-Cookie: x=1", "\u{1b}[31mred", "\u{feff}\u{200b}", "   ", &combining, &long,
        ] {
            let (mut browser, answer) = log_in_as(&app, name, "https://k.kakaocdn.net/a.jpg").await;
            assert_eq!(answer.status, 303, "{name:.40?}: {}", answer.body);
            for page in [browser.get("/profile").await, browser.get("/").await, admin.get("/admin/users").await] {
                assert_eq!(page.status, 200, "{name:.40?}");
                for bad in ["<script>alert", "<img src=x", "<svg onload", "<b onclick", "\u{1b}"] {
                    assert!(!page.body.contains(bad), "{name:.40?}: {bad}");
                }
                assert!(page.body.contains("<bdi"), "names are isolated from the text around them");
                assert!(page.body.len() < 64 * 1024, "{name:.40?} makes {} bytes", page.body.len());
            }
            let stored = app.inspect().lines("select coalesce(name, '') as s from users");
            assert!(stored.iter().all(|name| name.chars().count() <= 100), "{name:.40?}");
        }
        assert_eq!(app.inspect().rows().0, 2, "one person, however they are called");
    }

    async fn k11_a_picture_comes_from_its_provider_or_not_at_all(app: TestApp) {
        for picture in [
            "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "http://169.254.169.254/latest", "//evil.test/a.jpg",
            "https://evil.test/a.jpg", "https://k.kakaocdn.net.evil.test/a.jpg", "https://k.kakaocdn.net@evil.test/a.jpg",
            "https://k.kakaocdn.net/x\" onerror=\"alert(1)", "file:///etc/passwd", "", &format!("https://k.kakaocdn.net/{}", "a".repeat(4096)),
        ] {
            let (mut browser, answer) = log_in_as(&app, "김", picture).await;
            assert_eq!(answer.status, 303, "{picture:.60}: {}", answer.body);
            let page = browser.get("/profile").await.body;
            for bad in ["javascript:", "data:text", "169.254", "evil.test", "onerror=\"", "file:"] {
                assert!(!page.contains(bad), "{picture:.60}: {bad}");
            }
        }
    }

    async fn k13_answers_tell_nothing_of_the_machine(app: TestApp) {
        let mut browser = app.logged_in(people::ADMIN).await;
        for path in ["/.git/config", "/.env", "/Cargo.toml", "/debug", "/backup.zip", "/fiiiiilm.db", "/data/fiiiiilm.db", "/static/", "/static/../Cargo.toml", "/static/%2e%2e/Cargo.toml", "/index.html~", "/metrics"] {
            assert_eq!(browser.get(path).await.status, 404, "{path}");
        }
        for path in PAGES {
            let answer = browser.get(path).await;
            for name in ["server", "x-powered-by", "via", "x-runtime"] {
                assert_eq!(answer.header(name), None, "{path} has {name}");
            }
            for word in ["actix", "panicked", "backtrace", "diesel", "src/"] {
                assert!(!answer.body.contains(word), "{path} says {word}");
            }
        }
    }
}
