//! The search index: what is asked for in lists, and who waits for whom.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary};

use super::super::recent::{Row, Seq};
use super::super::stretches::{Block, Posting, shelf, shelves};
use crate::db::kept;
use crate::db::schema::search_postings;
use crate::error::AppResult;

/// Held by whoever changes somebody, until the transaction ends: whether they are among the recent or have a place stays as
/// it is. Many hold it at once.
pub(in super::super) fn hold(conn: &mut PgConnection) -> AppResult<()> {
    Ok(conn.batch_execute("lock table search_stretches in row share mode")?)
}

/// Held by whoever takes people in: waits for all who hold it, and they for this one.
pub(in super::super) fn hold_alone(conn: &mut PgConnection) -> AppResult<()> {
    Ok(conn.batch_execute("lock table search_stretches in exclusive mode")?)
}

pub(in super::super) fn add(conn: &mut PgConnection, seq: i64, terms: &BTreeSet<i64>) -> AppResult<()> {
    kept("insert into search_recent (term, seq) select term, ? from unnest(?) as added (term) on conflict do nothing")
        .bind::<BigInt, _>(seq)
        .bind::<Array<BigInt>, _>(terms.iter().copied().collect::<Vec<_>>())
        .execute(conn)?;
    Ok(())
}

/// Exactly those who are named: others may have signed up in between since.
pub(in super::super) fn take(conn: &mut PgConnection, seqs: &[i64]) -> AppResult<Vec<Row>> {
    Ok(kept("delete from search_recent where seq = any(?) returning seq, term")
        .bind::<Array<BigInt>, _>(seqs)
        .load(conn)?)
}

/// Gathered rather than looked up one by one: a plan made while nobody is here is kept until there are thousands, and this
/// question has no bad one.
pub(in super::super) fn recent(conn: &mut PgConnection, terms: &[i64]) -> AppResult<Vec<Seq>> {
    Ok(kept(
        "select seq from search_recent where term = any(?) group by seq having count(*) = cardinality(?) order by seq",
    )
    .bind::<Array<BigInt>, _>(terms)
    .bind::<Array<BigInt>, _>(terms)
    .load(conn)?)
}

/// Of these stretches, and maybe of some between them. `offset 0` keeps the order: from the lists to the rows.
pub(in super::super) fn postings(conn: &mut PgConnection, stretches: &[i64], terms: &[i64]) -> AppResult<Vec<Posting>> {
    let (Some(first), Some(last)) = (stretches.iter().min(), stretches.iter().max()) else { return Ok(Vec::new()) };
    Ok(kept(
        "select p.stretch, p.term, p.places from unnest(?) as s (shelf) cross join unnest(?) as t (term) cross join lateral \
         (select stretch, term, places from search_postings where shelf = s.shelf and term = t.term \
         and stretch >= ? and stretch <= ? offset 0) as p",
    )
    .bind::<Array<BigInt>, _>(shelves(stretches))
    .bind::<Array<BigInt>, _>(terms)
    .bind::<BigInt, _>(*first)
    .bind::<BigInt, _>(*last)
    .load(conn)?)
}

/// As [`postings`] of one stretch, and nobody else changes these rows until this transaction ends; those that are not there
/// yet come into being, empty.
pub(in super::super) fn held_postings(conn: &mut PgConnection, stretch: i64, terms: &[i64]) -> AppResult<Vec<Posting>> {
    // An empty set: `stretches::set`.
    kept(
        "insert into search_postings (shelf, stretch, term, places) select ?, ?, term, '\\x00'::bytea \
         from unnest(?) as t (term) order by term on conflict (shelf, term, stretch) do nothing",
    )
    .bind::<BigInt, _>(shelf(stretch))
    .bind::<BigInt, _>(stretch)
    .bind::<Array<BigInt>, _>(terms)
    .execute(conn)?;
    Ok(kept(
        "select stretch, term, places from search_postings where shelf = ? and stretch = ? and term = any(?) \
         order by term for update",
    )
    .bind::<BigInt, _>(shelf(stretch))
    .bind::<BigInt, _>(stretch)
    .bind::<Array<BigInt>, _>(terms)
    .load(conn)?)
}

pub(in super::super) fn blocks(conn: &mut PgConnection, keys: &[(i64, i64)]) -> AppResult<Vec<Block>> {
    let (stretches, blocks): (Vec<i64>, Vec<i64>) = keys.iter().copied().unzip();
    Ok(kept(
        "select p.stretch, p.block, p.seqs from unnest(?, ?) as k (stretch, block) cross join lateral \
         (select stretch, block, seqs from search_places where stretch = k.stretch and block = k.block offset 0) as p",
    )
    .bind::<Array<BigInt>, _>(stretches)
    .bind::<Array<BigInt>, _>(blocks)
    .load(conn)?)
}

/// Rows of a stretch: those that are there and change, and new ones.
pub(in super::super) fn write(
    conn: &mut PgConnection,
    stretch: i64,
    changed: &[(i64, Vec<u8>)],
    new: &[(i64, Vec<u8>)],
) -> AppResult<()> {
    if !changed.is_empty() {
        let (terms, places): (Vec<i64>, Vec<&[u8]>) =
            changed.iter().map(|(term, places)| (*term, places.as_slice())).unzip();
        kept(
            "insert into search_postings (shelf, stretch, term, places) select ?, ?, term, places \
             from unnest(?, ?) as c (term, places) order by term \
             on conflict (shelf, term, stretch) do update set places = excluded.places",
        )
        .bind::<BigInt, _>(shelf(stretch))
        .bind::<BigInt, _>(stretch)
        .bind::<Array<BigInt>, _>(terms)
        .bind::<Array<Binary>, _>(places)
        .execute(conn)?;
    }
    if !new.is_empty() {
        let row = |(term, places): &'_ (i64, Vec<u8>)| {
            (
                search_postings::shelf.eq(shelf(stretch)),
                search_postings::term.eq(*term),
                search_postings::stretch.eq(stretch),
                search_postings::places.eq(places.clone()),
            )
        };
        diesel::copy_from(search_postings::table)
            .from_insertable(new.iter().map(row).collect::<Vec<_>>())
            .execute(conn)?;
    }
    Ok(())
}

/// Nobody of a stretch has these terms any more.
pub(in super::super) fn remove(conn: &mut PgConnection, stretch: i64, terms: &[i64]) -> AppResult<()> {
    if terms.is_empty() {
        return Ok(());
    }
    kept("delete from search_postings where shelf = ? and stretch = ? and term = any(?)")
        .bind::<BigInt, _>(shelf(stretch))
        .bind::<BigInt, _>(stretch)
        .bind::<Array<BigInt>, _>(terms)
        .execute(conn)?;
    Ok(())
}
