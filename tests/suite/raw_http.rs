//! Group M: what a client can do to the connection itself. Said as bytes, because no client would send it.

use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};

use crate::kit::{Answer, TestApp, Wire, exchange, people, size};

/// No answer to a whole request takes so long.
const SOON: Duration = Duration::from_secs(3);

/// By then every connection has been closed that is closed at all, on any machine.
const ENDED: Duration = Duration::from_secs(60);

/// A request that would be answered with 200, if it were one.
const SECOND: &str = "GET /healthz HTTP/1.1\r\nHost: app.test\r\n\r\n";

fn form(headers: &str, body: &str) -> String {
    format!(
        "POST /preferences HTTP/1.1\r\nHost: app.test\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n{headers}\r\n{body}"
    )
}

fn get(headers: &str) -> String {
    format!("GET /login HTTP/1.1\r\nHost: app.test\r\n{headers}\r\n")
}

async fn honest_page(app: &TestApp) -> Duration {
    let asked = Instant::now();
    let answer: Answer = app.browser().get("/login").await;
    assert_eq!(answer.status, 200);
    asked.elapsed()
}

on_both! {
    async fn m01_m02_heads_that_are_too_large_are_refused(app: TestApp) {
        let many: String = (0..120).map(|n| format!("X-Header-{n}: x\r\n")).collect();
        let long = |bytes: usize| format!("X-Long: {}\r\n", "x".repeat(bytes));
        let cookie = format!("Cookie: {}\r\n", "a=b; ".repeat(32 * 1024 / 5));
        for (what, request, expected) in [
            ("120 headers", get(&many), [400, 431]),
            ("a header of 100 KiB", get(&long(100 * 1024)), [400, 431]),
            ("a header of 200 KiB", get(&long(200 * 1024)), [400, 431]),
            ("cookies of 32 KiB", get(&cookie), [400, 431]),
            ("a path of 8 KiB", get("").replace("/login", &format!("/{}", "p".repeat(8 * 1024))), [400, 414]),
            ("a path of 64 KiB", get("").replace("/login", &format!("/{}", "p".repeat(64 * 1024))), [400, 414]),
            ("a query of 64 KiB", get("").replace("/login", &format!("/login?{}", "q".repeat(64 * 1024))), [400, 414]),
        ] {
            let heard = exchange(app.running.address, request.as_bytes(), SOON).await;
            let statuses = heard.statuses();
            assert!(statuses.len() == 1 && expected.contains(&statuses[0]), "{what}: {statuses:?}");
        }
        honest_page(&app).await;
    }

    async fn m03_m10_bodies_that_are_too_large_or_odd_are_refused_at_once(app: TestApp) {
        let large = "x".repeat(64 * 1024);
        let chunks = format!("{}\r\n{}\r\n", "4000", "x".repeat(0x4000)).repeat(64);
        let cases = [
            ("17 KiB", form(&format!("Content-Length: {}\r\n", large.len()), &large), 413),
            ("a length nobody sends", form("Content-Length: 99999999999\r\n", "a=b"), 413),
            ("endless chunks", form("Transfer-Encoding: chunked\r\n", &chunks), 413),
            ("after 100-continue", form(&format!("Expect: 100-continue\r\nContent-Length: {}\r\n", large.len()), ""), 413),
            ("packed", form("Content-Encoding: gzip\r\nContent-Length: 3\r\n", "\x1f\x08\x08"), 415),
        ];
        for (what, request, status) in cases {
            let heard = exchange(app.running.address, request.as_bytes(), SOON).await;
            assert_eq!(heard.statuses().into_iter().find(|status| *status != 100), Some(status), "{what}: {}", heard.text);
        }
        // Neither is the connection held for the rest of what nobody reads.
        for path in ["/preferences", "/logout", "/healthz", "/nowhere"] {
            let unread = form("Transfer-Encoding: chunked\r\n", &chunks).replace("/preferences", path);
            for request in [unread.clone(), unread.replace("Host: app.test", "Host: evil.test")] {
                let heard = exchange(app.running.address, request.as_bytes(), ENDED).await;
                assert!(heard.closed.is_some(), "{path} is still open after {}", heard.text);
            }
        }
        let negative = exchange(app.running.address, form("Content-Length: -1\r\n", "").as_bytes(), SOON).await;
        assert_eq!(negative.statuses(), [400]);
        honest_page(&app).await;
    }

    async fn m05_no_byte_in_a_request_breaks_anything(app: TestApp) {
        let cookie = app.logged_in(people::ORDINARY).await.cookie_header("app").unwrap();
        for (what, request) in [
            ("path", b"GET /a%00b%ff%c0%af HTTP/1.1\r\nHost: app.test\r\n\r\n".to_vec()),
            ("provider", b"GET /login/kakao%00 HTTP/1.1\r\nHost: app.test\r\n\r\n".to_vec()),
            ("query", b"GET /login?next=%00%ff%c0%af HTTP/1.1\r\nHost: app.test\r\n\r\n".to_vec()),
            ("callback", b"GET /login/kakao/callback?code=%00&state=%ff HTTP/1.1\r\nHost: app.test\r\n\r\n".to_vec()),
            ("raw path", b"GET /\xff\xfe HTTP/1.1\r\nHost: app.test\r\n\r\n".to_vec()),
            ("NUL in a header", b"GET /login HTTP/1.1\r\nHost: app.test\r\nX-A: a\0b\r\n\r\n".to_vec()),
            ("cookie", [b"GET /profile HTTP/1.1\r\nHost: app.test\r\nCookie: a=\xff\xc0\xaf; ", cookie.as_bytes(), b"\r\n\r\n"].concat()),
            ("language", b"GET /login HTTP/1.1\r\nHost: app.test\r\nAccept-Language: \xff\xfe;q=\xc0\r\n\r\n".to_vec()),
            ("agent", b"GET /login/kakao HTTP/1.1\r\nHost: app.test\r\nUser-Agent: \xff\xfe\xc0\xaf\r\n\r\n".to_vec()),
        ] {
            let heard = exchange(app.running.address, &request, Duration::from_millis(500)).await;
            let statuses = heard.statuses();
            assert!(statuses.len() == 1 && statuses[0] < 500, "{what}: {statuses:?}");
            assert!(what != "cookie" || statuses == [200], "our own cookie beside it counts: {statuses:?}");
        }
    }

    async fn m07_no_second_request_hides_in_a_first(app: TestApp) {
        let folded = format!("GET /login HTTP/1.1\r\nHost: app.test\r\nX-A: b\r\n c\r\n\r\n{SECOND}");
        let cases = [
            ("length and chunks", form("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
            ("chunks and length", form("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n")),
            ("chunked twice", form("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
            ("chunked, identity", form("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")),
            ("xchunked", form("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")),
            ("two lengths", form("Content-Length: 0\r\nContent-Length: 5\r\n", "")),
            ("a list of lengths", form("Content-Length: 0, 5\r\n", "")),
            ("+0", form("Content-Length: +0\r\n", "")),
            ("a blank before the colon", form("Content-Length : 5\r\n", "")),
            ("chunks that end in LF", form("Transfer-Encoding: chunked\r\n", "1\na\n0\n\n")),
            ("a negative chunk", form("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n")),
            ("a chunk too large to count", form("Transfer-Encoding: chunked\r\n", "10000000000000000\r\n\r\n")),
        ];
        let cases = cases.into_iter().map(|(what, first)| (what, first + SECOND)).chain([("a folded header", folded)]);
        for (what, request) in cases {
            let heard = exchange(app.running.address, request.as_bytes(), SOON).await;
            assert_eq!(heard.statuses(), [400], "{what}: {}", heard.text);
            assert!(heard.closed.is_some(), "{what}: the connection stays open");
        }
        let two = format!("{SECOND}{SECOND}");
        let heard = exchange(app.running.address, two.as_bytes(), Duration::from_millis(500)).await;
        assert_eq!(heard.statuses(), [200, 200], "two honest ones are two");
    }

    async fn m08_every_request_has_one_host(app: TestApp) {
        for (what, request, expected) in [
            ("none", "GET / HTTP/1.1\r\n\r\n", 400),
            ("two", "GET / HTTP/1.1\r\nHost: app.test\r\nHost: evil.test\r\n\r\n", 400),
            ("empty", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 302),
            ("a path in it", "GET / HTTP/1.1\r\nHost: app.test/evil\r\n\r\n", 302),
        ] {
            let heard = exchange(app.running.address, request.as_bytes(), Duration::from_millis(500)).await;
            assert_eq!(heard.statuses().len(), 1, "{what}");
            let status = heard.statuses()[0];
            assert!(status == expected || status == 400 || status == 421, "{what}: {}", heard.text);
            assert!(!heard.text.contains("evil"), "{what}: {}", heard.text);
        }
    }

    async fn m09_slow_clients_are_cut_and_hold_nobody(app: TestApp) {
        let count = size(40, 300);
        let address = app.running.address;
        let slow = |head: String, drop_by_drop: &'static [u8], limit: Duration| async move {
            let begun = Instant::now();
            let mut wire = Wire::open(address).await;
            wire.say(head.as_bytes()).await;
            let mut heard = wire.hear(Duration::from_millis(700)).await;
            let mut said = heard.text.clone();
            while heard.closed.is_none() && begun.elapsed() < limit {
                wire.say(drop_by_drop).await;
                heard = wire.hear(Duration::from_millis(700)).await;
                said += &heard.text;
            }
            assert!(heard.closed.is_some(), "open for {:?}: {said}", begun.elapsed());
            said
        };
        let heads = (0..count).map(|_| slow("GET /login HTTP/1.1\r\nHost: app.test\r\n".into(), b"X-A: b\r\n", Duration::from_secs(10)));
        let body = form("Content-Length: 4000\r\n", "theme=");
        let bodies = (0..count).map(|_| slow(body.clone(), b"x", Duration::from_secs(15)));
        let logout = body.replace("/preferences", "/logout");
        let unread = (0..count).map(|_| slow(logout.clone(), b"x", Duration::from_secs(15)));
        let honest = async {
            for _ in 0..20 {
                assert!(honest_page(&app).await < SOON, "honest people wait for slow ones");
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        };
        let all = join(join_all(heads), join(join_all(bodies), join_all(unread)));
        let ((heads, (bodies, _)), ()) = join(all, honest).await;
        assert!(heads.iter().all(|said| said.is_empty() || said.contains("408")), "{heads:?}");
        assert!(bodies.iter().all(|said| said.contains("HTTP/1.1 408")), "{:?}", bodies.first());
        honest_page(&app).await;
    }

    async fn a_body_that_takes_four_seconds_is_not_the_databases_fault(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let mut wire = Wire::open(app.running.address).await;
        let head = form("Content-Length: 15\r\n", "display").replace("/preferences", "/profile");
        let cookie = format!("Cookie: {}\r\nContent-Length", browser.cookie_header("app").unwrap());
        wire.say(head.replace("Content-Length", &cookie).as_bytes()).await;
        tokio::time::sleep(Duration::from_secs(4)).await;
        wire.say(b"_name=xy").await;
        assert_eq!(wire.hear(SOON).await.statuses(), [303]);
        assert!(browser.get("/profile").await.body.contains("xy"));
    }

    async fn m14_each_of_many_pipelined_answers_is_its_own(app: TestApp) {
        let cookie = app.logged_in(people::ORDINARY).await.cookie_header("app").unwrap();
        let known = format!("GET /api/me HTTP/1.1\r\nHost: app.test\r\nCookie: {cookie}\r\n\r\n");
        let stranger = "GET /api/me HTTP/1.1\r\nHost: app.test\r\n\r\n".to_owned();
        let both = format!("{known}{stranger}").repeat(500);
        let last = stranger.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        let heard = exchange(app.running.address, format!("{both}{last}").as_bytes(), Duration::from_secs(20)).await;
        let expected: Vec<u16> = [200, 401].repeat(500).into_iter().chain([401]).collect();
        assert_eq!(heard.statuses(), expected);
    }
}
