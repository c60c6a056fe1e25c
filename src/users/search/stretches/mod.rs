//! Everybody but those who signed up last, in *stretches* of [`CAPACITY`] people.
//!
//! Whoever comes into a stretch gets a *place* in it, in the order of sign-up. For each term there is one row in each
//! stretch where it occurs: the [`set`] of the places that have it. So a search reads a row for each of its terms and
//! each stretch, 163 of these for ten million people, and finds what is common without looking at anybody. The newest stretch
//! is looked at first; one is enough for what many have.
//!
//! New people are taken in a thousand at a time ([`mod@append`]): of each row that changes the whole is written again. In
//! place and one by one, a hundred sign-ups at once would wait for each other at the rows of the terms all of them have.
//! [`places`] says whose a place is, and where somebody has theirs, who then changes ([`mod@change`]).
//!
//! Stretches follow each other, but may overlap: who signed up long ago and comes into the index only now (made-up people,
//! or those whom a process with a slow clock let in) gets a place in a new one.

mod append;
mod change;
mod find;
mod places;
mod set;

pub(super) use append::{TOGETHER, append, close};
pub(super) use change::change;
pub(super) use find::Matches;
pub(super) use places::{contents, place_of};

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::db::Conn;
use crate::db::kept;
use crate::error::AppResult;

/// People in a full stretch: a bit for each is 7,680 bytes, which still fits into a page of PostgreSQL.
pub(crate) const CAPACITY: usize = 61_440;

/// Stretches whose rows of a term lie side by side: few places to look at for what is read, and few to write for what is new.
const SHELF: i64 = 16;

/// Where the rows of a stretch are.
pub(super) fn shelf(stretch: i64) -> i64 {
    stretch / SHELF
}

/// Where those of some stretches are, each once.
pub(super) fn shelves(stretches: &[i64]) -> Vec<i64> {
    stretches.iter().map(|stretch| shelf(*stretch)).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub(super) struct Stretch {
    /// They are numbered as they were begun.
    #[diesel(sql_type = BigInt)]
    pub(super) stretch: i64,
    /// Places, also of those who have gone since.
    #[diesel(sql_type = BigInt)]
    pub(super) people: i64,
    /// The earliest sign-up.
    #[diesel(sql_type = BigInt)]
    pub(super) first_seq: i64,
    /// The latest.
    #[diesel(sql_type = BigInt)]
    pub(super) last_seq: i64,
}

/// All stretches, as they were begun.
pub(super) fn all(conn: &mut Conn) -> AppResult<Vec<Stretch>> {
    Ok(kept("select stretch, people, first_seq, last_seq from search_stretches order by stretch").load(conn)?)
}

/// A row of the index: which places of a stretch have a term.
#[derive(QueryableByName)]
pub(super) struct Posting {
    #[diesel(sql_type = BigInt)]
    pub(super) stretch: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) term: i64,
    #[diesel(sql_type = diesel::sql_types::Binary)]
    pub(super) places: Vec<u8>,
}

/// A block of places.
#[derive(QueryableByName)]
pub(super) struct Block {
    #[diesel(sql_type = BigInt)]
    pub(super) stretch: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) block: i64,
    #[diesel(sql_type = diesel::sql_types::Binary)]
    pub(super) seqs: Vec<u8>,
}
