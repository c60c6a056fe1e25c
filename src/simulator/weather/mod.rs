//! Bad weather on a switch: everything that can go wrong between a site and its provider, one trouble for each address,
//! until it is switched off or for the next call only. The page `/weather` sets it for whoever wants to see how a site
//! behaves; tests set it through [`State`](super::State).
//!
//! [`blow()`] stands around all routes. The true answer is made first, so that the world behind it is what it would be (a
//! code is spent, though nobody learns of it), and then spoiled on its way out.

mod blow;
mod page;
mod twists;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::provider::Provider;

pub(super) use blow::{blow, hold};
pub(super) use page::{change, change_at, show, show_at};
pub use twists::{NamedTwist, TWISTS, twist};

/// A step of a login where trouble can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Where the browser is sent.
    Authorize,
    /// What the provider says about itself.
    Discovery,
    /// Where a code becomes tokens.
    Token,
    /// The keys of ID tokens.
    Keys,
    /// Who the person is.
    Profile,
    /// Which app a token is for (Kakao).
    TokenInfo,
    /// The list of addresses (GitHub).
    Emails,
    /// Where a link or its tokens are ended.
    Revoke,
}

impl Place {
    /// Every place, in the order of a login.
    pub const ALL: [Self; 8] = [
        Self::Authorize,
        Self::Discovery,
        Self::Token,
        Self::Keys,
        Self::Profile,
        Self::TokenInfo,
        Self::Emails,
        Self::Revoke,
    ];

    /// Its name in the form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::Discovery => "discovery",
            Self::Token => "token",
            Self::Keys => "keys",
            Self::Profile => "profile",
            Self::TokenInfo => "token_info",
            Self::Emails => "emails",
            Self::Revoke => "revoke",
        }
    }
}

impl Provider {
    /// Where this provider can be in trouble, in the order of a login.
    #[must_use]
    pub fn places(self) -> Vec<Place> {
        let mut places: Vec<Place> = self.manners().places.iter().map(|(place, _)| *place).collect();
        places.dedup();
        places
    }

    /// The paths of a place; one that ends in `*` stands for whatever begins so.
    #[must_use]
    pub fn paths(self, place: Place) -> Vec<&'static str> {
        self.manners().places.iter().filter(|(at, _)| *at == place).map(|(_, path)| *path).collect()
    }

    fn place(self, path: &str) -> Option<Place> {
        let is = |known: &str| known.strip_suffix('*').map_or(known == path, |begin| path.starts_with(begin));
        self.manners().places.iter().find(|(_, known)| is(known)).map(|(place, _)| *place)
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
    /// An error of the provider's own: of RFC 6749 at the token endpoint, of its API elsewhere.
    Reported(&'static str),
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

const OF_OAUTH: [&str; 4] = ["invalid_grant", "invalid_client", "server_error", "temporarily_unavailable"];

impl Trouble {
    /// What can go wrong at a place of Kakao's.
    #[must_use]
    pub fn at(place: Place) -> Vec<Self> {
        Self::of(Provider::Kakao, place)
    }

    /// What can go wrong at a place of any provider.
    #[must_use]
    pub fn of(provider: Provider, place: Place) -> Vec<Self> {
        let kakao = provider == Provider::Kakao;
        let own: Vec<Self> = match place {
            Place::Authorize => {
                let more: Vec<Self> = match provider {
                    Provider::Kakao => ["KOE006", "KOE101", "KOE004"].map(Self::Koe).to_vec(),
                    Provider::Github => vec![Self::Denied("application_suspended")],
                    Provider::Apple => vec![Self::Denied("user_cancelled_authorize")],
                    _ => Vec::new(),
                };
                let ways = OF_BROWSER.map(Self::Denied).into_iter().chain(more);
                return [Self::Silent, Self::Status(500)].into_iter().chain(ways).collect();
            }
            Place::Token if kakao => OF_TOKEN.map(Self::Koe).to_vec(),
            Place::Token => OF_OAUTH.map(Self::Reported).to_vec(),
            Place::Profile | Place::TokenInfo | Place::Revoke if kakao => OF_API.map(Self::Kapi).to_vec(),
            Place::Profile | Place::Emails | Place::Revoke => {
                let naver: &[Self] = &[Self::Reported("024"), Self::Reported("gateway")];
                let more = if provider == Provider::Naver && place == Place::Profile { naver } else { &[] };
                [Self::Status(401), Self::Status(403), Self::Status(404)].iter().chain(more).copied().collect()
            }
            Place::Discovery | Place::Keys | Place::TokenInfo => Vec::new(),
        };
        OF_ANSWERS.into_iter().chain(own).collect()
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
            Self::Koe(code) | Self::Denied(code) | Self::Reported(code) => code.into(),
            Self::Kapi(code) => code.to_string(),
        }
    }
}

/// The weather as it is.
#[derive(Debug, Default)]
pub(super) struct Weather(Mutex<Sky>);

/// A change to an answer in JSON on its way out.
pub(super) type AnswerTwist = Arc<dyn Fn(&mut Value) + Send + Sync>;

#[derive(Default)]
struct Sky {
    troubles: BTreeMap<(Provider, Place), Gust>,
    twists: BTreeMap<String, AnswerTwist>,
    clock: i64,
}

impl fmt::Debug for Sky {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sky").field("troubles", &self.troubles).field("clock", &self.clock).finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug)]
struct Gust {
    trouble: Trouble,
    once: bool,
}

impl Weather {
    /// Trouble from now on, or none any more.
    pub(super) fn set(&self, provider: Provider, place: Place, trouble: Option<Trouble>, once: bool) {
        self.change(|sky| match trouble {
            Some(trouble) => drop(sky.troubles.insert((provider, place), Gust { trouble, once })),
            None => drop(sky.troubles.remove(&(provider, place))),
        });
    }

    /// Changes what a path answers from now on, or not any more.
    pub(super) fn twist(&self, path: &str, twist: Option<AnswerTwist>) {
        self.change(|sky| match twist {
            Some(twist) => drop(sky.twists.insert(path.to_owned(), twist)),
            None => drop(sky.twists.remove(path)),
        });
    }

    /// By how many seconds the clock that writes ID tokens is ahead.
    pub(super) fn set_clock(&self, ahead: i64) {
        self.change(|sky| sky.clock = ahead);
    }

    pub(super) fn clock(&self) -> i64 {
        self.change(|sky| sky.clock)
    }

    fn of(&self, provider: Provider, place: Place) -> Option<Gust> {
        self.change(|sky| sky.troubles.get(&(provider, place)).copied())
    }

    /// The trouble of a request for this path.
    fn strike(&self, path: &str) -> Option<(Provider, Place, Trouble)> {
        let provider = Provider::of_path(path);
        let place = provider.place(path)?;
        self.change(|sky| {
            let gust = *sky.troubles.get(&(provider, place))?;
            if gust.once {
                sky.troubles.remove(&(provider, place));
            }
            Some((provider, place, gust.trouble))
        })
    }

    fn twist_of(&self, path: &str) -> Option<AnswerTwist> {
        self.change(|sky| sky.twists.get(path).cloned())
    }

    fn change<T>(&self, change: impl FnOnce(&mut Sky) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
