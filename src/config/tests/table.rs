//! The table, and the papers that repeat it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{load_file, names, variable};
use crate::config::keys::{self, Availability, KEYS};

fn beside_the_manifest(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), name].iter().collect()
}

/// The example with every setting switched on.
fn switched_on() -> String {
    let example = keys::example();
    let settings = example.lines().map(|line| match line.strip_prefix("# ") {
        Some(setting) if setting.split_once(" = ").is_some_and(|(name, _)| !name.contains(' ')) => setting.to_owned(),
        _ => line.to_owned(),
    });
    settings.collect::<Vec<_>>().join("\n")
}

#[test]
fn names_are_unique_and_belong_to_a_section() {
    let names: BTreeSet<&str> = KEYS.iter().map(|key| key.name).collect();
    assert_eq!(names.len(), KEYS.len());
    assert!(names.iter().all(|name| name.contains('.') && !name.contains("__") && !name.ends_with("_file")));
    assert_eq!(variable("providers.kakao.client_id"), "FIIIIILM_PROVIDERS__KAKAO__CLIENT_ID");
}

#[test]
fn the_example_file_is_the_table() {
    let path = beside_the_manifest("fiiiiilm.example.toml");
    if std::env::var_os("FIIIIILM_TEST_WRITE").is_some() {
        std::fs::write(&path, keys::example()).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let how = "FIIIIILM_TEST_WRITE=1 cargo test the_example_file_is_the_table writes it anew";
    assert!(text == keys::example(), "fiiiiilm.example.toml does not follow the table; {how}");
    assert!(text.lines().all(|line| line.chars().count() <= 120), "a line is too long");
}

#[test]
fn a_copy_of_the_example_changes_nothing() {
    assert_eq!(names(load_file(&keys::example())), Vec::<String>::new());
}

#[test]
fn the_example_switched_on_is_right_but_for_what_everybody_knows() {
    let text = switched_on();
    for key in KEYS.iter().filter(|key| key.availability != Availability::Later) {
        let (_, short) = key.name.rsplit_once('.').unwrap();
        assert!(text.lines().any(|line| line.starts_with(&format!("{short} = "))), "{} is missing", key.name);
    }
    // An example of Apple's key would be a key.
    assert_eq!(names(load_file(&text)), ["secret.key", "providers.apple.private_key"]);
}

#[test]
fn the_readme_has_the_table_of_settings() {
    let path = beside_the_manifest("README.md");
    let table = keys::markdown();
    let readme = std::fs::read_to_string(&path).unwrap();
    if std::env::var_os("FIIIIILM_TEST_WRITE").is_some() {
        let head = table.lines().next().unwrap();
        let (before, rest) = readme.split_once(head).expect("the head of the table stands in the README");
        let (_, after) = rest.split_once("\n\n").unwrap();
        std::fs::write(&path, format!("{before}{}\n\n{after}", table.trim_end())).unwrap();
    }
    let readme = std::fs::read_to_string(&path).unwrap();
    let how = "FIIIIILM_TEST_WRITE=1 cargo test the_readme_has_the_table_of_settings writes it anew";
    assert!(readme.contains(&table), "README.md does not hold the table of settings; {how}");
}
