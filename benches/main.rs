//! Figures of the release build: `cargo bench`, and the tables of the README.
//!
//! `cargo bench` measures what a login costs ([`login`]), `cargo bench -- desk` how fast an admin finds somebody among ten
//! thousand, a million and ten million ([`desk`]), `cargo bench -- flood` how long logins take while forged notices flood the
//! webhooks ([`flood`]), `cargo bench -- timing` whether the time of a refusal tells how much of a guess at a secret was right
//! ([`timing`]). Everything runs on this machine, in one run, as the program that is
//! shipped; PostgreSQL is a throwaway one that does wait for the disk. `--only sqlite` or `--only postgres` leaves out the
//! other, `--quick` is for trying the benchmark itself. `--profile FOLDER` has perf(1) watch the program while people log
//! in, and leaves `sqlite.perf` and `postgres.perf` there for `perf report`; its figures are then not to be quoted.
//! `--users 10000,1000000` chooses the sizes of the desk.

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement that cannot go on has failed"
)]

mod client;
mod desk;
mod flood;
mod login;
mod site;
mod timing;

use std::path::PathBuf;

/// What was asked for.
struct Choice {
    quick: bool,
    sqlite: bool,
    postgres: bool,
    profiles: Option<PathBuf>,
    users: Option<Vec<u32>>,
}

impl Choice {
    fn of(args: &[String]) -> Self {
        let value = |name: &str| args.iter().skip_while(|arg| *arg != name).nth(1).cloned();
        let only = value("--only");
        Self {
            quick: args.iter().any(|arg| arg == "--quick"),
            sqlite: only.as_deref() != Some("postgres"),
            postgres: only.as_deref() != Some("sqlite"),
            profiles: value("--profile").map(PathBuf::from),
            users: value("--users").map(|users| users.split(',').map(|number| number.parse().unwrap()).collect()),
        }
    }
}

#[actix_web::main]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let choice = Choice::of(&args);
    match args.first().map(String::as_str) {
        Some("desk") => desk::run(&choice).await,
        Some("timing") => timing::run(choice.quick).await,
        Some("flood") => flood::run(choice.quick, choice.sqlite, choice.postgres).await,
        _ => login::run(&choice).await,
    }
}
