//! What happened, to whom, by whom, from where: written in the transaction of the deed, so that neither exists without the
//! other, and never changed afterwards; only time removes a line (`audit.retention_days`).
//!
//! A line holds ids and words: no token, no full address, no name, no e-mail. Of a person who was deleted it keeps an id that
//! says nothing any more. Every action is one of [`ACTIONS`], which has its words.

mod actions;
mod record;
mod search;
mod sweep;

pub use actions::{ACTIONS, words_of};
pub use record::{Actor, Circumstances, record};
pub use search::{COUNTED, Event, Filter, PAGE_SIZE, Page, count, search};
pub use sweep::sweep;
