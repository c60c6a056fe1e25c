//! Parse arguments, run, turn a failure into an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use fiiiiilm::cli::Cli;

#[actix_web::main]
async fn main() -> ExitCode {
    match fiiiiilm::cli::run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Standard error may be closed; the exit code says it all the same.
            drop(writeln!(std::io::stderr(), "fiiiiilm: {failure}"));
            ExitCode::FAILURE
        }
    }
}
