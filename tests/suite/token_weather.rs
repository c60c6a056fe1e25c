//! Tokens across real processes: killed under refresh load, beside each other on one database, told of what a command did.

use std::process::Stdio;
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use reqwest::Method;
use serde_json::{Value, json};

use crate::kit::{Answer, Backend, Browser, Process, Program, people, size};

const SESSIONS: usize = 6;

async fn refresh(browser: &mut Browser, token: &str) -> reqwest::Result<Answer> {
    browser.try_json(Method::POST, "/api/token/refresh", &json!({ "refresh": token })).await
}

fn member(answer: &Answer, name: &str) -> String {
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{}", answer.body));
    body[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", answer.body)).to_owned()
}

/// Refreshes until the server is gone; returns the newest token that was answered.
async fn refresh_until_gone(process: &Process, mut token: String) -> (String, usize) {
    let (mut browser, mut answered) = (process.browser(), 0);
    while let Ok(answer) = refresh(&mut browser, &token).await {
        assert_eq!(answer.status, 200, "{}", answer.body);
        token = member(&answer, "refresh");
        answered += 1;
    }
    (token, answered)
}

async fn logged_in(program: &Program, subject: &str) -> String {
    let mut browser = program.browser();
    assert_eq!(browser.log_in(subject).await.status, 303);
    browser.cookie("refresh").unwrap().to_owned()
}

/// How long until this is so.
async fn within(limit: Duration, mut done: impl AsyncFnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !done().await {
        assert!(begun.elapsed() < limit, "not within {limit:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    begun.elapsed()
}

fn run(process: &Process, args: &[&str]) {
    let mut command = process.command(args[0]);
    let ended = command.args(&args[1..]).stdout(Stdio::null()).output().unwrap();
    assert!(ended.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

on_each! {
    async fn e08_killed_under_refresh_load_every_session_has_one_usable_line(backend: Backend) {
        let mut program = Program::start(backend, &[]).await;
        let mut tokens = Vec::new();
        for _ in 0..SESSIONS {
            tokens.push(logged_in(&program, people::ORDINARY).await);
        }
        let mut all = 0;
        for round in 0..size(25, 200) {
            let life = Duration::from_millis(20 + (round as u64 * 29) % 180);
            let clients = join_all(tokens.iter().map(|token| refresh_until_gone(&program, token.clone())));
            let killer = async {
                tokio::time::sleep(life).await;
                program.signal("KILL");
            };
            let (answered, ()) = join(clients, killer).await;
            program.end().await;
            program.again().await;
            tokens.clear();
            for (token, count) in answered {
                all += count;
                // The newest that was answered: current, or the parent of one whose answer was lost.
                let answer = refresh(&mut program.browser(), &token).await.unwrap();
                assert_eq!(answer.status, 200, "round {round}: an answered token is worth nothing: {}", answer.body);
                let again = refresh(&mut program.browser(), &token).await.unwrap();
                assert_eq!(member(&again, "refresh"), member(&answer, "refresh"), "one line, not two");
                tokens.push(member(&answer, "refresh"));
            }
            let mut inspect = program.inspect();
            let live = inspect.number("select count(*) as n from sessions where ended_at is null");
            assert_eq!(live, i64::try_from(SESSIONS).unwrap(), "none lost, none doubled");
        }
        assert!(all > 100, "only {all} refreshes were answered");
        assert!(!program.log().contains("panicked"));
    }

    async fn e07_a_restart_forgets_no_reuse(backend: Backend) {
        let mut program = Program::start(backend, &[]).await;
        let first = logged_in(&program, people::ORDINARY).await;
        let second = member(&refresh(&mut program.browser(), &first).await.unwrap(), "refresh");
        let third = member(&refresh(&mut program.browser(), &second).await.unwrap(), "refresh");
        program.signal("KILL");
        program.end().await;
        program.again().await;
        for token in [first, third] {
            assert_eq!(refresh(&mut program.browser(), &token).await.unwrap().status, 401);
        }
        assert_eq!(program.inspect().lines("select end_reason as s from sessions"), ["reuse"]);
    }

    async fn e06_e13_r4_two_processes_are_one(backend: Backend) {
        let one = Program::start(backend, &[]).await;
        let two = one.beside().await;
        let mut token = logged_in(&one, people::ORDINARY).await;
        for _ in 0..size(10, 200) {
            let calls = (0..100).map(|n| {
                let (mut browser, token) = (if n % 2 == 0 { one.browser() } else { two.browser() }, token.clone());
                async move { refresh(&mut browser, &token).await.unwrap() }
            });
            let next: std::collections::HashSet<String> =
                join_all(calls).await.iter().map(|answer| member(answer, "refresh")).collect();
            assert_eq!(next.len(), 1, "one successor");
            token = next.into_iter().next().unwrap();
        }
        for _ in 0..size(10, 250) {
            let token = logged_in(&one, people::ORDINARY).await;
            let mut browser = two.browser();
            let body = json!({ "refresh": token });
            let (renewed, left) = join(refresh(&mut browser, &token), async {
                one.browser().try_json(Method::POST, "/api/token/blacklist", &body).await.unwrap()
            }).await;
            let renewed = renewed.unwrap();
            assert_eq!(left.status, 200, "{}", left.body);
            if renewed.status == 200 {
                let bearer = format!("Bearer {}", member(&renewed, "access"));
                within(Duration::from_secs(5), async || {
                    two.browser().get_with("/api/me", &[("Authorization", &bearer)]).await.status == 401
                }).await;
                assert_eq!(refresh(&mut two.browser(), &member(&renewed, "refresh")).await.unwrap().status, 401);
            }
        }
    }

    async fn f06_f07_r14_what_a_command_does_every_process_follows(backend: Backend) {
        let one = Program::start(backend, &[]).await;
        let two = one.beside().await;
        let mut slowest = Duration::ZERO;
        for round in 0..size(3, 50) {
            let mut browser = one.browser();
            browser.log_in(people::ORDINARY).await;
            let bearer = format!("Bearer {}", browser.cookie("access").unwrap());
            let status = async |process: &Process| process.browser().get_with("/api/me", &[("Authorization", &bearer)]).await.status;
            for process in [&*one, &two] {
                assert_eq!(status(process).await, 200, "round {round}");
            }
            let who = format!("kakao:{}", people::ORDINARY);
            let (deed, undo) = if round % 2 == 0 { ("ban", "unban") } else { ("promote", "end-sessions") };
            run(&one, &["user", deed, &who]);
            for process in [&*one, &two] {
                slowest = slowest.max(within(Duration::from_secs(5), async || status(process).await == 401).await);
            }
            run(&one, &["user", undo, &who]);
            one.inspect().execute("update users set role = 'user', version = version + 1");
        }
        assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    }

    async fn keys_follow_their_commands_everywhere(backend: Backend) {
        let one = Program::start(backend, &[]).await;
        let two = one.beside().await;
        let mut browser = one.browser();
        browser.log_in(people::ORDINARY).await;
        let access = browser.cookie("access").unwrap().to_owned();
        let kid = jsonwebtoken::decode_header(&access).unwrap().kid.unwrap();
        run(&one, &["key", "rotate"]);
        let listed = one.command("key").arg("list").output().unwrap();
        let listed = String::from_utf8(listed.stdout).unwrap();
        assert!(listed.contains("active") && listed.contains("retiring") && listed.contains(&kid), "{listed}");
        for process in [&*one, &two] {
            within(Duration::from_secs(30), async || process.browser().get("/.well-known/jwks.json").await.body.matches("kid").count() == 2).await;
        }
        run(&one, &["key", "retire", &kid]);
        let bearer = format!("Bearer {access}");
        for process in [&*one, &two] {
            within(Duration::from_secs(30), async || {
                process.browser().get_with("/api/me", &[("Authorization", &bearer)]).await.status == 401
            }).await;
        }
        let unknown = one.command("key").args(["retire", "nonsense"]).output().unwrap();
        assert!(!unknown.status.success() && String::from_utf8_lossy(&unknown.stderr).contains("no key in use has the id"));
    }
}
