//! Everything the practice provider remembers, in memory and bounded, behind one lock that is never held over a wait.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::app::App;
use super::bounded::Bounded;
use super::call::AuthorizationKind;
use super::grants::Grants;
use super::id_token::Signer;
use super::request::AuthorizeRequest;
use super::weather::{Place, Trouble, Weather};
use crate::clock;
use crate::clock::Clock;

/// Browsers remembered.
const BROWSERS_MAX: usize = 1_000;

/// Logins under way.
const PENDING_MAX: usize = 2_000;

/// Requests in the record.
const RECORD_MAX: usize = 20_000;

/// The practice provider's world. Tests reach it through `Running::state`.
pub struct State {
    pub(super) app: App,
    pub(super) origin: String,
    pub(super) clock: Clock,
    pub(super) signer: Arc<Signer>,
    pub(super) weather: Weather,
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
    /// Who each browser is, by its cookie.
    pub(super) browsers: Bounded<Browser>,
    /// Who is linked with the app, by member number.
    pub(super) links: BTreeMap<i64, Link>,
    /// Logins under way, by their opaque name.
    pub(super) pending: Bounded<Pending>,
    pub(super) grants: Grants,
}

/// A browser in which somebody is logged in at the provider.
#[derive(Clone, Copy)]
pub(super) struct Browser {
    pub(super) person: i64,
    /// When they proved who they are, in Unix seconds.
    pub(super) auth_time: i64,
}

/// A person who is linked with the app.
#[derive(Clone)]
pub(super) struct Link {
    pub(super) agreed: BTreeSet<String>,
    /// Unix seconds.
    pub(super) connected_at: i64,
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

#[derive(Default)]
struct Record {
    requests: VecDeque<Recorded>,
    faults: Vec<(String, Fault)>,
}

/// A request the practice provider got, as it came.
#[derive(Clone)]
pub struct Recorded {
    /// Its method, in capitals.
    pub method: String,
    /// Its path, without the query.
    pub path: String,
    /// The parameters of the query, decoded.
    pub query: Vec<(String, String)>,
    /// The fields of the form, decoded.
    pub form: Vec<(String, String)>,
    /// Which kind of `Authorization` it had.
    pub authorization: AuthorizationKind,
}

/// Names only: the values are codes and tokens.
impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names =
            |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(",");
        write!(
            f,
            "{} {}?{} [{}] {:?}",
            self.method,
            self.path,
            names(&self.query),
            names(&self.form),
            self.authorization
        )
    }
}

/// What the practice provider answers once instead of the truth.
#[derive(Clone, Debug)]
pub struct Fault {
    /// HTTP status.
    pub status: u16,
    /// Value of `Content-Type`.
    pub content_type: &'static str,
    /// Body, as it is.
    pub body: String,
    /// How long it waits before it answers.
    pub delay: Duration,
}

impl State {
    pub(super) fn new(app: App, origin: String, clock: Clock, signer: Arc<Signer>) -> Self {
        let memory = Memory {
            browsers: Bounded::new(BROWSERS_MAX),
            links: BTreeMap::new(),
            pending: Bounded::new(PENDING_MAX),
            grants: Grants::new(),
        };
        Self {
            app,
            origin,
            clock,
            signer,
            weather: Weather::default(),
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

    /// Trouble at a place from now on; `None` ends it. The page `/weather` does the same.
    pub fn set_trouble(&self, place: Place, trouble: Option<Trouble>) {
        self.weather.set(place, trouble, false);
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
        let mut record = self.lock_record();
        if record.requests.len() == RECORD_MAX {
            record.requests.pop_front();
        }
        record.requests.push_back(request);
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

impl Memory {
    /// Breaks the link of a person with the app; all their tokens die. Whether there was one.
    pub(super) fn unlink(&mut self, person: i64) -> bool {
        self.grants.end_person(person);
        self.links.remove(&person).is_some()
    }
}
