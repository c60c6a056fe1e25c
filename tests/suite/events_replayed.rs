//! `events replay`, as an operator types it.

use std::process::Output;

use serde_json::Value;

use crate::kit::{Backend, CANARY, Program, Receiver, SECRET, people};
use crate::outbox::until;

fn run(program: &Program, args: &[&str]) -> Output {
    program.command("events").arg("replay").args(args).output().unwrap()
}

fn replayed(program: &Program, args: &[&str]) -> i64 {
    let output = run(program, &[args, &["--json"]].concat());
    let (said, log) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{args:?}: {log}");
    assert!(!log.contains(CANARY) && !log.contains(SECRET), "{log}");
    serde_json::from_str::<Value>(&said).expect(&said)["replayed"].as_i64().expect("a number")
}

fn refused(program: &Program, args: &[&str]) -> String {
    let output = run(program, args);
    assert!(!output.status.success(), "{args:?} went well");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains(CANARY) && !said.contains(SECRET) && !said.contains("panicked"), "{said}");
    said
}

async fn by_command(backend: Backend) {
    let receiver = Receiver::start();
    let program = Program::start(backend, &receiver.settings()).await;
    let mut inspect = program.inspect();
    assert_eq!(program.browser().log_in(people::ORDINARY).await.status, 303);
    until("told", || inspect.number("select count(*) as n from outbox where state = 'done'") == 2).await;
    let told = receiver.understood();
    let (first, body) = (told[0].id().to_owned(), told[0].body.clone());
    assert_eq!(replayed(&program, &[&first]), 1);
    until("told again", || receiver.understood().len() == 3).await;
    let again = receiver.understood()[2].clone();
    assert_eq!((again.id(), &again.body), (first.as_str(), &body), "to the letter");
    until("written down", || inspect.number("select count(*) as n from outbox where state = 'done'") == 2).await;
    assert_eq!(replayed(&program, &["--since", "2020-01-01T00:00:00Z"]), 2);
    until("all told again", || receiver.understood().len() == 5).await;
    until("written down", || inspect.number("select count(*) as n from outbox where state = 'done'") == 2).await;
    assert_eq!(replayed(&program, &["--since", "2999-01-01T00:00:00Z"]), 0);
    assert_eq!(replayed(&program, &["--given-up"]), 0);
    receiver.answers(503);
    inspect.execute("update outbox set state = 'given_up'");
    assert_eq!(replayed(&program, &["--given-up"]), 2);
    until("tried in vain", || inspect.number("select min(tries) as n from outbox") > 0).await;
    assert!(refused(&program, &[&first]).contains("has not been told yet"));
    assert_eq!(replayed(&program, &["--since", "2020-01-01T00:00:00Z"]), 0, "what waits is left alone");
    let lines = "select details as s from audit_events where action = 'events.replay' and actor = 'cli' order by id";
    let kind = again.kind();
    assert_eq!(inspect.lines(lines), [kind.as_str(), "2 events", "2 events"]);
    assert!(refused(&program, &["019ab0c1-9d5e-7cc3-98c4-dc0c0c07398f"]).contains("no event is kept"));
    inspect.execute("update outbox set kind = 'unlink', state = 'done'");
    assert!(refused(&program, &[&first]).contains("no event is kept"), "what a provider is told is no event");
    assert_eq!(replayed(&program, &["--since", "2020-01-01T00:00:00Z"]), 0);
    assert!(refused(&program, &[]).contains("--since"));
    assert!(refused(&program, &["--since", "yesterday"]).contains("2026-11-25T09:00:00+09:00"));
}

/// Many more than one transaction takes, and nobody to tell them to meanwhile.
async fn a_crowd(backend: Backend) {
    let receiver = Receiver::start();
    let mut program = Program::start(backend, &receiver.settings()).await;
    program.signal("TERM");
    program.end().await;
    let mut inspect = program.inspect();
    let rows: Vec<String> = (0..1_203)
        .map(|number| {
            format!(
                "('019ab0c1-9d5e-7cc3-98c4-{number:012}', 'event', 'user.banned', 'x', '{{}}', 'done', 0, \
                 '2026-01-01 00:00:00', '2026-01-01 00:00:00', '2026-01-08 00:00:00', '2026-01-01 00:00:00')"
            )
        })
        .collect();
    inspect.execute(&format!(
        "insert into outbox (id, kind, topic, user_id, payload, state, tries, due_at, created_at, give_up_at, ended_at) values {}",
        rows.join(", ")
    ));
    assert_eq!(replayed(&program, &["--since", "2025-12-31T09:00:00+09:00"]), 1_203);
    assert_eq!(inspect.number("select count(*) as n from outbox where state = 'waiting' and ended_at is null"), 1_203);
    assert_eq!(
        inspect.lines("select details as s from audit_events where action = 'events.replay' order by id"),
        ["500 events", "500 events", "203 events"]
    );
    let nobody = program.command("events").args(["replay", "--given-up"]).env_remove("FIIIIILM_EVENTS__URL").output();
    let said = String::from_utf8(nobody.unwrap().stderr).unwrap();
    assert!(said.contains("events.url") && said.contains("is not set"), "{said}");
}

on_each! {
    async fn one_or_all_since_a_moment_or_those_given_up_are_told_again(backend: Backend) {
        by_command(backend).await;
    }

    async fn a_crowd_waits_again_piece_by_piece(backend: Backend) {
        a_crowd(backend).await;
    }
}
