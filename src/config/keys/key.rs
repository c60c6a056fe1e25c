//! What the table knows of a setting.

use super::super::providers;
use super::KEYS;

/// A setting.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// `section.key`, as in the file; in the environment `FIIIIILM_SECTION__KEY`.
    pub name: &'static str,
    /// What its value looks like.
    pub form: Form,
    /// What holds when it is not set.
    pub default: Default,
    /// What it is for, units included.
    pub meaning: &'static str,
    /// Whether its value must never be shown. Such a setting may also come from a file: `<name>_file`.
    pub secret: bool,
    /// Whether this version carries it out.
    pub availability: Availability,
}

/// What a value looks like. In the environment a list is separated by commas.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Any text but an empty one; whoever reads it checks further.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number {
        /// The smallest allowed.
        least: i64,
        /// The largest allowed.
        most: i64,
    },
    /// Texts, none of them empty.
    List,
    /// One of a few words.
    Choice {
        /// Those this version carries out.
        now: &'static [&'static str],
        /// Those a later one will.
        later: &'static [&'static str],
    },
}

/// What holds when a setting is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// This value, written as in the environment.
    Value(&'static str),
    /// It depends.
    Depends {
        /// On what.
        said: &'static str,
        /// A value for the example file.
        sample: &'static str,
    },
    /// Nothing.
    Unset {
        /// A value for the example file.
        sample: &'static str,
    },
}

/// Whether this version does what a setting says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// It does.
    Now,
    /// It is checked and kept for the version that will; nothing follows from it yet.
    NoEffectYet,
    /// Not yet: any value but the default is refused, because a setting that is accepted and ignored would lie.
    Later,
}

impl Key {
    pub(in crate::config) const fn new(
        name: &'static str,
        form: Form,
        default: Default,
        meaning: &'static str,
    ) -> Self {
        Self { name, form, default, meaning, secret: false, availability: Availability::Now }
    }

    pub(in crate::config) const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    pub(in crate::config) const fn later(self) -> Self {
        Self { availability: Availability::Later, ..self }
    }

    pub(in crate::config) const fn no_effect_yet(self) -> Self {
        Self { availability: Availability::NoEffectYet, ..self }
    }

    /// The name of its environment variable.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.to_ascii_uppercase().replace('.', "__"))
    }
}

/// Beginning of every environment variable that is a setting.
pub const PREFIX: &str = "FIIIIILM_";

/// The example's secret key: to show the form. Everybody knows it, so it is refused.
pub const EXAMPLE_SECRET: &str = "base64:QW4gZXhhbXBsZSBrZXkuIE1ha2Ugb25lIG9mIHlvdXIgb3du";

/// Whether a variable with that beginning is no setting all the same: the tests have some, and Kubernetes gives every
/// container `<SERVICE>_SERVICE_HOST`, `<SERVICE>_PORT_8080_TCP` … for each service, which may well be called fiiiiilm.
#[must_use]
pub fn is_foreign(variable: &str) -> bool {
    let Some(rest) = variable.strip_prefix(PREFIX).filter(|rest| !rest.contains("__")) else { return false };
    let framed = format!("_{rest}_");
    rest.starts_with("TEST_") || ["_SERVICE_HOST_", "_SERVICE_PORT_", "_PORT_"].iter().any(|mark| framed.contains(mark))
}

/// The setting of that name; those of an issuer with a name of its own follow the table's sample of one.
#[must_use]
pub fn find(name: &str) -> Option<&'static Key> {
    let named = |name: &str| KEYS.iter().find(|key| key.name == name);
    named(name).or_else(|| named(&providers::template_of(name)?))
}
