//! Everything the practice provider remembers, in memory and bounded, behind one lock that is never held over a wait.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use openssl::error::ErrorStack;
use serde_json::Value;

use super::app::App;
use super::bounded::Bounded;
use super::grants::Grants;
use super::jose::Draft;
use super::keys;
use super::keys::Key;
use super::manners::Habit;
use super::notices::Outbox;
use super::people::Person;
use super::provider::Provider;
use super::record::{Fault, Record, Recorded};
use super::request::AuthorizeRequest;
use super::weather;
use super::weather::{Place, Trouble, Weather};
use crate::clock;
use crate::clock::Clock;

/// Browsers remembered.
const BROWSERS_MAX: usize = 1_000;

/// Logins under way.
const PENDING_MAX: usize = 2_000;

/// The practice provider's world. Tests reach it through `Running::state`.
pub struct State {
    pub(super) app: App,
    pub(super) origin: String,
    pub(super) clock: Clock,
    pub(super) weather: Weather,
    pub(super) outbox: Outbox,
    memory: Mutex<Memory>,
    record: Mutex<Record>,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "State({})", self.origin)
    }
}

/// What people did.
pub(super) struct Memory {
    /// Who each browser is at each provider, by its cookie.
    pub(super) browsers: Bounded<BTreeMap<Provider, Browser>>,
    /// Who is linked with the app at which provider.
    pub(super) links: BTreeMap<(Provider, &'static str), Link>,
    /// Logins under way, by their opaque name.
    pub(super) pending: Bounded<Pending>,
    pub(super) grants: Grants,
    /// LINE's channel access tokens, and when they end in Unix seconds.
    pub(super) channel_tokens: Bounded<i64>,
    /// How often each provider replaced its keys.
    rotations: BTreeMap<Provider, u32>,
    /// Habits that are not as they are by nature.
    flipped: BTreeSet<(Provider, Habit)>,
    /// Changes to ID tokens on their way out.
    twists: BTreeMap<Provider, (Option<&'static str>, Twist)>,
}

/// A change to a JWT before it is signed.
pub(super) type Twist = Arc<dyn Fn(&mut Draft) + Send + Sync>;

/// A browser in which somebody is logged in at a provider.
#[derive(Clone, Copy)]
pub(super) struct Browser {
    pub(super) person: &'static Person,
    /// When they proved who they are, in Unix seconds.
    pub(super) auth_time: i64,
}

/// A person who is linked with the app.
#[derive(Clone)]
pub(super) struct Link {
    pub(super) agreed: BTreeSet<String>,
    /// Asked and not agreed to.
    pub(super) declined: BTreeSet<String>,
    /// Unix seconds.
    pub(super) connected_at: i64,
}

impl Link {
    pub(super) const fn new(connected_at: i64) -> Self {
        Self { agreed: BTreeSet::new(), declined: BTreeSet::new(), connected_at }
    }
}

/// A login under way.
#[derive(Clone)]
pub(super) struct Pending {
    pub(super) request: Arc<AuthorizeRequest>,
    /// Unix seconds.
    pub(super) started_at: i64,
    /// Once somebody was chosen.
    pub(super) chosen: Option<Browser>,
}

impl State {
    pub(super) fn new(app: App, origin: String, clock: Clock) -> Self {
        let memory = Memory {
            browsers: Bounded::new(BROWSERS_MAX),
            links: BTreeMap::new(),
            pending: Bounded::new(PENDING_MAX),
            grants: Grants::new(),
            channel_tokens: Bounded::new(BROWSERS_MAX),
            rotations: BTreeMap::new(),
            flipped: BTreeSet::new(),
            twists: BTreeMap::new(),
        };
        Self {
            app,
            origin,
            clock,
            weather: Weather::default(),
            outbox: Outbox::default(),
            memory: Mutex::new(memory),
            record: Mutex::default(),
        }
    }

    /// Every request since the start, or since [`State::forget_requests`], oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.lock_record().requests.iter().cloned().collect()
    }

    /// Begins the record anew.
    pub fn forget_requests(&self) {
        self.lock_record().requests.clear();
    }

    /// The next request for `path` gets this answer. Several for one path are given in turn.
    pub fn fail_next(&self, path: &str, fault: Fault) {
        self.lock_record().faults.push((path.to_owned(), fault));
    }

    /// Trouble at one of Kakao's places from now on; `None` ends it. The page `/weather` does the same.
    pub fn set_trouble(&self, place: Place, trouble: Option<Trouble>) {
        self.set_trouble_at(Provider::Kakao, place, trouble);
    }

    /// Trouble at a place of any provider.
    pub fn set_trouble_at(&self, provider: Provider, place: Place, trouble: Option<Trouble>) {
        self.weather.set(provider, place, trouble, false);
    }

    /// The JSON that this path answers is changed by this on its way out; `None` ends it.
    pub fn twist_answers(&self, path: &str, twist: Option<impl Fn(&mut Value) + Send + Sync + 'static>) {
        self.weather.twist(path, twist.map(|twist| Arc::new(twist) as _));
    }

    /// Every ID token of this provider is changed by this before it is signed; `None` ends it.
    pub fn twist_id_tokens(&self, provider: Provider, twist: Option<impl Fn(&mut Draft) + Send + Sync + 'static>) {
        let twist = twist.map(|twist| Arc::new(twist) as Twist);
        self.set_twist(provider, twist.map(|twist| (None, twist)));
    }

    /// One of [`TWISTS`](super::weather::TWISTS); no such name ends it.
    pub fn twist_by_name(&self, provider: Provider, name: &str) {
        let known = weather::twist(name);
        self.set_twist(provider, known.map(|known| (Some(known.name), Arc::new(known.change) as Twist)));
    }

    pub(super) fn twist_name(&self, provider: Provider) -> Option<&'static str> {
        self.memory().twists.get(&provider).and_then(|(name, _)| *name)
    }

    fn set_twist(&self, provider: Provider, twist: Option<(Option<&'static str>, Twist)>) {
        let mut memory = self.memory();
        match twist {
            Some(twist) => drop(memory.twists.insert(provider, twist)),
            None => drop(memory.twists.remove(&provider)),
        }
    }

    /// From now on this provider signs with other keys and no longer shows the old ones.
    pub fn rotate_keys(&self, provider: Provider) {
        *self.memory().rotations.entry(provider).or_default() += 1;
    }

    /// The keys a provider shows, the one that signs first.
    pub(super) fn keys(&self, provider: Provider) -> Result<Vec<Arc<Key>>, ErrorStack> {
        let rotations = self.memory().rotations.get(&provider).copied().unwrap_or_default();
        keys::shown(provider, rotations)
    }

    /// Signs a draft as this provider does, after whatever twist there is.
    pub(super) fn sign_id_token(&self, provider: Provider, mut draft: Draft, key: &Key) -> Result<String, ErrorStack> {
        let twist = self.memory().twists.get(&provider).cloned();
        if let Some((_, twist)) = twist {
            twist(&mut draft);
        }
        draft.compact(key)
    }

    /// Switches a habit of a provider on or off.
    pub fn set_habit(&self, provider: Provider, habit: Habit, on: bool) {
        let natural = natural(provider, habit);
        let mut memory = self.memory();
        if on == natural {
            memory.flipped.remove(&(provider, habit));
        } else {
            memory.flipped.insert((provider, habit));
        }
    }

    /// Whether a provider does this.
    #[must_use]
    pub fn has_habit(&self, provider: Provider, habit: Habit) -> bool {
        natural(provider, habit) != self.memory().flipped.contains(&(provider, habit))
    }

    /// Whether this person is linked with the app at this provider.
    #[must_use]
    pub fn is_linked(&self, provider: Provider, person: &str) -> bool {
        self.memory().links.keys().any(|(at, id)| *at == provider && *id == person)
    }

    /// Breaks the link of a person with the app, as their own page at the provider does; no notice is sent. Whether there
    /// was one.
    pub fn unlink(&self, provider: Provider, person: &str) -> bool {
        self.memory().unlink(provider, person)
    }

    /// By how many seconds the clock that writes ID tokens is ahead of the shared one.
    pub fn set_clock(&self, ahead: i64) {
        self.weather.set_clock(ahead);
    }

    pub(super) fn take_fault(&self, path: &str) -> Option<Fault> {
        let mut record = self.lock_record();
        let place = record.faults.iter().position(|(wanted, _)| wanted == path)?;
        Some(record.faults.remove(place).1)
    }

    pub(super) fn record(&self, request: Recorded) {
        self.lock_record().add(request);
    }

    /// Unix seconds by the shared clock.
    pub(super) fn now(&self) -> i64 {
        clock::unix_seconds(self.clock.now())
    }

    /// A panic elsewhere leaves the maps whole, so the lock is taken in any case.
    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn natural(provider: Provider, habit: Habit) -> bool {
    provider.manners().habits.iter().any(|(known, on)| *known == habit && *on)
}

impl Memory {
    /// Breaks the link of a person with the app; all their tokens die. Whether there was one.
    pub(super) fn unlink(&mut self, provider: Provider, person: &str) -> bool {
        self.grants.end_person(provider, person);
        let linked = self.links.len();
        self.links.retain(|(at, id), _| *at != provider || *id != person);
        self.links.len() < linked
    }

    /// The link of a person.
    pub(super) fn link(&self, provider: Provider, person: &'static Person) -> Option<&Link> {
        self.links.get(&(provider, person.id))
    }

    /// Who this browser is at a provider.
    pub(super) fn browser(&self, name: &str, provider: Provider) -> Option<Browser> {
        self.browsers.get(name)?.get(&provider).copied()
    }
}
