//! One value, checked against the form its setting has in the table.

use super::fault::quoted;
use super::keys::{Availability, Default, Form, Key};

/// A value as it was given.
#[derive(Clone)]
pub(super) enum Raw {
    /// Text; whatever comes from the environment.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A truth value.
    Flag(bool),
    /// A list of texts.
    Texts(Vec<String>),
    /// Something no setting is.
    Other,
}

impl From<toml::Value> for Raw {
    fn from(value: toml::Value) -> Self {
        match value {
            toml::Value::String(text) => Self::Text(text),
            toml::Value::Integer(number) => Self::Whole(number),
            toml::Value::Boolean(flag) => Self::Flag(flag),
            toml::Value::Array(items) => {
                let texts = items.into_iter().map(|item| match item {
                    toml::Value::String(text) => Some(text),
                    _ => None,
                });
                texts.collect::<Option<Vec<_>>>().map_or(Self::Other, Self::Texts)
            }
            toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => Self::Other,
        }
    }
}

/// A value in the form the table asks for.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(i64),
    Flag(bool),
    List(Vec<String>),
}

/// What is wrong, and what to do.
pub(super) type Wrong = (String, String);

/// Checks a given value.
pub(super) fn settle(key: &Key, raw: &Raw) -> Result<Value, Wrong> {
    let value = formed(key, raw)?;
    if key.availability == Availability::Later && Some(&value) != default(key).as_ref() {
        return Err(not_yet(key, "is not available in this version"));
    }
    Ok(value)
}

/// The table's default, if it has a fixed one.
pub(super) fn default(key: &Key) -> Option<Value> {
    match key.default {
        Default::Value(text) => formed(key, &Raw::Text(text.to_owned())).ok(),
        Default::Depends { .. } | Default::Unset { .. } => None,
    }
}

fn formed(key: &Key, raw: &Raw) -> Result<Value, Wrong> {
    match key.form {
        Form::Text => text(raw).map(Value::Text),
        Form::List => list(raw).map(Value::List),
        Form::Flag => match raw {
            Raw::Flag(flag) => Ok(Value::Flag(*flag)),
            Raw::Text(text) if text.trim() == "true" => Ok(Value::Flag(true)),
            Raw::Text(text) if text.trim() == "false" => Ok(Value::Flag(false)),
            _ => Err(wrong(key, raw, "is not a truth value", "write true or false".into())),
        },
        Form::Number { least, most } => {
            let number = match raw {
                Raw::Whole(number) => Some(*number),
                Raw::Text(text) => text.trim().parse().ok(),
                _ => None,
            };
            let range = if most == i64::MAX { format!("from {least}") } else { format!("from {least} to {most}") };
            let in_range = number.filter(|number| (least..=most).contains(number));
            in_range
                .map(Value::Number)
                .ok_or_else(|| wrong(key, raw, "is not such a number", format!("write a whole number {range}")))
        }
        Form::Choice { now, later } => {
            let word = text(raw)?;
            if later.contains(&word.as_str()) {
                return Err(not_yet(key, &format!("{} is not available in this version", quoted(&word))));
            }
            let known = now.contains(&word.as_str());
            known
                .then_some(Value::Text(word))
                .ok_or_else(|| wrong(key, raw, "is not one of its words", format!("write {}", now.join(" or "))))
        }
    }
}

fn text(raw: &Raw) -> Result<String, Wrong> {
    match raw {
        Raw::Text(text) if text.trim().is_empty() => Err(("is empty".into(), "set it, or remove it".into())),
        Raw::Text(text) => Ok(text.trim().to_owned()),
        _ => Err(("must be text".into(), "put it in quotes".into())),
    }
}

/// In the environment an empty text is an empty list.
fn list(raw: &Raw) -> Result<Vec<String>, Wrong> {
    let items: Vec<String> = match raw {
        Raw::Text(text) if text.trim().is_empty() => Vec::new(),
        Raw::Text(text) => text.split([',', '\n']).map(|item| item.trim().to_owned()).collect(),
        Raw::Texts(items) => items.iter().map(|item| item.trim().to_owned()).collect(),
        _ => return Err(("must be a list of texts".into(), "write [\"one\", \"two\"]".into())),
    };
    if items.iter().any(String::is_empty) {
        return Err(("has an empty item".into(), "remove it".into()));
    }
    Ok(items)
}

/// The value is shown unless it is secret.
fn wrong(key: &Key, raw: &Raw, problem: &str, remedy: String) -> Wrong {
    let shown = match raw {
        Raw::Text(text) if !key.secret => format!("{} ", quoted(text)),
        Raw::Whole(number) if !key.secret => format!("`{number}` "),
        _ => String::new(),
    };
    (format!("{shown}{problem}"), remedy)
}

fn not_yet(key: &Key, problem: &str) -> Wrong {
    let remedy = match key.default {
        Default::Value(default) if !default.is_empty() => format!("remove it, or set it to {default}"),
        _ => "remove it".to_owned(),
    };
    (problem.to_owned(), remedy)
}
