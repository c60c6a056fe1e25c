//! Lists in an order, by indexes that begin with facets.

use std::collections::BTreeMap;

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamp};

use super::super::walk::{Key, LATEST, Order, Reach, Spot};
use crate::clock::Moment;
use crate::clock::from_unix_micros;
use crate::clock::unix_micros;
use crate::db::Kept;
use crate::db::kept;
use crate::error::AppResult;

#[derive(QueryableByName)]
struct BySignUp {
    #[diesel(sql_type = BigInt)]
    list: i64,
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

#[derive(QueryableByName)]
struct BySeen {
    #[diesel(sql_type = BigInt)]
    list: i64,
    #[diesel(sql_type = Timestamp)]
    key: Moment,
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

#[derive(QueryableByName)]
struct ByName {
    #[diesel(sql_type = BigInt)]
    list: i64,
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

/// Rows read of each list at first: most contribute little to a page.
const STEP: usize = 8;

/// Rows with one of these facets in an order, from a spot on: the first of each list, merged.
pub(in super::super) fn walk(
    conn: &mut PgConnection,
    order: Order,
    facets: &[i64],
    reach: &Reach,
    limit: usize,
) -> AppResult<Vec<Spot>> {
    let mut rows = read(conn, order, How::Walk, facets, reach, STEP.min(limit))?;
    let long = longer(&mut rows, reach, limit);
    if !long.is_empty() {
        rows.retain(|(list, _)| !long.contains(list));
        rows.extend(read(conn, order, How::Walk, &long, reach, limit)?);
        rows.sort_by(|(_, one), (_, other)| reach.compare(one, other));
    }
    rows.truncate(limit);
    Ok(rows.into_iter().map(|(_, spot)| spot).collect())
}

/// Sorts what the first questions found, and names the lists of which more may be among the first `limit`: those that were
/// not read to their end, and are in front of the last of these as far as they were.
fn longer(rows: &mut [(i64, Spot)], reach: &Reach, limit: usize) -> Vec<i64> {
    rows.sort_by(|(_, one), (_, other)| reach.compare(one, other));
    if limit <= STEP {
        return Vec::new();
    }
    let within = rows.get(..limit).unwrap_or(rows);
    let mut read: BTreeMap<i64, usize> = BTreeMap::new();
    within.iter().for_each(|(list, _)| *read.entry(*list).or_default() += 1);
    read.into_iter().filter(|(_, rows)| *rows == STEP).map(|(list, _)| list).collect()
}

/// As [`walk`], where few signed up in the days of the reach: these are read and sorted.
pub(in super::super) fn sort(
    conn: &mut PgConnection,
    order: Order,
    facets: &[i64],
    reach: &Reach,
    limit: usize,
) -> AppResult<Vec<Spot>> {
    Ok(read(conn, order, How::Sort, facets, reach, limit)?.into_iter().map(|(_, spot)| spot).collect())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Walk,
    Sort,
}

fn read(
    conn: &mut PgConnection,
    order: Order,
    how: How,
    facets: &[i64],
    reach: &Reach,
    limit: usize,
) -> AppResult<Vec<(i64, Spot)>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    match order {
        Order::Newest => by_sign_up(conn, how, facets, reach, limit),
        Order::LastSeen => by_last_seen(conn, how, facets, reach, limit),
        Order::Name => by_name(conn, how, facets, reach, limit),
    }
}

/// The first of the list of each of these facets, and which list it is. Values: the facets, those of `follows`, sign-ups from
/// and to unless they are left out, and how many.
fn lists(order: Order, how: How, reach: &Reach, key: &str, follows: &str) -> String {
    let (_, direction) = reach.signs(order);
    let bounds = if bounds_everybody(order, reach) { "" } else { " and u.seq >= ? and u.seq < ?" };
    if how == How::Sort {
        return format!(
            "select u.facets as list, {key} as key, u.seq from users u where u.facets = any(?) and {follows}{bounds} \
             order by {key} {direction}, u.seq {direction} limit ?"
        );
    }
    format!(
        "select list.facets as list, found.key, found.seq from unnest(?) as list (facets) cross join lateral (select {key} as key, u.seq \
         from users u where u.facets = list.facets and {follows}{bounds} \
         order by {key} {direction}, u.seq {direction} limit ?) as found"
    )
}

/// Bounds of sign-ups that hold for everybody are left out where the order is another: PostgreSQL would take them for narrow ones
/// at times, and sort a whole list instead of walking its first rows. Where sign-ups are the order, they lead it to the index.
fn bounds_everybody(order: Order, reach: &Reach) -> bool {
    order != Order::Newest && reach.is_whole()
}

/// The last values of [`lists`].
fn limited<'a>(statement: Kept<'a, Pg>, order: Order, reach: &Reach, limit: i64) -> Kept<'a, Pg> {
    let bounded = if bounds_everybody(order, reach) {
        statement
    } else {
        statement.bind::<BigInt, _>(reach.from).bind::<BigInt, _>(reach.to)
    };
    bounded.bind::<BigInt, _>(limit)
}

fn spot_seq(order: Order, reach: &Reach) -> i64 {
    reach.spot.as_ref().map_or_else(|| reach.outermost(order), |spot| spot.seq)
}

fn by_sign_up(
    conn: &mut PgConnection,
    how: How,
    facets: &[i64],
    reach: &Reach,
    limit: i64,
) -> AppResult<Vec<(i64, Spot)>> {
    let (sign, _) = reach.signs(Order::Newest);
    let statement = kept(lists(Order::Newest, how, reach, "u.seq", &format!("u.seq {sign} ?")))
        .bind::<Array<BigInt>, _>(facets)
        .bind::<BigInt, _>(spot_seq(Order::Newest, reach));
    let rows: Vec<BySignUp> = limited(statement, Order::Newest, reach, limit).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.list, Spot { key: Key::Nothing, seq: row.seq })).collect())
}

/// Only one bound at the end where the walk begins: of two, PostgreSQL would begin at the wider one and pass over the rest.
fn by_last_seen(
    conn: &mut PgConnection,
    how: How,
    facets: &[i64],
    reach: &Reach,
    limit: i64,
) -> AppResult<Vec<(i64, Spot)>> {
    let (sign, _) = reach.signs(Order::LastSeen);
    let key = "coalesce(u.last_login_at, u.created_at)";
    let (from, to) = (reach.seen_from.max(0), reach.seen_to.min(LATEST));
    let descends = reach.descends(Order::LastSeen);
    let (border, end, last) = if descends { (to, ">=", from) } else { (from, "<", to) };
    // Everybody at the border itself lies beyond it for those who come down, and within for those who go up.
    let begin = reach.spot.as_ref().map(|spot| (spot.seen(), spot.seq));
    let nearer = begin.filter(|(at, _)| if descends { *at < border } else { *at >= border });
    let (at, seq) = nearer.unwrap_or((border, i64::MIN));
    let follows = format!("({key}, u.seq) {sign} (?, ?) and {key} {end} ?");
    let statement = kept(lists(Order::LastSeen, how, reach, key, &follows))
        .bind::<Array<BigInt>, _>(facets)
        .bind::<Timestamp, _>(from_unix_micros(at))
        .bind::<BigInt, _>(seq)
        .bind::<Timestamp, _>(from_unix_micros(last));
    let rows: Vec<BySeen> = limited(statement, Order::LastSeen, reach, limit).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.list, Spot { key: Key::Seen(unix_micros(row.key)), seq: row.seq })).collect())
}

fn by_name(
    conn: &mut PgConnection,
    how: How,
    facets: &[i64],
    reach: &Reach,
    limit: i64,
) -> AppResult<Vec<(i64, Spot)>> {
    let (sign, _) = reach.signs(Order::Name);
    let key = r#"coalesce(u.name, U&'\+10FFFF') collate "C""#;
    let outermost = if reach.descends(Order::Name) { "\u{10FFFF}" } else { "" };
    let statement = kept(lists(Order::Name, how, reach, key, &format!("({key}, u.seq) {sign} (?, ?)")))
        .bind::<Array<BigInt>, _>(facets)
        .bind::<Text, _>(reach.spot.as_ref().map_or(outermost, Spot::name))
        .bind::<BigInt, _>(spot_seq(Order::Name, reach));
    let rows: Vec<ByName> = limited(statement, Order::Name, reach, limit).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.list, Spot { key: Key::Name(row.key), seq: row.seq })).collect())
}
