//! Finding people among millions.
//!
//! Every person is a handful of *terms*: the syllables of the name, its pairs of neighbours, its initial consonants (초성) and
//! their pairs, three letters each of what is Latin in names and e-mail addresses, and what lists filter by. A search asks
//! for the people who have all terms of its words ([`terms`], [`query`]), newest first, and compares what comes back with
//! the words themselves. Which form keeps the terms is each database's own business: FTS5 in [`sqlite`], GIN in
//! [`postgres`], and all SQL that differs stands in these two files.
//!
//! Lists without a search walk indexes that begin with [`super::facets`] ([`walk`]). [`source`] says which of these it is,
//! [`find`] makes pages of either, [`total`] says how many there are, by what [`census`] knows without counting.
//! [`index`] keeps it all true: whoever changes a person does it inside [`indexed`].

mod census;
mod entry;
mod eras;
mod find;
mod fold;
mod index;
mod postgres;
mod query;
mod source;
mod sqlite;
mod terms;
mod total;
mod walk;

pub(crate) use entry::{Entry, Synthetic, synthetic};
pub(crate) use eras::begin_era;
pub use eras::tend;
pub use find::{Listing, PAGE_SIZE, Page, list_and_count, list_some, list_users};
pub(crate) use index::add_all;
pub use index::{index_new, index_some, indexed, is_true};
pub use query::{Query, Words};
pub use total::Total;
pub use walk::{Key, Order, Spot};

use crate::db::Aside;
use crate::db::Conn;
use crate::error::AppResult;

/// Puts the index in order after many insertions at once.
///
/// # Errors
/// When the database fails.
pub(crate) fn settle(conn: &mut Conn) -> AppResult<()> {
    match conn {
        Conn::Sqlite(conn) => sqlite::settle(conn),
        Conn::Postgres(_) => Ok(()),
    }
}

/// What is set aside of the index while very many people come in, beside the indexes of tables.
pub(crate) fn unmerged(conn: &Conn) -> Vec<Aside> {
    match conn {
        Conn::Sqlite(_) => sqlite::unmerged(),
        Conn::Postgres(_) => Vec::new(),
    }
}
