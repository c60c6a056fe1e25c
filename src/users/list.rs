//! Where a page of the list begins, and what stands on it.

use super::identity::Identity;
use super::search::{Key, Order, Spot};
use super::user::User;
use crate::clock::unix_micros;

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

/// The place of a person in an order: what follows it, follows them.
#[must_use]
pub fn spot_of(user: &User, order: Order) -> Spot {
    let key = match order {
        Order::Newest => Key::Nothing,
        Order::LastSeen => Key::Seen(unix_micros(user.last_login_at.unwrap_or(user.created_at))),
        Order::Name => Key::Name(user.name.clone().unwrap_or_else(|| NAMELESS.into())),
    };
    Spot { key, seq: user.seq }
}

/// Behind every name: as the indexes of both databases have it.
const NAMELESS: &str = "\u{10FFFF}";

/// A person in the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The row.
    pub user: User,
    /// The linked accounts, oldest first.
    pub identities: Vec<Identity>,
}
