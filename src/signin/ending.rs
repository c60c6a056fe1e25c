//! How a login can end without a session: one value for each thing a reader is told.

use super::decide::Outcome;

/// An ending; the words are `outcome-<code>-title` and `-text`, with `-` for `_`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The person pressed cancel at the provider.
    Cancelled,
    /// Too young, by the provider's word or ours.
    UnderAge,
    /// The login began in another browser.
    ForeignBrowser,
    /// It began too long ago.
    Expired,
    /// Not a login we began.
    UnknownState,
    /// The callback was used before, and its session is over.
    Used,
    /// The provider, or our database, cannot do it now.
    TryLater,
    /// Only the operator can mend it.
    OperatorMustFix,
    /// The provider's proof did not hold.
    Refused,
    /// Shut out by an admin.
    Banned,
    /// Waits for an admin.
    Waiting,
    /// Left.
    Closed,
    /// Nobody new is taken in.
    SignUpClosed,
    /// This version cannot do it yet.
    NotYet,
    /// The account is linked to somebody else here.
    IdentityOfAnother,
    /// Somebody else logged in than was asked for.
    OtherPerson,
    /// The provider did not ask the person anew.
    NotAskedAnew,
    /// A new person must see terms, age and name first.
    WelcomeRequired,
}

impl Ending {
    /// Every ending; the test of the words walks it.
    pub const ALL: [Self; 18] = [
        Self::Cancelled,
        Self::UnderAge,
        Self::ForeignBrowser,
        Self::Expired,
        Self::UnknownState,
        Self::Used,
        Self::TryLater,
        Self::OperatorMustFix,
        Self::Refused,
        Self::Banned,
        Self::Waiting,
        Self::Closed,
        Self::SignUpClosed,
        Self::NotYet,
        Self::IdentityOfAnother,
        Self::OtherPerson,
        Self::NotAskedAnew,
        Self::WelcomeRequired,
    ];

    /// The stable code, as on the page and in the log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::UnderAge => "under_age",
            Self::ForeignBrowser => "foreign_browser",
            Self::Expired => "expired",
            Self::UnknownState => "unknown_state",
            Self::Used => "used",
            Self::TryLater => "try_later",
            Self::OperatorMustFix => "operator_must_fix",
            Self::Refused => "refused",
            Self::Banned => "banned",
            Self::Waiting => "waiting",
            Self::Closed => "closed",
            Self::SignUpClosed => "sign_up_closed",
            Self::NotYet => "not_yet",
            Self::IdentityOfAnother => "identity_of_another",
            Self::OtherPerson => "other_person",
            Self::NotAskedAnew => "not_asked_anew",
            Self::WelcomeRequired => "welcome_required",
        }
    }

    /// Whether starting again can lead anywhere else.
    #[must_use]
    pub const fn may_start_again(self) -> bool {
        !matches!(
            self,
            Self::UnderAge
                | Self::Banned
                | Self::Waiting
                | Self::Closed
                | Self::SignUpClosed
                | Self::NotYet
                | Self::WelcomeRequired
        )
    }

    /// The ending with this code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ending| ending.code() == code)
    }

    /// The ending of an outcome that opens no session; `None` for those that do. Outcomes whose rooms do not exist
    /// yet end in [`Ending::NotYet`].
    #[must_use]
    pub const fn of(outcome: &Outcome) -> Option<Self> {
        match outcome {
            Outcome::SignedIn(_) | Outcome::Created { .. } | Outcome::Reauthenticated(_) | Outcome::Linked(_) => None,
            Outcome::UnderAge => Some(Self::UnderAge),
            Outcome::SignUpClosed => Some(Self::SignUpClosed),
            Outcome::WaitsForApproval(_) => Some(Self::Waiting),
            Outcome::IdentityOfAnother => Some(Self::IdentityOfAnother),
            Outcome::OtherPerson => Some(Self::OtherPerson),
            Outcome::NotAskedAnew => Some(Self::NotAskedAnew),
            Outcome::SessionOver => Some(Self::Expired),
            Outcome::NeedsWelcome | Outcome::OfferToLink => Some(Self::WelcomeRequired),
            Outcome::Banned(_) => Some(Self::Banned),
            Outcome::MayComeBack(_) => Some(Self::Closed),
            Outcome::EmailAdded(_) => Some(Self::NotYet),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_names_one_ending() {
        for ending in Ending::ALL {
            assert_eq!(Ending::parse(ending.code()), Some(ending));
        }
    }
}
