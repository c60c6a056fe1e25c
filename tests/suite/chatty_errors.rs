//! Q10: whatever breaks inside, who asks is told that it broke and by which name to ask about it, and nothing else.

use std::collections::BTreeSet;
use std::fs;

use reqwest::Method;
use serde_json::{Value, json};

use crate::kit::{Answer, Browser, TestApp, people};
use crate::leaving::id_of;

/// What an answer may not hold: words of databases, of this program's insides, of its language.
const INSIDES: [&str; 22] = [
    "broken_",
    "no such table",
    "no such column",
    "does not exist",
    "relation",
    "constraint",
    "syntax",
    "sql",
    "SQL",
    "sqlite",
    "postgres",
    "Postgres",
    "diesel",
    "Diesel",
    "src/",
    ".rs:",
    "fiiiiilm::",
    "panicked",
    "backtrace",
    "thread '",
    "DatabaseError",
    "/tmp/",
];

/// What is asked of nearly every row.
const COLUMNS: [(&str, &str); 3] = [("users", "standing"), ("sessions", "counter"), ("identities", "nickname")];

fn tables() -> Vec<String> {
    let schema = fs::read_to_string("src/db/schema.rs").unwrap();
    let names = schema.split("diesel::table! {").skip(1).filter_map(|rest| rest.split('(').next());
    let names: Vec<String> = names.map(|name| name.trim().to_owned()).collect();
    assert!(names.len() >= 15, "{names:?}");
    names
}

/// Everything that can be asked for without changing much, as an admin. But the list as a file: it is on its way already when
/// something breaks, and is cut off.
async fn ask(admin: &mut Browser, own: &str) -> Vec<(String, Answer)> {
    let pages = [
        "/",
        "/login",
        "/login/kakao",
        "/profile",
        "/profile/sessions",
        "/profile/identities",
        "/profile/export",
        "/profile/delete",
        "/admin",
        "/admin/users",
        "/admin/users?q=%EA%B8%B8%EB%8F%99",
        "/admin/audit",
        "/admin/audit?actor=system",
        "/admin/outbox",
        "/api/me",
        "/api/sessions",
        "/.well-known/jwks.json",
        "/readyz",
        "/login/kakao/callback?code=x&state=y",
    ];
    let mut answers = Vec::new();
    for page in pages.map(str::to_owned).into_iter().chain([format!("/admin/users/{own}")]) {
        let answer = admin.get(&page).await;
        answers.push((page, answer));
    }
    let saved = admin.post("/profile", &[("display_name", "새 이름")]).await;
    answers.push(("POST /profile".into(), saved));
    let banned = admin.post(&format!("/admin/users/{own}/end-sessions"), &[("reason", "Q10")]).await;
    answers.push(("POST /admin/users/…/end-sessions".into(), banned));
    let body = json!({ "refresh": admin.cookie("refresh").unwrap_or_default() });
    let refreshed = admin.json(Method::POST, "/api/token/verify", &[], Some(&body)).await;
    answers.push(("POST /api/token/verify".into(), refreshed));
    answers
}

/// Says that it broke, by which name to ask about it, and nothing of how. True where it broke.
fn broke(fault: &str, page: &str, answer: &Answer) -> bool {
    if answer.status < 500 {
        return false;
    }
    let id = answer.header("x-request-id").unwrap_or_else(|| panic!("{fault}: {page} has no id"));
    for inside in INSIDES {
        assert!(!answer.body.contains(inside), "{fault}: {page} says {inside:?}: {}", answer.body);
        let said = answer.headers.values().any(|value| String::from_utf8_lossy(value.as_bytes()).contains(inside));
        assert!(!said, "{fault}: a header of {page} says {inside:?}: {:?}", answer.headers);
    }
    if answer.header("content-type").is_some_and(|kind| kind.starts_with("application/problem+json")) {
        let problem: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(problem["request_id"], id, "{fault}: {page}: {}", answer.body);
        assert!(["internal", "unavailable"].contains(&problem["code"].as_str().unwrap()), "{fault}: {}", answer.body);
    } else if page != "/readyz" {
        assert!(answer.body.contains(id), "{fault}: {page} does not name its request: {}", answer.body);
    }
    true
}

on_both! {
    async fn q10_no_answer_tells_what_broke_inside(app: TestApp) {
        let mut broken = BTreeSet::new();
        let tables = tables().into_iter().map(|table| {
            let rename = |from: &str, to: &str| format!("alter table {from} rename to {to}");
            let hidden = format!("broken_{table}");
            (rename(&table, &hidden), rename(&hidden, &table), table)
        });
        let columns = COLUMNS.map(|(table, column)| {
            let rename = |from: &str, to: &str| format!("alter table {table} rename column {from} to {to}");
            let hidden = format!("broken_{column}");
            (rename(column, &hidden), rename(&hidden, column), format!("{table}.{column}"))
        });
        for (there, back, fault) in tables.chain(columns) {
            let mut admin = app.logged_in(people::ADMIN).await;
            let own = id_of(&mut admin).await;
            app.inspect().execute(&there);
            // Its token is not remembered, so the person has to be read.
            let mut stranger = admin.twin();
            stranger.forget_cookie("access");
            for browser in [&mut admin, &mut stranger] {
                for (page, answer) in ask(browser, &own).await {
                    if broke(&fault, &page, &answer) {
                        broken.insert(fault.clone());
                    }
                }
            }
            app.inspect().execute(&back);
        }
        for fault in ["users", "identities", "sessions", "audit_events", "outbox", "user_facets", "users.standing", "sessions.counter"] {
            assert!(broken.contains(fault), "nothing broke without {fault}: {broken:?}");
        }
        assert_eq!(app.logged_in(people::ADMIN).await.get("/admin").await.status, 200, "and all is well again");
    }
}
