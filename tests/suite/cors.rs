//! Who may read `/api` from a script of another origin (K06).

use reqwest::Method;
use serde_json::json;

use crate::kit::{Setting, TestApp, people};

const LISTED: &str = "https://front.example";

fn listed() -> Vec<Setting> {
    vec![("FIIIIILM_SERVER__CORS_ORIGINS", LISTED.into())]
}

const ROUTES: [&str; 5] = ["/api/me", "/api/sessions", "/api/token/refresh", "/api/token/verify", "/api/nowhere"];

const OTHERS: [&str; 7] = [
    "https://evil.test",
    "null",
    "https://front.example.evil.test",
    "https://evilfront.example",
    "http://front.example",
    "https://front.example:8443",
    "https://sub.front.example",
];

fn preflight(origin: &str) -> [(&str, &str); 3] {
    [
        ("Origin", origin),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "authorization,content-type"),
    ]
}

mod off {
    use super::*;
    on_both! {
        async fn k06_without_a_list_nobody_may(app: TestApp) {
            for path in ROUTES {
                for origin in OTHERS.into_iter().chain([LISTED, "https://app.test"]) {
                    let plain = app.browser().get_with(path, &[("Origin", origin)]).await;
                    let asked = app.browser().json(Method::OPTIONS, path, &preflight(origin), None).await;
                    for answer in [plain, asked] {
                        assert!(answer.header("access-control-allow-origin").is_none(), "{path} {origin}");
                        assert!(answer.header("access-control-allow-credentials").is_none(), "{path} {origin}");
                    }
                }
            }
        }
    }
}

on_both! {
    with listed;

    async fn k06_only_exactly_listed_origins_may_and_never_with_cookies(app: TestApp) {
        let browser = app.logged_in(people::ORDINARY).await;
        let bearer = format!("Bearer {}", browser.cookie("access").unwrap());
        for origin in OTHERS {
            for path in ROUTES {
                let plain = browser.twin().get_with(path, &[("Origin", origin), ("Authorization", &bearer)]).await;
                let asked = app.browser().json(Method::OPTIONS, path, &preflight(origin), None).await;
                for answer in [plain, asked] {
                    assert!(answer.header("access-control-allow-origin").is_none(), "{path} {origin}: {:?}", answer.headers);
                }
            }
        }
        let asked = app.browser().json(Method::OPTIONS, "/api/token/refresh", &preflight(LISTED), None).await;
        assert!(asked.status == 200 || asked.status == 204, "{}", asked.status);
        assert_eq!(asked.header("access-control-allow-origin"), Some(LISTED));
        assert!(asked.header("access-control-allow-credentials").is_none());
        let me = app.browser().get_with("/api/me", &[("Origin", LISTED), ("Authorization", &bearer)]).await;
        assert_eq!((me.status, me.header("access-control-allow-origin")), (200, Some(LISTED)));
        assert!(me.header("access-control-allow-credentials").is_none(), "a cookie's answer cannot be read");
        assert!(me.header("vary").is_some_and(|vary| vary.to_ascii_lowercase().contains("origin")));
        let refused = app.browser().get_with("/api/me", &[("Origin", LISTED)]).await;
        assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, Some(LISTED)), "an error can be read too");
        assert_eq!(refused.header("content-type"), Some("application/problem+json"));
        for path in ["/profile", "/login", "/", "/.well-known/jwks.json"] {
            let page = browser.twin().get_with(path, &[("Origin", LISTED)]).await;
            assert!(page.header("access-control-allow-origin").is_none(), "{path} is not the API");
        }
        let body = json!({ "refresh": browser.cookie("refresh").unwrap() });
        let headers = [("Origin", LISTED), ("Sec-Fetch-Site", "cross-site")];
        let renewed = app.browser().json(Method::POST, "/api/token/refresh", &headers, Some(&body)).await;
        assert_eq!((renewed.status, renewed.header("access-control-allow-origin")), (200, Some(LISTED)));
        let cookie = browser.twin().json(Method::POST, "/api/token/refresh", &headers, None).await;
        assert_eq!(cookie.status, 403, "never by cookie");
    }
}
