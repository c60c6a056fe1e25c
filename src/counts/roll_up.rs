//! Counting sign-ups and logins from the history: each line once, in the transaction that also remembers how far it came.

use std::collections::HashMap;

use diesel::prelude::*;
use jiff::tz::TimeZone;
use time::Duration;

use super::days::day_of;
use super::table::{Count, Kind, add};
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
    for count in counted(zone, lines) {
        add(conn, &count)?;
    }
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

fn counted(zone: &TimeZone, lines: Vec<(AuditId, Moment, String, String)>) -> Vec<Count> {
    let mut sums: HashMap<(String, Kind, String), i64> = HashMap::new();
    for (_, at, action, provider) in lines {
        let kinds: &[Kind] = match action.as_str() {
            "login.ok" => &[Kind::Login],
            "login.created" => &[Kind::SignUp, Kind::Login],
            "login.waits" => &[Kind::SignUp],
            _ => continue,
        };
        for kind in kinds {
            *sums.entry((day_of(zone, at), *kind, provider.clone())).or_default() += 1;
        }
    }
    let count = |((day, kind, provider), number)| Count { day, kind, provider, reason: String::new(), number };
    let mut counts: Vec<Count> = sums.into_iter().map(count).collect();
    // In one order, so that two who add at once never wait for each other in a circle.
    counts.sort_by(|a, b| (&a.day, a.kind.as_str(), &a.provider).cmp(&(&b.day, b.kind.as_str(), &b.provider)));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;

    #[test]
    fn a_new_person_is_a_sign_up_and_a_login_and_one_who_waits_is_no_login() {
        let line =
            |action: &str| (AuditId::new(), from_unix_seconds(1_795_446_000), action.to_owned(), "kakao".to_owned());
        let counts = counted(
            &TimeZone::UTC,
            ["login.ok", "login.created", "login.waits", "login.refused", "user.ban"].map(line).into(),
        );
        let number = |kind| counts.iter().filter(|count| count.kind == kind).map(|count| count.number).sum::<i64>();
        assert_eq!((number(Kind::Login), number(Kind::SignUp), number(Kind::Failure)), (2, 2, 0));
    }
}
