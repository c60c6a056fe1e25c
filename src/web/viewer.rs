//! Who is there, and by which session.

use std::sync::OnceLock;

use super::device::Device;
use crate::tokens::Session;
use crate::users::Person;

/// A person at a device.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The person.
    pub person: Person,
    /// The session they are in.
    pub session: Session,
    device: OnceLock<Device>,
}

impl Viewer {
    pub(super) const fn new(person: Person, session: Session) -> Self {
        Self { person, session, device: OnceLock::new() }
    }

    /// What they sit at; found out once, when a page asks.
    pub fn device(&self) -> &Device {
        self.device.get_or_init(|| Device::of(&self.session.user_agent))
    }
}
