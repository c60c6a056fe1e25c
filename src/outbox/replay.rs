//! Telling events again that were told or given up: the program that listens was wrong, or has lost what it heard.

use diesel::prelude::*;

use super::turn::PATIENCE;
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::OutboxId;
use crate::db::UserId;
use crate::db::schema::outbox;
use crate::error::AppResult;

/// Events in one transaction.
const AT_ONCE: i64 = 500;

/// What became of a wish to have one event told again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It waits to be told.
    Waits,
    /// It waited before, and has not been told yet.
    WaitedBefore,
    /// There is no event with this id, or none any more.
    Unknown,
}

/// A stretch of time, from which all ended events are told again.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Written down then or later; `None`: all that are kept.
    pub since: Option<Moment>,
    /// Written down then or earlier, so that what happens meanwhile is not told twice.
    pub until: Moment,
    /// Only those that were given up.
    pub given_up: bool,
}

/// Has one event told again.
///
/// # Errors
/// When the database fails.
pub fn replay_one(conn: &mut Conn, id: &OutboxId, how: &Circumstances) -> AppResult<Again> {
    let event = outbox::table.find(id).filter(outbox::kind.eq("event"));
    let found: Option<(String, UserId)> = event.select((outbox::topic, outbox::user_id)).first(conn).optional()?;
    let Some((topic, user)) = found else { return Ok(Again::Unknown) };
    if waits_again(conn, std::slice::from_ref(id), how.at)? == 0 {
        return Ok(Again::WaitedBefore);
    }
    audit::record(conn, how, "events.replay", Some(&user), &topic)?;
    Ok(Again::Waits)
}

/// Has at most five hundred events of a stretch told again, in the order of their ids after `after`; returns the last one and
/// how many. `None`: there are no more.
///
/// # Errors
/// When the database fails.
pub fn replay(
    conn: &mut Conn,
    stretch: &Stretch,
    after: Option<&OutboxId>,
    how: &Circumstances,
) -> AppResult<Option<(OutboxId, usize)>> {
    let mut ended = outbox::table
        .filter(outbox::kind.eq("event"))
        .filter(outbox::state.ne("waiting"))
        .filter(outbox::created_at.le(stretch.until))
        .order(outbox::id)
        .limit(AT_ONCE)
        .select(outbox::id)
        .into_boxed();
    if let Some(since) = stretch.since {
        ended = ended.filter(outbox::created_at.ge(since));
    }
    if stretch.given_up {
        ended = ended.filter(outbox::state.eq("given_up"));
    }
    if let Some(after) = after {
        ended = ended.filter(outbox::id.gt(after));
    }
    let ids: Vec<OutboxId> = ended.load(conn)?;
    let Some(last) = ids.last() else { return Ok(None) };
    let count = waits_again(conn, &ids, how.at)?;
    if count > 0 {
        audit::record(conn, how, "events.replay", None, &format!("{count} events"))?;
    }
    Ok(Some((last.clone(), count)))
}

/// Those of them that have ended wait as if they were new. Whatever waits again meanwhile, and is perhaps being told at this
/// moment, is left alone.
fn waits_again(conn: &mut Conn, ids: &[OutboxId], now: Moment) -> AppResult<usize> {
    let ended = outbox::table
        .filter(outbox::id.eq_any(ids))
        .filter(outbox::kind.eq("event"))
        .filter(outbox::state.ne("waiting"));
    let again = (
        outbox::state.eq("waiting"),
        outbox::tries.eq(0_i64),
        outbox::due_at.eq(now),
        outbox::give_up_at.eq(now.saturating_add(PATIENCE)),
        outbox::last_failure.eq(None::<String>),
        outbox::ended_at.eq(None::<Moment>),
    );
    Ok(diesel::update(ended).set(again).execute(conn)?)
}
