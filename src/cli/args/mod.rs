//! What can be typed; that of `events` and `user` stands in files of their own.

mod events;
mod users;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::db::AuditId;

pub(super) use events::{EventsCommand, ReplayArgs};
pub(super) use users::{EndSessionsArgs, ListArgs, One, UserCommand, Who};

/// Log in with Kakao, done right.
///
/// Without a command the server starts. Without any setting it is a demo: the site on http://localhost:8080 and a
/// practice provider on http://127.0.0.1:8081.
#[derive(Debug, Parser)]
#[command(name = "fiiiiilm", version, disable_help_subcommand = true)]
pub struct Cli {
    /// Settings file; without it `fiiiiilm.toml` in this folder, if there is one. The environment (FIIIIILM_SERVER__BIND
    /// …) wins over both.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server.
    Serve,
    /// Bring the database to this version.
    Migrate(MigrateArgs),
    /// Look after users.
    #[command(subcommand)]
    User(UserCommand),
    /// Read what happened.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// How many sign-ups, logins and failures there were, day by day.
    Stats(StatsArgs),
    /// Look after the signing keys of access tokens.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Look after identity providers.
    #[command(subcommand)]
    Provider(ProviderCommand),
    /// What your own program is told of users (`events.url`).
    #[command(subcommand)]
    Events(EventsCommand),
    /// Add synthetic users, for trying and measuring.
    Seed(SeedArgs),
    /// Run the practice provider alone.
    Simulator(SimulatorArgs),
}

/// `migrate`.
#[derive(Debug, Args)]
pub struct MigrateArgs {
    /// Only say whether the database is at this version; exit 1 if it is not.
    #[arg(long)]
    pub check: bool,
}

/// `audit …`.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// What happened, newest first.
    List(AuditArgs),
}

/// `audit list`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// About this user, or from this request: the number on a page that refused something.
    #[arg(value_name = "ID|E-MAIL|PROVIDER:SUBJECT|REQUEST", conflicts_with_all = ["about", "request"])]
    pub search: Option<String>,
    /// About this user.
    #[arg(long, value_name = "ID|E-MAIL|PROVIDER:SUBJECT")]
    pub about: Option<String>,
    /// Done by this user (to others), by `cli` or by `system`.
    #[arg(long, visible_alias = "actor", value_name = "ID|E-MAIL|PROVIDER:SUBJECT|cli|system")]
    pub by: Option<String>,
    /// Only this, as in `user.ban`.
    #[arg(long)]
    pub action: Option<String>,
    /// Only in this request.
    #[arg(long, conflicts_with = "about")]
    pub request: Option<String>,
    /// At most so many.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
    /// Go on behind this line, the last one of a list.
    #[arg(long, value_name = "ID", value_parser = audit_id)]
    pub after: Option<AuditId>,
    /// Machine-readable.
    #[arg(long)]
    pub json: bool,
}

fn audit_id(text: &str) -> Result<AuditId, String> {
    text.parse().map_err(|_no_id| "a line's id looks like 019ab0c1-9d5e-7cc3-98c4-dc0c0c07398f".to_owned())
}

/// `stats`.
#[derive(Debug, Args)]
pub struct StatsArgs {
    /// So many days, today included.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3_660))]
    pub days: u32,
    /// Machine-readable.
    #[arg(long)]
    pub json: bool,
}

/// `key …`.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// All keys with their states.
    List {
        /// Machine-readable.
        #[arg(long)]
        json: bool,
    },
    /// Sign with the next key from now on, or with a new one where none waits; the old one goes on verifying its tokens.
    Rotate,
    /// Emergency: end a key now, and every access token it signed. Refresh tokens live on.
    Retire {
        /// The key's id, as `key list` shows it.
        kid: String,
    },
    /// Take in a private key (PKCS #8 PEM) as the next one; `key rotate` or time lets it sign.
    Import {
        /// The file.
        pem: PathBuf,
    },
}

/// `provider …`.
#[derive(Debug, Subcommand)]
pub enum ProviderCommand {
    /// Accept that a provider's app has changed: its people so far stay linked to numbers of the old app.
    Rebind {
        /// Which provider.
        name: String,
    },
    /// Compare who is linked here with the provider's own list, now: whoever is missing there, and not linked when asked about
    /// by name, is closed, and erased when `reconcile.grace_days` are over.
    Reconcile(ReconcileArgs),
}

/// `provider reconcile`.
#[derive(Debug, Args)]
pub struct ReconcileArgs {
    /// Which provider; Kakao is the one that has a list.
    pub name: String,
    /// Only say who would be closed.
    #[arg(long)]
    pub dry_run: bool,
    /// Machine-readable.
    #[arg(long)]
    pub json: bool,
}

/// `seed`.
#[derive(Debug, Args)]
pub struct SeedArgs {
    /// How many.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub users: u64,
    /// The same number gives the same people.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Also into a database with real users.
    #[arg(long)]
    pub yes: bool,
}

/// `simulator`.
#[derive(Debug, Args)]
pub struct SimulatorArgs {
    /// Where to listen; loopback only.
    #[arg(long, default_value = "127.0.0.1:8081")]
    pub bind: SocketAddr,
    /// The site that logs in with it.
    #[arg(long, default_value = "http://localhost:8080", value_name = "ORIGIN")]
    pub site: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }
}
