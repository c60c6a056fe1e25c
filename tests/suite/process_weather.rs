//! Group P, second half: several processes, too little of everything, clocks that jump, and a log nobody reads.

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use time::Duration as Span;

use crate::kit::{Answer, Backend, Browser, Process, Program, TestApp, Wire, people, size};

/// No request waits so long while one of two processes restarts.
const PATIENCE: Duration = Duration::from_secs(10);

/// What stands in front of two processes: it asks both whether they are ready, as a load balancer does, and sends a
/// request again only when a process takes no connection at all.
struct Proxy {
    processes: [(SocketAddr, AtomicBool); 2],
    done: AtomicBool,
}

impl Proxy {
    fn of(one: SocketAddr, two: SocketAddr) -> Self {
        Self { processes: [one, two].map(|address| (address, AtomicBool::new(true))), done: AtomicBool::new(false) }
    }

    /// Asks until it is told that all is done.
    async fn watch(&self) {
        while !self.done.load(Ordering::Relaxed) {
            for (address, ready) in &self.processes {
                let said = Browser::new(*address).unpooled().try_get("/readyz").await;
                ready.store(said.is_ok_and(|answer| answer.status == 200), Ordering::Relaxed);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// `turn` says which process is asked first.
    async fn pass(&self, browser: &mut Browser, turn: usize, path: &str) -> Answer {
        let begun = Instant::now();
        for turn in turn.. {
            let (address, ready) = &self.processes[turn % 2];
            if ready.load(Ordering::Relaxed) {
                match browser.at(*address).try_get(path).await {
                    Ok(answer) => return answer,
                    Err(error) => assert!(error.is_connect(), "an answer was cut: {error:?}"),
                }
            }
            assert!(begun.elapsed() < PATIENCE, "neither process takes connections");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        unreachable!("turns have no end")
    }

    /// One login and three pages, each request to the next process in turn and on a connection of its own.
    async fn journey(&self, subject: &str, turn: usize) {
        let mut browser = Browser::new(self.processes[0].0).unpooled();
        let started = self.pass(&mut browser, turn, "/login/kakao").await;
        assert_eq!(started.status, 303, "{}", started.body);
        let callback = browser.consent(started.location(), subject, "agree").await;
        let path = callback.strip_prefix("https://app.test").expect("our own address");
        assert_eq!(self.pass(&mut browser, turn + 1, path).await.status, 303);
        assert_eq!(self.pass(&mut browser, turn, "/profile").await.status, 200);
        assert_eq!(self.pass(&mut browser, turn + 1, "/api/me").await.status, 200);
    }
}

async fn restart(process: &mut Process) {
    process.signal("TERM");
    assert!(process.end().await.success(), "exit code 0: {}", process.log());
    process.again().await;
}

on_each! {
    async fn p06_two_processes_share_every_journey(backend: Backend) {
        let one = Program::start(backend, &[]).await;
        let two = one.beside().await;
        let proxy = Proxy::of(one.address, two.address);
        for turn in 0..size(60, 2_000) {
            proxy.journey(people::ORDINARY, turn).await;
        }
        let mut browser = one.browser();
        browser.log_in(people::ORDINARY).await;
        browser.at(two.address).post("/logout", &[]).await;
        assert_eq!(browser.at(one.address).me().await.status, 401);
        assert!(!one.log().contains("panicked"));
    }

    async fn p07_a_rolling_restart_fails_no_request(backend: Backend) {
        let mut one = Program::start(backend, &[]).await;
        let mut two = one.beside().await;
        let proxy = Proxy::of(one.address, two.address);
        let clients = [people::ORDINARY, people::NO_EMAIL, people::LONG_ID].map(|subject| {
            let proxy = &proxy;
            async move {
                let mut turns = 0;
                while !proxy.done.load(Ordering::Relaxed) {
                    proxy.journey(subject, turns).await;
                    turns += 1;
                }
                turns
            }
        });
        let restarts = async {
            for round in 0..size(2, 20) {
                if round % 2 == 0 { restart(&mut one).await } else { restart(&mut two).await }
                // Until the proxy knows.
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            proxy.done.store(true, Ordering::Relaxed);
        };
        let (turns, _) = join(join_all(clients), join(restarts, proxy.watch())).await;
        assert!(turns.iter().all(|turns| *turns > 0), "{turns:?}");
    }

    async fn p09_too_few_descriptors_pass_by(backend: Backend) {
        let program = Program::start(backend, &[]).await;
        let mut known = program.browser();
        known.log_in(people::ORDINARY).await;
        let limit = format!("{}", program.held().descriptors + 8);
        let set = Command::new("prlimit").args(["--pid", &program.id().to_string(), &format!("--nofile={limit}:")]).status();
        assert!(set.expect("prlimit").success());
        let mut wires = Vec::new();
        for _ in 0..100 {
            let mut wire = Wire::open(program.address).await;
            wire.say(b"GET /login HTTP/1.1\r\nHost: app.test\r\n").await;
            wires.push(wire);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        drop(wires);
        let begun = Instant::now();
        while !program.browser().try_get("/login").await.is_ok_and(|answer| answer.status == 200) {
            assert!(begun.elapsed() < Duration::from_secs(10), "it does not recover: {}", program.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(known.get("/profile").await.status, 200);
        assert_eq!(program.browser().log_in(people::NO_EMAIL).await.status, 303);
        assert!(!program.log().contains("panicked"), "{}", program.log());
    }

    async fn p10_a_thousand_journeys_leave_nothing_behind(backend: Backend) {
        let program = Program::start(backend, &[]).await;
        let proxy = Proxy::of(program.address, program.address);
        for turn in 0..150 {
            proxy.journey(people::ORDINARY, turn).await;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        let before = program.held();
        for turn in 0..size(300, 20_000) {
            proxy.journey(people::ORDINARY, turn).await;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        let after = program.held();
        assert!(after.descriptors <= before.descriptors + 4, "{before:?} became {after:?}");
        assert!(after.threads <= before.threads + 2, "{before:?} became {after:?}");
        assert!(after.mib <= before.mib + 16, "{before:?} became {after:?}");
    }

    async fn p13_a_log_that_nobody_reads_holds_nobody(backend: Backend) {
        let mut program = Program::start(backend, &[("FIIIIILM_LOG__FORMAT", "json".into())]).await;
        program.signal("KILL");
        program.end().await;
        // The pipe holds 64 KiB and its other end is never read.
        program.again_logging_to(Stdio::piped()).await;
        let mut browser = program.browser();
        for _ in 0..2_000 {
            assert_eq!(browser.get("/healthz").await.status, 200);
        }
        assert_eq!(browser.log_in(people::ORDINARY).await.status, 303);
        assert_eq!(browser.get("/profile").await.status, 200);
    }

    /// In one process with a clock that is set.
    async fn p12_a_clock_that_jumps_ends_what_is_over_and_nothing_else(backend: Backend) {
        let app = TestApp::start(backend).await;
        let mut browser = app.logged_in(people::ORDINARY).await;
        for hours in [1, -1, -1, 1] {
            app.clock.advance(Span::hours(hours));
            let answer = browser.get("/profile").await;
            assert_eq!(answer.status, 200, "after {hours} h");
            for line in answer.set_cookies() {
                assert!(!line.contains("Max-Age=-"), "{line}");
            }
            assert_eq!(app.browser().log_in(people::NO_EMAIL).await.status, 303, "after {hours} h");
        }
        app.clock.advance(Span::days(30));
        assert_eq!(browser.get("/profile").await.status, 303, "a month away ends a session of a fortnight");
        assert_eq!(browser.log_in(people::ORDINARY).await.status, 303);
        assert_eq!(browser.me().await.status, 200);
    }
}
