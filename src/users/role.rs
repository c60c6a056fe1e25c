//! What a person may do, and changing it.

use diesel::prelude::*;

use super::search::indexed;
use super::user::{Standing, User, find_user};
use crate::audit;
use crate::audit::Circumstances;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::installation;
use crate::db::schema::users;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::tokens;

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Their own pages.
    User,
    /// The admin's pages too.
    Admin,
}

impl Role {
    /// The name in the database and in tokens.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }

    /// By its name; an unknown one may nothing more than anybody.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        if name == "admin" { Self::Admin } else { Self::User }
    }
}

/// What became of a wish to change a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleChange {
    /// It is so now.
    Changed,
    /// It was so before.
    AlreadySo,
}

/// Gives a person a role. Their tokens end with it: the version rises.
///
/// # Errors
/// `NotFound` without such a person, `Conflict` (`last_admin`) when nobody would be left to look after the users.
pub fn set_role(conn: &mut Conn, id: &UserId, role: Role, how: &Circumstances) -> AppResult<RoleChange> {
    let user = match role {
        Role::User => guarded(conn, id)?,
        Role::Admin => alone_with(conn, id)?,
    };
    if Role::parse(&user.role) == role {
        return Ok(RoleChange::AlreadySo);
    }
    indexed(conn, id, |conn| {
        let new = (users::role.eq(role.as_str()), users::version.eq(users::version + 1));
        Ok(diesel::update(users::table.find(id)).set(new).execute(conn)?)
    })?;
    audit::record(conn, how, "role.change", Some(id), role.as_str())?;
    tokens::notice(conn, id, how.at)?;
    Ok(RoleChange::Changed)
}

/// That somebody may act as an admin at this very instant: what a request was let in by may be a second old in a process that
/// has not heard of a demotion yet. Until the transaction ends nobody else changes who looks after users.
///
/// # Errors
/// `Forbidden` when they are no admin any more, or may not come in.
pub fn confirm_admin(conn: &mut Conn, id: &UserId) -> AppResult<()> {
    one_at_a_time(conn)?;
    let user = find_user(conn, id)?;
    let confirmed = user.is_some_and(|user| {
        Role::parse(&user.role) == Role::Admin && Standing::parse(&user.standing) == Standing::Active
    });
    if confirmed { Ok(()) } else { Err(AppError::new(Kind::Forbidden)) }
}

/// The person, unless they are the last admin who may come in.
pub(super) fn guarded(conn: &mut Conn, id: &UserId) -> AppResult<User> {
    let user = alone_with(conn, id)?;
    let looks_after_users = user.role == "admin" && Standing::parse(&user.standing) == Standing::Active;
    if looks_after_users && admins(conn)? <= 1 {
        return Err(AppError::with_code(Kind::Conflict, "last_admin"));
    }
    Ok(user)
}

/// The person, while nobody else changes who looks after users.
fn alone_with(conn: &mut Conn, id: &UserId) -> AppResult<User> {
    one_at_a_time(conn)?;
    find_user(conn, id)?.ok_or_else(|| AppError::new(Kind::NotFound))
}

/// How many may look after users now.
fn admins(conn: &mut Conn) -> AppResult<i64> {
    let active = users::table.filter(users::role.eq("admin")).filter(users::standing.eq(Standing::Active.as_str()));
    Ok(active.count().get_result(conn)?)
}

/// Two admins who demote each other at the same instant would each see the other still there. Touching one shared row
/// makes such transactions wait for each other on PostgreSQL; on SQLite all writes do.
fn one_at_a_time(conn: &mut Conn) -> AppResult<()> {
    diesel::update(installation::table.find("kind")).set(installation::value.eq(installation::value)).execute(conn)?;
    Ok(())
}
