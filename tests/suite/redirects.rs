//! Group J: a login leads back here or nowhere.

use url::Url;

use crate::kit::{TestApp, people};

/// What is tried as `next`; each must fall back to the profile.
const HOSTILE: &[&str] = &[
    "//evil.test",
    "///evil.test",
    "////evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "/\\/evil.test",
    "\\/evil.test",
    "/\t/evil.test",
    "/\n/evil.test",
    "/\r/evil.test",
    " //evil.test",
    "\t//evil.test",
    "/%09/evil.test",
    "/%0a/evil.test",
    "/%0d%0aLocation:%20//evil.test",
    "/%5cevil.test",
    "/%2fevil.test",
    "/%2f%2fevil.test",
    "%2f%2fevil.test",
    "/..//evil.test",
    "/.//evil.test",
    "/a/..//evil.test",
    "/%2e%2e//evil.test",
    "/a/%2e%2e/%2fevil.test",
    "https:evil.test",
    "https:/evil.test",
    "https://evil.test",
    "http://evil.test",
    "HTTPS://evil.test",
    "ftp://evil.test",
    "@evil.test",
    ".evil.test",
    ":443@evil.test",
    "%2eevil.test",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "/／evil.test",
    "／／evil.test",
    "/。。/evil.test",
    "/\u{0}evil",
    "/evil\u{0}",
    "https://app.test@evil.test/",
    "https://app.test.evil.test/",
    "https://app.test:8443/",
    "https://evil.test/https://app.test/",
    "https://app.test\\@evil.test",
    "//app.test@evil.test",
    "//evil.test/%2f..",
    "/\u{2028}/evil.test",
    "/\u{feff}/evil.test",
    "/%e2%80%a8/../..//evil.test",
    "http:evil.test",
    "https:///evil.test",
    "https:\\evil.test",
    "/;//evil.test",
    "/.evil.test/../..//x",
    "//\u{200b}evil.test",
    "?next=//evil.test",
    "#//evil.test",
    "evil.test",
    "./evil.test",
    "../evil.test",
];

fn encoded(next: &str) -> String {
    url::form_urlencoded::byte_serialize(next.as_bytes()).collect()
}

on_both! {
    async fn j01_j02_j04_j05_a_hostile_next_leads_to_the_profile(app: TestApp) {
        let base = Url::parse("https://app.test/login/kakao/callback").unwrap();
        for next in HOSTILE {
            let mut browser = app.browser();
            let callback = browser.until_callback(&format!("/login/kakao?next={}", encoded(next)), people::ORDINARY).await;
            let location = browser.get(&callback).await.location().to_owned();
            let landed = base.join(&location).unwrap();
            assert_eq!(landed.origin().ascii_serialization(), "https://app.test", "{next:?} → {location}");
            assert!(!location.starts_with("//") && !location.contains('\\') && location.is_ascii(), "{next:?} → {location}");
            assert!(location == "/profile" || *next == "/;//evil.test", "{next:?} → {location}");
        }
    }

    async fn j01_the_login_page_hands_no_hostile_next_on(app: TestApp) {
        for next in HOSTILE {
            let page = app.browser().get(&format!("/login?next={}", encoded(next))).await;
            assert_eq!(page.status, 200, "{next:?}");
            let links = page.body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
            assert!(links.into_iter().all(|link| !link.contains("evil")) || *next == "/;//evil.test", "{next:?}");
        }
    }

    async fn j03_only_the_sealed_target_counts(app: TestApp) {
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao?next=/admin", people::ORDINARY).await;
        let answer = browser.get(&format!("{callback}&next=//evil.test&redirect=/x&redirect_uri=//evil.test")).await;
        assert_eq!(answer.location(), "/admin");
    }

    async fn j06_a_target_cannot_split_the_header(app: TestApp) {
        for next in ["/%0d%0aSet-Cookie:%20x=1", "/\r\nSet-Cookie: x=1", "/嘊嘍Set-Cookie:x=1"] {
            let mut browser = app.browser();
            let callback = browser.until_callback(&format!("/login/kakao?next={}", encoded(next)), people::ORDINARY).await;
            let answer = browser.get(&callback).await;
            assert_eq!(answer.headers.get_all("location").iter().count(), 1);
            assert!(!answer.set_cookies().iter().any(|line| line.starts_with("x=")), "{next:?}");
        }
    }

    async fn j07_a_target_that_would_loop_is_ignored(app: TestApp) {
        for next in ["/logout", "/login", "/login/kakao", "/login/kakao/callback?code=x", "/auth/verify", "/webhooks/kakao/unlink"] {
            let mut browser = app.browser();
            let callback = browser.until_callback(&format!("/login/kakao?next={}", encoded(next)), people::ORDINARY).await;
            assert_eq!(browser.get(&callback).await.location(), "/profile", "{next}");
        }
    }

    async fn j08_j09_forms_answer_303_and_the_referer_leads_nowhere(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let headers = [("Sec-Fetch-Site", "same-origin"), ("Referer", "https://evil.test/")];
        let answer = browser.send(reqwest::Method::POST, "/preferences", &headers, Some(&[("theme", "paper")])).await;
        assert_eq!((answer.status, answer.location()), (303, "/"));
        let answer = browser.send(reqwest::Method::POST, "/logout", &headers, Some(&[])).await;
        assert_eq!((answer.status, answer.location()), (303, "/logout/done"));
    }

    async fn a04_the_host_header_steers_nothing(app: TestApp) {
        let mut browser = app.browser();
        let sent = browser.get_with("/login/kakao?next=/admin", &[("Host", "evil.test")]).await;
        assert_eq!((sent.status, sent.location()), (302, "https://app.test/login/kakao?next=/admin"));
        let again = browser.get_with("/login/kakao", &[("Host", "evil.test")]).await;
        assert_eq!(again.status, 421, "a proxy that rewrites Host is told so instead of sent in circles");
        let forwarded = [("X-Forwarded-Host", "evil.test"), ("Forwarded", "host=evil.test;proto=http"), ("X-Forwarded-Proto", "http")];
        let started = app.browser().get_with("/login/kakao", &forwarded).await;
        assert!(started.location().contains("redirect_uri=https%3A%2F%2Fapp.test%2Flogin%2Fkakao%2Fcallback"), "{}", started.location());
        assert_eq!(app.browser().get_with("/api/me", &[("Host", "evil.test")]).await.status, 421);
        for path in ["/healthz", "/readyz"] {
            assert_eq!(app.browser().get_with(path, &[("Host", "evil.test")]).await.status, 200, "{path}");
        }
    }
}
