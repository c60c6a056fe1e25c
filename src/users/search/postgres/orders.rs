//! Lists in an order, by indexes that begin with facets.

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

/// The first of the list of each of these facets, merged. Values: the facets, those of `follows`, sign-ups from and to unless
/// they are left out, and how many, twice.
fn lists(order: Order, how: How, reach: &Reach, key: &str, follows: &str) -> String {
    let (_, direction) = reach.signs(order);
    let bounds = if bounds_everybody(order, reach) { "" } else { " and u.seq >= ? and u.seq < ?" };
    if how == How::Sort {
        return format!(
            "select {key} as key, u.seq from users u where u.facets = any(?) and {follows}{bounds} \
             order by {key} {direction}, u.seq {direction} limit least(?, ?)"
        );
    }
    format!(
        "select found.key, found.seq from unnest(?) as list (facets) cross join lateral (select {key} as key, u.seq \
         from users u where u.facets = list.facets and {follows}{bounds} \
         order by {key} {direction}, u.seq {direction} limit ?) as found \
         order by found.key {direction}, found.seq {direction} limit ?"
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
    bounded.bind::<BigInt, _>(limit).bind::<BigInt, _>(limit)
}

fn spot_seq(order: Order, reach: &Reach) -> i64 {
    reach.spot.as_ref().map_or_else(|| reach.outermost(order), |spot| spot.seq)
}

fn by_sign_up(conn: &mut PgConnection, how: How, facets: &[i64], reach: &Reach, limit: i64) -> AppResult<Vec<Spot>> {
    let (sign, _) = reach.signs(Order::Newest);
    let statement = kept(lists(Order::Newest, how, reach, "u.seq", &format!("u.seq {sign} ?")))
        .bind::<Array<BigInt>, _>(facets)
        .bind::<BigInt, _>(spot_seq(Order::Newest, reach));
    let rows: Vec<Seq> = limited(statement, Order::Newest, reach, limit).load(conn)?;
    Ok(rows.into_iter().map(|row| Spot { key: Key::Nothing, seq: row.seq }).collect())
}

/// Only one bound at the end where the walk begins: of two, PostgreSQL would begin at the wider one and pass over the rest.
fn by_last_seen(conn: &mut PgConnection, how: How, facets: &[i64], reach: &Reach, limit: i64) -> AppResult<Vec<Spot>> {
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
    Ok(rows.into_iter().map(|row| Spot { key: Key::Seen(unix_micros(row.key)), seq: row.seq }).collect())
}

fn by_name(conn: &mut PgConnection, how: How, facets: &[i64], reach: &Reach, limit: i64) -> AppResult<Vec<Spot>> {
    let (sign, _) = reach.signs(Order::Name);
    let key = r#"coalesce(u.name, U&'\+10FFFF') collate "C""#;
    let outermost = if reach.descends(Order::Name) { "\u{10FFFF}" } else { "" };
    let statement = kept(lists(Order::Name, how, reach, key, &format!("({key}, u.seq) {sign} (?, ?)")))
        .bind::<Array<BigInt>, _>(facets)
        .bind::<Text, _>(reach.spot.as_ref().map_or(outermost, Spot::name))
        .bind::<BigInt, _>(spot_seq(Order::Name, reach));
    let rows: Vec<ByName> = limited(statement, Order::Name, reach, limit).load(conn)?;
    Ok(rows.into_iter().map(|row| Spot { key: Key::Name(row.key), seq: row.seq }).collect())
}
