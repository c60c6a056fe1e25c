//! The table as text: the example file and the README's list.

use super::super::providers::TEMPLATE;
use super::key::{Availability, Default, Form, Key};
use super::table::KEYS;

/// Widest line of the example file.
const WIDTH: usize = 100;

const HEAD: &str = "\
# Settings of fiiiiilm, made from its own table (src/config/keys/table.rs; a test compares them).
# Copy this file to fiiiiilm.toml and remove the `# ` in front of what you change. Each line shows
# the default, or a sample where there is no fixed one. The environment wins over the file:
# server.bind is FIIIIILM_SERVER__BIND; lists are separated by commas there. What is marked (secret)
# may come from a file: client_secret_file = \"path\". Relative paths begin in the working directory.
# With no provider set, the server is a demo that stays on this machine.
";

/// `fiiiiilm.example.toml`: what this version carries out, everything commented out.
#[must_use]
pub fn example() -> String {
    let mut out = HEAD.to_owned();
    let mut open = "";
    for key in KEYS.iter().filter(|key| key.availability != Availability::Later) {
        let (section, short) = key.name.rsplit_once('.').unwrap_or(("", key.name));
        if section != open {
            out.push_str(&format!("\n[{section}]\n"));
            open = section;
        }
        out.push_str(&wrapped(&said(key)));
        out.push_str(&format!("# {short} = {}\n", toml_of(key)));
    }
    out
}

/// The README's list: a Markdown table of every setting, those of later versions too.
#[must_use]
pub fn markdown() -> String {
    let mut out = "| key | default | meaning |\n|---|---|---|\n".to_owned();
    for key in KEYS {
        let default = match key.default {
            Default::Value("") => "empty".to_owned(),
            Default::Value(value) => format!("`{value}`"),
            Default::Depends { said, .. } => said.to_owned(),
            Default::Unset { .. } => "none".to_owned(),
        };
        let name = key.name.replacen(&format!("providers.{TEMPLATE}."), "providers.<anything>.", 1);
        out.push_str(&format!("| `{name}` | {default} | {} |\n", remark(key)));
    }
    out
}

/// Meaning, with what the table says besides.
fn remark(key: &Key) -> String {
    let secret = if key.secret { " (secret)" } else { "" };
    let availability = match key.availability {
        Availability::Now => "",
        Availability::NoEffectYet => "; checked, but without effect in this version",
        Availability::Later => "; not available in this version",
    };
    let range = match key.form {
        Form::Number { least, most } if most < i64::MAX => format!("; {least} to {most}"),
        Form::Number { .. } | Form::Text | Form::Flag | Form::List | Form::Choice { .. } => String::new(),
    };
    format!("{}{range}{secret}{availability}", key.meaning)
}

fn said(key: &Key) -> String {
    let default = match key.default {
        Default::Value(_) => String::new(),
        Default::Depends { said, .. } => format!("; default: {said}"),
        Default::Unset { .. } => "; default: none".to_owned(),
    };
    format!("{}{default}.", remark(key))
}

/// The default, or the sample, in TOML.
fn toml_of(key: &Key) -> String {
    let shown = match key.default {
        Default::Value(value) | Default::Depends { sample: value, .. } | Default::Unset { sample: value } => value,
    };
    match key.form {
        Form::Flag | Form::Number { .. } => shown.to_owned(),
        Form::Text | Form::Choice { .. } => format!("\"{shown}\""),
        Form::List if shown.is_empty() => "[]".to_owned(),
        Form::List => format!("[\"{}\"]", shown.replace(',', "\", \"")),
    }
}

/// Text as comment lines. Two `#` keep it apart from settings that are only commented out.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut line = "##".to_owned();
    for word in text.split(' ') {
        if line.chars().count() + word.chars().count() >= WIDTH {
            lines.push_str(&format!("{line}\n"));
            "##".clone_into(&mut line);
        }
        line.push(' ');
        line.push_str(word);
    }
    lines.push_str(&format!("{line}\n"));
    lines
}
