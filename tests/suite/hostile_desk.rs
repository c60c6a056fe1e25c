//! L07: whatever is written into any parameter of any route of the admin's desk is a value. The routes are those of
//! `who_may.md`, so a new one is attacked without anybody thinking of it.

use std::collections::BTreeSet;

use fiiiiilm::db::Conn;
use fiiiiilm::users;
use fiiiiilm::users::{NewIdentity, NewUser};
use reqwest::Method;

use crate::kit::{Answer, Browser, ORIGIN, TestApp, people};
use crate::paging::ids;

const TABLE: &str = include_str!("who_may.md");

/// In whatever would run if it were not a value.
const MARK: &str = "zq9x";

/// Of SQL, FTS5, tsquery and arrays, HTML, templates, and numbers.
const TEXTS: [&str; 48] = [
    "'",
    "' or '1'='1",
    "'; drop table users;--",
    "') union select 1,2,3--",
    "\\'",
    "$1",
    "?1",
    ":name",
    "%",
    "_",
    "a%b_c",
    "0x27",
    "1e9",
    "-1",
    "NaN",
    "\"",
    "\"\"",
    "*",
    "김*",
    "kim*",
    "NEAR(",
    "NEAR(kim lee, 2)",
    "kim AND lee",
    "-kim",
    "^kim",
    "name:kim",
    "{name email}:kim",
    "(kim",
    "kim + lee",
    "kim OR",
    "kim NOT lee",
    "kim & !lee",
    "kim:*",
    "kim <-> lee",
    "{kim,lee}",
    "{\"kim\"}",
    "\\",
    "null",
    "<zq9x>",
    "\"><img src=x onerror=zq9x>",
    "' onfocus='zq9x",
    "\" onfocus=\"zq9x",
    "</title><script>zq9x</script>",
    "javascript:zq9x",
    "<!--zq9x",
    "{{zq9x}}${7*7}",
    "..\\..\\zq9x",
    "김\u{202E}zq9x\u{FEFF}",
];

/// Bytes that are no value at all: line ends, NUL, no UTF-8, far too much.
fn rough() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = [
        &b"x\r\nX-Zq9x: 1"[..],
        b"\nSet-Cookie: zq9x=1",
        b"\r\n\r\n<zq9x>",
        b"\0",
        b"kim\0lee",
        b"\x1b[2Jzq9x",
        b"\xff",
        b"kim\xff",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xe2\x80",
    ]
    .map(<[u8]>::to_vec)
    .to_vec();
    all.extend(["a".repeat(400), "가".repeat(2_000), "'".repeat(20_000)].map(String::into_bytes));
    all
}

pub(crate) fn hostile() -> Vec<Vec<u8>> {
    TEXTS.iter().map(|text| text.as_bytes().to_vec()).chain(rough()).collect()
}

/// Every route of the desk, from the table.
pub(crate) fn routes() -> Vec<(Method, String)> {
    let rows = TABLE.lines().filter_map(|line| {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let (method, path) = (cells.next()?, cells.next()?.trim_matches('`'));
        path.starts_with("/admin").then(|| (Method::from_bytes(method.as_bytes()).unwrap(), path.to_owned()))
    });
    let routes: Vec<_> = rows.collect();
    assert!(routes.len() >= 29, "{routes:?}");
    routes
}

/// What the list reads as a page or as a file.
const LIST: [&str; 14] = [
    "q",
    "status",
    "role",
    "provider",
    "email",
    "joined_from",
    "joined_to",
    "seen_from",
    "seen_to",
    "sort",
    "after",
    "before",
    "done",
    "reason",
];

/// What each route reads, by the end of its path.
const READ: [(&str, &[&str]); 11] = [
    ("/admin/users", &LIST),
    ("/admin/users.csv", &LIST),
    ("/admin/audit", &["q", "action", "actor", "after"]),
    ("/admin/outbox", &["state", "after"]),
    ("/admin/users/{id}", &["done"]),
    ("/admin/users/{id}/approve", &[]),
    ("/admin/users/{id}/unban", &[]),
    ("/admin/users/{id}/end-sessions", &[]),
    ("/admin/users/{id}/role", &["role"]),
    ("/admin/users/{id}/ban", &["reason"]),
    ("/admin/users/{id}/delete", &["confirm"]),
];

/// Every name that is read anywhere, and some that are not.
fn names() -> BTreeSet<&'static str> {
    READ.iter().flat_map(|(_, names)| *names).copied().chain(["limit", "offset", "page", "order", "x"]).collect()
}

pub(crate) fn encoded(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02X}")).collect()
}

fn short(bytes: &[u8]) -> String {
    encoded(&bytes[..bytes.len().min(30)])
}

/// A request with the same pairs where its method has them.
pub(crate) async fn ask(browser: &mut Browser, method: &Method, path: &str, pairs: &[(&str, &[u8])]) -> Answer {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if *method == Method::POST {
        return browser.post_raw(path, &pairs.join("&")).await;
    }
    let path = if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) };
    browser.send(method.clone(), &path, &[("Sec-Fetch-Site", "same-origin"), ("Origin", ORIGIN)], None).await
}

/// Nothing failed, nothing ran, nothing was taken for markup or for a header.
pub(crate) fn assert_harmless(answer: &Answer, what: &str, hostile: &[u8]) {
    let text = String::from_utf8_lossy(hostile);
    let what = format!("{what} with {:?}", text.chars().take(40).collect::<String>());
    assert!(answer.status < 500, "{what}: {} {}", answer.status, answer.body);
    // A file is not read as markup: it says what it is, and nobody may guess (L09, K rows).
    let markup = !answer.header("content-type").is_some_and(|kind| kind.starts_with("text/csv"));
    if markup && text.contains(MARK) && text.contains(['<', '>', '"', '\'']) {
        assert!(!answer.body.contains(&*text), "{what} comes back as it was: {}", answer.body);
    }
    let body = answer.body.to_lowercase();
    for told in ["href=\"javascript:", "syntax error", "sqlite", "postgres", "fts5", "tsquery", "panicked", "49zq9x"] {
        assert!(!body.contains(told), "{what} says {told}: {}", answer.body);
    }
    assert!(answer.header("x-zq9x").is_none(), "{what} became a header");
    assert!(answer.set_cookies().iter().all(|line| !line.contains(MARK)), "{what} became a cookie");
    let location = answer.header("location").unwrap_or("/");
    assert!(location.starts_with('/') && !location.starts_with("//"), "{what} leads to {location}");
}

/// Somebody for each text, whose name it is, and whoever acts are done to.
pub(crate) fn inhabit(app: &TestApp) -> String {
    let (mut inspect, now) = (app.inspect(), app.clock.now());
    let add = |conn: &mut Conn, name: &str, at: usize| {
        let user = users::insert_user(conn, &NewUser { name: Some(name.to_owned()), picture: None }, now).unwrap();
        let subject = format!("hostile-{at}");
        users::insert_identity(conn, &NewIdentity { user_id: &user, provider: "kakao", subject: &subject }, now)
            .unwrap();
        users::index_new(conn, &user).unwrap();
        user.to_string()
    };
    for (at, text) in TEXTS.iter().enumerate() {
        add(inspect.conn(), text, at);
    }
    add(inspect.conn(), "윤대상", TEXTS.len())
}

/// The number of people, of admins, and of those who are let in.
fn census(app: &TestApp) -> (i64, i64) {
    let mut inspect = app.inspect();
    (
        inspect.number("select count(*) as n from users"),
        inspect.number("select count(*) as n from users where role = 'admin'"),
    )
}

on_both! {
    async fn l07_every_parameter_of_every_route_is_a_value(app: TestApp) {
        let target = inhabit(&app);
        let mut admin = app.logged_in(people::ADMIN).await;
        let (before, all) = (census(&app), routes());
        let known: BTreeSet<&str> = READ.iter().map(|(path, _)| *path).collect();
        assert!(known.iter().all(|path| all.iter().any(|(_, there)| there == path)), "READ names a route that is gone");
        for value in hostile() {
            // A login is fresh for ten minutes, which a busy machine may need for all of this.
            admin.log_in(people::ADMIN).await;
            for (method, pattern) in &all {
                let path = pattern.replace("{id}", &target);
                // Beyond that no client makes an address of it.
                if value.len() < 1_000 {
                    let pairs: Vec<(&str, &[u8])> = names().into_iter().map(|name| (name, &value[..])).collect();
                    let answer = ask(&mut admin, method, &path, &pairs).await;
                    assert_harmless(&answer, &format!("{method} {pattern}, all at once,"), &value);
                }
                if *method != Method::HEAD {
                    for name in READ.iter().find(|(known, _)| known == pattern).map_or(&[][..], |(_, names)| names) {
                        let answer = ask(&mut admin, method, &path, &[(name, &value)]).await;
                        assert_harmless(&answer, &format!("{method} {pattern} {name}"), &value);
                    }
                }
                if pattern.contains("{id}") {
                    let path = pattern.replace("{id}", &encoded(&value));
                    let answer = ask(&mut admin, method, &path, &[("role", b"user")]).await;
                    assert_harmless(&answer, &format!("{method} {pattern}, its id,"), &value);
                    assert!([400, 404, 414].contains(&answer.status), "{method} {pattern} {}: {}", short(&value), answer.status);
                }
            }
        }
        assert_eq!(census(&app), before, "nobody came, went, or rose");
    }

    async fn l07_a_hostile_filter_finds_nobody_or_is_refused(app: TestApp) {
        inhabit(&app);
        let mut admin = app.logged_in(people::ADMIN).await;
        let (_, lists) = READ[0];
        let chosen = ["status", "role", "email", "joined_from", "joined_to", "seen_from", "seen_to", "sort", "after", "before"];
        for value in hostile() {
            for name in lists.iter().filter(|name| chosen.contains(*name)) {
                let answer = ask(&mut admin, &Method::GET, "/admin/users", &[(name, &value)]).await;
                assert!([400, 414].contains(&answer.status), "{name}={}: {}", short(&value), answer.status);
            }
            let of = ask(&mut admin, &Method::GET, "/admin/users", &[("provider", &value)]).await;
            assert!([400, 414].contains(&of.status) || of.status == 200 && ids(&of).is_empty(), "{}: {}", short(&value), of.status);
            for (name, refused) in [("action", true), ("after", true), ("q", false), ("actor", false)] {
                let answer = ask(&mut admin, &Method::GET, "/admin/audit", &[(name, &value)]).await;
                let lines = answer.body.matches("<tr role=\"row\">").count();
                let nothing = [400, 414].contains(&answer.status) || !refused && answer.status == 200 && lines <= 1;
                assert!(nothing, "{name}={}: {} {lines}", short(&value), answer.status);
            }
            for name in ["state", "after"] {
                let answer = ask(&mut admin, &Method::GET, "/admin/outbox", &[(name, &value)]).await;
                assert!([400, 414].contains(&answer.status), "{name}={}: {}", short(&value), answer.status);
            }
        }
    }

    async fn l07_a_hostile_search_finds_whom_it_names_and_nobody_else(app: TestApp) {
        inhabit(&app);
        let mut admin = app.logged_in(people::ADMIN).await;
        let everybody = app.inspect().lines("select id || ' ' || name as s from users order by seq desc");
        let mut found = 0;
        for text in TEXTS {
            let page = ask(&mut admin, &Method::GET, "/admin/users", &[("q", text.as_bytes())]).await;
            assert_eq!(page.status, 200, "{text}");
            let wanted: Vec<&str> = everybody.iter().filter_map(|line| {
                let (id, name) = line.split_once(' ')?;
                named(text, name).then_some(id)
            }).collect();
            assert_eq!(ids(&page), wanted, "{text}");
            found += wanted.len();
        }
        assert!(found >= 30, "only {found}");
    }
}

/// What a search means, said once more and by other words: every part of it occurs in the name, however large its letters
/// are and whatever nobody sees; and one of its parts is long enough.
fn named(searched: &str, name: &str) -> bool {
    let plain = |text: &str| -> String {
        let seen = text.chars().filter(|c| !c.is_whitespace() && !['\u{202E}', '\u{FEFF}'].contains(c));
        seen.collect::<String>().to_lowercase()
    };
    let identity = searched.split_once(':').is_some_and(|(before, after)| {
        !before.is_empty() && before.bytes().all(|b| b.is_ascii_lowercase()) && !after.contains(' ')
    });
    let parts: Vec<String> = searched.split_whitespace().map(plain).collect();
    let long_enough = |part: &String| !part.is_ascii() || part.len() >= 3;
    !identity && parts.iter().any(long_enough) && parts.iter().all(|part| plain(name).contains(part.as_str()))
}
