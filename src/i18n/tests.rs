//! The words and their use, compared with each other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::Locale;
use super::phrases;

/// Calls and fields whose string literal is a key.
const NAMES_A_KEY: [&str; 12] = [
    ".format(\"",
    ".t(\"",
    ".f(\"",
    ".count(\"",
    ".around(\"",
    ".text(\"",
    "_key: \"",
    " key: \"",
    "(key: \"",
    "(\"outcome-",
    "Err(\"profile-",
    "(\"error-",
];

/// Built from the code of an error; a test beside that code compares them.
const BUILT: &str = "error-";

fn keys(locale: Locale) -> BTreeSet<&'static str> {
    phrases::sources(locale).into_iter().flat_map(phrases::keys).collect()
}

fn read(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "html") && !path.ends_with("i18n/tests.rs") {
            into.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    read(&root.join("src"), &mut found);
    read(&root.join("templates"), &mut found);
    found
}

#[test]
fn every_file_of_words_can_be_read() {
    for source in Locale::ALL.into_iter().flat_map(phrases::sources) {
        if let Err((_, faults)) = fluent_bundle::FluentResource::try_new(source.to_owned()) {
            panic!("{faults:?} in {source}");
        }
    }
}

#[test]
fn both_languages_have_the_same_keys_once() {
    assert_eq!(keys(Locale::Ko), keys(Locale::En));
    for locale in Locale::ALL {
        let all: Vec<_> = phrases::sources(locale).into_iter().flat_map(phrases::keys).collect();
        assert_eq!(all.len(), keys(locale).len(), "a key is defined twice in {}", locale.code());
    }
}

#[test]
fn every_named_key_exists() {
    let known = keys(Locale::Ko);
    for (file, text) in sources() {
        for opening in NAMES_A_KEY {
            let stem = opening.rsplit_once('"').map_or("", |(_, stem)| stem);
            for rest in text.split(opening).skip(1) {
                let key = format!("{stem}{}", rest.split('"').next().unwrap_or_default());
                let looks_like_one = key.contains('-') && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
                assert!(!looks_like_one || known.contains(key.as_str()), "{file} names the unknown key {key}");
            }
        }
    }
}

#[test]
fn every_key_is_named_somewhere() {
    let sources = sources();
    for key in keys(Locale::Ko).into_iter().filter(|key| !key.starts_with(BUILT)) {
        let named = format!("\"{key}\"");
        assert!(sources.iter().any(|(_, text)| text.contains(&named)), "nobody names {key}");
    }
}

#[test]
fn every_phrase_can_be_said() {
    for locale in Locale::ALL {
        for key in keys(locale) {
            assert!(phrases::of(locale).can_say(key), "{key} in {}", locale.code());
        }
    }
}

#[test]
fn a_phrase_around_a_name_has_two_sides() {
    let mut seen = 0;
    for (file, text) in sources() {
        for rest in text.split(".around(\"").skip(1) {
            let key = rest.split('"').next().unwrap();
            for locale in Locale::ALL {
                assert_ne!(
                    locale.around(key),
                    ("", ""),
                    "{file}: {key} in {}: is its argument called name?",
                    locale.code()
                );
            }
            seen += 1;
        }
    }
    assert!(seen > 2, "{seen}");
}
