//! What the operator's programs can be told of.

/// What the operator's programs are told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody new.
    UserCreated,
    /// Somebody is gone for good.
    UserDeleted,
    /// Somebody was shut out.
    UserBanned,
    /// An account was linked.
    IdentityLinked,
    /// A linked account is gone.
    IdentityUnlinked,
    /// Somebody logged in on a device they had not used before.
    LoginNewDevice,
}

/// Every event.
pub const EVENTS: [Event; 6] = [
    Event::UserCreated,
    Event::UserDeleted,
    Event::UserBanned,
    Event::IdentityLinked,
    Event::IdentityUnlinked,
    Event::LoginNewDevice,
];

impl Event {
    /// Its name, as the programs see it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UserCreated => "user.created",
            Self::UserDeleted => "user.deleted",
            Self::UserBanned => "user.banned",
            Self::IdentityLinked => "identity.linked",
            Self::IdentityUnlinked => "identity.unlinked",
            Self::LoginNewDevice => "login.new_device",
        }
    }
}
