//! Finding people among millions.
//!
//! Every person is a handful of *terms*: the syllables of the name and its pairs of neighbours, each also by initial
//! consonants (초성), of which three together, three letters each of what is Latin in names and e-mail addresses, and what
//! lists filter by. A search asks for the people who have all terms of its words ([`terms`], [`query`]), newest first, and
//! compares what comes back with the words themselves. Terms are kept as numbers ([`numbers`]): those of who signed up last
//! row by row ([`recent`]), everybody else's in [`stretches`] of some sixty thousand, a few bytes for each; [`mod@matches`]
//! asks both. SQL that differs between the databases stands in [`sqlite`] and [`postgres`], a file each for the index and
//! for the lists.
//!
//! The databases' own indexes over words were measured before: FTS5 reads lists of millions to find what is common to two,
//! GIN looks at ten thousand rows to count them, and what was quick among ten thousand people took ten times as long among
//! a million. Here a search among ten million reads some hundred rows for each of its terms.
//!
//! Lists without a search walk indexes that begin with [`super::facets`] ([`walk`]). [`source`] says which of these it is,
//! [`find`] makes pages of either, [`total`] says how many there are, by what [`census`] knows without counting. [`index`]
//! keeps it all true: whoever changes a person does it inside [`indexed`].

mod census;
mod entry;
mod find;
mod fold;
mod index;
mod matches;
mod numbers;
mod postgres;
mod query;
mod recent;
mod source;
mod sqlite;
mod stretches;
mod terms;
mod total;
mod walk;

pub(crate) use entry::{Entry, Synthetic, synthetic};
pub use find::{Listing, PAGE_SIZE, Page, list_and_count, list_some, list_users};
pub(crate) use index::add_all;
pub use index::{index_new, index_some, indexed, is_true, tend};
pub use query::{Query, Words};
pub(crate) use stretches::CAPACITY;
pub use total::Total;
pub use walk::{Key, Order, Spot};
