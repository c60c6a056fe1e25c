//! Lists in an order, by indexes that begin with facets.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
use diesel::sqlite::{Sqlite, SqliteConnection};

use super::super::walk::{Key, LATEST, Order, Reach, Spot};
use crate::clock::Moment;
use crate::clock::from_unix_micros;
use crate::clock::unix_micros;
use crate::db::Kept;
use crate::db::kept;
use crate::error::AppResult;

#[derive(QueryableByName)]
struct Seq {
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

#[derive(QueryableByName)]
struct BySeen {
    #[diesel(sql_type = Timestamp)]
    key: Moment,
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

#[derive(QueryableByName)]
struct ByName {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

/// Rows with one of these facets in an order, from a spot on. A list of each is walked a few rows at a time, as far as it
/// contributes to the answer.
pub(in super::super) fn walk(
    conn: &mut SqliteConnection,
    order: Order,
    facets: &[i64],
    reach: &Reach,
    limit: usize,
) -> AppResult<Vec<Spot>> {
    let mut merged: Vec<Spot> = Vec::new();
    for number in facets {
        let mut own: Vec<Spot> = Vec::new();
        loop {
            let begin = own.last().or(reach.spot.as_ref()).cloned();
            // Only what comes before the last of a full answer can still get into it.
            let step = if own.is_empty() { STEP } else { limit };
            let some = part(conn, order, *number, reach, begin.as_ref(), step)?;
            let ended = some.len() < step;
            own.extend(some);
            let full = merged.len() >= limit;
            let beyond = full && own.last().is_some_and(|last| !reach.comes_first(last, &merged[limit - 1]));
            if ended || beyond || own.len() >= limit {
                break;
            }
        }
        merged.extend(own);
        merged.sort_by(|one, other| reach.compare(one, other));
        merged.truncate(limit);
    }
    Ok(merged)
}

/// As [`walk`], where few signed up in the days of the reach: these are read and sorted.
pub(in super::super) fn sort(
    conn: &mut SqliteConnection,
    order: Order,
    facets: &[i64],
    reach: &Reach,
    limit: usize,
) -> AppResult<Vec<Spot>> {
    let (whose, spot) = (Whose::Few(facets), reach.spot.as_ref());
    let rows = i64::try_from(limit).unwrap_or(i64::MAX);
    match order {
        // Sign-ups are in order already.
        Order::Newest => walk(conn, order, facets, reach, limit),
        Order::LastSeen => by_last_seen(conn, &whose, reach, spot, rows),
        Order::Name => by_name(conn, &whose, reach, spot, rows),
    }
}

/// Whose rows are read, and by which index.
enum Whose<'a> {
    /// Of those with these facets, as they are listed in the order.
    List(i64),
    /// Of those with any of these facets, as they signed up.
    Few(&'a [i64]),
}

impl Whose<'_> {
    fn of<'a>(&self, text: String) -> Kept<'a, Sqlite> {
        match self {
            Self::List(facets) => kept(text).bind::<BigInt, _>(*facets),
            Self::Few(facets) => kept(text).bind::<Text, _>(format!("{facets:?}")),
        }
    }
}

/// Rows read of each list at first.
const STEP: usize = 8;

fn part(
    conn: &mut SqliteConnection,
    order: Order,
    facets: i64,
    reach: &Reach,
    begin: Option<&Spot>,
    limit: usize,
) -> AppResult<Vec<Spot>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    match order {
        Order::Newest => by_sign_up(conn, facets, reach, begin, limit),
        Order::LastSeen => by_last_seen(conn, &Whose::List(facets), reach, begin, limit),
        Order::Name => by_name(conn, &Whose::List(facets), reach, begin, limit),
    }
}

fn by_sign_up(
    conn: &mut SqliteConnection,
    facets: i64,
    reach: &Reach,
    begin: Option<&Spot>,
    limit: i64,
) -> AppResult<Vec<Spot>> {
    let (sign, direction) = reach.signs(Order::Newest);
    let rows: Vec<Seq> = kept(format!(
        "select seq from users where facets = ? and seq {sign} ? and seq >= ? and seq < ? order by seq {direction} limit ?"
    ))
    .bind::<BigInt, _>(facets)
    .bind::<BigInt, _>(begin.map_or_else(|| reach.outermost(Order::Newest), |spot| spot.seq))
    .bind::<BigInt, _>(reach.from)
    .bind::<BigInt, _>(reach.to)
    .bind::<BigInt, _>(limit)
    .load(conn)?;
    Ok(rows.into_iter().map(|row| Spot { key: Key::Nothing, seq: row.seq }).collect())
}

/// What sorts people by their last login, as the index has it.
const SEEN: &str = "coalesce(last_login_at, created_at)";

/// What sorts people by name, as the index has it: the nameless last.
const NAME: &str = "coalesce(name, char(1114111))";

/// What follows a spot. Compared as pairs, SQLite would walk the index from its beginning, because it does not search by pairs
/// of which one is an expression; and without the sign in front of `seq` it would rather sort everybody who has these facets.
fn follows(key: &str, order: Order, whose: &Whose<'_>, reach: &Reach) -> String {
    let (sign, direction) = reach.signs(order);
    let (facets, seq) = match whose {
        Whose::List(_) => ("facets = ?", "+seq"),
        Whose::Few(_) => ("+facets in (select value from json_each(?))", "seq"),
    };
    format!(
        "select {key} as key, seq from users where {facets} and {key} >= ? and {key} <= ? and ({key} {sign} ? or seq {sign} ?) \
         and {seq} >= ? and {seq} < ? order by {key} {direction}, seq {direction} limit ?"
    )
}

fn by_last_seen(
    conn: &mut SqliteConnection,
    whose: &Whose<'_>,
    reach: &Reach,
    begin: Option<&Spot>,
    limit: i64,
) -> AppResult<Vec<Spot>> {
    let descends = reach.descends(Order::LastSeen);
    let (mut first, mut last) = (reach.seen_from.max(0), reach.seen_to.saturating_sub(1).min(LATEST));
    let at = begin.map_or(if descends { LATEST } else { 0 }, Spot::seen);
    if descends {
        last = last.min(at);
    } else {
        first = first.max(at);
    }
    let rows: Vec<BySeen> = whose
        .of(follows(SEEN, Order::LastSeen, whose, reach))
        .bind::<Timestamp, _>(from_unix_micros(first))
        .bind::<Timestamp, _>(from_unix_micros(last))
        .bind::<Timestamp, _>(from_unix_micros(at))
        .bind::<BigInt, _>(begin.map_or_else(|| reach.outermost(Order::LastSeen), |spot| spot.seq))
        .bind::<BigInt, _>(reach.from)
        .bind::<BigInt, _>(reach.to)
        .bind::<BigInt, _>(limit)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| Spot { key: Key::Seen(unix_micros(row.key)), seq: row.seq }).collect())
}

fn by_name(
    conn: &mut SqliteConnection,
    whose: &Whose<'_>,
    reach: &Reach,
    begin: Option<&Spot>,
    limit: i64,
) -> AppResult<Vec<Spot>> {
    const LAST: &str = "\u{10FFFF}";
    let descends = reach.descends(Order::Name);
    let at = begin.map_or(if descends { LAST } else { "" }, Spot::name);
    let (first, last) = if descends { ("", at) } else { (at, LAST) };
    let rows: Vec<ByName> = whose
        .of(follows(NAME, Order::Name, whose, reach))
        .bind::<Text, _>(first)
        .bind::<Text, _>(last)
        .bind::<Text, _>(at)
        .bind::<BigInt, _>(begin.map_or_else(|| reach.outermost(Order::Name), |spot| spot.seq))
        .bind::<BigInt, _>(reach.from)
        .bind::<BigInt, _>(reach.to)
        .bind::<BigInt, _>(limit)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| Spot { key: Key::Name(row.key), seq: row.seq }).collect())
}
