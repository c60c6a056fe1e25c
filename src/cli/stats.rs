//! `stats`: the dashboard's numbers.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::json;

use super::args::StatsArgs;
use super::failure::Failure;
use super::sheet::sheet;
use super::speak::say;
use crate::clock::Clock;
use crate::config;
use crate::config::Source;
use crate::counts;
use crate::counts::Count;
use crate::counts::Kind;
use crate::db::Db;
use crate::db::SchemaState;
use crate::db::schema_state;

/// Runs it.
pub(super) async fn run(source: &Source, args: StatsArgs) -> Result<(), Failure> {
    let config = config::load(source)?;
    let db = Db::open(&config.database)?;
    if db.read(schema_state).await? != SchemaState::Current {
        return Err(Failure::Refused("the database is not at this version; run `fiiiiilm migrate`".into()));
    }
    let zone = TimeZone::get(&config.site.time_zone).unwrap_or(TimeZone::UTC);
    let now = Clock::system().now();
    let days = counts::last_days(&zone, now, usize::try_from(args.days).unwrap_or(90));
    let first = days.first().cloned().unwrap_or_default();
    let (counted, devices) =
        db.read(move |conn| Ok((counts::counts_since(conn, &first)?, counts::devices_now(conn, None, now)?))).await?;
    let numbers = |day: &str| {
        [Kind::Login, Kind::SignUp, Kind::Failure]
            .map(|kind| sum(&counted, |count| count.day == day && count.kind == kind))
    };
    if args.json {
        let by_day: Vec<_> = days
            .iter()
            .map(|day| {
                let [logins, sign_ups, failures] = numbers(day);
                json!({ "day": day, "logins": logins, "sign_ups": sign_ups, "failures": failures })
            })
            .collect();
        let told = json!({
            "time_zone": config.site.time_zone, "days": by_day, "devices_in_use": devices,
            "logins_by_provider": parts(&counted, Kind::Login, |count| &count.provider),
            "failures_by_reason": parts(&counted, Kind::Failure, |count| &count.reason),
        });
        say(&told.to_string());
        return Ok(());
    }
    let row =
        |day: &String| std::iter::once(day.clone()).chain(numbers(day).map(|number| number.to_string())).collect();
    say(&sheet(&["day", "logins", "sign-ups", "failures"], days.iter().map(row)));
    for (title, parts) in [
        ("logins by provider", parts(&counted, Kind::Login, |count| &count.provider)),
        ("failures by reason", parts(&counted, Kind::Failure, |count| &count.reason)),
    ] {
        say("");
        say(&sheet(&[title, "number"], parts.into_iter().map(|(name, number)| vec![name, number.to_string()])));
    }
    say("");
    say(&format!("{devices} devices in use now."));
    Ok(())
}

fn sum(counted: &[Count], wanted: impl Fn(&Count) -> bool) -> i64 {
    counted.iter().filter(|count| wanted(count)).map(|count| count.number).sum()
}

fn parts(counted: &[Count], kind: Kind, name: fn(&Count) -> &str) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for count in counted.iter().filter(|count| count.kind == kind) {
        *sums.entry(name(count).to_owned()).or_default() += count.number;
    }
    sums
}
