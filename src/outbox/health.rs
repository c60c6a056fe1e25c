//! How the outbox is doing, and what is still to be told about one person: a few probes of indexes, whatever it holds.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Timestamp};
use time::Duration;

use super::entry::{Entry, State};
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::outbox;
use crate::error::AppResult;

/// Beyond this, a number says "more than".
pub const COUNTED: i64 = 10_000;

/// What was given up counts for so long.
pub const LATELY: Duration = Duration::days(7);

/// How the outbox is doing. Each number goes one beyond [`COUNTED`] at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Still to be told.
    pub waiting: i64,
    /// Of these, tried in vain at least once.
    pub retrying: i64,
    /// When the oldest of them was written down.
    pub oldest: Option<Moment>,
    /// Given up within [`LATELY`].
    pub given_up: i64,
}

/// How the outbox is doing.
///
/// # Errors
/// When the database fails.
pub fn health(conn: &mut Conn, now: Moment) -> AppResult<Health> {
    let oldest = outbox::table
        .filter(outbox::state.eq(State::Waiting.as_str()))
        .order(outbox::id.asc())
        .select(outbox::created_at)
        .first(conn)
        .optional()?;
    let given_up =
        sql::<BigInt>("(select count(*) from (select 1 from outbox where state = 'given_up' and ended_at >= ")
            .bind::<Timestamp, _>(now.saturating_sub(LATELY))
            .sql(&format!(" limit {}) as counted)", COUNTED + 1));
    Ok(Health {
        waiting: counted(conn, "state = 'waiting'")?,
        retrying: counted(conn, "state = 'waiting' and tries > 0")?,
        oldest,
        given_up: diesel::select(given_up).get_result(conn)?,
    })
}

/// The states are written into the statement, not bound to it: a partial index serves only what it can be seen to hold.
fn counted(conn: &mut Conn, which: &str) -> AppResult<i64> {
    let count = format!("(select count(*) from (select 1 from outbox where {which} limit {}) as counted)", COUNTED + 1);
    Ok(diesel::select(sql::<BigInt>(&count)).get_result(conn)?)
}

/// What providers are, or were lately, to be told about a person's links, the latest first.
///
/// # Errors
/// When the database fails.
pub fn unlinks_of(conn: &mut Conn, user: &UserId, limit: i64) -> AppResult<Vec<Entry>> {
    Ok(outbox::table
        .filter(sql::<Bool>("kind = 'unlink'"))
        .filter(outbox::user_id.eq(user))
        .order(outbox::id.desc())
        .limit(limit)
        .select(Entry::as_select())
        .load(conn)?)
}
