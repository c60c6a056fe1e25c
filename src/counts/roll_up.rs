//! Counting sign-ups and logins from the history: each line once, in the transaction that also remembers how far it came.
//! Whoever writes lines of long ago ([`count_past`]) counts them likewise, as far as the history is counted already.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as Diesel};
use jiff::tz::TimeZone;
use time::Duration;

use super::sums::Sums;
use super::table::add_all;
use crate::clock::Moment;
use crate::db::AuditId;
use crate::db::Conn;
use crate::db::schema::audit_events;
use crate::db::schema::installation;
use crate::error::AppResult;

/// Lines younger than this are left for the next time: one that is being written now has the moment at which its request
/// came, and becomes visible later. Longer than any transaction may take, and than two machines' clocks may differ.
pub const LAG: Duration = Duration::seconds(30);

/// Lines counted by one transaction.
const BATCH: i64 = 5_000;

/// Where it is remembered how far the history is counted.
const CURSOR: &str = "counted";

/// How far back the first count ever reaches: what the page shows, and a little more.
const REACH: Duration = Duration::days(100);

/// Counts what the history says since the last time; returns whether there is more. Two processes that count at once wait
/// for each other, and the second one finds nothing to do.
///
/// # Errors
/// When the database fails; nothing is counted then.
pub fn roll_up(conn: &mut Conn, zone: &TimeZone, now: Moment) -> AppResult<bool> {
    let cursor = locked_cursor(conn, now)?;
    let until = AuditId::floor(now.saturating_sub(LAG));
    let lines: Vec<(AuditId, Moment, String, String)> = audit_events::table
        .filter(audit_events::id.gt(&cursor).and(audit_events::id.lt(&until)))
        .order(audit_events::id.asc())
        .limit(BATCH)
        .select((audit_events::id, audit_events::happened_at, audit_events::action, audit_events::details))
        .load(conn)?;
    let Some((last, ..)) = lines.last() else { return Ok(false) };
    let (last, more) = (last.to_string(), i64::try_from(lines.len()).unwrap_or(i64::MAX) == BATCH);
    let mut sums = Sums::new(zone);
    for (_, at, action, provider) in &lines {
        sums.add(*at, action, provider);
    }
    add_all(conn, sums.counts())?;
    diesel::update(installation::table.find(CURSOR)).set(installation::value.eq(last)).execute(conn)?;
    Ok(more)
}

/// Whether the history has lines to count: asked first, so that an idle site writes nothing.
///
/// # Errors
/// When the database fails.
pub fn is_due(conn: &mut Conn, now: Moment) -> AppResult<bool> {
    let cursor: Option<String> = installation::table.find(CURSOR).select(installation::value).first(conn).optional()?;
    let begin = || AuditId::floor(now.saturating_sub(REACH)).to_string();
    let until = AuditId::floor(now.saturating_sub(LAG));
    let waiting =
        audit_events::table.filter(audit_events::id.gt(cursor.unwrap_or_else(begin)).and(audit_events::id.lt(until)));
    Ok(diesel::select(diesel::dsl::exists(waiting)).get_result(conn)?)
}

/// How far the history is counted. Touching the row makes others wait on PostgreSQL; on SQLite all writes do.
fn locked_cursor(conn: &mut Conn, now: Moment) -> AppResult<String> {
    let touched = diesel::update(installation::table.find(CURSOR))
        .set(installation::value.eq(installation::value))
        .execute(conn)?;
    if touched == 0 {
        let begin = AuditId::floor(now.saturating_sub(REACH)).to_string();
        diesel::insert_into(installation::table)
            .values((installation::name.eq(CURSOR), installation::value.eq(&begin)))
            .execute(conn)?;
        return Ok(begin);
    }
    Ok(installation::table.find(CURSOR).select(installation::value).first(conn)?)
}

/// A line of the history, as far as it is counted.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its id.
    pub id: &'a AuditId,
    /// When it happened.
    pub at: Moment,
    /// What.
    pub action: &'a str,
    /// With which provider.
    pub provider: &'a str,
}

/// Says of a history without lines that all of it is counted: whoever then fills it counts what they write, and nobody has
/// to go through it afterwards.
///
/// # Errors
/// When the database fails.
pub fn begin_counting(conn: &mut Conn, now: Moment) -> AppResult<()> {
    let any: Option<AuditId> = audit_events::table.select(audit_events::id).limit(1).first(conn).optional()?;
    let counted: Option<String> =
        installation::table.find(CURSOR).select(installation::value).first(conn).optional()?;
    if any.is_none() && counted.is_none() {
        let until = AuditId::floor(now.saturating_sub(LAG)).to_string();
        let row = (installation::name.eq(CURSOR), installation::value.eq(until));
        // Whoever was quicker has begun to count.
        let begun = conn.transaction(|conn| diesel::insert_into(installation::table).values(row).execute(conn));
        match begun {
            Ok(_) | Err(Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Counts lines that this transaction has written with moments of long ago, in the order of their ids: those at which
/// counting has passed already, as far back as it ever reaches. It comes to the later ones itself. To be called last: others
/// who count wait from here to the end of the transaction.
///
/// # Errors
/// When the database fails.
pub fn count_past<T>(
    conn: &mut Conn,
    zone: &TimeZone,
    now: Moment,
    written: &[T],
    line: impl Fn(&T) -> Line<'_>,
) -> AppResult<()> {
    let cursor = locked_cursor(conn, now)?;
    let begin = AuditId::floor(now.saturating_sub(REACH));
    let from = written.partition_point(|one| line(one).id.as_str() < begin.as_str());
    let to = written.partition_point(|one| line(one).id.as_str() <= cursor.as_str());
    let mut sums = Sums::new(zone);
    for one in written.get(from..to).unwrap_or_default() {
        let Line { at, action, provider, .. } = line(one);
        sums.add(at, action, provider);
    }
    add_all(conn, sums.counts())
}
