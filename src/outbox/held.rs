//! What an errand to a provider, and a linked account until then, hold for ending a link.

use serde::Deserialize;
use serde::Serialize;

use crate::clock::Moment;

/// A link that has ended here and is to end at its provider. Prints without its contents.
#[derive(Clone, Deserialize, Serialize)]
pub struct Unlink {
    /// Who that is there.
    pub subject: String,
    /// The provider's tokens, where ending the link needs them.
    pub tokens: Option<String>,
    /// Until when they work, in seconds since 1970.
    #[serde(default)]
    pub until: Option<i64>,
    /// Whether the provider was asked before, and how it answered is not known.
    #[serde(default)]
    pub asked: bool,
}

impl std::fmt::Debug for Unlink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unlink(***)")
    }
}

/// A provider's token as it is kept with a linked account: sealed for that account, and until when it works, where that is known
/// to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keepsake {
    /// Sealed.
    pub sealed: String,
    /// From then on it is dead.
    pub until: Option<Moment>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_errand_prints_nothing() {
        let unlink = Unlink { subject: "3900000101".into(), tokens: Some("t0ken".into()), until: None, asked: false };
        assert_eq!(format!("{unlink:?}"), "Unlink(***)");
    }
}
