//! The law of imports, and the sizes that keep the house one to live in.

use std::fs;
use std::path::Path;

/// Rooms: they stand beside each other and never name one another.
const ROOMS: [&str; 8] = ["login", "account", "admin", "api", "webhooks", "simulator", "seed", "ops"];

const MAX_LINES: usize = 300;
const MAX_LINES_WITH_TESTS: usize = 400;

/// Every source file: its top-level module, its path, its text.
fn sources(folder: &Path, found: &mut Vec<(String, String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let inside = path.strip_prefix("src").unwrap();
            let room = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
            found.push((room, path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

fn all_sources() -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    sources(Path::new("src"), &mut found);
    assert!(found.len() > 50, "the walk found only {} files", found.len());
    found
}

/// A problem, if this file breaks the law.
fn breach(order: &[&str], room: &str, text: &str) -> Option<String> {
    let here = order.iter().position(|name| name == &room)?;
    for rest in text.split("crate::").skip(1) {
        if rest.starts_with('{') {
            return Some(format!("{room}: one path per `use crate::` line"));
        }
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let Some(there) = order.iter().position(|other| *other == name) else { continue };
        if there > here {
            return Some(format!("`{room}` looks up at `{name}`"));
        }
        if name != room && ROOMS.contains(&room) && ROOMS.contains(&name.as_str()) {
            return Some(format!("the room `{room}` names the room `{name}`"));
        }
    }
    None
}

fn order(lib: &str) -> Vec<&str> {
    lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect()
}

#[test]
fn modules_only_look_down() {
    let lib = fs::read_to_string("src/lib.rs").unwrap();
    let order = order(&lib);
    assert!(order.len() > 15, "lib.rs lists {order:?}");
    for (room, path, text) in all_sources() {
        if let Some(problem) = breach(&order, &room, &text) {
            panic!("{path}: {problem}");
        }
    }
}

#[test]
fn the_law_names_a_culprit() {
    let order = ["db", "web", "login", "admin"];
    assert!(breach(&order, "db", "use crate::web::App;").is_some());
    assert!(breach(&order, "login", "use crate::admin::x;").is_some());
    assert!(breach(&order, "login", "use crate::{db, web};").is_some());
    assert!(breach(&order, "login", "use crate::db::Db; use crate::web::App;").is_none());
}

#[test]
fn the_domain_knows_no_web_server() {
    let domain = ["audit", "tokens", "users", "providers", "signin"];
    for (room, path, text) in all_sources() {
        assert!(!domain.contains(&room.as_str()) || !text.contains("actix"), "{path} names actix");
    }
}

#[test]
fn no_file_outgrows_its_reader() {
    for (_, path, text) in all_sources() {
        let is_test = path.contains("/tests");
        let code = if is_test { 0 } else { text.split("#[cfg(test)]").next().unwrap_or_default().lines().count() };
        let all = text.lines().count();
        assert!(code <= MAX_LINES && all <= MAX_LINES_WITH_TESTS, "{path}: {code} lines of code, {all} in all");
    }
}
