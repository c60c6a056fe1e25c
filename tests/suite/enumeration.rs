//! L10: who does not know whether somebody is here does not learn it: answers about what exists and about what does not are
//! the same, byte for byte. `scripts/soak` also compares how long they take.

use std::time::{Duration, Instant};

use reqwest::Method;

use crate::kit::{Answer, Browser, ORIGIN, TestApp, people, size};
use crate::webhooks::app_id;

const NOBODY: &str = "0198c7a0-0000-7000-8000-000000000000";

/// All of an answer but its number, its date, and what the question itself said; a line each.
fn face(answer: &Answer, asked: &str) -> Vec<String> {
    let id = answer.header("x-request-id").unwrap_or_default().to_owned();
    let once: String = url::form_urlencoded::byte_serialize(asked.as_bytes()).collect();
    let twice: String = url::form_urlencoded::byte_serialize(once.as_bytes()).collect();
    let plain = |text: &str| {
        [asked, &once, &twice]
            .into_iter()
            .fold(text.to_owned(), |text, said| text.replace(said, "{asked}"))
            .replace(&id, "{request}")
    };
    let mut lines: Vec<String> = answer
        .headers
        .iter()
        // Whether the connection stays open is said by how soon the body came, not by what was in it.
        .filter(|(name, _)| !["date", "content-length", "connection"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", plain(&String::from_utf8_lossy(value.as_bytes()))))
        .collect();
    lines.sort();
    lines.insert(0, answer.status.to_string());
    lines.extend(plain(&answer.body).lines().map(str::to_owned));
    lines
}

/// Says where they differ, and nothing of the rest.
fn assert_same(one: &[String], other: &[String], what: &str) {
    let differs: Vec<_> = one.iter().zip(other).filter(|(one, other)| one != other).collect();
    assert!(differs.is_empty() && one.len() == other.len(), "{what}: {differs:#?}");
}

/// A question, with a place for what it is about.
#[derive(Clone, Copy)]
struct Question {
    method: &'static str,
    path: &'static str,
    form: &'static [(&'static str, &'static str)],
}

const fn get(path: &'static str) -> Question {
    Question { method: "GET", path, form: &[] }
}

const fn post(path: &'static str) -> Question {
    Question { method: "POST", path, form: &[("confirm", "x")] }
}

async fn ask(browser: &mut Browser, question: Question, about: &str) -> Answer {
    let path = question.path.replace("{}", about);
    let headers = [("Sec-Fetch-Site", "same-origin"), ("Origin", ORIGIN)];
    let method = Method::from_bytes(question.method.as_bytes()).unwrap();
    let form = (question.method == "POST").then_some(question.form);
    browser.send(method, &path, &headers, form).await
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The same answer about both; with `scripts/soak`, after the same time.
async fn alike(browser: &mut Browser, question: Question, (known, unknown): (&str, &str)) {
    let what = format!("{} {}", question.method, question.path);
    let (one, other) = (ask(browser, question, known).await, ask(browser, question, unknown).await);
    assert!(one.status < 500, "{what}: {}", one.status);
    assert_same(&face(&one, known), &face(&other, unknown), &what);
    let samples = size(0, 1_000);
    if samples == 0 {
        return;
    }
    let (mut of_known, mut of_unknown) = (Vec::new(), Vec::new());
    for _ in 0..samples {
        for (about, times) in [(known, &mut of_known), (unknown, &mut of_unknown)] {
            let begun = Instant::now();
            ask(browser, question, about).await;
            times.push(begun.elapsed());
        }
    }
    let (one, other) = (median(of_known), median(of_unknown));
    let (less, more) = (one.min(other), one.max(other));
    assert!(more <= less.mul_f64(1.1), "{what}: {one:?} about somebody, {other:?} about nobody");
}

/// What belongs to somebody, and what belongs to nobody.
struct Things {
    user: String,
    session: String,
    identity: String,
    email: String,
}

impl Things {
    async fn of(app: &TestApp, subject: &str) -> Self {
        app.logged_in(subject).await;
        let mut inspect = app.inspect();
        let mut one = |query: &str| inspect.lines(&query.replace("{}", subject)).remove(0);
        Self {
            user: one("select user_id as s from identities where subject = '{}'"),
            session: one(
                "select id as s from sessions where user_id in (select user_id from identities where subject = '{}')",
            ),
            identity: one("select id as s from identities where subject = '{}'"),
            email: one("select email as s from identities where subject = '{}'"),
        }
    }
}

const OF_USERS: [Question; 8] = [
    get("/admin/users/{}"),
    get("/admin/users/{}/ban"),
    post("/admin/users/{}/ban"),
    post("/admin/users/{}/role"),
    post("/admin/users/{}/delete"),
    post("/admin/users/{}/end-sessions"),
    post("/admin/users/{}/approve"),
    get("/admin/audit?q={}"),
];
const OF_SESSIONS: [Question; 2] =
    [post("/profile/sessions/{}/revoke"), Question { method: "DELETE", path: "/api/sessions/{}", form: &[] }];
const OF_IDENTITIES: [Question; 2] = [get("/profile/identities/{}/unlink"), post("/profile/identities/{}/unlink")];
const OF_EMAILS: [Question; 3] = [get("/admin/users?q={}"), get("/admin/users?q=kakao%3A{}"), get("/login?next=/{}")];

on_both! {
    async fn l02_l10_strangers_and_users_learn_of_nobody_whether_they_are_here(app: TestApp) {
        let there = Things::of(&app, people::ORDINARY).await;
        let mut user = app.logged_in(people::NO_EMAIL).await;
        let mut stranger = app.browser();
        // The first answer to somebody who has no cookies yet differs from all later ones.
        stranger.get("/login").await;
        let nowhere = there.email.replace('@', "@nowhere.");
        for browser in [&mut user, &mut stranger] {
            for question in OF_USERS {
                alike(browser, question, (&there.user, NOBODY)).await;
            }
            for question in OF_SESSIONS {
                alike(browser, question, (&there.session, NOBODY)).await;
            }
            for question in OF_IDENTITIES {
                alike(browser, question, (&there.identity, NOBODY)).await;
            }
            for question in OF_EMAILS {
                alike(browser, question, (&there.email, &nowhere)).await;
                alike(browser, question, (people::ORDINARY, "3999999999")).await;
            }
        }
        assert_eq!(app.inspect().number(&format!("select count(*) as n from sessions where id = '{}' and ended_at is null", there.session)), 1);
    }

    async fn l10_a_notice_about_nobody_is_answered_as_one_about_somebody(app: TestApp) {
        Things::of(&app, people::ORDINARY).await;
        let key = format!("KakaoAK {}", fiiiiilm::config::demo::ADMIN_KEY);
        let mut provider = app.browser();
        let mut answers = Vec::new();
        for right in [false, true] {
            for subject in [people::ORDINARY, "3999999999"] {
                let path = format!("/webhooks/kakao/unlink?app_id={}&user_id={subject}&referrer_type=ACCOUNT_DELETE", app_id());
                let key = if right { key.as_str() } else { "KakaoAK wrong" };
                answers.push(face(&provider.get_with(&path, &[("Authorization", key)]).await, subject));
            }
        }
        assert_eq!((answers[0][0].as_str(), answers[2][0].as_str()), ("401", "200"), "{answers:?}");
        assert_same(&answers[0], &answers[1], "a wrong key");
        assert_same(&answers[2], &answers[3], "the right key");
        let left = app.inspect().number(&format!("select count(*) as n from identities where subject = '{}' and unlinked_at is null", people::ORDINARY));
        assert_eq!(left, 0, "the notice was heard");
    }

    async fn l10_a_forged_token_says_nothing_about_whom_it_names(app: TestApp) {
        let there = Things::of(&app, people::ORDINARY).await;
        let mut browser = app.logged_in(people::ORDINARY).await;
        let real = browser.cookie("access").unwrap().to_owned();
        let parts: Vec<&str> = real.split('.').collect();
        let claims = data_encoding::BASE64URL_NOPAD.decode(parts[1].as_bytes()).unwrap();
        let claims = String::from_utf8(claims).unwrap();
        let naming = |user: &str| {
            let claims = data_encoding::BASE64URL_NOPAD.encode(claims.replace(&there.user, user).as_bytes());
            format!("{}.{claims}.{}", parts[0], "A".repeat(86))
        };
        let mut nobody = app.browser();
        for path in ["/api/me", "/api/sessions"] {
            let mut faces = Vec::new();
            for user in [there.user.as_str(), NOBODY] {
                let bearer = format!("Bearer {}", naming(user));
                faces.push(face(&nobody.get_with(path, &[("Authorization", &bearer)]).await, user));
            }
            assert_eq!(faces[0][0], "401");
            assert_same(&faces[0], &faces[1], path);
        }
        for (path, field) in [("/api/token/verify", "token"), ("/api/token/refresh", "refresh"), ("/api/token/blacklist", "refresh")] {
            let mut faces = Vec::new();
            for user in [there.user.as_str(), NOBODY] {
                let body = serde_json::json!({ field: naming(user) });
                faces.push(face(&nobody.json(Method::POST, path, &[], Some(&body)).await, user));
            }
            assert!(faces[0][0] == "401" || path.ends_with("blacklist"), "{path}: {}", faces[0][0]);
            assert_same(&faces[0], &faces[1], path);
        }
        browser.set_cookie("access", &real);
        assert_eq!(browser.me().await.status, 200);
    }
}
