//! What is wrong with the settings, all of it at once, in words for whoever set them. No secret's value is in it.

use std::fmt;

/// Longest value repeated in a fault, in characters.
const SHOWN: usize = 80;

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which setting, by its name in the table; for what is no setting, the name it was given under.
    pub name: String,
    /// Where it was given, when that does not follow from the name: an environment variable.
    pub given_in: Option<String>,
    /// What is wrong with it.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl Fault {
    pub(super) fn new(name: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name: name.to_owned(), given_in: None, problem: problem.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if let Some(variable) = self.given_in.as_ref().filter(|variable| **variable != self.name) {
            write!(f, " ({variable})")?;
        }
        write!(f, ": {}; {}", self.problem, self.remedy)
    }
}

/// Every fault found, at least one, in the order they were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings cannot be used:")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

impl std::error::Error for Faults {}

/// A value as a fault shows it: on one line, cut.
pub(super) fn quoted(value: &str) -> String {
    let mut shown: String = value.escape_debug().take(SHOWN).collect();
    if value.escape_debug().count() > SHOWN {
        shown.push('…');
    }
    format!("`{shown}`")
}
