//! The database is locked, frozen, cut off, full, or gone: whoever needs it is told so in time, nobody else notices, nothing
//! that was answered is lost, and it heals by itself.

use std::process::Command;
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};

use crate::kit::{Answer, Backend, Browser, Inspect, Program, TestApp, people};

/// A page or a form is answered within three seconds; the rest is for a busy machine.
const PAGE: Duration = Duration::from_millis(4_000);

/// What does not need the database is answered as ever.
async fn assert_others_go_on(browser: &mut Browser) {
    for path in ["/healthz", "/login", "/"] {
        let asked = Instant::now();
        assert_eq!(browser.get(path).await.status, 200, "{path}");
        assert!(asked.elapsed() < Duration::from_secs(1), "{path} waits for the database");
    }
}

fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert!(answer.body.contains(answer.header("x-request-id").unwrap()), "the page names its request");
    for leak in ["sql", "SQL", "database is locked", "timeout", "relation"] {
        assert!(!answer.body.contains(leak), "{leak}: {}", answer.body);
    }
    assert!(answer.cookie("__Host-access").is_none(), "nobody is logged in, and nobody is logged out");
}

async fn save_name(browser: &mut Browser, name: &str) -> Answer {
    browser.post("/profile", &[("display_name", name)]).await
}

#[actix_web::test]
async fn o01_a_short_lock_is_waited_for() {
    let app = TestApp::start(Backend::Sqlite).await;
    let mut other = app.inspect();
    let mut logins = Vec::new();
    for _ in 0..10 {
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
        logins.push((browser, callback));
    }
    other.execute("begin exclusive");
    let finish = join_all(logins.iter_mut().map(|(browser, callback)| browser.get(callback)));
    let release = async {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        other.execute("commit");
    };
    for answer in join(finish, release).await.0 {
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
}

#[actix_web::test]
async fn o02_a_long_lock_is_told_in_time_and_heals() {
    let app = TestApp::start(Backend::Sqlite).await;
    let mut here = app.logged_in(people::NO_EMAIL).await;
    let mut new = app.browser();
    let callback = new.until_callback("/login/kakao", people::ORDINARY).await;
    let mut other = app.inspect();
    other.execute("begin exclusive");
    for _ in 0..2 {
        let asked = Instant::now();
        assert_unavailable(&save_name(&mut here, "새 이름").await);
        assert!(asked.elapsed() < PAGE, "{:?}", asked.elapsed());
    }
    assert_unavailable(&new.get(&callback).await);
    assert_others_go_on(&mut app.browser()).await;
    assert_eq!(here.get("/profile").await.status, 200, "reading needs no lock");
    other.execute("commit");
    assert_eq!(save_name(&mut here, "새 이름").await.status, 303, "at once");
    assert_eq!(new.log_in(people::ORDINARY).await.status, 303);
    assert_eq!(app.inspect().rows().0, 2, "the login that failed left nobody behind");
}

/// The server processes that serve the tested database, but for the one that asks.
fn backends(inspect: &mut Inspect) -> Vec<String> {
    inspect.lines(
        "select pid::text as s from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    )
}

fn signal(name: &str, processes: &[String]) {
    for process in processes {
        // One that has ended meanwhile cannot be signalled.
        drop(Command::new("sh").args(["-c", &format!("kill -{name} {process}")]).output());
    }
}

#[actix_web::test]
async fn o04_cut_connections_cost_nobody_a_page() {
    let app = TestApp::start(Backend::Postgres).await;
    let mut inspect = app.inspect();
    let mut browser = app.logged_in(people::ORDINARY).await;
    let mut answered = 0;
    for _ in 0..10 {
        for process in backends(&mut inspect) {
            inspect.lines(&format!("select pg_terminate_backend({process})::text as s"));
        }
        for _ in 0..10 {
            answered += usize::from(browser.get("/readyz").await.status == 200);
        }
    }
    assert!(answered >= 99, "{answered} of 100");
    assert_eq!(save_name(&mut browser, "이어서").await.status, 303);
}

#[actix_web::test]
async fn o05_a_frozen_database_is_told_in_time_and_heals() {
    let app = TestApp::start(Backend::Postgres).await;
    let mut here = app.logged_in(people::ORDINARY).await;
    let mut inspect = app.inspect();
    let frozen = backends(&mut inspect);
    assert!(!frozen.is_empty());
    signal("STOP", &frozen);
    let mut probe = app.browser();
    let asked = Instant::now();
    let ready = probe.get("/readyz").await;
    let waited = asked.elapsed();
    let mut writers: Vec<Browser> = (0..6).map(|_| here.twin()).collect();
    let begun = Instant::now();
    let saved = join_all(writers.iter_mut().map(|browser| save_name(browser, "얼음"))).await;
    let writing = begun.elapsed();
    assert_others_go_on(&mut probe).await;
    // Before anything is asserted: a frozen server would outlive a failed test.
    signal("CONT", &frozen);
    assert_eq!(ready.status, 503);
    assert!(waited < PAGE, "{waited:?}");
    for answer in saved.iter().filter(|answer| answer.status != 303) {
        // A connection made since is not frozen, and who gets it may write.
        assert_unavailable(answer);
    }
    assert!(writing < Duration::from_secs(6), "{writing:?}");
    let begun = Instant::now();
    while probe.get("/readyz").await.status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(5), "it does not heal");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(save_name(&mut here, "녹음").await.status, 303);
}

#[actix_web::test]
async fn o06_p11_an_exhausted_pool_is_told_in_time() {
    let app = TestApp::start(Backend::Postgres).await;
    let here = app.logged_in(people::ORDINARY).await;
    let mut other = app.inspect();
    other.execute("begin");
    other.execute("lock table users in access exclusive mode");
    let mut writers: Vec<Browser> = (0..12).map(|_| here.twin()).collect();
    let begun = Instant::now();
    let saved = join_all(writers.iter_mut().map(|browser| save_name(browser, "줄")));
    let others = async {
        let mut probe = app.browser();
        for _ in 0..10 {
            assert_others_go_on(&mut probe).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let (answers, ()) = join(saved, others).await;
    assert!(begun.elapsed() < PAGE, "{:?}", begun.elapsed());
    for answer in &answers {
        assert_unavailable(answer);
    }
    other.execute("commit");
    assert_eq!(save_name(&mut app.logged_in(people::ORDINARY).await, "줄 끝").await.status, 303);
}

/// The largest file the program may write, as `prlimit` says it; SQLite meets it as it meets a full disk.
fn limit_files(program: &Program, bytes: &str) {
    let done = Command::new("prlimit")
        .args(["--pid", &program.id().to_string(), &format!("--fsize={bytes}:")])
        .status()
        .expect("prlimit (util-linux)");
    assert!(done.success());
}

#[actix_web::test]
async fn o07_a_full_disk_refuses_logins_and_keeps_everybody() {
    let mut program = Program::start(Backend::Sqlite, &[]).await;
    let mut here = program.browser();
    assert_eq!(here.log_in(people::NO_EMAIL).await.status, 303);
    let before = program.inspect().rows();
    limit_files(&program, "4096");
    for _ in 0..3 {
        let mut new = program.browser();
        assert_unavailable(&new.log_in(people::ORDINARY).await);
    }
    assert_eq!(here.get("/profile").await.status, 200, "whoever is in stays in");
    assert_eq!(here.me().await.status, 200);
    assert_eq!(program.inspect().rows(), before, "nothing is acknowledged that is not stored");
    limit_files(&program, "unlimited");
    let mut new = program.browser();
    assert_eq!(new.log_in(people::ORDINARY).await.status, 303, "without a restart");
    assert_eq!(program.inspect().lines("select integrity_check as s from pragma_integrity_check"), ["ok"]);
    program.signal("KILL");
    program.end().await;
    program.again().await;
    assert_eq!(new.me().await.status, 200);
}

#[actix_web::test]
async fn o09_a_database_that_only_reads_answers_503_and_heals() {
    let app = TestApp::start(Backend::Postgres).await;
    let mut here = app.logged_in(people::ORDINARY).await;
    let mut inspect = app.inspect();
    let name = inspect.lines("select current_database()::text as s").remove(0);
    inspect.execute(&format!("alter database {name} set default_transaction_read_only = on"));
    for process in backends(&mut inspect) {
        inspect.lines(&format!("select pg_terminate_backend({process})::text as s"));
    }
    assert_unavailable(&save_name(&mut here, "읽기만").await);
    assert_eq!(here.get("/profile").await.status, 200);
    inspect.execute("set default_transaction_read_only = off");
    inspect.execute(&format!("alter database {name} reset default_transaction_read_only"));
    for process in backends(&mut inspect) {
        inspect.lines(&format!("select pg_terminate_backend({process})::text as s"));
    }
    assert_eq!(save_name(&mut here, "다시").await.status, 303);
}
