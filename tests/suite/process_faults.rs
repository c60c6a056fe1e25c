//! The process dies, is told to stop, or is not alone. The program runs as a process of its own here.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use fiiiiilm::simulator::{Place, Trouble};
use futures_util::future::join_all;

use crate::kit::{Backend, Browser, Inspect, Program, people, size};

/// A killed server is ready again within so long.
const READY: Duration = Duration::from_secs(1);

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
    let mut logins = 0;
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
        let ready = program.again().await;
        assert!(ready <= READY, "ready only after {ready:?}");
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
}

async fn a_restart_loses_nobody(backend: Backend) {
    let mut program = Program::start(backend, &[]).await;
    let mut here = program.browser();
    assert_eq!(here.log_in(people::ORDINARY).await.status, 303);
    let mut under_way = program.browser();
    let callback = under_way.until_callback("/login/kakao", people::NO_EMAIL).await;
    program.signal("KILL");
    program.end().await;
    program.again().await;
    assert_eq!(here.me().await.status, 200, "the access token");
    here.forget_cookie("access");
    assert_eq!(here.get("/profile").await.status, 200, "the refresh token");
    assert_eq!(under_way.get(&callback).await.status, 303, "a login that was begun before");
    assert_eq!(under_way.me().await.status, 200);
}

/// Between the exchange of the code and the commit: the profile is still on its way.
async fn killed_in_the_middle_of_a_login(backend: Backend) {
    let mut program = Program::start(backend, &[]).await;
    program.simulator.state().set_trouble(Place::Profile, Some(Trouble::Slow));
    let mut browser = program.browser();
    let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
    let kill = async {
        let exchanged = || program.simulator.state().requests().iter().any(|request| request.path == "/v2/user/me");
        while !exchanged() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        program.signal("KILL");
    };
    let (cut, ()) = futures_util::future::join(browser.try_get(&callback), kill).await;
    assert!(cut.is_err(), "nobody answered");
    program.end().await;
    program.again().await;
    assert_eq!(program.inspect().rows(), (0, 0, 0), "nothing half-written");
    program.simulator.state().set_trouble(Place::Profile, None);
    let again = browser.get(&callback).await;
    assert_eq!(again.status, 400, "the code is spent, and the page says to start over: {}", again.body);
    assert_eq!(browser.log_in(people::ORDINARY).await.status, 303);
}

/// SIGTERM while slow logins are under way: no work is taken on, what runs ends well, and so does the program.
async fn told_to_stop_under_load(backend: Backend) {
    let mut program = Program::start(backend, &[]).await;
    program.simulator.state().set_trouble(Place::Profile, Some(Trouble::Slow));
    let mut logins = Vec::new();
    for _ in 0..8 {
        let mut browser = program.browser();
        let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
        logins.push((browser, callback));
    }
    let finish = join_all(logins.iter_mut().map(|(browser, callback)| browser.try_get(callback)));
    let stop = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        program.signal("TERM");
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut probe = program.browser();
        assert_eq!(probe.get("/readyz").await.status, 503, "not ready at once");
        assert_eq!(probe.get("/healthz").await.status, 200, "alive all the same");
    };
    let (answers, ()) = futures_util::future::join(finish, stop).await;
    for answer in answers {
        assert_eq!(answer.expect("no answer is cut").status, 303);
    }
    assert!(program.end().await.success(), "exit code 0: {}", program.log());
}

on_each! {
    async fn p01_o11_no_answered_login_is_lost_to_kill_nine(backend: Backend) {
        kill_under_load(backend).await;
    }

    async fn p03_p04_sessions_and_logins_under_way_survive_a_restart(backend: Backend) {
        a_restart_loses_nobody(backend).await;
    }

    async fn p02_a_login_killed_in_the_middle_leaves_nothing(backend: Backend) {
        killed_in_the_middle_of_a_login(backend).await;
    }

    async fn p05_a_stop_under_load_cuts_no_answer(backend: Backend) {
        told_to_stop_under_load(backend).await;
    }
}
