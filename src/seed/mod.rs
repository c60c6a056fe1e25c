//! Synthetic people, for trying and measuring: believable Korean names, linked accounts, e-mails at reserved domains
//! (RFC 2606), sign-ups and logins over the two years before now, with the lines of the audit log that go with them.
//! No sessions: nobody is signed in anywhere.
//!
//! Every linked account's subject is `seed-<run>-<n>`, which no provider issues, and the same text is the request id
//! of its audit lines: synthetic rows can always be told from real ones. The run counts up in the table
//! `installation` (`seed:run`), so running it again adds further people and never meets the earlier ones.
//!
//! The logins are counted for the dashboard with the rows they stand in, as far as the history is counted already
//! ([`crate::counts::count_past`]); the rest is counted as always.
//!
//! The same seed number, run and moment make the same rows to the last byte, ids included: `random` is the only
//! source of chance. `times` says when, `families`, `names` and `latin` who, `people` makes rows of it, `insert` brings
//! them into either database, `run` counts and commits.
//!
//! One thread makes people up while another writes those before them. A database without people gets its indexes when all
//! are in ([`crate::db::set_aside`]); one with people keeps them all the time.

mod families;
mod insert;
mod latin;
mod names;
mod people;
mod random;
mod run;
mod times;

#[cfg(test)]
mod tests;

pub use run::{Plan, Report, has_real_people, run};
