//! Whose a place is. Sign-ups rise with the places of a stretch, so a place is found by them as well.

use std::collections::BTreeSet;
use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};

use super::{Block, Posting, Stretch, set};
use crate::db::Conn;
use crate::db::kept;
use crate::error::AppError;
use crate::error::AppResult;
use crate::users::search::{postgres, sqlite};

/// Places in a block.
const BLOCK: usize = 256;

fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn read(bytes: &[u8]) -> Vec<i64> {
    bytes.chunks_exact(8).filter_map(|eight| eight.try_into().ok().map(i64::from_le_bytes)).collect()
}

/// The sign-ups of some places, in the order in which they are given.
///
/// # Errors
/// When the database fails, or knows nothing of one of them.
pub(super) fn seqs(conn: &mut Conn, wanted: &[(i64, Vec<u16>)]) -> AppResult<Vec<i64>> {
    let block = |place: u16| signed(usize::from(place) / BLOCK);
    let keys: BTreeSet<(i64, i64)> =
        wanted.iter().flat_map(|(stretch, places)| places.iter().map(|place| (*stretch, block(*place)))).collect();
    let keys: Vec<(i64, i64)> = keys.into_iter().collect();
    let blocks: HashMap<(i64, i64), Vec<u8>> =
        read_blocks(conn, &keys)?.into_iter().map(|row| ((row.stretch, row.block), row.seqs)).collect();
    let mut seqs = Vec::new();
    for (stretch, places) in wanted {
        for place in places {
            let at = usize::from(*place) % BLOCK * 8;
            let bytes = blocks.get(&(*stretch, block(*place))).and_then(|bytes| bytes.get(at..at + 8));
            let seq = bytes.and_then(|eight| eight.try_into().ok().map(i64::from_le_bytes));
            seqs.push(seq.ok_or_else(|| AppError::internal("the search index is damaged: a place that is nobody's"))?);
        }
    }
    Ok(seqs)
}

fn read_blocks(conn: &mut Conn, keys: &[(i64, i64)]) -> AppResult<Vec<Block>> {
    match conn {
        Conn::Sqlite(conn) => sqlite::blocks(conn, keys),
        Conn::Postgres(conn) => postgres::blocks(conn, keys),
    }
}

/// How many places of a stretch are those of earlier sign-ups, and whether the next is this one's.
///
/// # Errors
/// When the database fails.
pub(super) fn rank(conn: &mut Conn, stretch: i64, seq: i64) -> AppResult<(usize, bool)> {
    let block: Option<Block> = kept(
        "select stretch, block, seqs from search_places where stretch = ? and first_seq <= ? \
         order by first_seq desc limit 1",
    )
    .bind::<BigInt, _>(stretch)
    .bind::<BigInt, _>(seq)
    .get_result(conn)
    .optional()?;
    let Some(block) = block else { return Ok((0, false)) };
    let seqs = read(&block.seqs);
    let before = seqs.partition_point(|known| *known < seq);
    let rank = usize::try_from(block.block).unwrap_or(0) * BLOCK + before;
    Ok((rank, seqs.get(before) == Some(&seq)))
}

/// Where somebody has their place, if they have one.
///
/// # Errors
/// When the database fails.
pub(in super::super) fn place_of(conn: &mut Conn, seq: i64) -> AppResult<Option<(i64, u16)>> {
    for Stretch { stretch, first_seq, last_seq, .. } in super::all(conn)?.into_iter().rev() {
        if (first_seq..=last_seq).contains(&seq)
            && let (rank, true) = rank(conn, stretch, seq)?
        {
            return Ok(u16::try_from(rank).ok().map(|place| (stretch, place)));
        }
    }
    Ok(None)
}

/// Gives the next places of a stretch, of which so many are taken, to these sign-ups.
///
/// # Errors
/// When the database fails.
pub(super) fn give(conn: &mut Conn, stretch: i64, taken: usize, seqs: &[i64]) -> AppResult<()> {
    let (begun, over) = (signed(taken / BLOCK), taken % BLOCK);
    let mut all = if over == 0 {
        Vec::new()
    } else {
        read_blocks(conn, &[(stretch, begun)])?.pop().map(|block| read(&block.seqs)).unwrap_or_default()
    };
    all.extend(seqs);
    for (block, seqs) in (begun..).zip(all.chunks(BLOCK)) {
        let bytes: Vec<u8> = seqs.iter().flat_map(|seq| seq.to_le_bytes()).collect();
        kept(
            "insert into search_places (stretch, block, first_seq, seqs) values (?, ?, ?, ?) \
             on conflict (stretch, block) do update set seqs = excluded.seqs",
        )
        .bind::<BigInt, _>(stretch)
        .bind::<BigInt, _>(block)
        .bind::<BigInt, _>(seqs.first().copied().unwrap_or(0))
        .bind::<Binary, _>(bytes)
        .execute(conn)?;
    }
    Ok(())
}

/// Everything that is here, as sign-ups and terms, for the test that holds the index true.
///
/// # Errors
/// When the database fails, or a place is nobody's.
pub(in super::super) fn contents(conn: &mut Conn) -> AppResult<Vec<(i64, i64)>> {
    let rows: Vec<Posting> =
        kept("select stretch, term, places from search_postings order by stretch, term").load(conn)?;
    let mut contents = Vec::new();
    for row in rows {
        let seqs = seqs(conn, &[(row.stretch, set::read(&row.places)?)])?;
        contents.extend(seqs.into_iter().map(|seq| (seq, row.term)));
    }
    Ok(contents)
}
