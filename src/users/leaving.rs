//! Leaving: erased at once, or closed for a time in which one can come back. An admin's deletion and the end of that time
//! come to the same: [`erase`].
//!
//! What goes: the person's row with name and picture, their linked accounts with whatever the providers said, their sessions.
//! What stays: the history, about an id that says nothing any more; and, sealed, who is to be unlinked where, until the
//! provider has been told.

use diesel::prelude::*;
use time::Duration;

use super::installation::note_erasure;
use super::role::guarded;
use super::search::indexed;
use super::standing::set;
use super::unlinking::{Unlinked, forget_listed, identities_of, lock, report, tell};
use super::user::{Standing, find_user};
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::users;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::outbox::Event;
use crate::outbox::Post;
use crate::tokens;

/// What leaving came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// Nothing is left here; and who was told of it.
    Erased(Vec<Unlinked>),
    /// Closed, and erased then unless the person comes back.
    Closed(Moment),
}

/// A person leaves. With days of grace they are closed for so long, else gone at once.
///
/// # Errors
/// `NotFound` without such a person, `Conflict` (`last_admin`) when nobody would be left to look after the users.
pub fn leave(conn: &mut Conn, id: &UserId, grace_days: u32, post: &Post, how: &Circumstances) -> AppResult<Left> {
    guarded(conn, id)?;
    depart(conn, id, grace_days, post, how)
}

/// The same when nobody asks whether they are needed: their last account is gone at its provider.
pub(super) fn depart(
    conn: &mut Conn,
    id: &UserId,
    grace_days: u32,
    post: &Post,
    how: &Circumstances,
) -> AppResult<Left> {
    if grace_days == 0 {
        return erase(conn, id, "user.leave", post, how).map(Left::Erased);
    }
    let until = how.at.saturating_add(Duration::days(i64::from(grace_days)));
    close(conn, id, until, how)?;
    audit::record(conn, how, "user.leave", Some(id), &format!("closed for {grace_days} days"))?;
    Ok(Left::Closed(until))
}

/// Closes a person until a moment: nobody is in as them any more, and nothing is erased yet.
pub(super) fn close(conn: &mut Conn, id: &UserId, until: Moment, how: &Circumstances) -> AppResult<()> {
    set(conn, id, Standing::Closed, None)?;
    diesel::update(users::table.find(id)).set(users::erase_at.eq(Some(until))).execute(conn)?;
    tokens::end_of_user(conn, id, None, "left", how.at)?;
    tokens::notice(conn, id, how.at)
}

/// A closed person is back, with everything they had but their sessions. False when there is nothing to come back from.
///
/// # Errors
/// When the database fails.
pub fn come_back(conn: &mut Conn, id: &UserId, how: &Circumstances) -> AppResult<bool> {
    lock(conn, id)?;
    let closed = find_user(conn, id)?.filter(|user| Standing::parse(&user.standing) == Standing::Closed);
    if closed.is_none() {
        return Ok(false);
    }
    set(conn, id, Standing::Active, None)?;
    audit::record(conn, how, "user.come_back", Some(id), "")?;
    tokens::notice(conn, id, how.at)?;
    Ok(true)
}

/// An operator removes a person for good, with everything about them; their providers are told.
///
/// # Errors
/// As [`leave`].
pub fn delete(conn: &mut Conn, id: &UserId, post: &Post, how: &Circumstances) -> AppResult<Vec<Unlinked>> {
    guarded(conn, id)?;
    erase(conn, id, "user.delete", post, how)
}

/// Erases at most so many people whose time to come back is over; returns how many.
///
/// # Errors
/// When the database fails.
pub fn erase_due(conn: &mut Conn, post: &Post, how: &Circumstances, limit: i64) -> AppResult<usize> {
    let due: Vec<UserId> = users::table
        .filter(users::standing.eq(Standing::Closed.as_str()))
        .filter(users::erase_at.le(how.at))
        .order(users::erase_at)
        .limit(limit)
        .select(users::id)
        .load(conn)?;
    for id in &due {
        erase(conn, id, "user.erase", post, how)?;
    }
    Ok(due.len())
}

pub(super) fn erase(
    conn: &mut Conn,
    id: &UserId,
    action: &'static str,
    post: &Post,
    how: &Circumstances,
) -> AppResult<Vec<Unlinked>> {
    lock(conn, id)?;
    if find_user(conn, id)?.is_none() {
        return Err(AppError::new(Kind::NotFound));
    }
    let mut unlinked = Vec::new();
    for identity in identities_of(conn, id)? {
        let told = tell(conn, &identity, post, how)?;
        report(conn, &identity, post, how)?;
        forget_listed(conn, &identity)?;
        unlinked.push(Unlinked { provider: identity.provider, told });
    }
    indexed(conn, id, |conn| Ok(diesel::delete(users::table.find(id)).execute(conn)?))?;
    note_erasure(conn, how.at)?;
    record(conn, how, action, id)?;
    post.event(conn, Event::UserDeleted, id, &[], how.at)?;
    tokens::notice(conn, id, how.at)?;
    Ok(unlinked)
}

fn record(conn: &mut Conn, how: &Circumstances, action: &str, id: &UserId) -> AppResult<()> {
    match action {
        "user.leave" => audit::record(conn, how, "user.leave", Some(id), "erased"),
        "user.erase" => audit::record(conn, how, "user.erase", Some(id), "the days of grace are over"),
        _ => audit::record(conn, how, "user.delete", Some(id), ""),
    }
}
