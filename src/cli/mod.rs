//! The command line: one file per command, each the same shape: `run(&Source, its arguments) -> Result<(), Failure>`.

mod args;
mod failure;
mod key;
mod logging;
mod migrate;
mod provider;
mod seed;
mod serve;
mod simulator;
mod speak;
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
        Command::Key(args) => key::run(&source, args).await,
        Command::Provider(args) => provider::run(&source, &args).await,
        Command::Seed(args) => seed::run(&source, &args).await,
        Command::Simulator(args) => simulator::run(&args).await,
    }
}
