//! L07: the same for headers and cookies: none of them changes what a route of the admin's desk answers, or breaks it.

use std::time::Duration;

use reqwest::Method;

use crate::hostile_desk::{ask, assert_harmless, encoded, hostile, inhabit, routes};
use crate::kit::{ORIGIN, TestApp, Wire, people};

/// Headers nobody is believed by, or which say how somebody would like to be answered.
const HEADERS: [&str; 18] = [
    "User-Agent",
    "Referer",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "Forwarded",
    "X-Real-IP",
    "Accept",
    "Accept-Language",
    "Accept-Encoding",
    "If-None-Match",
    "If-Modified-Since",
    "Range",
    "X-Request-Id",
    "X-Original-URL",
    "X-HTTP-Method-Override",
    "Sec-Fetch-Mode",
    "From",
];

/// Headers that decide whether a request is heard at all.
const GUARDS: [&str; 4] = ["Host", "Origin", "Sec-Fetch-Site", "Content-Type"];

const COOKIES: [&str; 6] = ["access", "refresh", "flow", "signup", "apple", "prefs"];

/// What an HTTP client can send in a header at all, and a server takes.
fn sendable() -> Vec<String> {
    let texts = hostile().into_iter().filter_map(|bytes| String::from_utf8(bytes).ok());
    texts.filter(|text| text.len() < 2_000 && !text.chars().any(char::is_control)).collect()
}

on_both! {
    async fn l07_headers_change_no_answer_and_break_none(app: TestApp) {
        let target = inhabit(&app);
        let mut admin = app.logged_in(people::ADMIN).await;
        let all: Vec<_> = routes().into_iter().filter(|(method, _)| *method != Method::POST).collect();
        let mut plain = Vec::new();
        for (method, pattern) in &all {
            let path = pattern.replace("{id}", &target);
            plain.push(ask(&mut admin, method, &path, &[]).await.status);
        }
        for value in sendable() {
            admin.log_in(people::ADMIN).await;
            let headers: Vec<(&str, &str)> = HEADERS.iter().map(|name| (*name, value.as_str())).collect();
            for ((method, pattern), status) in all.iter().zip(&plain) {
                let path = pattern.replace("{id}", &target);
                let answer = admin.send(method.clone(), &path, &headers, None).await;
                assert_harmless(&answer, &format!("headers of {method} {pattern}"), value.as_bytes());
                assert_eq!(answer.status, *status, "{method} {pattern} with {value:?}");
            }
        }
    }

    async fn l07_headers_that_decide_let_nothing_hostile_in(app: TestApp) {
        let target = inhabit(&app);
        let mut admin = app.logged_in(people::ADMIN).await;
        let standing = || app.inspect().lines(&format!("select standing || role || version as s from users where id = '{target}'"));
        let before = standing();
        for value in sendable() {
            for (method, pattern) in routes().iter().filter(|(method, _)| *method == Method::POST) {
                let path = pattern.replace("{id}", &target);
                for guard in GUARDS {
                    let headers: Vec<(&str, &str)> = [("Sec-Fetch-Site", "same-origin"), ("Origin", ORIGIN), ("Host", "app.test")]
                        .into_iter()
                        .filter(|(name, _)| *name != guard && !(guard == "Origin" && *name == "Sec-Fetch-Site"))
                        .chain([(guard, value.as_str())])
                        .collect();
                    let answer = admin.send(method.clone(), &path, &headers, None).await;
                    let what = format!("{guard} of {method} {pattern}");
                    assert_harmless(&answer, &what, value.as_bytes());
                    assert!((400..500).contains(&answer.status), "{what} {value:?}: {}", answer.status);
                }
            }
        }
        assert_eq!(standing(), before);
    }

    async fn l07_cookies_change_no_answer_and_break_none(app: TestApp) {
        let target = inhabit(&app);
        let mut admin = app.logged_in(people::ADMIN).await;
        let pages: Vec<String> = routes()
            .into_iter()
            .filter(|(method, pattern)| *method == Method::GET && pattern != "/admin/users.csv")
            .map(|(_, pattern)| pattern.replace("{id}", &target))
            .collect();
        let mut plain = Vec::new();
        for path in &pages {
            plain.push(admin.get(path).await.status);
        }
        let values = sendable();
        assert!(values.len() > pages.len(), "every cookie meets every page");
        for (at, value) in values.iter().enumerate() {
            admin.log_in(people::ADMIN).await;
            for (place, name) in COOKIES.iter().enumerate() {
                let turn = (at + place) % pages.len();
                let mut browser = admin.twin();
                browser.set_cookie(name, value);
                let answer = browser.get(&pages[turn]).await;
                let what = format!("cookie {name} at {}", pages[turn]);
                assert_harmless(&answer, &what, value.as_bytes());
                assert_eq!(answer.status, plain[turn], "{what}: {value:?}");
                // Whoever has neither is nobody, however the two are made up.
                let mut nobody = app.browser();
                nobody.set_cookie(name, value);
                let answer = nobody.get(&pages[turn]).await;
                assert_harmless(&answer, &what, value.as_bytes());
                assert!(answer.status == 303 && answer.location().starts_with("/login"), "{what}: {value:?}");
            }
        }
    }

    async fn l07_bytes_no_client_sends_are_refused_or_without_meaning(app: TestApp) {
        inhabit(&app);
        let mut admin = app.logged_in(people::ADMIN).await;
        let cookies = admin.cookie_header("app").unwrap();
        for bytes in hostile() {
            for name in ["User-Agent", "Referer", "X-Forwarded-For", "Accept-Language", "X-Request-Id"] {
                let mut request = format!("GET /admin/users HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\nCookie: {cookies}\r\n{name}: ").into_bytes();
                request.extend(&bytes);
                request.extend(b"\r\n\r\n");
                let mut wire = Wire::open(app.running.address).await;
                wire.say(&request).await;
                let heard = wire.hear(Duration::from_secs(30)).await;
                let statuses = heard.statuses();
                assert!(statuses.iter().all(|status| [200, 400, 431].contains(status)), "{name}: {}: {statuses:?}", encoded(&bytes));
                assert!(!statuses.is_empty(), "{name}: {}: {}", encoded(&bytes), heard.text);
                let lower = heard.text.to_lowercase();
                assert!(!lower.contains("\r\nx-zq9x") && !lower.contains("zq9x=1") && !lower.contains("<zq9x>"), "{}", heard.text);
            }
        }
        assert_eq!(admin.get("/admin/users").await.status, 200);
    }
}
