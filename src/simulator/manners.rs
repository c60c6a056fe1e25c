//! What one provider does differently from another: data, which each states in its own file, and which the shared engine
//! reads.

use super::errors::{Refusal, Wrong};
use super::weather::Place;

/// How one provider behaves.
pub(super) struct Manners {
    /// What people are asked to agree to, in the order of the page.
    pub(super) items: &'static [Item],
    /// Scopes that may be named and are no items.
    pub(super) bare_scopes: &'static [&'static str],
    /// What happens to a scope it does not know.
    pub(super) unknown_scope: UnknownScope,
    /// What it asks of `state`.
    pub(super) state: StateRule,
    /// The `code_challenge_method`s it knows; where there are none, a challenge is not looked at.
    pub(super) challenges: &'static [&'static str],
    /// Whether a verifier for which there was no challenge is refused.
    pub(super) strict_verifier: bool,
    /// Whether the address has to be repeated at the token endpoint.
    pub(super) redirect_again: RedirectAgain,
    /// Whether `grant_type=authorization_code` may be left out.
    pub(super) grant_type_optional: bool,
    /// By what a request says that the person has to prove themselves anew.
    pub(super) anew: &'static [Anew],
    /// Whether `prompt=none` is known, and how it answers to somebody it does not know, and who has not agreed.
    pub(super) silent: Option<[&'static [(&'static str, &'static str)]; 2]>,
    /// What comes back when somebody says no.
    pub(super) cancelled: &'static [(&'static str, &'static str)],
    /// How a blank is written in an address gone back to.
    pub(super) blank: &'static str,
    /// How a fault of the authorization request is called on its page.
    pub(super) refusal: fn(&Wrong) -> Refusal,
    /// How its codes and tokens look.
    pub(super) looks: Looks,
    /// How long they live, in seconds.
    pub(super) lives: Lives,
    /// What a refresh does to the refresh token.
    pub(super) renewal: Renewal,
    /// Where trouble can be, in the order of a login. A path of `*` ends stands for whatever follows.
    pub(super) places: &'static [(Place, &'static str)],
    /// How it signs ID tokens, and how many keys it shows.
    pub(super) keys: Option<Keys>,
    /// What is on unless somebody switches it off, and off unless somebody switches it on.
    pub(super) habits: &'static [(Habit, bool)],
}

/// Something people are asked about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// Its id, as in `scope`.
    pub(super) scope: &'static str,
    /// i18n key of what it is.
    pub(super) words: &'static str,
    /// When it is asked, and whether one may say no.
    pub(super) asked: Asked,
}

/// When an item is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Always: no login without it.
    Always,
    /// At the first login, or when `scope` names it; one may say no.
    Optional,
    /// When `scope` names it; one may say no.
    Named,
    /// When `scope` names it; no login without it then.
    NamedAlways,
}

impl Asked {
    /// Whether one may say no.
    pub(super) const fn may_be_declined(self) -> bool {
        matches!(self, Self::Optional | Self::Named)
    }
}

/// What happens to a scope it does not know.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum UnknownScope {
    /// Its own page says so.
    Refused,
    /// As if it had not been named.
    Ignored,
}

/// What is asked of `state`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StateRule {
    /// May be left out.
    Optional,
    /// Has to be there.
    Required,
    /// Has to be there, of letters, digits and the two signs of base64url.
    Alphanumeric,
}

/// Whether the address is repeated at the token endpoint.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RedirectAgain {
    /// It has to be, equal.
    Required,
    /// Where it is, it has to be equal.
    IfSent,
    /// Nobody looks.
    Ignored,
}

/// A wish for a new proof.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anew {
    /// `prompt=login`
    Prompt,
    /// `max_age`, and the last proof is older.
    MaxAge,
    /// Naver's `auth_type=reauthenticate`
    AuthType,
}

/// How codes and tokens look: what they begin with, and their letters.
pub(super) struct Looks {
    pub(super) code: Look,
    pub(super) access: Look,
    pub(super) refresh: Look,
}

/// How one of them looks.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) begins: &'static str,
    pub(super) letters: Letters,
}

/// Of which letters.
#[derive(Clone, Copy)]
pub(super) enum Letters {
    /// base64url, as an address can hold it.
    Base64Url,
    /// base64 with its `+`, `/` and `=`, which have to be encoded on every way.
    Base64,
    /// Hexadecimal digits.
    Hex,
}

/// Lives in seconds; without one they do not end.
pub(super) struct Lives {
    pub(super) code: i64,
    pub(super) access: Option<i64>,
    pub(super) refresh: Option<i64>,
}

/// What a refresh does to the refresh token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Renewal {
    /// Nobody mentions it; it goes on.
    Kept,
    /// The same one comes again.
    Repeated,
    /// A new one comes and the old one ends.
    Rotated,
    /// As [`Renewal::Rotated`] in its last month, else as [`Renewal::Kept`].
    InItsLastMonth,
}

/// How ID tokens are signed.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    pub(super) algorithm: super::keys::Algorithm,
    pub(super) shown: u32,
}

/// Something a provider does or does not do, on a switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Habit {
    /// Issues ID tokens at all.
    Openid,
    /// Names itself in the callback (RFC 9207), and promises so in its discovery where it has one.
    CallbackIssuer,
    /// Gives tokens that end, and refresh tokens.
    ExpiringTokens,
    /// Was allowed to hand out addresses.
    Email,
    /// Wants the state again at the token endpoint.
    StateAgain,
    /// Takes the client's secret from the `Authorization` header only.
    BasicOnly,
    /// Takes the client's secret from the body only.
    PostOnly,
    /// Refuses a login without PKCE.
    Pkce,
}

impl Habit {
    /// Its name in the form, and the end of its i18n key.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Openid => "openid",
            Self::CallbackIssuer => "callback_issuer",
            Self::ExpiringTokens => "expiring_tokens",
            Self::Email => "email",
            Self::StateAgain => "state_again",
            Self::BasicOnly => "basic_only",
            Self::PostOnly => "post_only",
            Self::Pkce => "pkce",
        }
    }
}
