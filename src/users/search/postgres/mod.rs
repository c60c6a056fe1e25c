//! PostgreSQL's own SQL: lists are given as arrays, and those who change the index take turns with who takes people in.
//! `postings` is the index over words, `orders` the lists, `planned` an estimate.

mod orders;
mod planned;
mod postings;

pub(super) use orders::{sort, walk};
pub(super) use planned::planned;
pub(super) use postings::{add, blocks, held_postings, hold, hold_alone, postings, recent, remove, take, write};
