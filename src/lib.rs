//! The map of the house and its law: every room in order, from the ground up. A room may name only rooms
//! above it in this list (`tests/suite/layers.rs` enforces it), so a change can only ever break what stands below.

// The time, which a test can move.
pub mod clock;

// Random tokens, keyed hashes, sealed values, and the type that cannot be printed.
pub mod secret;

// JSON from outside, without repeated members.
pub mod json;

// Locales, their negotiation, and the words of the product.
pub mod i18n;

// One error type: what kind it is, what the reader is told, and the cause that only the log sees.
pub mod error;

// Settings: read, checked, all faults told at once.
pub mod config;

// What a browser calls itself, in words.
pub mod device;

// What signs and checks JWTs.
pub mod signatures;

// The database: one connection type over SQLite and PostgreSQL, one door for reads, one for writes.
pub mod db;

// What happened, to whom, by whom.
pub mod audit;

// How much happened, day by day, and who is there now.
pub mod counts;

// What others are still to be told, kept until it has been said.
pub mod outbox;

// Signing keys, access and refresh tokens, sessions.
pub mod tokens;

// People and their linked accounts.
pub mod users;

// Identity providers: the one code flow, and a short file for each.
pub mod providers;

// How a proof of identity becomes a session.
pub mod signin;

// Tells others what stands in the outbox.
pub mod postman;

// Compares who is linked here with a provider's own list.
pub mod reconcile;

// What every page shares: doors, cookies, headers, errors, words.
pub mod web;

// Log in, log out.
pub mod login;

// A person's own pages.
pub mod account;

// The admin's pages.
pub mod admin;

// JSON for programs.
pub mod api;

// Notices from providers.
pub mod webhooks;

// The practice provider: a listener of its own.
pub mod simulator;

// Synthetic people, for trying and measuring.
pub mod seed;

// Health for operators and load balancers.
pub mod ops;

// What runs beside the requests: notices from other processes, the broom.
pub mod upkeep;

// The one page to read first: middleware order, rooms mounted, graceful stop.
pub mod server;

// The command line.
pub mod cli;

// The doors to the outside as a fuzzer knocks at them, each with what must hold whatever comes.
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
