//! What happened, to whom, by whom: written in the transaction of the deed, so that neither exists without the other.

use diesel::prelude::*;

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
    fn as_str(&self) -> &str {
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
}

impl Circumstances {
    /// Of a command.
    #[must_use]
    pub const fn cli(at: Moment) -> Self {
        Self { actor: Actor::Cli, at, request_id: String::new() }
    }

    /// Of the program itself.
    #[must_use]
    pub const fn system(at: Moment) -> Self {
        Self { actor: Actor::System, at, request_id: String::new() }
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
}

/// Writes one line. `action` is dotted (`login.ok`, `role.change`); `details` are words without personal data.
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
    let event = NewEvent {
        id: AuditId::new(),
        happened_at: how.at,
        action,
        actor: how.actor.as_str(),
        user_id: about.map(UserId::as_str),
        details,
        request_id: &how.request_id,
    };
    diesel::insert_into(audit_events::table).values(event).execute(conn)?;
    Ok(())
}
