//! `provider reconcile kakao`, in its own words.

use std::process::Output;

use fiiiiilm::simulator::Provider;
use serde_json::{Value, json};

use crate::kit::{Backend, Program, people};
use crate::reconcile::{LIST, believing};

async fn run(program: &Program, arguments: &[&str]) -> Output {
    let mut command = program.command("provider");
    command.args(["reconcile", "kakao"]).args(arguments);
    actix_web::rt::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

async fn says(program: &Program, arguments: &[&str]) -> String {
    let output = run(program, arguments).await;
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What it answers to a program, and to whoever reads its complaint.
async fn refuses(program: &Program) -> (Value, String) {
    let output = run(program, &["--json"]).await;
    assert!(!output.status.success(), "{output:?}");
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains("nothing was changed"), "{complaint}");
    (serde_json::from_slice(&output.stdout).unwrap(), complaint)
}

async fn three(backend: Backend) -> Program {
    let program = Program::start(backend, &believing()).await;
    for subject in [people::ADMIN, people::NO_EMAIL, people::ORDINARY] {
        assert_eq!(program.browser().log_in(subject).await.status, 303);
    }
    program
}

fn empty(answer: &mut Value) {
    answer["elements"] = json!([]);
}

on_each! {
    async fn first_it_says_who_and_then_it_does_it(backend: Backend) {
        let program = three(backend).await;
        assert!(program.simulator.state().unlink(Provider::Kakao, people::ORDINARY));
        let whose = format!("select user_id as s from identities where subject = '{}'", people::ORDINARY);
        let id = program.inspect().lines(&whose).concat();
        let dry = says(&program, &["--dry-run"]).await;
        let told = [
            "2 people are listed, 3 are linked here.".to_owned(),
            "1 are missing; asked by name, 0 of them are linked after all.".to_owned(),
            format!("would be closed, or lose this account: {id}"),
            "0 would be back. Nothing was changed.".to_owned(),
        ];
        assert_eq!(dry.lines().collect::<Vec<_>>(), told);
        let dry: Value = serde_json::from_str(&says(&program, &["--dry-run", "--json"]).await).unwrap();
        let figures = json!({
            "provider": "kakao", "dry_run": true, "refused": null, "listed": 2, "linked": 3, "missing": 1,
            "still_linked": 0, "closed": 0, "marked": 0, "returned": 0, "people": [id],
        });
        assert_eq!(dry, figures);
        assert_eq!(program.inspect().number("select count(*) as n from users where standing = 'closed'"), 0);
        let done = says(&program, &[]).await;
        assert!(done.contains("1 are closed and erased in 7 days unless they log in; 0 lose this account then"), "{done}");
        assert_eq!(program.inspect().lines("select id as s from users where standing = 'closed'"), [id]);
    }

    async fn it_says_why_it_changes_nothing(backend: Backend) {
        let program = three(backend).await;
        for subject in [people::ORDINARY, people::NO_EMAIL] {
            assert!(program.simulator.state().unlink(Provider::Kakao, subject));
        }
        let (told, complaint) = refuses(&program).await;
        assert_eq!((&told["refused"], &told["missing"]), (&json!("list_short"), &json!(2)));
        assert!(complaint.contains("2 of 3 people are not on the list") && complaint.contains("reconcile.max_percent (50 %)"), "{complaint}");
        program.simulator.state().twist_answers(LIST, Some(empty));
        let (told, complaint) = refuses(&program).await;
        assert_eq!((&told["refused"], &told["closed"]), (&json!("list_empty"), &json!(0)));
        assert!(complaint.contains("providers.kakao.admin_key"), "{complaint}");
        program.inspect().execute("update installation set value = 'kakao:1' where name = 'realm:kakao'");
        let (told, complaint) = refuses(&program).await;
        assert_eq!(told["refused"], "realm_differs");
        assert!(complaint.contains("the people here belong to kakao:1"), "{complaint}");
        assert_eq!(program.inspect().number("select count(*) as n from users where standing = 'active'"), 3);
    }
}
