//! The search index on SQLite: FTS5 without content, rowid = `users.seq`. It walks its lists of rows lazily, newest first,
//! so a page costs what is on it, however many match.
//!
//! FTS5 takes an entry out only when it is told exactly the words that were put in; hence `replace` knows both.
//!
//! All of SQLite's own SQL is here: `terms` is the index, `orders` the lists.

mod orders;
mod terms;

pub(super) use orders::{sort, walk};
pub(super) use terms::{add_all, count, is_true, replace, search, settle, unmerged};
