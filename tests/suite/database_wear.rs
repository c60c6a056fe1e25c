//! Group O, second half: the disk fails, pages rot, the server dies, migrations are cut short, readers stay for ever.

use std::fs;
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::kit::{Backend, Inspect, Operator, Program, Throwaway, people, size};

/// A server of its own for a test that kills it.
struct Cluster {
    shell: Child,
    url: String,
    folder: String,
}

impl Cluster {
    fn start() -> Self {
        let say = r#"echo "$FIIIIILM_TEST_POSTGRES"; echo "$FIIIIILM_TEST_POSTGRES_FOLDER"; exec cat"#;
        let mut shell = Command::new("scripts/postgres")
            .args(["run", "sh", "-c", say])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("scripts/postgres");
        let mut lines = BufReader::new(shell.stdout.take().expect("its words")).lines();
        let mut line = || lines.next().expect("a line").expect("text");
        let (url, folder) = (line(), line());
        Self { shell, url, folder }
    }

    /// Kills it; it is back so many seconds later, when the returned process ends.
    fn crash(&self, seconds: &str) -> Child {
        let mut command = Command::new("scripts/postgres");
        command.args(["crash", seconds]).env("FIIIIILM_TEST_POSTGRES_FOLDER", &self.folder);
        command.spawn().expect("scripts/postgres")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Its command ends with its input, and the folder goes with it.
        drop(self.shell.stdin.take());
        drop(self.shell.wait());
    }
}

#[actix_web::test]
async fn o03_a_killed_server_is_told_in_time_and_used_again_when_it_is_back() {
    let cluster = Cluster::start();
    let program = Program::start_on(Some(Throwaway::create_on(cluster.url.clone())), &[]).await;
    for _ in 0..size(2, 50) {
        let mut known = program.browser();
        assert_eq!(known.log_in(people::ORDINARY).await.status, 303);
        let mut crash = cluster.crash("8");
        tokio::time::sleep(Duration::from_millis(500)).await;
        let asked = Instant::now();
        let mut stranger = program.browser();
        let callback = stranger.until_callback("/login/kakao", people::NO_EMAIL).await;
        assert_eq!(stranger.get(&callback).await.status, 503);
        assert_eq!(known.post("/profile", &[("display_name", "나중")]).await.status, 503);
        assert!(asked.elapsed() < Duration::from_secs(7), "two refusals took {:?}", asked.elapsed());
        assert_eq!(program.browser().get("/readyz").await.status, 503);
        assert_eq!(program.browser().get("/healthz").await.status, 200);
        let back = loop {
            if let Some(status) = crash.try_wait().expect("its state") {
                assert!(status.success());
                break Instant::now();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        while program.browser().log_in(people::UNVERIFIED_EMAIL).await.status != 303 {
            assert!(back.elapsed() < Duration::from_secs(5), "not again: {}", program.log());
        }
        assert_eq!(known.get("/profile").await.status, 200, "an answered login is there");
        assert_eq!(program.browser().get("/readyz").await.status, 200);
    }
    assert!(!program.log().contains("panicked"), "{}", program.log());
}

/// The shim of `no_sync.c`, built for this machine.
fn shim(folder: &Path) -> String {
    let library = folder.join("no_sync.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .args(["tests/suite/kit/no_sync.c", "-ldl"])
        .status()
        .expect("cc");
    assert!(built.success());
    library.to_str().expect("UTF-8").to_owned()
}

#[actix_web::test]
async fn o08_what_the_disk_did_not_take_is_not_answered_as_done() {
    let folder = tempfile::TempDir::new().unwrap();
    let mark = folder.path().join("mark");
    let settings = [("LD_PRELOAD", shim(folder.path())), ("FIIIIILM_TEST_NO_SYNC", mark.to_str().unwrap().to_owned())];
    let mut program = Program::start(Backend::Sqlite, &settings).await;
    let mut known = program.browser();
    assert_eq!(known.log_in(people::ORDINARY).await.status, 303);
    for _ in 0..size(2, 20) {
        let before = program.inspect().rows();
        let mut stranger = program.browser();
        let callback = stranger.until_callback("/login/kakao", people::NO_EMAIL).await;
        fs::write(&mark, "").unwrap();
        let answer = stranger.get(&callback).await;
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert!(answer.cookie("__Host-access").is_none());
        assert_eq!(known.post("/profile", &[("display_name", "유령")]).await.status, 503);
        fs::remove_file(&mark).unwrap();
        assert_eq!(program.inspect().rows(), before, "nothing of what was refused");
        assert_eq!(known.get("/profile").await.status, 200);
    }
    assert!(!known.get("/profile").await.body.contains("유령"));
    assert_eq!(program.browser().log_in(people::NO_EMAIL).await.status, 303, "it heals by itself");
    program.signal("KILL");
    program.end().await;
    program.again().await;
    assert_eq!(program.inspect().rows().0, 2);
    assert_eq!(program.inspect().lines("select integrity_check as s from pragma_integrity_check"), ["ok"]);
}

#[actix_web::test]
async fn o10_rotten_pages_show_nobody_as_somebody_else() {
    for round in 0..size(4, 40) {
        let mut program = Program::start(Backend::Sqlite, &[]).await;
        let mut browsers = Vec::new();
        for subject in [people::ORDINARY, people::NO_EMAIL, people::UNVERIFIED_EMAIL, people::LONG_ID] {
            let mut browser = program.browser();
            assert_eq!(browser.log_in(subject).await.status, 303);
            let me = browser.me().await.body;
            browsers.push((browser, me));
        }
        program.signal("TERM");
        program.end().await;
        let path = program.database_file();
        let pages = fs::metadata(&path).unwrap().len() / 4096;
        let mut file = fs::File::options().write(true).open(&path).unwrap();
        for step in 0..3_u64 {
            let page = 1 + (round as u64 * 7 + step * 11) % (pages - 1);
            file.seek(SeekFrom::Start(page * 4096)).unwrap();
            file.write_all(&[0xa5; 4096]).unwrap();
        }
        drop(file);
        let mut start = program.command("serve").stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        let ended = loop {
            if let Some(status) = start.try_wait().unwrap() {
                break Some(status);
            }
            if program.browser().try_get("/healthz").await.is_ok() || begun.elapsed() > Duration::from_secs(10) {
                break None;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        if let Some(status) = ended {
            assert!(!status.success(), "a refused start says so");
            continue;
        }
        for (browser, me) in &mut browsers {
            let answer = browser.me().await;
            assert!([200, 401, 500, 503].contains(&answer.status), "{}", answer.status);
            assert!(answer.status != 200 || answer.body == *me, "somebody else: {} {me}", answer.body);
            let page = browser.get("/profile").await;
            assert!([200, 303, 500, 503].contains(&page.status), "{}", page.status);
        }
        let login = program.browser().log_in(people::ORDINARY).await;
        assert!([303, 500, 503].contains(&login.status), "{}", login.status);
        start.kill().unwrap();
        start.wait().unwrap();
    }
}

/// Brings the database to this version; started, not waited for.
fn migrating(operator: &Operator) -> Child {
    let mut command = operator.command(&operator.env, &["migrate"]);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program")
}

on_each! {
    async fn o12_migrations_bear_being_killed_and_being_run_twice_at_once(backend: Backend) {
        for round in 0..size(6, 60) {
            let operator = Operator::new(backend);
            let mut cut = migrating(&operator);
            tokio::time::sleep(Duration::from_millis(3 * round as u64)).await;
            cut.kill().unwrap();
            cut.wait().unwrap();
            let both = [migrating(&operator), migrating(&operator)];
            for child in both {
                let output = child.wait_with_output().unwrap();
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            }
            operator.says(&["migrate"]);
        }
    }

    async fn o15_after_a_restore_everybody_can_be_logged_out(backend: Backend) {
        let program = Program::start(backend, &[]).await;
        let mut browsers = Vec::new();
        for subject in [people::ORDINARY, people::NO_EMAIL, people::LONG_ID] {
            let mut browser = program.browser();
            browser.log_in(subject).await;
            browsers.push(browser);
        }
        // As a dump from before a log-out has it.
        let mut thief = browsers[0].twin();
        browsers[0].post("/logout", &[]).await;
        program.inspect().execute("update sessions set ended_at = null, end_reason = null");
        let one = program.command("user").args(["end-sessions", &format!("kakao:{}", people::LONG_ID)]).output().unwrap();
        assert!(String::from_utf8_lossy(&one.stdout).contains("1 sessions ended"), "{one:?}");
        let all = program.command("user").args(["end-sessions", "--all", "--yes"]).output().unwrap();
        assert!(String::from_utf8_lossy(&all.stdout).contains("2 sessions of 2 users ended"), "{all:?}");
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        for browser in browsers.iter_mut().chain([&mut thief]) {
            assert_eq!(browser.me().await.status, 401, "the access token");
            browser.forget_cookie("access");
            assert_eq!(browser.get("/profile").await.status, 303, "the refresh token");
        }
        let lines = program.inspect().number("select count(*) as n from audit_events where action = 'sessions.ended' and actor = 'cli'");
        assert_eq!(lines, 3, "one line for each person");
        let neither = program.command("user").arg("end-sessions").output().unwrap();
        assert!(!neither.status.success(), "who is meant must be said");
    }

    async fn o12_a_database_of_a_later_version_is_refused_in_words(backend: Backend) {
        let mut program = Program::start(backend, &[]).await;
        program.inspect().execute("insert into __diesel_schema_migrations (version) values ('29991231235959')");
        program.signal("TERM");
        program.end().await;
        let output = program.command("serve").output().unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("newer") || said.contains("later"), "{said}");
        assert!(said.matches('\n').count() < 6, "in words: {said}");
    }
}

#[actix_web::test]
async fn o14_a_reader_that_stays_does_not_grow_the_log_for_ever() {
    let program = Program::start(Backend::Sqlite, &[]).await;
    let mut reader: Inspect = program.inspect();
    let mut browser = program.browser();
    assert_eq!(browser.log_in(people::ORDINARY).await.status, 303);
    reader.execute("begin; select count(*) from users");
    for round in 0..size(400, 40_000) {
        let name = format!("이름{round}");
        assert_eq!(browser.post("/profile", &[("display_name", &name)]).await.status, 303);
    }
    reader.execute("commit");
    for _ in 0..50 {
        browser.post("/profile", &[("display_name", "끝")]).await;
    }
    let log = program.database_file().with_extension("db-wal");
    let bytes = fs::metadata(&log).map_or(0, |file| file.len());
    assert!(bytes <= 64 << 20, "the write-ahead log has {bytes} bytes");
    let others = [people::NO_EMAIL, people::UNVERIFIED_EMAIL];
    for subject in others {
        assert_eq!(program.browser().log_in(subject).await.status, 303);
    }
}
