//! `user list` by command: the filters and orders of the page, what the history hears of it, and what a terminal sees.

use std::collections::BTreeSet;
use std::process::{Command, Output};

use serde_json::Value;

use crate::kit::{Backend, Operator};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

fn people(operator: &Operator, args: &[&str]) -> Vec<Value> {
    let args: Vec<&str> = ["user", "list", "--json"].iter().chain(args).copied().collect();
    json(&operator.says(&args)).as_array().unwrap().clone()
}

fn ids(people: &[Value]) -> Vec<&str> {
    people.iter().map(|person| person["id"].as_str().unwrap()).collect()
}

fn seeded(backend: Backend, users: &str) -> Operator {
    let operator = Operator::new(backend);
    operator.says(&["migrate"]);
    operator.says(&["seed", "--users", users]);
    operator
}

/// In a terminal of so many columns; what is typed comes from a file, as if from its keyboard.
fn at_terminal(operator: &Operator, columns: u16, typed: &str, args: &[&str]) -> Output {
    let words: Vec<String> = args.iter().map(|word| format!("'{word}'")).collect();
    let program = env!("CARGO_BIN_EXE_fiiiiilm");
    let line = format!("stty cols {columns} rows 50 -echo; '{program}' {}; echo \"exit $?\"", words.join(" "));
    let mut command = Command::new("script");
    command.args(["-q", "-e", "-c", &line, "/dev/null"]).current_dir(operator.folder.path());
    command
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap())
        .env("TERM", "xterm")
        .envs(operator.env.iter().cloned());
    let keys = operator.folder.path().join("keys");
    std::fs::write(&keys, typed).unwrap();
    command.stdin(std::fs::File::open(&keys).unwrap()).output().unwrap()
}

fn screen(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap().replace('\r', "")
}

/// What is said beside a table; a terminal wraps it as it likes.
fn is_remark(line: &str) -> bool {
    ["Left out", "Go on", "Days and times"].iter().any(|begin| line.starts_with(begin)) || line.contains(" shown of ")
}

/// One place in a terminal or two, as everybody agrees; about emoji they do not.
fn is_plain(c: char) -> bool {
    c.is_ascii() || ('가'..='힣').contains(&c)
}

fn places(line: &str) -> usize {
    line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// The best of a person's e-mails, as the filter has it.
fn email_of(person: &Value) -> &'static str {
    let accounts = person["identities"].as_array().unwrap();
    let with: Vec<&Value> = accounts.iter().filter(|identity| !identity["email"].is_null()).collect();
    match with.iter().any(|identity| identity["email_verified"] == true) {
        true => "verified",
        false if with.is_empty() => "none",
        false => "unverified",
    }
}

on_each! {
    async fn every_filter_finds_whom_it_should_and_counts_them(backend: Backend) {
        let operator = seeded(backend, "400");
        let all = people(&operator, &["--limit", "10000"]);
        assert_eq!(all.len(), 400);
        let provider = |person: &Value, name: &str| {
            person["identities"].as_array().unwrap().iter().any(|identity| identity["provider"] == name)
        };
        // Korea is nine hours ahead all year: a day there begins at 15:00 UTC of the day before.
        let day = |at: &Value| at.as_str().map(str::to_owned);
        type Fits<'a> = Box<dyn Fn(&Value) -> bool + 'a>;
        let middle = all[200]["created_at"].as_str().unwrap()[..10].to_owned();
        let begin = format!("{}T15:00:00", &all[200]["created_at"].as_str().unwrap()[..10]);
        let next = middle.parse::<jiff::civil::Date>().unwrap().tomorrow().unwrap().to_string();
        let cases: Vec<(Vec<&str>, Fits<'_>)> = vec![
            (vec!["--status", "banned"], Box::new(|p| p["standing"] == "banned")),
            (vec!["--status", "closed"], Box::new(|p| p["standing"] == "closed")),
            (vec!["--status", "waiting"], Box::new(|p| p["standing"] == "waiting")),
            (vec!["--role", "user"], Box::new(|_| true)),
            (vec!["--role", "admin"], Box::new(|_| false)),
            (vec!["--provider", "naver"], Box::new(|p| provider(p, "naver"))),
            (vec!["--provider", "nowhere"], Box::new(|_| false)),
            (vec!["--email", "verified"], Box::new(|p| email_of(p) == "verified")),
            (vec!["--email", "unverified"], Box::new(|p| email_of(p) == "unverified")),
            (vec!["--email", "none", "--provider", "kakao"], Box::new(|p| email_of(p) == "none" && provider(p, "kakao"))),
            (vec!["--joined-from", &next], Box::new(|p| day(&p["created_at"]) >= Some(begin.clone()))),
            (vec!["--joined-to", &middle], Box::new(|p| day(&p["created_at"]) < Some(begin.clone()))),
            (vec!["--seen-from", &next], Box::new(|p| day(&p["last_login_at"]) >= Some(begin.clone()))),
            (vec!["--seen-to", &middle, "--status", "active"],
                Box::new(|p| p["standing"] == "active" && day(&p["last_login_at"]) < Some(begin.clone()))),
            (vec!["김"], Box::new(|p| p["name"].as_str().is_some_and(|name| name.contains('김')))),
        ];
        for (args, fits) in &cases {
            let wanted: Vec<&str> = all.iter().filter(|person| fits(person)).map(|p| p["id"].as_str().unwrap()).collect();
            let found = people(&operator, &[&args[..], &["--limit", "10000"]].concat());
            assert_eq!(ids(&found), wanted, "{args:?}");
            let counted = json(&operator.says(&[&["user", "list", "--count", "--json"][..], args].concat()));
            assert_eq!(counted, serde_json::json!({ "total": wanted.len(), "known": "exactly" }), "{args:?}");
        }
    }

    async fn orders_are_those_of_the_page_and_a_list_goes_on_behind_its_last(backend: Backend) {
        let operator = seeded(backend, "130");
        for order in ["newest", "last_seen", "name"] {
            let whole = people(&operator, &["--sort", order, "--limit", "200"]);
            assert_eq!(whole.len(), 130);
            match order {
                "newest" => assert!(whole.is_sorted_by(|a, b| a["created_at"].as_str() > b["created_at"].as_str())),
                "last_seen" => assert!(whole.is_sorted_by(|a, b| a["last_login_at"].as_str() >= b["last_login_at"].as_str())),
                _ => {
                    let name = |p: &Value| p["name"].as_str().map_or("\u{10FFFF}".to_owned(), str::to_owned);
                    assert!(whole.is_sorted_by_key(name));
                }
            }
            let (mut pieces, mut after) = (Vec::new(), None::<String>);
            loop {
                let mut args = vec!["--sort", order, "--limit", "47"];
                args.extend(after.as_deref().map_or(vec![], |after| vec!["--after", after]));
                let piece = people(&operator, &args);
                let Some(last) = piece.last() else { break };
                after = Some(last["id"].as_str().unwrap().to_owned());
                pieces.extend(piece);
            }
            assert_eq!(ids(&pieces), ids(&whole), "{order}");
        }
        let gone = "019ab0c1-9d5e-7cc3-98c4-dc0c0c07398f";
        assert!(operator.complains(&["user", "list", "--after", gone]).contains("any more"));
        assert!(operator.complains(&["user", "list", "김", "--sort", "name"]).contains("newest first"));
        assert!(operator.complains(&["user", "list", "--joined-from", "2026-02-01", "--joined-to", "2026-01-01"]).contains("behind"));
        assert!(operator.complains(&["user", "list", "a"]).contains("too short"));
        assert!(operator.complains(&["user", "list", "--status", "gone"]).contains("banned"), "what there is instead");
    }

    async fn the_history_hears_who_was_looked_for_and_never_the_words(backend: Backend) {
        let operator = seeded(backend, "60");
        operator.says(&["user", "list"]);
        operator.says(&["user", "list", "--sort", "name"]);
        operator.says(&["user", "list", "김", "--status", "active", "--seen-from", "2025-01-01"]);
        operator.says(&["user", "list", "kim@example.com", "--count"]);
        let exported = json(&operator.says(&["user", "list", "--all", "--json", "--reason", "연말 감사", "--status", "active"]));
        assert_eq!(exported.as_array().unwrap().len(), people(&operator, &["--status", "active", "--limit", "100"]).len());
        assert_eq!(json(&operator.says(&["user", "list", "--all", "--json", "--reason", "x", "--role", "admin"])), Value::Array(vec![]));
        assert!(operator.complains(&["user", "list", "--all", "--json"]).contains("--reason"));
        assert!(operator.complains(&["user", "list", "--all", "--json", "--reason", " "]).contains("--reason"));
        let details = |action: &str| -> Vec<String> {
            let lines = json(&operator.says(&["audit", "list", "--action", action, "--json"]));
            let lines = lines.as_array().unwrap().clone();
            assert!(lines.iter().all(|line| line["actor"] == "cli"));
            lines.iter().map(|line| line["details"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(details("users.search"), ["status", "q (e-mail)", "q (words) status seen_from"]);
        assert_eq!(details("users.export"), ["x (role)", "연말 감사 (status)"]);
    }

    async fn a_narrow_terminal_and_a_pipe_each_get_what_they_can_read(backend: Backend) {
        let operator = seeded(backend, "40");
        for columns in [40, 60, 80, 100, 132, 200] {
            for args in [&["user", "list", "--limit", "10"][..], &["audit", "list", "--limit", "10"], &["stats", "--days", "3"]] {
                let seen = screen(&at_terminal(&operator, columns, "", args));
                assert!(seen.contains("exit 0"), "{seen}");
                for line in seen.lines().filter(|line| !is_remark(line) && line.chars().all(is_plain)) {
                    assert!(places(line) <= usize::from(columns), "{columns} {args:?} {line:?}:\n{seen}");
                }
            }
        }
        let at_80 = screen(&at_terminal(&operator, 80, "", &["user", "list", "--limit", "5"]));
        let known: BTreeSet<String> = ids(&people(&operator, &["--limit", "5"])).iter().map(|id| (*id).to_owned()).collect();
        assert!(known.iter().all(|id| at_80.contains(id.as_str())), "an id can be copied:\n{at_80}");
        assert!(at_80.contains("Left out") && at_80.contains("5 shown of 40 users") && at_80.contains("--after"), "{at_80}");
        let piped = operator.says(&["user", "list", "--limit", "5"]);
        assert_eq!(piped.lines().count(), 6, "{piped}");
        assert!(piped.lines().next().unwrap().contains("linked accounts"), "{piped}");
    }

    async fn whoever_is_deleted_at_a_terminal_is_named_first(backend: Backend) {
        let operator = seeded(backend, "40");
        let all = people(&operator, &["--status", "active"]);
        let named = all.iter().find(|person| person["name"].as_str().is_some_and(|name| name.chars().count() == 3)).unwrap();
        let (id, name) = (named["id"].as_str().unwrap(), named["name"].as_str().unwrap());
        for wrong in ["\n", "y\n", "yes\n", ""] {
            let seen = screen(&at_terminal(&operator, 100, wrong, &["user", "delete", id]));
            assert!(seen.contains(name) && seen.contains("nothing was changed") && seen.contains("exit 1"), "{wrong:?}: {seen}");
        }
        operator.says(&["user", "show", id]);
        let seen = screen(&at_terminal(&operator, 100, &format!(" {name} \n"), &["user", "delete", id]));
        assert!(seen.contains("is gone now") && seen.contains("exit 0"), "{seen}");
        assert!(operator.complains(&["user", "show", id]).contains("nobody here"));
        let seen = screen(&at_terminal(&operator, 100, "all\n", &["user", "end-sessions", "--all"]));
        assert!(seen.contains("everybody") && seen.contains("exit 1"), "{seen}");
        let seen = screen(&at_terminal(&operator, 100, "everybody\n", &["user", "end-sessions", "--all"]));
        assert!(seen.contains("sessions of 0 users ended") && seen.contains("exit 0"), "{seen}");
    }
}
