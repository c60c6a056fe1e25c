//! Lists in an order, by indexes that begin with facets.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
use diesel::sqlite::SqliteConnection;

use super::super::walk::{Key, LATEST, Order, Reach, Spot};
use crate::clock::Moment;
use crate::clock::from_unix_micros;
use crate::clock::unix_micros;
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
        Order::LastSeen => by_last_seen(conn, facets, reach, begin, limit),
        Order::Name => by_name(conn, facets, reach, begin, limit),
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
    let rows: Vec<Seq> = diesel::sql_query(format!(
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

fn by_last_seen(
    conn: &mut SqliteConnection,
    facets: i64,
    reach: &Reach,
    begin: Option<&Spot>,
    limit: i64,
) -> AppResult<Vec<Spot>> {
    let (sign, direction) = reach.signs(Order::LastSeen);
    let key = "coalesce(last_login_at, created_at)";
    let at = begin.map_or(if reach.descends(Order::LastSeen) { LATEST } else { 0 }, Spot::seen);
    let rows: Vec<BySeen> = diesel::sql_query(format!(
        "select {key} as key, seq from users where facets = ? and ({key}, seq) {sign} (?, ?) and {key} >= ? and {key} < ? \
         and seq >= ? and seq < ? order by {key} {direction}, seq {direction} limit ?"
    ))
    .bind::<BigInt, _>(facets)
    .bind::<Timestamp, _>(from_unix_micros(at))
    .bind::<BigInt, _>(begin.map_or_else(|| reach.outermost(Order::LastSeen), |spot| spot.seq))
    .bind::<Timestamp, _>(from_unix_micros(reach.seen_from.max(0)))
    .bind::<Timestamp, _>(from_unix_micros(reach.seen_to.min(LATEST)))
    .bind::<BigInt, _>(reach.from)
    .bind::<BigInt, _>(reach.to)
    .bind::<BigInt, _>(limit)
    .load(conn)?;
    Ok(rows.into_iter().map(|row| Spot { key: Key::Seen(unix_micros(row.key)), seq: row.seq }).collect())
}

fn by_name(
    conn: &mut SqliteConnection,
    facets: i64,
    reach: &Reach,
    begin: Option<&Spot>,
    limit: i64,
) -> AppResult<Vec<Spot>> {
    let (sign, direction) = reach.signs(Order::Name);
    let key = "coalesce(name, char(1114111))";
    let rows: Vec<ByName> = diesel::sql_query(format!(
        "select {key} as key, seq from users where facets = ? and ({key}, seq) {sign} (?, ?) and seq >= ? and seq < ? \
         order by {key} {direction}, seq {direction} limit ?"
    ))
    .bind::<BigInt, _>(facets)
    .bind::<Text, _>(begin.map_or(if reach.descends(Order::Name) { "\u{10FFFF}" } else { "" }, Spot::name))
    .bind::<BigInt, _>(begin.map_or_else(|| reach.outermost(Order::Name), |spot| spot.seq))
    .bind::<BigInt, _>(reach.from)
    .bind::<BigInt, _>(reach.to)
    .bind::<BigInt, _>(limit)
    .load(conn)?;
    Ok(rows.into_iter().map(|row| Spot { key: Key::Name(row.key), seq: row.seq }).collect())
}
