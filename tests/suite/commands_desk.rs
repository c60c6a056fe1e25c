//! What the admin's pages do, by command: the same verbs, the same lines.

use serde_json::Value;

use crate::kit::{Backend, Operator};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

fn looking_after_users(backend: Backend) {
    let operator = Operator::new(backend);
    operator.says(&["migrate"]);
    operator.says(&["seed", "--users", "30"]);
    let list = json(&operator.says(&["user", "list", "--json"]));
    let active = |user: &&Value| user["standing"] == "active" && user["role"] == "user";
    let ids: Vec<&str> =
        list.as_array().unwrap().iter().filter(active).map(|user| user["id"].as_str().unwrap()).collect();
    let (one, two) = (ids[0], ids[1]);
    let changed = |args: &[&str]| json(&operator.says(args))["changed"].as_bool().unwrap();
    assert!(changed(&["user", "promote", one, "--json"]));
    assert!(!changed(&["user", "promote", one, "--json"]));
    assert!(changed(&["user", "ban", two, "--reason", " 광고 글 ", "--json"]));
    assert!(!changed(&["user", "ban", two, "--json"]));
    assert!(operator.complains(&["user", "ban", one]).contains("last admin"), "L06");
    assert!(operator.complains(&["user", "delete", one, "--yes"]).contains("last admin"), "L06");
    assert!(operator.complains(&["user", "ban", two, "--reason", &"가".repeat(301)]).contains("300"));
    let shown = json(&operator.says(&["user", "show", two, "--json"]));
    assert_eq!((shown["standing"].as_str(), shown["standing_reason"].as_str()), (Some("banned"), Some("광고 글")));
    assert!(operator.says(&["user", "show", two]).contains("banned: 광고 글"));
    assert!(changed(&["user", "promote", two, "--json"]));
    assert!(operator.complains(&["user", "demote", one]).contains("last admin"), "L06: the other one is banned");
    assert!(changed(&["user", "demote", two, "--json"]), "who is banned is not the last admin");
    assert!(changed(&["user", "unban", two, "--json"]));
    assert!(!changed(&["user", "approve", two, "--json"]), "nobody waits");
    assert!(operator.complains(&["user", "delete", two]).contains("--yes"), "nobody can be asked");
    assert!(operator.says(&["user", "list", two]).contains(two), "still here");
    assert!(changed(&["user", "delete", two, "--yes", "--json"]));
    assert!(operator.complains(&["user", "show", two]).contains("nobody here"));
    let about = json(&operator.says(&["audit", "list", "--about", two, "--json"]));
    let actions: Vec<&str> = about.as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions[..7],
        ["user.delete", "user.unban", "role.change", "role.change", "user.read", "user.read", "user.ban"]
    );
    assert!(about.as_array().unwrap().iter().take(7).all(|line| line["actor"] == "cli"));
    assert!(!about.to_string().contains("광고"), "the history keeps no reason");
    let bans = json(&operator.says(&["audit", "list", "--by", "cli", "--action", "user.ban", "--json"]));
    assert_eq!(bans.as_array().unwrap().len(), 1);
    assert!(operator.complains(&["audit", "list", "--action", "nonsense"]).contains("user.ban"));
    assert!(operator.complains(&["audit", "list", "--about", "nobody@example.invalid"]).contains("nobody here"));
    let reads = json(&operator.says(&["audit", "list", "--action", "audit.read", "--json"]));
    let reads: Vec<&str> = reads.as_array().unwrap().iter().map(|line| line["details"].as_str().unwrap()).collect();
    assert_eq!(reads, ["action", "action actor", "q"], "the newest is this one");
    let table = operator.says(&["audit", "list", "--limit", "3"]);
    assert_eq!(table.lines().count(), 4, "{table}");
    assert!(operator.says(&["user", "end-sessions", one]).contains("sessions ended"));
    assert!(operator.complains(&["user", "end-sessions", "--all"]).contains("--yes"));
    assert!(json(&operator.says(&["user", "end-sessions", "--all", "--yes", "--json"]))["sessions_ended"].is_number());
}

fn numbers(backend: Backend) {
    let operator = Operator::new(backend);
    operator.says(&["migrate"]);
    let stats = json(&operator.says(&["stats", "--days", "7", "--json"]));
    assert_eq!(stats["days"].as_array().unwrap().len(), 7);
    assert_eq!((stats["days"][6]["logins"].as_i64(), stats["devices_in_use"].as_i64()), (Some(0), Some(0)));
    let table = operator.says(&["stats", "--days", "7"]);
    assert!(table.starts_with(" day") && table.contains("logins by provider"), "{table}");
}

fn tables_line_up(backend: Backend) {
    let operator = Operator::new(backend);
    operator.says(&["migrate"]);
    operator.says(&["seed", "--users", "50"]);
    let table = operator.says(&["user", "list"]);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 51);
    // Ids and words of ASCII come first, so that the last column begins at one byte in every line.
    let begin = lines[0].find("name").unwrap();
    assert!(
        lines[1..].iter().all(|line| line.as_bytes()[begin - 1] == b' ' && line.as_bytes()[begin] != b' '),
        "{table}"
    );
}

mod sqlite {
    use super::*;

    #[test]
    fn users_are_looked_after_by_command() {
        looking_after_users(Backend::Sqlite);
    }

    #[test]
    fn numbers_are_told_by_command() {
        numbers(Backend::Sqlite);
    }

    #[test]
    fn columns_line_up() {
        tables_line_up(Backend::Sqlite);
    }
}

mod postgres {
    use super::*;

    #[test]
    fn users_are_looked_after_by_command() {
        looking_after_users(Backend::Postgres);
    }

    #[test]
    fn numbers_are_told_by_command() {
        numbers(Backend::Postgres);
    }
}
