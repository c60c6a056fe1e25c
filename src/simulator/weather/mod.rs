//! Bad weather on a switch: everything that can go wrong between a site and its provider, one trouble for each address,
//! until it is switched off or for the next call only. The page `/weather` sets it for whoever wants to see how a site
//! behaves; tests set it through [`State`](super::State).
//!
//! [`blow()`] stands around all routes. The true answer is made first, so that the world behind it is what it would be (a
//! code is spent, though nobody learns of it), and then spoiled on its way out.

mod blow;
mod page;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

pub(super) use blow::{blow, hold};
pub(super) use page::{change, show};

/// An address where trouble can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Where the browser is sent.
    Authorize,
    /// Where a code becomes tokens.
    Token,
    /// The keys of ID tokens.
    Keys,
    /// Who the person is.
    Profile,
    /// Which app a token is for.
    TokenInfo,
}

impl Place {
    /// Every place, in the order of a login.
    pub const ALL: [Self; 5] = [Self::Authorize, Self::Token, Self::Keys, Self::Profile, Self::TokenInfo];

    /// Its path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Authorize => "/oauth/authorize",
            Self::Token => "/oauth/token",
            Self::Keys => "/.well-known/jwks.json",
            Self::Profile => "/v2/user/me",
            Self::TokenInfo => "/v1/user/access_token_info",
        }
    }

    /// Its name in the form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::Token => "token",
            Self::Keys => "keys",
            Self::Profile => "profile",
            Self::TokenInfo => "token_info",
        }
    }
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The connection is closed without an answer.
    Closed,
    /// Nothing for longer than anybody waits.
    Silent,
    /// The right answer after five seconds.
    Slow,
    /// The right answer, a byte each second.
    Trickle,
    /// A bare HTTP status; 429 with `Retry-After`.
    Status(u16),
    /// A web page with status 200.
    Html,
    /// The first half of the right answer.
    Truncated,
    /// The right names with values of other types.
    WrongTypes,
    /// Ten mebibytes.
    Huge,
    /// A redirect to another host.
    Redirect,
    /// The right answer, called a picture.
    Mislabelled,
    /// The right answer, in a compression nobody asked for.
    Compressed,
    /// The connection breaks in the middle of the answer.
    Cut,
    /// An error of kauth.
    Koe(&'static str),
    /// An error of kapi.
    Kapi(i32),
    /// The browser is sent back with an error.
    Denied(&'static str),
}

/// Troubles of any answer to a program.
const OF_ANSWERS: [Trouble; 15] = [
    Trouble::Closed,
    Trouble::Slow,
    Trouble::Silent,
    Trouble::Trickle,
    Trouble::Status(500),
    Trouble::Status(503),
    Trouble::Status(429),
    Trouble::Html,
    Trouble::Truncated,
    Trouble::WrongTypes,
    Trouble::Huge,
    Trouble::Redirect,
    Trouble::Mislabelled,
    Trouble::Compressed,
    Trouble::Cut,
];

const OF_TOKEN: [&str; 9] = ["KOE320", "KOE322", "KOE237", "KOE003", "KOE101", "KOE010", "KOE114", "KOE303", "KOE127"];

const OF_API: [i32; 9] = [-1, -7, -10, -401, -101, -406, -3, -5, -903];

const OF_BROWSER: [&str; 4] = ["access_denied", "consent_required", "server_error", "unauthorized_client"];

impl Trouble {
    /// What can go wrong there.
    #[must_use]
    pub fn at(place: Place) -> Vec<Self> {
        match place {
            Place::Authorize => [Self::Silent, Self::Status(500)]
                .into_iter()
                .chain(OF_BROWSER.map(Self::Denied))
                .chain(["KOE006", "KOE101", "KOE004"].map(Self::Koe))
                .collect(),
            Place::Token => OF_ANSWERS.into_iter().chain(OF_TOKEN.map(Self::Koe)).collect(),
            Place::Keys => OF_ANSWERS.to_vec(),
            Place::Profile | Place::TokenInfo => OF_ANSWERS.into_iter().chain(OF_API.map(Self::Kapi)).collect(),
        }
    }

    /// Its name in the form.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Closed => "closed".into(),
            Self::Silent => "silent".into(),
            Self::Slow => "slow".into(),
            Self::Trickle => "trickle".into(),
            Self::Status(status) => format!("http-{status}"),
            Self::Html => "html".into(),
            Self::Truncated => "truncated".into(),
            Self::WrongTypes => "wrong-types".into(),
            Self::Huge => "huge".into(),
            Self::Redirect => "redirect".into(),
            Self::Mislabelled => "mislabelled".into(),
            Self::Compressed => "compressed".into(),
            Self::Cut => "cut".into(),
            Self::Koe(code) | Self::Denied(code) => code.into(),
            Self::Kapi(code) => code.to_string(),
        }
    }
}

/// The weather as it is.
#[derive(Debug, Default)]
pub(super) struct Weather(Mutex<Sky>);

#[derive(Debug, Default)]
struct Sky {
    troubles: BTreeMap<Place, Gust>,
    clock: i64,
}

#[derive(Clone, Copy, Debug)]
struct Gust {
    trouble: Trouble,
    once: bool,
}

impl Weather {
    /// Trouble from now on, or none any more.
    pub(super) fn set(&self, place: Place, trouble: Option<Trouble>, once: bool) {
        self.change(|sky| match trouble {
            Some(trouble) => drop(sky.troubles.insert(place, Gust { trouble, once })),
            None => drop(sky.troubles.remove(&place)),
        });
    }

    /// By how many seconds the clock that writes ID tokens is ahead.
    pub(super) fn set_clock(&self, ahead: i64) {
        self.change(|sky| sky.clock = ahead);
    }

    pub(super) fn clock(&self) -> i64 {
        self.change(|sky| sky.clock)
    }

    fn of(&self, place: Place) -> Option<Gust> {
        self.change(|sky| sky.troubles.get(&place).copied())
    }

    /// The trouble of a request for this path.
    fn strike(&self, path: &str) -> Option<(Place, Trouble)> {
        let place = Place::ALL.into_iter().find(|place| place.path() == path)?;
        self.change(|sky| {
            let gust = *sky.troubles.get(&place)?;
            if gust.once {
                sky.troubles.remove(&place);
            }
            Some((place, gust.trouble))
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut Sky) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
