//! Who is there, and by which session.

use crate::tokens::Session;
use crate::users::Person;

/// A person at a device.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The person.
    pub person: Person,
    /// The session they are in.
    pub session: Session,
}
