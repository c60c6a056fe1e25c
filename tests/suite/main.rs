//! Black-box tests: each starts the real server on a database of its own, with the simulator as the outside world, and
//! looks at it from outside. One binary, because linking twenty takes longer than running them.

mod admin;
mod callbacks;
mod chromium;
mod command_line;
mod identities;
mod kit;
mod layers;
mod login;
mod migrations;
mod redirects;
mod refresh;
mod shared_state;
mod tokens;
