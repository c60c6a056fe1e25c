//! Writing a line.

use diesel::prelude::*;

use super::actions::is_known;
use crate::clock::Moment;
use crate::db::AuditId;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::audit_events;
use crate::error::AppResult;

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person.
    User(UserId),
    /// An operator at the command line.
    Cli,
    /// The program itself.
    System,
}

impl Actor {
    /// As it stands in the history.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::User(id) => id.as_str(),
            Self::Cli => "cli",
            Self::System => "system",
        }
    }
}

/// Circumstances that every line carries.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// Who did it.
    pub actor: Actor,
    /// When.
    pub at: Moment,
    /// The request it came with; empty outside the web.
    pub request_id: String,
    /// The shortened address it came from; empty outside the web.
    pub address: String,
}

impl Circumstances {
    /// Of a command.
    #[must_use]
    pub const fn cli(at: Moment) -> Self {
        Self { actor: Actor::Cli, at, request_id: String::new(), address: String::new() }
    }

    /// Of the program itself.
    #[must_use]
    pub const fn system(at: Moment) -> Self {
        Self { actor: Actor::System, at, request_id: String::new(), address: String::new() }
    }

    /// The same, done by a person.
    #[must_use]
    pub fn by(mut self, user: &UserId) -> Self {
        self.actor = Actor::User(user.clone());
        self
    }
}

#[derive(Insertable)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
struct NewEvent<'a> {
    id: AuditId,
    happened_at: Moment,
    action: &'a str,
    actor: &'a str,
    user_id: Option<&'a str>,
    details: &'a str,
    request_id: &'a str,
    address: &'a str,
}

/// Writes one line. `action` is one of [`super::ACTIONS`]; `details` are ids and words, never personal data.
///
/// # Errors
/// When the database fails.
pub fn record(
    conn: &mut Conn,
    how: &Circumstances,
    action: &str,
    about: Option<&UserId>,
    details: &str,
) -> AppResult<()> {
    debug_assert!(
        is_known(action),
        "audit/actions.rs lacks `{action}`: add it there, with its words in both languages"
    );
    let event = NewEvent {
        id: AuditId::at(how.at)?,
        happened_at: how.at,
        action,
        actor: how.actor.as_str(),
        user_id: about.map(UserId::as_str),
        details,
        request_id: &how.request_id,
        address: &how.address,
    };
    diesel::insert_into(audit_events::table).values(event).execute(conn)?;
    Ok(())
}
