//! Who is there, and by which session.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::Moment;
use crate::clock::unix_seconds;
use crate::device::Device;
use crate::tokens::Session;
use crate::tokens::Subject;
use crate::users::Person;

/// A person at a device.
#[derive(Debug)]
pub struct Viewer {
    /// The person.
    pub person: Person,
    /// The session they are in.
    pub session: Session,
    device: OnceLock<Device>,
    /// When it was last noted that the session was used, in seconds since the epoch.
    seen: AtomicI64,
}

/// That a session is used is written down at most so often, in seconds.
const SEEN_SECONDS: i64 = 60;

impl Viewer {
    pub(super) fn new(person: Person, session: Session) -> Self {
        let seen = AtomicI64::new(unix_seconds(session.last_seen_at));
        Self { person, session, device: OnceLock::new(), seen }
    }

    /// Whether it is to be noted now that the session is used; yes once a minute.
    pub(super) fn is_seen_anew(&self, now: Moment) -> bool {
        let (now, before) = (unix_seconds(now), self.seen.load(Ordering::Relaxed));
        let due = now - before >= SEEN_SECONDS;
        due && self.seen.compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// For whom their tokens speak.
    #[must_use]
    pub fn subject(&self) -> Subject {
        let person = &self.person;
        Subject { user_id: person.id.clone(), role: person.role.as_str().to_owned(), version: person.version }
    }

    /// What they sit at; found out once, when a page asks.
    pub fn device(&self) -> &Device {
        self.device.get_or_init(|| Device::of(&self.session.user_agent))
    }
}
