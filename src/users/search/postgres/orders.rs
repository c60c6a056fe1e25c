//! Lists in an order, by indexes that begin with facets.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamp};

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

/// Rows with one of these facets in an order, from a spot on: the first of each list, merged.
pub(in super::super) fn walk(
    conn: &mut PgConnection,
    order: Order,
    facets: &[i64],
    reach: &Reach,
    limit: usize,
) -> AppResult<Vec<Spot>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    match order {
        Order::Newest => by_sign_up(conn, facets, reach, limit),
        Order::LastSeen => by_last_seen(conn, facets, reach, limit),
        Order::Name => by_name(conn, facets, reach, limit),
    }
}

/// `$1` to `$5`: the facets, sign-ups from and to, how many, and the sign-up of the spot.
fn lists(order: Order, reach: &Reach, key: &str, bounds: &str) -> String {
    let (_, direction) = reach.signs(order);
    format!(
        "select found.key, found.seq from unnest($1) as list (facets) cross join lateral (select {key} as key, u.seq \
         from users u where u.facets = list.facets and u.seq >= $2 and u.seq < $3 and {bounds} \
         order by {key} {direction}, u.seq {direction} limit $4) as found \
         order by found.key {direction}, found.seq {direction} limit $4"
    )
}

fn spot_seq(order: Order, reach: &Reach) -> i64 {
    reach.spot.as_ref().map_or_else(|| reach.outermost(order), |spot| spot.seq)
}

fn by_sign_up(conn: &mut PgConnection, facets: &[i64], reach: &Reach, limit: i64) -> AppResult<Vec<Spot>> {
    let (sign, _) = reach.signs(Order::Newest);
    let rows: Vec<Seq> = diesel::sql_query(lists(Order::Newest, reach, "u.seq", &format!("u.seq {sign} $5")))
        .bind::<Array<BigInt>, _>(facets)
        .bind::<BigInt, _>(reach.from)
        .bind::<BigInt, _>(reach.to)
        .bind::<BigInt, _>(limit)
        .bind::<BigInt, _>(spot_seq(Order::Newest, reach))
        .load(conn)?;
    Ok(rows.into_iter().map(|row| Spot { key: Key::Nothing, seq: row.seq }).collect())
}

fn by_last_seen(conn: &mut PgConnection, facets: &[i64], reach: &Reach, limit: i64) -> AppResult<Vec<Spot>> {
    let (sign, _) = reach.signs(Order::LastSeen);
    let key = "coalesce(u.last_login_at, u.created_at)";
    let bounds = format!("({key}, u.seq) {sign} ($6, $5) and {key} >= $7 and {key} < $8");
    let outermost = if reach.descends(Order::LastSeen) { LATEST } else { 0 };
    let rows: Vec<BySeen> = diesel::sql_query(lists(Order::LastSeen, reach, key, &bounds))
        .bind::<Array<BigInt>, _>(facets)
        .bind::<BigInt, _>(reach.from)
        .bind::<BigInt, _>(reach.to)
        .bind::<BigInt, _>(limit)
        .bind::<BigInt, _>(spot_seq(Order::LastSeen, reach))
        .bind::<Timestamp, _>(from_unix_micros(reach.spot.as_ref().map_or(outermost, Spot::seen)))
        .bind::<Timestamp, _>(from_unix_micros(reach.seen_from.max(0)))
        .bind::<Timestamp, _>(from_unix_micros(reach.seen_to.min(LATEST)))
        .load(conn)?;
    Ok(rows.into_iter().map(|row| Spot { key: Key::Seen(unix_micros(row.key)), seq: row.seq }).collect())
}

fn by_name(conn: &mut PgConnection, facets: &[i64], reach: &Reach, limit: i64) -> AppResult<Vec<Spot>> {
    let (sign, _) = reach.signs(Order::Name);
    let key = r#"coalesce(u.name, U&'\+10FFFF') collate "C""#;
    let bounds = format!("({key}, u.seq) {sign} ($6, $5)");
    let outermost = if reach.descends(Order::Name) { "\u{10FFFF}" } else { "" };
    let rows: Vec<ByName> = diesel::sql_query(lists(Order::Name, reach, key, &bounds))
        .bind::<Array<BigInt>, _>(facets)
        .bind::<BigInt, _>(reach.from)
        .bind::<BigInt, _>(reach.to)
        .bind::<BigInt, _>(limit)
        .bind::<BigInt, _>(spot_seq(Order::Name, reach))
        .bind::<Text, _>(reach.spot.as_ref().map_or(outermost, Spot::name))
        .load(conn)?;
    Ok(rows.into_iter().map(|row| Spot { key: Key::Name(row.key), seq: row.seq }).collect())
}
