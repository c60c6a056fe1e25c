//! How Kakao's list is read: page by page, once a night, by one process, and on from where one died.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration as Wait;

use fiiiiilm::clock;
use fiiiiilm::reconcile::{Outcome, Stopped, Wish};
use fiiiiilm::seed;
use fiiiiilm::simulator::{Fault, Provider, Running};
use fiiiiilm::upkeep;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use time::Duration;

use crate::kit::{Backend, Program, TestApp, people};
use crate::outbox::until;
use crate::reconcile::{LIST, NAMED, attempt, believing};

const PEOPLE: [&str; 5] =
    [people::ADMIN, people::ORDINARY, people::NO_EMAIL, people::UNVERIFIED_EMAIL, people::LONG_ID];

async fn five(app: &TestApp) {
    for subject in PEOPLE {
        app.logged_in(subject).await;
    }
}

/// Two numbers to a page, and the next one at an address that is nobody's.
fn cut(answer: &mut Value) {
    let all = answer["elements"].as_array().unwrap().clone();
    answer["elements"] = json!(all[..all.len().min(2)]);
    answer["after_url"] =
        all.get(2).map_or(Value::Null, |id| json!(format!("http://127.0.0.1:1/x?from_id={id}&app_key=k")));
}

/// Where each page that was asked for begins.
fn pages(simulator: &Running) -> Vec<Option<String>> {
    let asked = simulator.state().requests().into_iter().filter(|request| request.path == LIST);
    asked.map(|request| request.parameter("from_id").map(str::to_owned)).collect()
}

fn fails(app: &TestApp, status: u16, body: &str) {
    let fault = Fault { status, content_type: "application/json", body: body.to_owned(), delay: Wait::ZERO };
    app.simulator.state().fail_next(LIST, fault);
}

/// To half past three in the morning of Seoul.
pub(crate) fn to_the_night(app: &TestApp) {
    let (now, day, wanted) = (clock::unix_seconds(app.clock.now()), 86_400, 18 * 3_600 + 1_800);
    app.clock.advance(Duration::seconds((wanted - now).rem_euclid(day)));
}

on_both! {
    with believing;
    async fn people_who_were_made_up_are_neither_linked_nor_missing(app: TestApp) {
        five(&app).await;
        let plan = seed::Plan { users: 300, seed: 1 };
        seed::run(app.inspect().conn(), &plan, &TimeZone::UTC, app.clock.now(), &mut |_| {}).unwrap();
        let theirs = "from identities where provider = 'kakao' and subject like 'seed-1-%'";
        assert!(app.inspect().number(&format!("select count(*) as n {theirs}")) > 100);
        app.simulator.state().unlink(Provider::Kakao, people::ORDINARY);
        let closed = "select count(*) as n from users where standing = 'closed'";
        let before = app.inspect().number(closed);
        let report = attempt(&app, Wish::Command).await.unwrap();
        assert_eq!(report.refused, None);
        assert_eq!((report.figures.listed, report.figures.linked, report.figures.missing), (4, 5, 1));
        assert_eq!((report.closed, app.inspect().number(closed)), (1, before + 1));
        let asked = app.simulator.state().requests().into_iter().filter(|request| request.path == NAMED).count();
        assert_eq!(asked, 1, "nobody is asked about who has no number");
        assert_eq!(app.inspect().number(&format!("select count(*) as n {theirs} and vanished_at is not null")), 0);
    }

    async fn the_list_is_read_page_by_page_from_our_own_address(app: TestApp) {
        five(&app).await;
        app.simulator.state().twist_answers(LIST, Some(cut));
        let report = attempt(&app, Wish::Command).await.unwrap();
        assert_eq!((report.figures.listed, report.figures.linked, report.figures.missing), (5, 5, 0));
        let asked = pages(&app.simulator);
        assert!(asked.len() == 3 && asked[0].is_none() && asked[1..].iter().all(Option::is_some), "{asked:?}");
    }

    async fn a_list_that_goes_back_is_not_read(app: TestApp) {
        five(&app).await;
        let again = |answer: &mut Value| {
            answer["elements"] = json!([7, 8]);
            answer["after_url"] = json!("/v1/user/ids?from_id=8");
        };
        app.simulator.state().twist_answers(LIST, Some(again));
        let stopped = attempt(&app, Wish::Command).await.unwrap_err();
        assert!(matches!(stopped, Stopped::Backwards), "{stopped}");
    }

    async fn a_quota_and_a_disturbance_are_waited_for_and_a_wrong_key_is_not(app: TestApp) {
        five(&app).await;
        fails(&app, 400, r#"{"code":-10,"msg":"API limit has been exceeded."}"#);
        fails(&app, 429, "{}");
        fails(&app, 400, r#"{"code":-1,"msg":"internal error"}"#);
        assert_eq!(attempt(&app, Wish::Command).await.unwrap().figures.listed, 5);
        fails(&app, 401, r#"{"code":-401,"msg":"wrong appKey"}"#);
        let stopped = attempt(&app, Wish::Command).await.unwrap_err();
        assert!(stopped.to_string().contains("at list") && stopped.to_string().contains("admin_key"), "{stopped}");
    }

    async fn two_processes_compare_once_a_night(app: TestApp) {
        five(&app).await;
        to_the_night(&app);
        let second = app.second().await;
        let (one, other) = tokio::join!(upkeep::compare_once(app.running.app()), upkeep::compare_once(second.app()));
        let ended = [one.unwrap(), other.unwrap()].into_iter().filter(|outcome| matches!(outcome, Outcome::Ended(_))).count();
        assert_eq!((ended, pages(&app.simulator).len()), (1, 1));
        assert_eq!(upkeep::compare_once(second.app()).await.unwrap(), Outcome::NotNow);
        app.clock.advance(Duration::hours(12));
        assert_eq!(upkeep::compare_once(second.app()).await.unwrap(), Outcome::NotNow, "by day");
        app.clock.advance(Duration::hours(12));
        assert!(matches!(upkeep::compare_once(second.app()).await.unwrap(), Outcome::Ended(_)));
        second.stop(Some(Wait::ZERO)).await;
    }
}

mod killed {
    use super::*;

    on_each! {
        async fn a_command_that_was_killed_is_gone_on_with(backend: Backend) {
            let program = Program::start(backend, &believing()).await;
            for subject in PEOPLE {
                assert_eq!(program.browser().log_in(subject).await.status, 303);
            }
            let (broken, asked) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
            let (breaks, counts) = (broken.clone(), asked.clone());
            program.simulator.state().twist_answers(LIST, Some(move |answer: &mut Value| {
                cut(answer);
                if counts.fetch_add(1, Ordering::SeqCst) > 0 && breaks.load(Ordering::SeqCst) {
                    answer["elements"] = Value::Null;
                }
            }));
            let command = || {
                let mut command = program.command("provider");
                command.args(["reconcile", "kakao", "--json"]);
                command
            };
            let mut first = command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            until("a second page", || asked.load(Ordering::SeqCst) > 1).await;
            first.kill().unwrap();
            first.wait().unwrap();
            broken.store(false, Ordering::SeqCst);
            program.simulator.state().forget_requests();
            let run = |mut command: std::process::Command| actix_web::rt::task::spawn_blocking(move || command.output().unwrap());
            let busy = run(command()).await.unwrap();
            assert!(String::from_utf8_lossy(&busy.stderr).contains("another process"), "{busy:?}");
            program.inspect().execute("update reconciliations set claimed_until = '2026-01-01 00:00:00'");
            let done = run(command()).await.unwrap();
            assert!(done.status.success(), "{done:?}");
            let told: Value = serde_json::from_slice(&done.stdout).unwrap();
            assert_eq!((&told["listed"], &told["missing"], &told["refused"]), (&json!(5), &json!(0), &Value::Null));
            let pages = pages(&program.simulator);
            assert!(pages.len() == 2 && pages.iter().all(Option::is_some), "it began anew: {pages:?}");
        }
    }
}
