//! The gathered settings, as the readers of the sections ask for them. Each answer is `None` where there is nothing or
//! a fault; the faults are kept here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::fault::{Fault, quoted};
use super::keys;
use super::value::{Value, default};

/// A setting that somebody set.
pub(super) struct Given {
    /// `None` when it was faulty.
    pub(super) value: Option<Value>,
    /// The environment variable it came from.
    pub(super) variable: Option<String>,
}

/// All of them.
pub(super) struct Settings {
    pub(super) given: BTreeMap<String, Given>,
    pub(super) faults: Vec<Fault>,
    pub(super) dir: PathBuf,
}

impl Settings {
    pub(super) fn new(dir: &Path) -> Self {
        Self { given: BTreeMap::new(), faults: Vec::new(), dir: dir.to_owned() }
    }

    /// Whether somebody set it, rightly or not.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// Records a fault of a setting.
    pub(super) fn fault(&mut self, name: &str, problem: impl Into<String>, remedy: impl Into<String>) {
        let given_in = self.given.get(name).and_then(|given| given.variable.clone());
        self.faults.push(Fault { given_in, ..Fault::new(name, problem, remedy) });
    }

    /// Given, or else the table's default.
    fn value(&self, name: &str) -> Option<Value> {
        match self.given.get(name) {
            Some(given) => given.value.clone(),
            None => keys::find(name).and_then(default),
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.value(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        match self.value(name)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A number whose bounds in the table fit into `u32`.
    pub(super) fn small(&self, name: &str) -> Option<u32> {
        self.number(name).and_then(|number| u32::try_from(number).ok())
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.value(name)? {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    pub(super) fn list(&self, name: &str) -> Option<Vec<String>> {
        match self.value(name)? {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// A text read further; what is wrong with it becomes a fault that shows it, unless it is secret.
    pub(super) fn parse<T>(&mut self, name: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(name)?;
        let outcome = read(&text);
        self.kept(name, &text, outcome)
    }

    /// The same for every item of a list.
    pub(super) fn parse_list<T>(&mut self, name: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<Vec<T>> {
        let items = self.list(name)?;
        let read: Vec<Option<T>> = items.iter().map(|item| self.kept(name, item, read(item))).collect();
        read.into_iter().collect()
    }

    fn kept<T>(&mut self, name: &str, text: &str, outcome: Result<T, String>) -> Option<T> {
        outcome
            .map_err(|problem| {
                let secret = keys::find(name).is_none_or(|key| key.secret);
                let shown = if secret { String::new() } else { format!("{} ", quoted(text)) };
                self.fault(name, format!("{shown}{problem}"), "correct it");
            })
            .ok()
    }
}
