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
    let ask = Ask { how: How::Walk, facets, reach, limit: STEP.min(limit) };
    let mut rows = ask.rows(conn, order)?;
    let long = longer(&mut rows, reach, limit);
    if !long.is_empty() {
        rows.retain(|(list, _)| !long.contains(list));
        rows.extend(Ask { facets: &long, limit, ..ask }.rows(conn, order)?);
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
    let rows = Ask { how: How::Sort, facets, reach, limit }.rows(conn, order)?;
    Ok(rows.into_iter().map(|(_, spot)| spot).collect())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Walk,
    Sort,
}

/// What is asked for, whatever the order.
#[derive(Clone, Copy)]
struct Ask<'a> {
    how: How,
    facets: &'a [i64],
    reach: &'a Reach,
    limit: usize,
}

impl<'a> Ask<'a> {
    /// The first of the list of each facet, and which list it is.
    fn rows(self, conn: &mut PgConnection, order: Order) -> AppResult<Vec<(i64, Spot)>> {
        match order {
            Order::Newest => self.by_sign_up(conn),
            Order::LastSeen => self.by_last_seen(conn),
            Order::Name => self.by_name(conn),
        }
    }

    /// The statement. Values: the facets, those of `follows`, sign-ups from and to unless they are left out, and how many.
    fn lists(self, order: Order, key: &str, follows: &str) -> Kept<'a, Pg> {
        let (_, direction) = self.reach.signs(order);
        let bounds = if bounds_everybody(order, self.reach) { "" } else { " and u.seq >= ? and u.seq < ?" };
        let text = match self.how {
            How::Sort => format!(
                "select u.facets as list, {key} as key, u.seq from users u where u.facets = any(?) and {follows}{bounds} \
                 order by {key} {direction}, u.seq {direction} limit ?"
            ),
            How::Walk => format!(
                "select list.facets as list, found.key, found.seq from unnest(?) as list (facets) cross join lateral \
                 (select {key} as key, u.seq from users u where u.facets = list.facets and {follows}{bounds} \
                 order by {key} {direction}, u.seq {direction} limit ?) as found"
            ),
        };
        kept(text).bind::<Array<BigInt>, _>(self.facets)
    }

    /// The last values of [`Ask::lists`].
    fn limited(self, statement: Kept<'a, Pg>, order: Order) -> Kept<'a, Pg> {
        let bounded = if bounds_everybody(order, self.reach) {
            statement
        } else {
            statement.bind::<BigInt, _>(self.reach.from).bind::<BigInt, _>(self.reach.to)
        };
        bounded.bind::<BigInt, _>(i64::try_from(self.limit).unwrap_or(i64::MAX))
    }

    fn by_sign_up(self, conn: &mut PgConnection) -> AppResult<Vec<(i64, Spot)>> {
        let (sign, _) = self.reach.signs(Order::Newest);
        let statement = self
            .lists(Order::Newest, "u.seq", &format!("u.seq {sign} ?"))
            .bind::<BigInt, _>(spot_seq(Order::Newest, self.reach));
        let rows: Vec<BySignUp> = self.limited(statement, Order::Newest).load(conn)?;
        Ok(rows.into_iter().map(|row| (row.list, Spot { key: Key::Nothing, seq: row.seq })).collect())
    }

    /// Only one bound at the end where the walk begins: of two, PostgreSQL would begin at the wider one and pass over the rest.
    fn by_last_seen(self, conn: &mut PgConnection) -> AppResult<Vec<(i64, Spot)>> {
        let reach = self.reach;
        let (sign, _) = reach.signs(Order::LastSeen);
        let key = "coalesce(u.last_login_at, u.created_at)";
        let (from, to) = (reach.seen_from.max(0), reach.seen_to.min(LATEST));
        let descends = reach.descends(Order::LastSeen);
        let (border, end, last) = if descends { (to, ">=", from) } else { (from, "<", to) };
        // Everybody at the border itself lies beyond it for those who come down, and within for those who go up.
        let begin = reach.spot.as_ref().map(|spot| (spot.seen(), spot.seq));
        let nearer = begin.filter(|(at, _)| if descends { *at < border } else { *at >= border });
        let (at, seq) = nearer.unwrap_or((border, i64::MIN));
        let statement = self
            .lists(Order::LastSeen, key, &format!("({key}, u.seq) {sign} (?, ?) and {key} {end} ?"))
            .bind::<Timestamp, _>(from_unix_micros(at))
            .bind::<BigInt, _>(seq)
            .bind::<Timestamp, _>(from_unix_micros(last));
        let rows: Vec<BySeen> = self.limited(statement, Order::LastSeen).load(conn)?;
        let spot = |row: BySeen| (row.list, Spot { key: Key::Seen(unix_micros(row.key)), seq: row.seq });
        Ok(rows.into_iter().map(spot).collect())
    }

    fn by_name(self, conn: &mut PgConnection) -> AppResult<Vec<(i64, Spot)>> {
        let (sign, _) = self.reach.signs(Order::Name);
        let key = r#"coalesce(u.name, U&'\+10FFFF') collate "C""#;
        let outermost = if self.reach.descends(Order::Name) { "\u{10FFFF}" } else { "" };
        let statement = self
            .lists(Order::Name, key, &format!("({key}, u.seq) {sign} (?, ?)"))
            .bind::<Text, _>(self.reach.spot.as_ref().map_or(outermost, Spot::name))
            .bind::<BigInt, _>(spot_seq(Order::Name, self.reach));
        let rows: Vec<ByName> = self.limited(statement, Order::Name).load(conn)?;
        Ok(rows.into_iter().map(|row| (row.list, Spot { key: Key::Name(row.key), seq: row.seq })).collect())
    }
}

/// Bounds of sign-ups that hold for everybody are left out where the order is another: PostgreSQL would take them for narrow ones
/// at times, and sort a whole list instead of walking its first rows. Where sign-ups are the order, they lead it to the index.
fn bounds_everybody(order: Order, reach: &Reach) -> bool {
    order != Order::Newest && reach.is_whole()
}

fn spot_seq(order: Order, reach: &Reach) -> i64 {
    reach.spot.as_ref().map_or_else(|| reach.outermost(order), |spot| spot.seq)
}
