//! Group H: what comes to a webhook and is no notice, and what comes with one that says nothing.

use std::time::Duration;

use fiiiiilm::config::demo;
use fiiiiilm::simulator::notices::{Notice, Variation};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::Value;

use crate::kit::{TestApp, every_provider, exchange, people};

/// Every webhook, and the kind of body it takes.
const DOORS: [(&str, &str); 5] = [
    ("/webhooks/kakao/unlink", "application/x-www-form-urlencoded"),
    ("/webhooks/kakao/events", "application/secevent+jwt"),
    ("/webhooks/naver/unlink", "application/x-www-form-urlencoded"),
    ("/webhooks/google/events", "application/secevent+jwt"),
    ("/webhooks/apple/events", "application/json"),
];

/// Long enough on any machine for what the server itself ends after ten seconds or sooner.
const PATIENCE: Duration = Duration::from_secs(60);

fn head(path: &str, kind: &str, more: &str) -> String {
    let key = demo::ADMIN_KEY;
    format!(
        "POST {path} HTTP/1.1\r\nHost: app.test\r\nAuthorization: KakaoAK {key}\r\nContent-Type: {kind}\r\n{more}\r\n"
    )
}

/// What is answered to a request whose sender stays, and that the server closes then by itself.
async fn refused(app: &TestApp, request: String) -> u16 {
    let heard = exchange(app.running.address, request.as_bytes(), PATIENCE).await;
    let line = request.lines().next().unwrap();
    assert!(heard.closed.is_some(), "{line}: still open after {}", heard.text);
    *heard.statuses().first().unwrap_or_else(|| panic!("no answer to {line}"))
}

fn whole(path: &str, kind: &str, body: &str) -> String {
    let more = format!("Content-Length: {}\r\nConnection: close\r\n", body.len());
    format!("{}{body}", head(path, kind, &more))
}

on_both! {
    with every_provider;

    async fn h07_what_is_no_event_at_all_is_refused_in_the_words_of_rfc_8935(app: TestApp) {
        app.logged_in(people::ORDINARY).await;
        let before = app.inspect().rows();
        let object = r#"{"iss":"https://kauth.kakao.com","events":{}}"#;
        for (path, kind) in DOORS.into_iter().filter(|(path, _)| path.ends_with("/events")) {
            for body in ["", "not a JWT", "a.b.c", "..", "eyJhbGciOiJub25lIn0.e30.", object, "{\"payload\":7}", "\u{0}"] {
                let heard = exchange(app.running.address, whole(path, kind, body).as_bytes(), PATIENCE).await;
                assert_eq!(heard.statuses(), [400], "{path} {body:?}: {}", heard.text);
                assert!(heard.text.to_lowercase().contains("content-type: application/json\r\n"), "{path} {body:?}: {}", heard.text);
                let said: Value = serde_json::from_str(heard.text.split("\r\n\r\n").nth(1).unwrap()).unwrap();
                assert_eq!(said["err"], "invalid_request", "{path} {body:?}");
                assert!(said["description"].as_str().is_some_and(|words| !words.is_empty()), "{path} {body:?}");
            }
        }
        assert_eq!(app.inspect().rows(), before);
    }

    async fn h09_a_statement_of_fact_is_taken_a_month_later_and_none_of_tomorrow(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let notice = Notice::KakaoEvent("sessions-revoked");
        let early = app.simulator.state().notice(notice, people::ORDINARY, Variation::WrongTime).unwrap();
        assert_eq!(app.browser().deliver(&early).await.status, 400, "ten minutes ahead");
        assert_eq!(browser.me().await.status, 200);
        let old = app.simulator.state().notice(notice, people::ORDINARY, Variation::Plain).unwrap();
        app.clock.advance(time::Duration::days(30));
        let mut later = app.logged_in(people::ORDINARY).await;
        assert_eq!(app.browser().deliver(&old).await.status, 202);
        assert_eq!(later.me().await.status, 401);
    }

    async fn h13_the_wrong_shape_is_refused_at_every_door(app: TestApp) {
        app.logged_in(people::ORDINARY).await;
        let before = app.inspect().rows();
        for (path, kind) in DOORS {
            let wrong = if path == "/webhooks/kakao/unlink" { Method::PUT } else { Method::GET };
            assert_eq!(app.browser().send(wrong, path, &[], None).await.status, 405, "{path}");
            let text = refused(&app, whole(path, "text/plain", "hello")).await;
            assert!([400, 415].contains(&text), "{path}: {text}");
            let large = whole(path, kind, &"x".repeat(10 * 1024 * 1024));
            assert_eq!(refused(&app, large).await, 413, "{path}");
            let chunks = head(path, kind, "Transfer-Encoding: chunked\r\n");
            let chunk = "1000\r\n".to_owned() + &"x".repeat(0x1000) + "\r\n";
            assert_eq!(refused(&app, chunks.clone() + &chunk.repeat(64)).await, 413, "{path}");
        }
        let begun = [("Content-Length: 100\r\n", "x"), ("Transfer-Encoding: chunked\r\n", "64\r\nx")];
        let slow = begun.into_iter().flat_map(|begun| DOORS.map(|door| (door, begun)));
        let slow = slow.map(|((path, kind), (length, first))| refused(&app, head(path, kind, length) + first));
        assert_eq!(join_all(slow).await, [408; 10]);
        assert_eq!(app.inspect().rows(), before);
    }

    async fn h14_cookies_and_origin_make_a_notice_neither_better_nor_worse(app: TestApp) {
        app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        let (key, app_id) = (format!("KakaoAK {}", demo::ADMIN_KEY), demo::APP_ID.to_string());
        let evil = [("Origin", "https://evil.test"), ("Sec-Fetch-Site", "cross-site")];
        let form = [("app_id", app_id.as_str()), ("user_id", people::ORDINARY)];
        let path = "/webhooks/kakao/unlink";
        assert_eq!(admin.send(Method::POST, path, &evil, Some(&form)).await.status, 401, "an admin's cookies are no proof");
        assert_eq!(app.inspect().rows().0, 2);
        let proved = [evil.as_slice(), &[("Authorization", key.as_str())]].concat();
        let taken = admin.send(Method::POST, path, &proved, Some(&form)).await;
        assert_eq!((taken.status, taken.set_cookies().len()), (200, 0), "{}", taken.body);
        assert_eq!(app.inspect().rows().0, 1);
        assert_eq!(admin.me().await.status, 200);
        let event = app.simulator.state().notice(Notice::KakaoEvent("sessions-revoked"), people::ADMIN, Variation::Plain);
        assert_eq!(admin.deliver(&event.unwrap()).await.status, 202, "the admin's own cookies travel along");
        assert_eq!(admin.me().await.status, 401);
    }
}
