//! Settings. `fiiiiilm.toml` and the environment are read once at start, checked against one table (`keys/table.rs`),
//! and every fault is told at once, by name. What comes out is this plain value; nobody reads the environment later.
//!
//! The way of a setting: `source` (file, environment) → `gather` (one value per name) → `value` (its form) → `load` and
//! its sections (`database`, `providers`, `secret_key`) → [`Config`].

mod algorithm;
mod database;
mod fault;
mod gather;
mod load;
mod outside;
mod parse;
mod people;
mod providers;
mod secret_key;
mod settings;
mod source;
mod suggest;
#[cfg(test)]
mod tests;
mod types;
mod value;

pub mod demo;
pub mod keys;

pub use algorithm::SigningAlgorithm;
pub use fault::{Fault, Faults};
pub use load::load;
pub use outside::{EventSettings, Reconcile};
pub use people::{AccountRules, AuditSettings, Signup, SignupMode};
pub use providers::{Apple, Github, Google, Kakao, Line, Naver, Oidc, Providers};
pub use source::Source;
pub use types::{
    Admins, Config, Database, DatabaseUrl, Limits, Log, LogFormat, Mode, PublicUrl, Server, SimulatorSettings, Site,
    TokenSettings, is_loopback,
};
