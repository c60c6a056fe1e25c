//! Whether the list is believed.

use std::fmt;

/// What the comparison came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// People the provider listed.
    pub listed: u64,
    /// People linked here since before the list was begun, without those found missing before.
    pub linked: u64,
    /// Of these, those who are not on the list and have not logged in since.
    pub missing: u64,
}

/// Why nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing configured here says which app this is.
    RealmUnknown {
        /// The setting that would.
        setting: String,
    },
    /// Nobody has logged in yet, so whose people are here is not known.
    Unbound,
    /// The people here belong to another app than the settings name.
    OtherRealm {
        /// Whose they are.
        bound: String,
        /// Which the settings name.
        now: String,
    },
    /// The list is empty.
    Empty,
    /// More are missing than is likely.
    Short {
        /// What was found.
        figures: Figures,
        /// `reconcile.max_percent`.
        max_percent: u32,
    },
}

impl Refusal {
    /// One word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RealmUnknown { .. } => "realm_unknown",
            Self::Unbound => "realm_unbound",
            Self::OtherRealm { .. } => "realm_differs",
            Self::Empty => "list_empty",
            Self::Short { .. } => "list_short",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RealmUnknown { setting } => {
                write!(f, "{setting} is not set, so whether the list is of the app our people belong to is not known")
            }
            Self::Unbound => f.write_str("nobody has logged in here yet, so there is nobody to compare"),
            Self::OtherRealm { bound, now } => {
                write!(f, "the people here belong to {bound}, the settings say {now}: the list is about other people")
            }
            Self::Empty => f.write_str("the list is empty: is providers.kakao.admin_key that of the right app?"),
            Self::Short { figures: Figures { linked, missing, .. }, max_percent } => write!(
                f,
                "{missing} of {linked} people are not on the list, more than reconcile.max_percent ({max_percent} %); if that \
                 is right, raise it for one run"
            ),
        }
    }
}

/// `Err` says why it is not.
pub(super) fn believed(figures: Figures, max_percent: u32) -> Result<(), Refusal> {
    if figures.listed == 0 {
        return Err(Refusal::Empty);
    }
    let short = u128::from(figures.missing) * 100 > u128::from(figures.linked) * u128::from(max_percent);
    if short { Err(Refusal::Short { figures, max_percent }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_believed_up_to_the_percentage_and_not_beyond() {
        let of = |listed, linked, missing, max| believed(Figures { listed, linked, missing }, max);
        assert_eq!(of(0, 0, 0, 100), Err(Refusal::Empty));
        assert_eq!(of(0, 7, 7, 100), Err(Refusal::Empty));
        assert_eq!(of(95, 100, 5, 5), Ok(()));
        assert!(matches!(of(94, 100, 6, 5), Err(Refusal::Short { .. })));
        assert!(matches!(of(18, 19, 1, 5), Err(Refusal::Short { .. })), "a part of a percent counts");
        assert_eq!(of(1, 2, 2, 100), Ok(()));
        assert_eq!(of(5, 5, 0, 0), Ok(()));
        assert!(of(1_000_000, 1_000_000, 1, 0).is_err());
        assert_eq!(of(5, 0, 0, 5), Ok(()), "nobody here");
    }
}
