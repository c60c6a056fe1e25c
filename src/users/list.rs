//! Where a page of the list begins, and what stands on it.

use super::identity::Identity;
use super::search::Spot;
use super::user::User;

/// Where a page begins: a spot which the page does not contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// The first.
    Start,
    /// What follows this.
    After(Spot),
    /// What stands before this.
    Before(Spot),
}

/// A person in the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The row.
    pub user: User,
    /// The linked accounts, oldest first.
    pub identities: Vec<Identity>,
}
