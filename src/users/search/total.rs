//! How many there are: exactly as far as counting is quick, and an honest estimate beyond.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use super::census::Census;
use super::find::{Listing, PAGE_SIZE, page};
use super::matches::Matches;
use super::postgres;
use super::source::Source;
use super::walk::{LATEST, Reach};
use crate::clock::from_unix_micros;
use crate::db::Conn;
use crate::error::AppResult;
use crate::users::Cursor;

/// As far as this is counted one by one.
const COUNTED: i64 = 10_000;

/// An estimate of so many is surely one of more than are counted.
const SURELY: i64 = 5 * COUNTED;

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
pub(super) fn count(conn: &mut Conn, listing: &Listing, source: &Source, census: &Census) -> AppResult<Total> {
    let reach = listing.reach();
    let seen = listing.seen != (None, None);
    match source {
        Source::Nobody => Ok(Total::Exactly(0)),
        Source::These(_) => counted_by_hand(conn, listing, source),
        Source::Terms(_) if seen => counted_by_hand(conn, listing, source),
        Source::Terms(terms) => counted_by_terms(conn, terms, &Reach { backwards: false, ..reach }),
        Source::Everybody => counted_by_days(conn, listing, None, census),
        Source::Facets(wanted) | Source::Few(wanted) => counted_by_days(conn, listing, Some(wanted), census),
    }
}

fn counted_by_terms(conn: &mut Conn, matches: &Matches, reach: &Reach) -> AppResult<Total> {
    let counted = matches.count(conn, reach, COUNTED)?;
    Ok(Total::of(counted.about.unwrap_or(counted.people)))
}

fn counted_by_days(conn: &mut Conn, listing: &Listing, wanted: Option<&[i64]>, census: &Census) -> AppResult<Total> {
    let fits = |number: i64| wanted.is_none_or(|wanted| wanted.contains(&number));
    let fitting: i64 = census.facets().iter().filter(|(own, _)| fits(own.0)).map(|(_, people)| people).sum();
    let seen = listing.seen != (None, None);
    if !seen && listing.joined == (None, None) {
        return Ok(Total::of(fitting));
    }
    // Days of last logins are indexed behind the facets.
    let numbers: Vec<i64> = census.facets().iter().map(|(own, _)| own.0).filter(|number| fits(*number)).collect();
    if seen
        && let Conn::Postgres(conn) = conn
        && let Some(about) = postgres::planned(conn, &numbers, &listing.reach())?.filter(|about| *about >= SURELY)
    {
        return Ok(Total::About(rounded(about)));
    }
    let people = within(conn, (seen || wanted.is_some()).then_some(&numbers), listing)?;
    if people <= COUNTED {
        return Ok(Total::Exactly(people));
    }
    if seen {
        return Ok(Total::MoreThan(COUNTED));
    }
    let fitting = share(fitting, census.everybody(), census.rank(&listing.reach()));
    Ok(Total::About(rounded(fitting.max(COUNTED))))
}

/// `part` of `whole`, of `all`.
pub(super) fn share(part: i64, whole: i64, all: i64) -> i64 {
    let share = i128::from(part) * i128::from(all) / i128::from(whole.max(1));
    i64::try_from(share).unwrap_or(i64::MAX)
}

/// Of few: those on the first page, unless there are more.
fn counted_by_hand(conn: &mut Conn, listing: &Listing, source: &Source) -> AppResult<Total> {
    let page = page(conn, listing, source, &Cursor::Start, PAGE_SIZE)?;
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
