//! The search index: what is asked for in lists.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::sqlite::{Sqlite, SqliteConnection};

use super::super::recent::{Row, Seq};
use super::super::stretches::{Block, Posting, shelf, shelves};
use crate::db::kept;
use crate::error::AppResult;

/// A list, for `json_each`.
fn list(numbers: &[i64]) -> String {
    format!("{numbers:?}")
}

pub(in super::super) fn add(conn: &mut SqliteConnection, seq: i64, terms: &BTreeSet<i64>) -> AppResult<()> {
    kept("insert or ignore into search_recent (term, seq) select value, ? from json_each(?)")
        .bind::<BigInt, _>(seq)
        .bind::<Text, _>(list(&terms.iter().copied().collect::<Vec<_>>()))
        .execute(conn)?;
    Ok(())
}

pub(in super::super) fn take(conn: &mut SqliteConnection, seqs: &[i64]) -> AppResult<Vec<Row>> {
    let rows = kept("select seq, term from search_recent where seq in (select value from json_each(?))")
        .bind::<Text, _>(list(seqs))
        .load(conn)?;
    kept("delete from search_recent where seq in (select value from json_each(?))")
        .bind::<Text, _>(list(seqs))
        .execute(conn)?;
    Ok(rows)
}

/// The first term leads; of who has it, each is held against the others.
pub(in super::super) fn recent(conn: &mut SqliteConnection, terms: &[i64]) -> AppResult<Vec<Seq>> {
    let Some((first, others)) = terms.split_first() else { return Ok(Vec::new()) };
    Ok(kept(
        "select r.seq from search_recent r where r.term = ? and not exists (select 1 from json_each(?) as other \
         where not exists (select 1 from search_recent o where o.term = other.value and o.seq = r.seq)) order by r.seq",
    )
    .bind::<BigInt, _>(*first)
    .bind::<Text, _>(list(others))
    .load(conn)?)
}

/// Of these stretches, and maybe of some between them. `cross join` keeps the order: from the lists to the rows.
pub(in super::super) fn postings(
    conn: &mut SqliteConnection,
    stretches: &[i64],
    terms: &[i64],
) -> AppResult<Vec<Posting>> {
    let (Some(first), Some(last)) = (stretches.iter().min(), stretches.iter().max()) else { return Ok(Vec::new()) };
    Ok(kept(
        "select p.stretch, p.term, p.places from json_each(?) as s cross join json_each(?) as t cross join search_postings p \
         where p.shelf = s.value and p.term = t.value and p.stretch >= ? and p.stretch <= ?",
    )
    .bind::<Text, _>(list(&shelves(stretches)))
    .bind::<Text, _>(list(terms))
    .bind::<BigInt, _>(*first)
    .bind::<BigInt, _>(*last)
    .load(conn)?)
}

pub(in super::super) fn blocks(conn: &mut SqliteConnection, keys: &[(i64, i64)]) -> AppResult<Vec<Block>> {
    let mut blocks = Vec::new();
    for (stretch, block) in keys {
        blocks.push(
            kept("select stretch, block, seqs from search_places where stretch = ? and block = ?")
                .bind::<BigInt, _>(*stretch)
                .bind::<BigInt, _>(*block)
                .get_result(conn)?,
        );
    }
    Ok(blocks)
}

/// Rows of a stretch: those that are there and change, and new ones.
pub(in super::super) fn write(
    conn: &mut SqliteConnection,
    stretch: i64,
    changed: &[(i64, Vec<u8>)],
    new: &[(i64, Vec<u8>)],
) -> AppResult<()> {
    for (term, places) in changed.iter().chain(new) {
        kept::<Sqlite>(
            "insert into search_postings (shelf, term, stretch, places) values (?, ?, ?, ?) \
             on conflict (shelf, term, stretch) do update set places = excluded.places",
        )
        .bind::<BigInt, _>(shelf(stretch))
        .bind::<BigInt, _>(*term)
        .bind::<BigInt, _>(stretch)
        .bind::<Binary, _>(places)
        .execute(conn)?;
    }
    Ok(())
}

/// Nobody of a stretch has these terms any more.
pub(in super::super) fn remove(conn: &mut SqliteConnection, stretch: i64, terms: &[i64]) -> AppResult<()> {
    for term in terms {
        kept("delete from search_postings where shelf = ? and term = ? and stretch = ?")
            .bind::<BigInt, _>(shelf(stretch))
            .bind::<BigInt, _>(*term)
            .bind::<BigInt, _>(stretch)
            .execute(conn)?;
    }
    Ok(())
}
