//! How many there are: exactly as far as counting is quick, and an honest estimate beyond.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use super::eras::{ERA, eras};
use super::find::{Listing, Source, list_users};
use super::walk::{LATEST, Reach};
use super::{postgres, sqlite};
use crate::clock::from_unix_micros;
use crate::db::Conn;
use crate::db::schema::users;
use crate::error::AppResult;
use crate::users::Cursor;
use crate::users::facets;

/// As far as this is counted one by one.
const COUNTED: i64 = 10_000;

/// How many people a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exactly(i64),
    /// About so many: two figures are to be relied on at most.
    About(i64),
    /// More than these; not even about how many is known.
    MoreThan(i64),
}

impl Total {
    fn of(known: i64) -> Self {
        if known <= COUNTED { Self::Exactly(known) } else { Self::About(rounded(known)) }
    }
}

/// Two figures.
fn rounded(number: i64) -> i64 {
    let unit = 10_i64.pow(number.max(1).ilog10().saturating_sub(1));
    (number + unit / 2) / unit * unit
}

/// How many people a listing has in all its pages.
///
/// # Errors
/// When the database fails.
pub fn count_users(conn: &mut Conn, listing: &Listing) -> AppResult<Total> {
    let reach = listing.reach();
    let seen = listing.seen != (None, None);
    match listing.source(conn)? {
        Source::Nobody => Ok(Total::Exactly(0)),
        Source::These(_) => counted_by_hand(conn, listing),
        Source::Terms(terms) => {
            if seen {
                return counted_by_hand(conn, listing);
            }
            let (people, earliest) = match conn {
                Conn::Sqlite(conn) => sqlite::count(conn, &terms, &reach, COUNTED + 1)?,
                Conn::Postgres(conn) => postgres::count(conn, &terms, &reach, COUNTED + 1)?,
            };
            if people <= COUNTED {
                return Ok(Total::Exactly(people));
            }
            let counted = rank(conn, &Reach { from: earliest, ..reach.clone() })?.max(people);
            let all = rank(conn, &reach)?;
            Ok(Total::About(rounded(share(people, counted, all))))
        }
        Source::Facets(wanted) => {
            let all = facets::counts(conn)?;
            let fits = |number: &i64| wanted.as_ref().is_none_or(|wanted| wanted.contains(number));
            let fitting: i64 = all.iter().filter(|(own, _)| fits(&own.0)).map(|(_, people)| people).sum();
            if !seen && listing.joined == (None, None) {
                return Ok(Total::of(fitting));
            }
            // Days of last logins are indexed behind the facets.
            let numbers: Vec<i64> = all.iter().map(|(own, _)| own.0).filter(|number| fits(number)).collect();
            let people = within(conn, (seen || wanted.is_some()).then_some(&numbers), listing)?;
            if people <= COUNTED {
                return Ok(Total::Exactly(people));
            }
            if seen {
                return Ok(Total::MoreThan(COUNTED));
            }
            let everybody: i64 = all.iter().map(|(_, people)| people).sum();
            Ok(Total::About(rounded(share(fitting, everybody, rank(conn, &reach)?).max(COUNTED))))
        }
    }
}

/// `part` of `whole`, of `all`.
fn share(part: i64, whole: i64, all: i64) -> i64 {
    let share = i128::from(part) * i128::from(all) / i128::from(whole.max(1));
    i64::try_from(share).unwrap_or(i64::MAX)
}

/// Of few: those on the first page, unless there are more.
fn counted_by_hand(conn: &mut Conn, listing: &Listing) -> AppResult<Total> {
    let page = list_users(conn, listing, &Cursor::Start)?;
    let shown = i64::try_from(page.rows.len()).unwrap_or(i64::MAX);
    Ok(if page.older.is_some() { Total::MoreThan(shown) } else { Total::Exactly(shown) })
}

/// People within the listing's days, counted up to the cap; of all facets when there are none to choose from.
fn within(conn: &mut Conn, wanted: Option<&Vec<i64>>, listing: &Listing) -> AppResult<i64> {
    let reach = listing.reach();
    let seen = "coalesce(last_login_at, created_at)";
    let moment = |at: i64| from_unix_micros(at.clamp(0, LATEST));
    let mut head =
        format!("(select count(*) from (select 1 from users where seq >= {} and seq < {}", reach.from, reach.to);
    if let Some(numbers) = wanted {
        let numbers: Vec<String> = std::iter::once("-1".to_owned()).chain(numbers.iter().map(i64::to_string)).collect();
        head.push_str(&format!(" and facets in ({})", numbers.join(", ")));
    }
    let tail = format!(" limit {}) as counted)", COUNTED + 1);
    if listing.seen == (None, None) {
        return Ok(diesel::select(sql::<BigInt>(&(head + &tail))).get_result(conn)?);
    }
    let counted = sql::<BigInt>(&format!("{head} and {seen} >= "))
        .bind::<Timestamp, _>(moment(reach.seen_from))
        .sql(&format!(" and {seen} < "))
        .bind::<Timestamp, _>(moment(reach.seen_to))
        .sql(&tail);
    Ok(diesel::select(counted).get_result(conn)?)
}

/// About how many people signed up within reach: whole stretches have a known size, of others a share by time.
fn rank(conn: &mut Conn, reach: &Reach) -> AppResult<i64> {
    let everybody: i64 = facets::counts(conn)?.iter().map(|(_, people)| people).sum();
    let eras = eras(conn)?;
    let first: Option<i64> = users::table.select(users::seq).order(users::seq.asc()).first(conn).optional()?;
    let last: Option<i64> = users::table.select(users::seq).order(users::seq.desc()).first(conn).optional()?;
    let (Some(first), Some(end)) = (first, last.map(|last| last.saturating_add(1))) else { return Ok(0) };
    let full = i64::try_from(eras.len()).unwrap_or(1) - 1;
    let size = if full == 0 { everybody } else { ERA.min(everybody / full) };
    let mut sum = 0;
    for (at, begin) in eras.iter().enumerate() {
        let (begin, stop) = ((*begin).max(first), eras.get(at + 1).copied().unwrap_or(end).min(end));
        let people = if at + 1 == eras.len() { (everybody - size * full).max(0) } else { size };
        let (from, to) = (begin.max(reach.from), stop.min(reach.to));
        if from < to && begin < stop {
            sum += share(to - from, stop - begin, people);
        }
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_has_two_figures() {
        for (number, shown) in [(10_001, 10_000), (12_345_678, 12_000_000), (14_999, 15_000), (99_600, 100_000), (1, 1)]
        {
            assert_eq!(rounded(number), shown);
        }
        assert_eq!((Total::of(10_000), Total::of(10_001)), (Total::Exactly(10_000), Total::About(10_000)));
    }
}
