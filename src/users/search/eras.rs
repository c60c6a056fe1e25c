//! Stretches of sign-ups, each of about as many people: PostgreSQL's index is cut by them, and both databases estimate by
//! them.

use diesel::prelude::*;

use crate::clock::Moment;
use crate::clock::unix_micros;
use crate::db::Conn;
use crate::db::schema::search_eras;
use crate::db::schema::users;
use crate::error::AppResult;
use crate::users::facets;

/// People in a stretch of sign-ups. PostgreSQL gathers the matches of one before it sorts them, and looks at one after the
/// other: more would make common searches slow, fewer the rare ones.
pub(super) const ERA: i64 = 65_536;

/// A new stretch begins a little later than now: whoever signs up meanwhile finds the same one for their place whether
/// their transaction sees the new one or not.
const AHEAD: i64 = 60_000_000;

/// A new stretch of sign-ups after the present ones, once these are full.
///
/// # Errors
/// When the database fails.
pub fn tend(conn: &mut Conn, now: Moment) -> AppResult<()> {
    begin_era(conn, unix_micros(now).saturating_add(AHEAD))
}

/// A stretch from `seq` on, if the present ones are full and nobody in the index signed up later.
pub(crate) fn begin_era(conn: &mut Conn, seq: i64) -> AppResult<()> {
    let people: i64 = facets::counts(conn)?.iter().map(|(_, people)| people).sum();
    let eras: i64 = search_eras::table.count().get_result(conn)?;
    if people < (eras + 1) * ERA {
        return Ok(());
    }
    let latest: Option<i64> =
        users::table.filter(users::facets.ne(0)).order(users::seq.desc()).select(users::seq).first(conn).optional()?;
    let last: Option<i64> = search_eras::table.select(diesel::dsl::max(search_eras::first_seq)).get_result(conn)?;
    if latest.is_none_or(|latest| latest < seq) && last.is_none_or(|last| last < seq) {
        diesel::insert_into(search_eras::table).values(search_eras::first_seq.eq(seq)).execute(conn)?;
    }
    Ok(())
}

/// Where the stretches begin, the first of them first.
pub(super) fn eras(conn: &mut Conn) -> AppResult<Vec<i64>> {
    let mut eras = vec![0];
    eras.extend(search_eras::table.order(search_eras::first_seq).select(search_eras::first_seq).load::<i64>(conn)?);
    Ok(eras)
}
