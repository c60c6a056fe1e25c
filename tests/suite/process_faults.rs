//! The process dies, is told to stop, or is not alone. The program runs as a process of its own here.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use futures_util::future::join_all;

use crate::kit::{Backend, Browser, Inspect, Program, people, size};

/// A login that was answered: what the browser holds, and the session it is told of.
struct Acked {
    browser: Browser,
    session: String,
}

/// Logs in again and again until the server is gone.
async fn log_in_until_gone(program: &Program, subject: &str) -> Vec<Acked> {
    let mut acked = Vec::new();
    loop {
        let mut browser = program.browser();
        let Ok(started) = browser.try_get("/login/kakao").await else { return acked };
        assert_eq!(started.status, 303, "{}", started.body);
        let callback = browser.consent(started.location(), subject, "agree").await;
        let Ok(answer) = browser.try_get(&callback).await else { return acked };
        assert_eq!(answer.status, 303, "{}", answer.body);
        let session = session_of(browser.cookie("refresh").expect("a session"));
        acked.push(Acked { browser, session });
    }
}

fn session_of(token: &str) -> String {
    let claims = BASE64URL_NOPAD.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap();
    serde_json::from_slice::<serde_json::Value>(&claims).unwrap()["sid"].as_str().unwrap().to_owned()
}

/// What must hold whenever nothing is under way.
fn assert_whole(inspect: &mut Inspect, backend: Backend) {
    for (what, query) in [
        (
            "an identity without a user",
            "select count(*) as n from identities where user_id not in (select id from users)",
        ),
        (
            "a user without an identity",
            "select count(*) as n from users where id not in (select user_id from identities)",
        ),
        ("a session without a user", "select count(*) as n from sessions where user_id not in (select id from users)"),
        (
            "a session of somebody else's identity",
            "select count(*) as n from sessions s join identities i on i.id = s.identity_id where i.user_id <> s.user_id",
        ),
        (
            "a session without its line in the history",
            "select count(*) as n from sessions s where not exists (select 1 from audit_events a where a.user_id = s.user_id \
             and a.action in ('login.ok', 'login.created') and a.happened_at = s.created_at)",
        ),
        (
            "a subject that is linked twice",
            "select count(*) as n from (select 1 as x from identities where unlinked_at is null \
             group by provider, subject having count(*) > 1) t",
        ),
    ] {
        assert_eq!(inspect.number(query), 0, "{what}");
    }
    if backend == Backend::Sqlite {
        assert_eq!(inspect.lines("select integrity_check as s from pragma_integrity_check"), ["ok"]);
    }
}

async fn kill_under_load(backend: Backend) {
    let mut program = Program::start(backend, &[]).await;
    let subjects = [people::ORDINARY, people::NO_EMAIL, people::UNVERIFIED_EMAIL, people::LONG_ID];
    let (mut logins, mut slowest) = (0, Duration::ZERO);
    for round in 0..size(25, 200) {
        // Another moment each time, over the whole of a login and of a group of commits.
        let life = Duration::from_millis(60 + (round as u64 * 37) % 300);
        let clients = join_all(subjects.iter().map(|subject| log_in_until_gone(&program, subject)));
        let killer = async {
            tokio::time::sleep(life).await;
            program.signal("KILL");
        };
        let (answered, ()) = futures_util::future::join(clients, killer).await;
        program.end().await;
        slowest = slowest.max(program.again().await);
        let mut inspect = program.inspect();
        for acked in answered.into_iter().flatten() {
            logins += 1;
            let found = inspect.number(&format!(
                "select count(*) as n from sessions where id = '{}' and ended_at is null",
                acked.session
            ));
            assert_eq!(found, 1, "an answered login is gone after round {round}");
            let mut browser = acked.browser;
            assert_eq!(browser.me().await.status, 200, "its access token");
            browser.forget_cookie("access");
            assert_eq!(browser.get("/profile").await.status, 200, "its refresh token");
        }
        assert_whole(&mut inspect, backend);
        // So that the next round has first logins again.
        inspect.execute("delete from users");
    }
    assert!(logins > 0, "no login was answered in any round");
    assert!(!program.log().contains("panicked"), "{}", program.log());
    println!("{logins} answered logins survived; slowest start {slowest:?}");
}

#[actix_web::test]
async fn p01_o11_no_answered_login_is_lost_to_kill_nine_on_sqlite() {
    kill_under_load(Backend::Sqlite).await;
}

#[actix_web::test]
async fn p01_o11_no_answered_login_is_lost_to_kill_nine_on_postgres() {
    kill_under_load(Backend::Postgres).await;
}
