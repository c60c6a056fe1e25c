//! Whether a person may come in, and every change of it: shutting somebody out, letting them in. Leaving is `leaving.rs`.

use diesel::prelude::*;

use super::role::guarded;
use super::search::indexed;
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
pub fn ban(
    conn: &mut Conn,
    id: &UserId,
    reason: Option<&str>,
    post: &Post,
    how: &Circumstances,
) -> AppResult<StandingChange> {
    let user = guarded(conn, id)?;
    if Standing::parse(&user.standing) == Standing::Banned {
        return Ok(StandingChange::AlreadySo);
    }
    set(conn, id, Standing::Banned, reason)?;
    tokens::end_of_user(conn, id, None, "banned", how.at)?;
    audit::record(conn, how, "user.ban", Some(id), "")?;
    post.event(conn, Event::UserBanned, id, &[], how.at)?;
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

impl Standing {
    /// Every change there is. Whoever is erased has no row any more, and nobody comes back from there; a banned person
    /// neither leaves nor comes back by themselves; and whoever waits cannot close, since who comes back is let in.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Waiting => matches!(next, Self::Active | Self::Banned | Self::Erased),
            Self::Active => matches!(next, Self::Banned | Self::Closed | Self::Erased),
            Self::Banned => matches!(next, Self::Active | Self::Erased),
            Self::Closed => matches!(next, Self::Active | Self::Banned | Self::Erased),
            Self::Erased => false,
        }
    }
}

/// The one place where a standing changes. Whoever is not closed is not erased by time either.
pub(super) fn set(conn: &mut Conn, id: &UserId, standing: Standing, reason: Option<&str>) -> AppResult<()> {
    let now: Option<String> = users::table.find(id).select(users::standing).first(conn).optional()?;
    let now = now.ok_or_else(|| AppError::new(Kind::NotFound))?;
    if !Standing::parse(&now).may_become(standing) {
        return Err(AppError::with_code(Kind::Conflict, "standing"));
    }
    indexed(conn, id, |conn| {
        let new = (
            users::standing.eq(standing.as_str()),
            users::standing_reason.eq(reason),
            users::erase_at.eq(None::<Moment>),
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
    fn a_standing_changes_only_as_the_table_says() {
        use Standing::{Active, Banned, Closed, Erased, Waiting};
        let all = [Waiting, Active, Banned, Closed, Erased];
        let rows = [
            (Waiting, "01101"),
            // Not onto itself, and nobody waits again.
            (Active, "00111"),
            (Banned, "01001"),
            (Closed, "01101"),
            (Erased, "00000"),
        ];
        for (from, allowed) in rows {
            let found: String = all.iter().map(|to| if from.may_become(*to) { '1' } else { '0' }).collect();
            assert_eq!(found, allowed, "{from:?}");
        }
    }

    #[test]
    fn a_reason_is_one_line_and_not_too_long() {
        let kept = |text: &str| reason(text).ok().flatten();
        assert_eq!(kept("  광고 글을\r\n 여러 번\u{0} 올렸어요 ").as_deref(), Some("광고 글을 여러 번 올렸어요"));
        assert_eq!(kept(" \u{7}\n "), None);
        assert_eq!(kept(&"가".repeat(MAX_REASON)).map(|text| text.chars().count()), Some(MAX_REASON));
        assert!(reason(&"가".repeat(MAX_REASON + 1)).is_err());
    }
}
