//! What can be typed behind `events`.

use clap::{ArgGroup, Args, Subcommand};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::clock::Moment;
use crate::db::OutboxId;

/// `events …`.
#[derive(Debug, Subcommand)]
pub enum EventsCommand {
    /// Have events told again that were told or given up: one, or all since a moment.
    Replay(ReplayArgs),
}

/// `events replay`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true).multiple(true).args(["id", "since", "given_up"]))]
pub struct ReplayArgs {
    /// One event, by its id (`webhook-id`).
    #[arg(value_name = "ID", conflicts_with_all = ["since", "given_up"], value_parser = event_id)]
    pub id: Option<OutboxId>,
    /// All that happened then or later; at most 30 days are kept.
    #[arg(long, value_name = "2026-11-25T09:00:00+09:00", value_parser = moment)]
    pub since: Option<Moment>,
    /// Only those that were given up; without --since, all of them.
    #[arg(long)]
    pub given_up: bool,
    /// Machine-readable.
    #[arg(long)]
    pub json: bool,
}

fn event_id(text: &str) -> Result<OutboxId, String> {
    text.parse().map_err(|_no_id| "an event's id looks like 019ab0c1-9d5e-7cc3-98c4-dc0c0c07398f".to_owned())
}

fn moment(text: &str) -> Result<Moment, String> {
    let at =
        OffsetDateTime::parse(text, &Rfc3339).map_err(|e| format!("{e}; write it as 2026-11-25T09:00:00+09:00"))?;
    let at = at.to_offset(UtcOffset::UTC);
    Ok(Moment::new(at.date(), at.time()))
}

#[cfg(test)]
mod tests {
    use super::super::{Cli, Command};
    use super::*;
    use clap::Parser as _;

    #[test]
    fn a_replay_says_which_events() {
        let read = |args: &[&str]| {
            let words = ["fiiiiilm", "events", "replay"].iter().chain(args);
            Cli::try_parse_from(words).ok().and_then(|cli| match cli.command {
                Some(Command::Events(EventsCommand::Replay(args))) => Some(args),
                _ => None,
            })
        };
        let id = OutboxId::new();
        assert_eq!(read(&[id.as_str()]).and_then(|args| args.id), Some(id.clone()));
        let seoul = read(&["--since", "2026-11-25T09:00:00+09:00"]).and_then(|args| args.since);
        assert_eq!(seoul, Some(time::macros::datetime!(2026-11-25 00:00:00)));
        assert!(read(&["--given-up", "--json"]).is_some_and(|args| args.given_up && args.json));
        for bad in [&[][..], &["--json"], &["1"], &["--since", "yesterday"], &[id.as_str(), "--given-up"]] {
            assert!(read(bad).is_none(), "{bad:?}");
        }
    }
}
