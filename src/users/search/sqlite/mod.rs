//! SQLite's own SQL: lists are given as JSON, and whoever writes is alone. `postings` is the index over words, `orders` the
//! lists.

mod orders;
mod postings;

pub(super) use orders::{sort, walk};
pub(super) use postings::{add, blocks, postings, recent, remove, take, write};
