//! Events out: each once, with what belongs into it and nothing about a person, under a signature that others can check.

use std::path::PathBuf;

use fiiiiilm::clock::unix_seconds;
use serde_json::{Value, json};

use crate::fresh_login::onward;
use crate::kit::{Backend, Browser, CANARY, Receiver, SECRET, Setting, TestApp, Told, people};
use crate::outbox::until;
use crate::verifiers::{ask, place};

const LAPTOP: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/18.0 Mobile/15E148 Safari/604.1";

/// The site, and a program that listens to it.
pub(crate) async fn listened_to(backend: Backend, more: &[Setting]) -> (TestApp, Receiver) {
    let receiver = Receiver::start();
    let app = TestApp::start_with(backend, &[&receiver.settings(), more].concat()).await;
    (app, receiver)
}

/// Events in this state.
pub(crate) fn in_state(app: &TestApp, state: &str) -> i64 {
    let query = format!("select count(*) as n from outbox where kind = 'event' and state = '{state}'");
    app.inspect().number(&query)
}

/// Waits until nothing is left to tell.
pub(crate) async fn all_told(app: &TestApp) {
    until("all told", || in_state(app, "waiting") == 0).await;
}

/// The README's sample, as it stands there.
fn sample() -> String {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let section = readme.split("## Events for programs of yours").nth(1).expect("the section");
    section.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a sample").to_owned()
}

/// What Python makes of these, by the README's sample and its own `hmac`.
fn heard_by_python(secret: &str, requests: &[Value]) -> Vec<Value> {
    let script: PathBuf = place().join("events.py");
    let asked = json!({ "sample": sample(), "secret": secret, "requests": requests });
    let (well, said) = ask("python3".into(), script, &asked);
    assert!(well, "{said}");
    serde_json::from_str(&said).expect(&said)
}

fn as_request(told: &Told, now: i64) -> Value {
    let headers: serde_json::Map<String, Value> =
        told.headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    json!({ "headers": headers, "body": told.body, "now": now })
}

/// Each is signed, for whoever knows the secret, and was sent at about this moment.
pub(crate) fn assert_signed(told: &[Told], now: i64) {
    let requests: Vec<Value> = told.iter().map(|told| as_request(told, now)).collect();
    let expected: Vec<Value> = told.iter().map(Told::json).collect();
    assert_eq!(heard_by_python(SECRET, &requests), expected);
}

async fn id_of(browser: &mut Browser) -> String {
    let me: Value = serde_json::from_str(&browser.me().await.body).unwrap();
    me["id"].as_str().unwrap().to_owned()
}

/// A login by a browser that calls itself so.
async fn log_in_with(app: &TestApp, subject: &str, agent: &str) -> Browser {
    let mut browser = app.browser();
    let callback = browser.until_callback("/login/kakao", subject).await;
    let answer = browser.get_with(&callback, &[("User-Agent", agent)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser
}

/// What was told of this person: kinds and the members beside `user_id`, sorted.
fn told_of(receiver: &Receiver, user: &str) -> Vec<(String, Value)> {
    let mut found: Vec<(String, Value)> = Vec::new();
    for told in receiver.understood() {
        let mut event = told.json();
        let names: Vec<&String> = event.as_object().unwrap().keys().collect();
        assert_eq!(names, ["data", "timestamp", "type"], "{}", told.body);
        let data = event["data"].as_object_mut().unwrap();
        if data.remove("user_id").expect("of whom") == user {
            found.push((told.kind(), Value::Object(data.clone())));
        }
    }
    found.sort_by_key(|(kind, data)| (kind.clone(), data.to_string()));
    found
}

fn one(app: &TestApp, query: &str) -> String {
    let lines = app.inspect().lines(query);
    assert_eq!(lines.len(), 1, "{query}: {lines:?}");
    lines[0].clone()
}

async fn a_life(backend: Backend) {
    let (app, receiver) = listened_to(backend, &[]).await;
    let mut mina = log_in_with(&app, people::ORDINARY, LAPTOP).await;
    let user = id_of(&mut mina).await;
    let first = one(&app, "select id as s from identities");
    let link = mina.post("/profile/identities/kakao/link", &[]).await;
    let callback = mina.consent(&onward(&link), people::NO_EMAIL, "agree").await;
    for _ in 0..2 {
        assert_eq!(mina.get(&callback).await.status, 303, "the reload is the same link");
    }
    let second = one(&app, &format!("select id as s from identities where subject = '{}'", people::NO_EMAIL));
    log_in_with(&app, people::ORDINARY, &LAPTOP.replace("140", "151")).await;
    log_in_with(&app, people::ORDINARY, PHONE).await;
    let session = one(&app, &format!("select id as s from sessions where user_agent = '{PHONE}'"));
    log_in_with(&app, people::NO_EMAIL, PHONE).await;
    let unlinked = mina.post(&format!("/profile/identities/{second}/unlink"), &[]).await;
    assert_eq!(unlinked.status, 200, "{}", unlinked.body);
    let left = mina.post("/profile/delete", &[]).await;
    assert_eq!(left.status, 200, "{}", left.body);
    all_told(&app).await;
    let kakao = |id: &str| json!({ "identity_id": id, "provider": "kakao" });
    let mut expected = vec![
        ("user.created".to_owned(), json!({ "standing": "active" })),
        ("identity.linked".to_owned(), kakao(&first)),
        ("identity.linked".to_owned(), kakao(&second)),
        ("login.new_device".to_owned(), json!({ "session_id": session })),
        ("identity.unlinked".to_owned(), kakao(&second)),
        ("identity.unlinked".to_owned(), kakao(&first)),
        ("user.deleted".to_owned(), json!({})),
    ];
    expected.sort_by_key(|(kind, data)| (kind.clone(), data.to_string()));
    assert_eq!(told_of(&receiver, &user), expected);
    let told = receiver.asked();
    assert_eq!(told.len(), expected.len(), "each once");
    assert_signed(&told, unix_seconds(app.clock.now()));
    for told in &told {
        assert_eq!(told.header("content-type"), "application/json");
        assert_eq!(told.place, format!("/{CANARY}/?key={CANARY}"), "to the letter");
        for private in [people::ORDINARY, people::NO_EMAIL, "hong", "홍길동", "심청", "Mozilla", "127.0.0"] {
            assert!(!told.body.contains(private), "{private}: {}", told.body);
        }
    }
}

async fn others_lives(backend: Backend) {
    let approval = [("FIIIIILM_SIGNUP__MODE", "approval".to_owned())];
    let (app, receiver) = listened_to(backend, &approval).await;
    let mut admin = app.logged_in(people::ADMIN).await;
    let mut waits = app.browser();
    waits.log_in(people::ORDINARY).await;
    assert_eq!(waits.me().await.status, 401);
    let user = one(&app, "select id as s from users where standing = 'waiting'");
    let identity = one(&app, &format!("select id as s from identities where user_id = '{user}'"));
    assert_eq!(admin.post(&format!("/admin/users/{user}/approve"), &[]).await.status, 303);
    log_in_with(&app, people::ORDINARY, LAPTOP).await;
    for _ in 0..2 {
        admin.post(&format!("/admin/users/{user}/ban"), &[("reason", "광고 글")]).await;
    }
    let mut refused = app.browser();
    refused.log_in(people::ORDINARY).await;
    assert_eq!(refused.me().await.status, 401);
    all_told(&app).await;
    let expected = [
        ("identity.linked".to_owned(), json!({ "identity_id": identity, "provider": "kakao" })),
        ("user.banned".to_owned(), json!({})),
        ("user.created".to_owned(), json!({ "standing": "waiting" })),
    ];
    assert_eq!(
        told_of(&receiver, &user),
        expected,
        "a first login is no new device, a second ban none, a refusal nothing"
    );
    assert!(receiver.asked().iter().all(|told| !told.body.contains("광고")));
}

/// What is not quite so is refused by the sample: it can say no.
async fn forged(backend: Backend) {
    let (app, receiver) = listened_to(backend, &[]).await;
    app.logged_in(people::ORDINARY).await;
    all_told(&app).await;
    let told = receiver.understood()[0].clone();
    let now = unix_seconds(app.clock.now());
    let good = as_request(&told, now);
    let with = |name: &str, value: &str| {
        let mut request = good.clone();
        request["headers"][name] = value.into();
        request
    };
    let mut body = good.clone();
    body["body"] = told.body.replace("user", "User").into();
    let tries = [
        good.clone(),
        with("webhook-id", "019ab0c1-9d5e-7cc3-98c4-dc0c0c07398f"),
        with("webhook-timestamp", &(now + 1_000).to_string()),
        with("webhook-signature", "v1,AAAA"),
        with("webhook-signature", ""),
        body,
        as_request(&told, now + 301),
    ];
    let heard = heard_by_python(SECRET, &tries);
    assert_eq!(heard[0], told.json());
    assert!(heard[1..].iter().all(Value::is_null), "{heard:?}");
    let other = SECRET.replace("Y2F", "Y2E");
    assert_eq!(heard_by_python(&other, &[good]), [Value::Null]);
}

async fn nobody_listens(backend: Backend) {
    let app = TestApp::start(backend).await;
    let mut browser = app.logged_in(people::ORDINARY).await;
    assert_eq!(browser.post("/profile/delete", &[]).await.status, 200);
    assert_eq!(app.inspect().number("select count(*) as n from outbox where kind = 'event'"), 0);
}

on_each! {
    async fn where_nobody_listens_nothing_is_written_down(backend: Backend) {
        nobody_listens(backend).await;
    }

    async fn everything_that_happens_to_a_person_is_told_once(backend: Backend) {
        a_life(backend).await;
    }

    async fn who_waits_and_who_is_banned_is_told_too(backend: Backend) {
        others_lives(backend).await;
    }

    async fn the_readmes_sample_takes_ours_and_nothing_else(backend: Backend) {
        forged(backend).await;
    }
}
