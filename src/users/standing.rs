//! Shutting somebody out, letting them in again, and removing them.

use diesel::prelude::*;

use super::role::{admins, one_at_a_time};
use super::search::indexed;
use super::user::{Standing, User, find_user};
use crate::audit;
use crate::audit::Circumstances;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::users;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::tokens;

/// What became of a wish to shut somebody out or let them in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandingChange {
    /// It is so now.
    Changed,
    /// It was so before.
    AlreadySo,
}

/// Longest reason of a ban, in characters.
pub const MAX_REASON: usize = 300;

/// A reason as it is kept: on one line, without control characters; `None` when nothing is left.
///
/// # Errors
/// `BadRequest` (`reason_too_long`) beyond [`MAX_REASON`].
pub fn reason(text: &str) -> AppResult<Option<String>> {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.chars().filter(|c| !c.is_control()).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    let reason = words.join(" ");
    if reason.chars().count() > MAX_REASON {
        return Err(AppError::with_code(Kind::BadRequest, "reason_too_long"));
    }
    Ok(Some(reason).filter(|reason| !reason.is_empty()))
}

/// Shuts a person out: their version rises and their sessions end, so that whatever they hold is refused at once. They are
/// told the reason when they log in; the history does not keep it, because it may be about a person.
///
/// # Errors
/// `NotFound` without such a person, `Conflict` (`last_admin`) when nobody would be left to look after the users.
pub fn ban(conn: &mut Conn, id: &UserId, reason: Option<&str>, how: &Circumstances) -> AppResult<StandingChange> {
    let user = guarded(conn, id)?;
    if Standing::parse(&user.standing) == Standing::Banned {
        return Ok(StandingChange::AlreadySo);
    }
    set(conn, id, Standing::Banned, reason)?;
    tokens::end_of_user(conn, id, None, "banned", how.at)?;
    audit::record(conn, how, "user.ban", Some(id), "")?;
    tokens::notice(conn, id, how.at)?;
    Ok(StandingChange::Changed)
}

/// Lets a person in again. Their sessions stay ended.
///
/// # Errors
/// `NotFound` without such a person.
pub fn unban(conn: &mut Conn, id: &UserId, how: &Circumstances) -> AppResult<StandingChange> {
    let user = find_user(conn, id)?.ok_or_else(|| AppError::new(Kind::NotFound))?;
    if Standing::parse(&user.standing) != Standing::Banned {
        return Ok(StandingChange::AlreadySo);
    }
    set(conn, id, Standing::Active, None)?;
    audit::record(conn, how, "user.unban", Some(id), "")?;
    tokens::notice(conn, id, how.at)?;
    Ok(StandingChange::Changed)
}

/// Lets in a person who waits; their next login opens a session.
///
/// # Errors
/// `NotFound` without such a person.
pub fn approve(conn: &mut Conn, id: &UserId, how: &Circumstances) -> AppResult<StandingChange> {
    let user = find_user(conn, id)?.ok_or_else(|| AppError::new(Kind::NotFound))?;
    if Standing::parse(&user.standing) != Standing::Waiting {
        return Ok(StandingChange::AlreadySo);
    }
    set(conn, id, Standing::Active, None)?;
    audit::record(conn, how, "user.approve", Some(id), "")?;
    tokens::notice(conn, id, how.at)?;
    Ok(StandingChange::Changed)
}

/// Removes a person with linked accounts and sessions; the history keeps their id, which says nothing any more.
///
/// # Errors
/// As [`ban`].
pub fn delete(conn: &mut Conn, id: &UserId, how: &Circumstances) -> AppResult<()> {
    guarded(conn, id)?;
    indexed(conn, id, |conn| Ok(diesel::delete(users::table.find(id)).execute(conn)?))?;
    audit::record(conn, how, "user.delete", Some(id), "")?;
    tokens::notice(conn, id, how.at)
}

/// The person, unless they are the last admin who may come in.
fn guarded(conn: &mut Conn, id: &UserId) -> AppResult<User> {
    one_at_a_time(conn)?;
    let user = find_user(conn, id)?.ok_or_else(|| AppError::new(Kind::NotFound))?;
    let looks_after_users = user.role == "admin" && Standing::parse(&user.standing) == Standing::Active;
    if looks_after_users && admins(conn)? <= 1 {
        return Err(AppError::with_code(Kind::Conflict, "last_admin"));
    }
    Ok(user)
}

fn set(conn: &mut Conn, id: &UserId, standing: Standing, reason: Option<&str>) -> AppResult<()> {
    indexed(conn, id, |conn| {
        let new = (
            users::standing.eq(standing.as_str()),
            users::standing_reason.eq(reason),
            users::version.eq(users::version + 1),
        );
        diesel::update(users::table.find(id)).set(new).execute(conn)?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_and_not_too_long() {
        let kept = |text: &str| reason(text).ok().flatten();
        assert_eq!(kept("  광고 글을\r\n 여러 번\u{0} 올렸어요 ").as_deref(), Some("광고 글을 여러 번 올렸어요"));
        assert_eq!(kept(" \u{7}\n "), None);
        assert_eq!(kept(&"가".repeat(MAX_REASON)).map(|text| text.chars().count()), Some(MAX_REASON));
        assert!(reason(&"가".repeat(MAX_REASON + 1)).is_err());
    }
}
