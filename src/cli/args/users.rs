//! What can be typed behind `user`.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::db::UserId;
use crate::users::EmailState;
use crate::users::Order;
use crate::users::Role;
use crate::users::Standing;

/// Who is meant.
#[derive(Debug, Args)]
pub struct Who {
    /// A user's id, an e-mail, or provider:subject (kakao:3912345678).
    #[arg(value_name = "ID|E-MAIL|PROVIDER:SUBJECT")]
    pub reference: String,
}

/// One user, and how to tell about them.
#[derive(Debug, Args)]
pub struct One {
    #[command(flatten)]
    pub who: Who,
    /// Machine-readable.
    #[arg(long)]
    pub json: bool,
}

/// `user …`.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// The newest users, or those who are found.
    List(Box<ListArgs>),
    /// One user: linked accounts, devices, logins, history.
    Show(One),
    /// Make a user an admin.
    Promote(One),
    /// Make an admin a user. The last admin stays.
    Demote(One),
    /// Let in a user who waits for approval.
    Approve(One),
    /// Shut a user out, at once and everywhere. The last admin stays.
    Ban {
        #[command(flatten)]
        one: One,
        /// What the user is told at the next attempt to log in.
        #[arg(long, value_name = "WORDS")]
        reason: Option<String>,
    },
    /// Let a user in again.
    Unban(One),
    /// Remove a user with linked accounts and sessions, for good. The last admin stays.
    ///
    /// At a terminal the user's name has to be typed; elsewhere --yes has to be said.
    Delete {
        #[command(flatten)]
        one: One,
        /// Ask nothing.
        #[arg(long)]
        yes: bool,
    },
    /// Log a user out everywhere, or everybody: after a backup was restored, log-outs since then are forgotten.
    EndSessions(EndSessionsArgs),
}

/// `user list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Parts of a name or e-mail, all of which must occur: Korean from one syllable or initial (ㅎㄱㄷ) on, Latin letters,
    /// digits and e-mails from three characters on. Or, in full, an id or provider:subject.
    #[arg(value_name = "SEARCH")]
    pub search: Option<String>,
    /// Only those who stand so.
    #[arg(long, value_name = "STATUS", value_parser = statuses(), help_heading = FILTERS)]
    pub status: Option<Standing>,
    /// Only those with this role.
    #[arg(long, value_name = "ROLE", value_parser = roles(), help_heading = FILTERS)]
    pub role: Option<Role>,
    /// Only those with an account there (kakao).
    #[arg(long, value_name = "PROVIDER", value_parser = provider, help_heading = FILTERS)]
    pub provider: Option<String>,
    /// Only those whose best e-mail is so: vouched for by a provider, not vouched for, or lacking.
    #[arg(long, value_name = "STATE", value_parser = emails(), help_heading = FILTERS)]
    pub email: Option<EmailState>,
    /// Signed up on this day (2026-11-25) or later; days are those of site.time_zone.
    #[arg(long, value_name = "DAY", value_parser = day, help_heading = FILTERS)]
    pub joined_from: Option<Date>,
    /// Signed up on this day or earlier.
    #[arg(long, value_name = "DAY", value_parser = day, help_heading = FILTERS)]
    pub joined_to: Option<Date>,
    /// Last logged in on this day or later.
    #[arg(long, value_name = "DAY", value_parser = day, help_heading = FILTERS)]
    pub seen_from: Option<Date>,
    /// Last logged in on this day or earlier.
    #[arg(long, value_name = "DAY", value_parser = day, help_heading = FILTERS)]
    pub seen_to: Option<Date>,
    /// The order. Whoever is searched for comes newest first.
    #[arg(long, value_name = "ORDER", value_parser = orders(), default_value = "newest")]
    pub sort: Order,
    /// At most so many.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub limit: u32,
    /// Go on behind this user, the last one of a list.
    #[arg(long, value_name = "ID", value_parser = user_id)]
    pub after: Option<UserId>,
    /// All of them, as JSON, a line each; it is an export, and the history keeps why.
    #[arg(long, requires = "json", requires = "reason", conflicts_with_all = ["limit", "after"])]
    pub all: bool,
    /// Why they are exported.
    #[arg(long, value_name = "WORDS", requires = "all")]
    pub reason: Option<String>,
    /// Only how many there are.
    #[arg(long, conflicts_with_all = ["limit", "after", "all", "sort"])]
    pub count: bool,
    /// Machine-readable.
    #[arg(long)]
    pub json: bool,
}

const FILTERS: &str = "Filters";

/// `user end-sessions`.
#[derive(Debug, Args)]
pub struct EndSessionsArgs {
    #[command(flatten)]
    pub who: Option<Who>,
    /// Machine-readable.
    #[arg(long)]
    pub json: bool,
    /// Everybody's. At a terminal this is asked once more; elsewhere --yes has to be said.
    #[arg(long, conflicts_with = "reference", required_unless_present = "reference")]
    pub all: bool,
    /// Ask nothing.
    #[arg(long, requires = "all")]
    pub yes: bool,
}

fn statuses() -> impl TypedValueParser<Value = Standing> {
    PossibleValuesParser::new(["waiting", "active", "banned", "closed"]).map(|name| Standing::parse(&name))
}

fn roles() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(["user", "admin"]).map(|name| Role::parse(&name))
}

fn emails() -> impl TypedValueParser<Value = EmailState> {
    PossibleValuesParser::new(["verified", "unverified", "none"]).map(|name| match name.as_str() {
        "verified" => EmailState::Verified,
        "unverified" => EmailState::Unverified,
        _ => EmailState::None,
    })
}

fn orders() -> impl TypedValueParser<Value = Order> {
    let last_seen = PossibleValue::new("last_seen").alias("last-seen");
    PossibleValuesParser::new([PossibleValue::new("newest"), last_seen, PossibleValue::new("name")]).map(|name| {
        match name.as_str() {
            "name" => Order::Name,
            "last_seen" | "last-seen" => Order::LastSeen,
            _ => Order::Newest,
        }
    })
}

fn provider(text: &str) -> Result<String, String> {
    let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if (1..=64).contains(&text.len()) && text.bytes().all(fine) {
        return Ok(text.to_owned());
    }
    Err("a provider's name is that of its section in the settings, as in `kakao`".into())
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_no_day| "a day looks like 2026-11-25".to_owned())
}

fn user_id(text: &str) -> Result<UserId, String> {
    text.parse().map_err(|_no_id| "a user's id looks like 019ab0c1-9d5e-7cc3-98c4-dc0c0c07398f".to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::{Cli, Command};
    use super::*;
    use clap::Parser as _;
    use jiff::civil::date;

    fn list(args: &[&str]) -> Option<ListArgs> {
        let words = ["fiiiiilm", "user", "list"].iter().chain(args);
        match Cli::try_parse_from(words).ok()?.command? {
            Command::User(UserCommand::List(args)) => Some(*args),
            _ => None,
        }
    }

    #[test]
    fn every_filter_of_the_page_can_be_typed_by_its_name() {
        let args = list(&[
            "홍길동",
            "--status",
            "banned",
            "--role",
            "admin",
            "--provider",
            "kakao",
            "--email",
            "none",
            "--joined-from",
            "2026-11-01",
            "--joined-to",
            "2026-11-25",
            "--seen-from",
            "2026-11-02",
            "--seen-to",
            "2026-11-24",
            "--limit",
            "7",
            "--json",
        ])
        .unwrap();
        assert_eq!(args.search.as_deref(), Some("홍길동"));
        assert_eq!((args.status, args.role), (Some(Standing::Banned), Some(Role::Admin)));
        assert_eq!((args.provider.as_deref(), args.email), (Some("kakao"), Some(EmailState::None)));
        assert_eq!((args.joined_from, args.seen_to), (Some(date(2026, 11, 1)), Some(date(2026, 11, 24))));
        assert_eq!((args.limit, args.json), (7, true));
        for (name, order) in [("newest", Order::Newest), ("last_seen", Order::LastSeen), ("name", Order::Name)] {
            assert_eq!(list(&["--sort", name]).map(|args| args.sort), Some(order));
        }
        assert_eq!(list(&["--sort", "last-seen"]).map(|args| args.sort), Some(Order::LastSeen));
    }

    #[test]
    fn nothing_unknown_is_taken_for_something() {
        for bad in [
            &["--status", "erased"][..],
            &["--role", "root"],
            &["--email", "yes"],
            &["--provider", "Ka kao"],
            &["--provider", ""],
            &["--joined-from", "yesterday"],
            &["--seen-to", "2026-13-01"],
            &["--sort", "id"],
            &["--after", "1"],
            &["--limit", "0"],
            &["--all"],
            &["--all", "--json"],
            &["--all", "--json", "--reason", "x", "--limit", "3"],
            &["--reason", "x"],
            &["--count", "--sort", "name"],
        ] {
            assert!(list(bad).is_none(), "{bad:?}");
        }
        assert!(list(&["--all", "--json", "--reason", "감사"]).is_some());
    }
}
