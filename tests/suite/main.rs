//! Black-box tests: each starts the real server on a database of its own, with the simulator as the outside world, and
//! looks at it from outside. One binary, because linking twenty takes longer than running them.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[macro_use]
mod kit;

mod admin;
mod callbacks;
mod chromium;
mod command_line;
mod database_faults;
mod identities;
mod layers;
mod limits;
mod login;
mod migrations;
mod process_faults;
mod provider_faults;
mod redirects;
mod refresh;
mod shared_state;
mod tokens;
