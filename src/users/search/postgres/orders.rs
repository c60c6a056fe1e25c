//! Lists in an order, by indexes that begin with facets.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamp};

use super::super::walk::{Key, LATEST, Order, Reach, Spot};
use crate::clock::Moment;
use crate::clock::from_unix_micros;
use crate::clock::unix_micros;
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

/// Rows with one of these facets in an order, from a spot on: the first of each list, merged.
pub(in super::super) fn walk(
    conn: &mut PgConnection,
    order: Order,
    facets: &[i64],
    reach: &Reach,
    limit: usize,
) -> AppResult<Vec<Spot>> {
    read(conn, order, How::Walk, facets, reach, limit)
}

/// As [`walk`], where few signed up in the days of the reach: these are read and sorted.
pub(in super::super) fn sort(
    conn: &mut PgConnection,
    order: Order,
    facets: &[i64],
    reach: &Reach,
    limit: usize,
) -> AppResult<Vec<Spot>> {
    read(conn, order, How::Sort, facets, reach, limit)
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
) -> AppResult<Vec<Spot>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    match order {
        Order::Newest => by_sign_up(conn, how, facets, reach, limit),
        Order::LastSeen => by_last_seen(conn, how, facets, reach, limit),
        Order::Name => by_name(conn, how, facets, reach, limit),
    }
}

/// The first of the list of each of these facets, merged. Values: the facets, those of `follows`, sign-ups from and to, and
/// how many, twice.
fn lists(order: Order, how: How, reach: &Reach, key: &str, follows: &str) -> String {
    let (_, direction) = reach.signs(order);
    if how == How::Sort {
        return format!(
            "select {key} as key, u.seq from users u where u.facets = any(?) and {follows} and u.seq >= ? and u.seq < ? \
             order by {key} {direction}, u.seq {direction} limit least(?, ?)"
        );
    }
    // Any other order has an index of its own, which PostgreSQL would forsake for that of sign-ups.
    let seq = if order == Order::Newest { "u.seq" } else { "u.seq + 0" };
    format!(
        "select found.key, found.seq from unnest(?) as list (facets) cross join lateral (select {key} as key, u.seq \
         from users u where u.facets = list.facets and {follows} and {seq} >= ? and {seq} < ? \
         order by {key} {direction}, u.seq {direction} limit ?) as found \
         order by found.key {direction}, found.seq {direction} limit ?"
    )
}

fn spot_seq(order: Order, reach: &Reach) -> i64 {
    reach.spot.as_ref().map_or_else(|| reach.outermost(order), |spot| spot.seq)
}

fn by_sign_up(conn: &mut PgConnection, how: How, facets: &[i64], reach: &Reach, limit: i64) -> AppResult<Vec<Spot>> {
    let (sign, _) = reach.signs(Order::Newest);
    let rows: Vec<Seq> = kept(lists(Order::Newest, how, reach, "u.seq", &format!("u.seq {sign} ?")))
        .bind::<Array<BigInt>, _>(facets)
        .bind::<BigInt, _>(spot_seq(Order::Newest, reach))
        .bind::<BigInt, _>(reach.from)
        .bind::<BigInt, _>(reach.to)
        .bind::<BigInt, _>(limit)
        .bind::<BigInt, _>(limit)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| Spot { key: Key::Nothing, seq: row.seq }).collect())
}

fn by_last_seen(conn: &mut PgConnection, how: How, facets: &[i64], reach: &Reach, limit: i64) -> AppResult<Vec<Spot>> {
    let (sign, _) = reach.signs(Order::LastSeen);
    let key = "coalesce(u.last_login_at, u.created_at)";
    let follows = format!("({key}, u.seq) {sign} (?, ?) and {key} >= ? and {key} < ?");
    let outermost = if reach.descends(Order::LastSeen) { LATEST } else { 0 };
    let rows: Vec<BySeen> = kept(lists(Order::LastSeen, how, reach, key, &follows))
        .bind::<Array<BigInt>, _>(facets)
        .bind::<Timestamp, _>(from_unix_micros(reach.spot.as_ref().map_or(outermost, Spot::seen)))
        .bind::<BigInt, _>(spot_seq(Order::LastSeen, reach))
        .bind::<Timestamp, _>(from_unix_micros(reach.seen_from.max(0)))
        .bind::<Timestamp, _>(from_unix_micros(reach.seen_to.min(LATEST)))
        .bind::<BigInt, _>(reach.from)
        .bind::<BigInt, _>(reach.to)
        .bind::<BigInt, _>(limit)
        .bind::<BigInt, _>(limit)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| Spot { key: Key::Seen(unix_micros(row.key)), seq: row.seq }).collect())
}

fn by_name(conn: &mut PgConnection, how: How, facets: &[i64], reach: &Reach, limit: i64) -> AppResult<Vec<Spot>> {
    let (sign, _) = reach.signs(Order::Name);
    let key = r#"coalesce(u.name, U&'\+10FFFF') collate "C""#;
    let outermost = if reach.descends(Order::Name) { "\u{10FFFF}" } else { "" };
    let rows: Vec<ByName> = kept(lists(Order::Name, how, reach, key, &format!("({key}, u.seq) {sign} (?, ?)")))
        .bind::<Array<BigInt>, _>(facets)
        .bind::<Text, _>(reach.spot.as_ref().map_or(outermost, Spot::name))
        .bind::<BigInt, _>(spot_seq(Order::Name, reach))
        .bind::<BigInt, _>(reach.from)
        .bind::<BigInt, _>(reach.to)
        .bind::<BigInt, _>(limit)
        .bind::<BigInt, _>(limit)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| Spot { key: Key::Name(row.key), seq: row.seq }).collect())
}
