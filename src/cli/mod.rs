//! The command line: one file per command, each the same shape: `run(&Source, its arguments) -> Result<(), Failure>`.

mod acts;
mod args;
mod audit;
mod confirm;
mod events;
mod failure;
mod health;
mod key;
mod listing;
mod logging;
mod migrate;
mod person;
mod provider;
mod reconcile;
mod seed;
mod serve;
mod sheet;
mod simulator;
mod speak;
mod stats;
mod user;

pub use args::{Cli, Command};
pub use failure::Failure;

use crate::config::Source;

/// Runs a command.
///
/// # Errors
/// What went wrong, in words for whoever typed it.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    let source = Source::from_process(cli.config);
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(&source).await,
        Command::Migrate(args) => migrate::run(&source, &args).await,
        Command::User(args) => user::run(&source, args).await,
        Command::Audit(args) => audit::run(&source, args).await,
        Command::Stats(args) => stats::run(&source, args).await,
        Command::Key(args) => key::run(&source, args).await,
        Command::Provider(args) => provider::run(&source, &args).await,
        Command::Events(args) => events::run(&source, args).await,
        Command::Seed(args) => seed::run(&source, &args).await,
        Command::Simulator(args) => simulator::run(&args).await,
    }
}
