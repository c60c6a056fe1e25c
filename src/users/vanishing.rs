//! Accounts that their provider does not list any more, although no notice said that their link has ended. Lists can be wrong,
//! so nothing is erased at once: the account is marked, whoever has no other one is closed, and only days later, if they did
//! not log in and the account was not listed again, the mark has its effect.

use diesel::prelude::*;
use time::Duration;

use super::hearing::{Turn, strip, take_turns};
use super::identity::{Identity, find_identity};
use super::leaving::{close, erase};
use super::standing::set;
use super::unlinking::{identities_of, lock, remove};
use super::user::{Standing, find_user};
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::identities;
use crate::db::schema::users;
use crate::error::AppResult;
use crate::outbox::Post;
use crate::tokens;

/// What became of an account that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vanished {
    /// It is marked; its person has another one, or is not in anyway.
    Marked,
    /// It is marked, and its person closed.
    Closed,
}

/// Marks an account that its provider does not list, unless it was used since `began`, when the provider began to list; its
/// sessions end. Whoever has no other account is closed for the days of grace. `None` where there is nothing to do any more.
///
/// # Errors
/// When the database fails.
pub fn vanish(
    conn: &mut Conn,
    (provider, subject): (&str, &str),
    began: Moment,
    grace_days: u32,
    how: &Circumstances,
) -> AppResult<Option<Vanished>> {
    // A login of the same account is either seen here, or comes afterwards and takes the mark away.
    take_turns(conn, Turn::Notice, provider, subject)?;
    let Some(identity) = find_identity(conn, provider, subject)? else { return Ok(None) };
    let id = &identity.user_id;
    lock(conn, id)?;
    let standing = find_user(conn, id)?.map(|user| Standing::parse(&user.standing));
    let used_since = identity.linked_at >= began || identity.last_login_at >= began;
    let leaves = matches!(standing, None | Some(Standing::Closed | Standing::Erased));
    if identity.vanished_at.is_some() || used_since || leaves {
        return Ok(None);
    }
    mark(conn, &identity, Some(how.at))?;
    tokens::end_of_identity(conn, &identity.id, "provider", how.at)?;
    tokens::notice(conn, id, how.at)?;
    // A ban outlives its account, and whoever waits would come back approved.
    if standing == Some(Standing::Active) && all_vanished(conn, id)? {
        close_for(conn, id, grace_days, provider, how)?;
        return Ok(Some(Vanished::Closed));
    }
    audit::record(conn, how, "reconcile.mark", Some(id), provider)?;
    Ok(Some(Vanished::Marked))
}

/// A marked account is listed again: the mark goes, and a person who was closed for it is back. False where there was none.
///
/// # Errors
/// When the database fails.
pub fn reappear(conn: &mut Conn, provider: &str, subject: &str, how: &Circumstances) -> AppResult<bool> {
    take_turns(conn, Turn::Notice, provider, subject)?;
    let marked = find_identity(conn, provider, subject)?.filter(|identity| identity.vanished_at.is_some());
    let Some(identity) = marked else { return Ok(false) };
    let id = &identity.user_id;
    lock(conn, id)?;
    let closed = find_user(conn, id)?.is_some_and(|user| Standing::parse(&user.standing) == Standing::Closed);
    // Whoever left by themselves used an account for it, which is not marked: they stay closed.
    if closed && all_vanished(conn, id)? {
        set(conn, id, Standing::Active, None)?;
    }
    mark(conn, &identity, None)?;
    audit::record(conn, how, "reconcile.return", Some(id), provider)?;
    tokens::notice(conn, id, how.at)?;
    Ok(true)
}

/// Somebody proved that the account is theirs, so its link lives.
///
/// # Errors
/// When the database fails.
pub fn found_alive(conn: &mut Conn, identity: &Identity) -> AppResult<()> {
    if identity.vanished_at.is_some() { mark(conn, identity, None) } else { Ok(()) }
}

/// Removes at most so many accounts whose mark is older than the days of grace; returns how many it looked at. Closed people
/// are erased by their own time.
///
/// # Errors
/// When the database fails.
pub fn remove_vanished(
    conn: &mut Conn,
    grace_days: u32,
    post: &Post,
    how: &Circumstances,
    limit: i64,
) -> AppResult<usize> {
    let until = how.at.saturating_sub(days(grace_days));
    let said = identities::nickname
        .is_not_null()
        .or(identities::picture.is_not_null())
        .or(identities::email.is_not_null())
        .or(identities::tokens_sealed.is_not_null());
    let due: Vec<Identity> = identities::table
        .inner_join(users::table)
        .filter(identities::vanished_at.le(until))
        .filter(identities::unlinked_at.is_null())
        .filter(users::standing.ne(Standing::Closed.as_str()))
        .filter(users::standing.ne(Standing::Banned.as_str()).or(said))
        .order(identities::vanished_at)
        .limit(limit)
        .select(Identity::as_select())
        .load(conn)?;
    for identity in &due {
        take_turns(conn, Turn::Notice, &identity.provider, &identity.subject)?;
        lock(conn, &identity.user_id)?;
        let now = find_identity(conn, &identity.provider, &identity.subject)?;
        if let Some(identity) = now.filter(|now| now.vanished_at.is_some_and(|at| at <= until)) {
            end(conn, &identity, grace_days, post, how)?;
        }
    }
    Ok(due.len())
}

/// The days of grace of an account are over.
fn end(conn: &mut Conn, identity: &Identity, grace_days: u32, post: &Post, how: &Circumstances) -> AppResult<()> {
    let (id, provider) = (&identity.user_id, identity.provider.as_str());
    let standing = find_user(conn, id)?.map(|user| Standing::parse(&user.standing));
    let only = identities_of(conn, id)?.len() <= 1;
    match standing {
        // The number alone stays linked, or unlinking at the provider would lift a ban here.
        Some(Standing::Banned) => strip(conn, identity, how)?,
        Some(Standing::Waiting) if only => return erase(conn, id, "user.erase", post, how).map(|_told| ()),
        // They ended the link with their other account meanwhile.
        Some(Standing::Active) if only => return close_for(conn, id, grace_days, provider, how),
        Some(Standing::Active | Standing::Waiting) => remove(conn, identity, post, how)?,
        Some(Standing::Closed | Standing::Erased) | None => return Ok(()),
    }
    audit::record(conn, how, "reconcile.remove", Some(id), provider)
}

fn close_for(conn: &mut Conn, id: &UserId, grace_days: u32, provider: &str, how: &Circumstances) -> AppResult<()> {
    close(conn, id, how.at.saturating_add(days(grace_days)), how)?;
    audit::record(conn, how, "reconcile.close", Some(id), &format!("{provider}, for {grace_days} days"))
}

fn days(number: u32) -> Duration {
    Duration::days(i64::from(number))
}

fn mark(conn: &mut Conn, identity: &Identity, at: Option<Moment>) -> AppResult<()> {
    diesel::update(identities::table.find(&identity.id)).set(identities::vanished_at.eq(at)).execute(conn)?;
    Ok(())
}

fn all_vanished(conn: &mut Conn, user: &UserId) -> AppResult<bool> {
    Ok(identities_of(conn, user)?.iter().all(|identity| identity.vanished_at.is_some()))
}
