//! The search index on PostgreSQL: a GIN index over numbers, one for each term.
//!
//! GIN gathers all rows that match before the first can be shown, so a term that millions share would be slow, and
//! PostgreSQL cannot know beforehand which one is. Therefore each number is made of the term and of the stretch of sign-ups
//! it stands in: what is gathered is never more than one stretch holds, and the newest are looked at first. What most have
//! is found quicker by walking the newest rows, so a few are always looked at before.
//!
//! All of PostgreSQL's own SQL is here: `terms` is the index, `orders` the lists.

mod orders;
mod terms;

pub(super) use orders::{sort, walk};
pub(super) use terms::{add_all, count, is_true, replace, search};
