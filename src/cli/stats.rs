//! `stats`: the dashboard's numbers.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::args::StatsArgs;
use super::failure::Failure;
use super::health;
use super::sheet::{sheet, whole};
use super::speak::{remark, say, show_sheet};
use super::user::zone;
use crate::clock::Clock;
use crate::clock::Moment;
use crate::config;
use crate::config::Source;
use crate::counts;
use crate::counts::Count;
use crate::counts::Day;
use crate::counts::Hearing;
use crate::counts::Kind;
use crate::db::Conn;
use crate::db::Db;
use crate::db::SchemaState;
use crate::db::schema_state;
use crate::error::AppResult;
use crate::outbox;
use crate::outbox::Health;
use crate::providers::Registry;

/// Everything that is told.
struct Stats {
    zone: TimeZone,
    days: Vec<Day>,
    counted: Vec<Count>,
    devices: i64,
    outbox: Health,
    heard: Vec<Hearing>,
}

/// Runs it.
pub(super) async fn run(source: &Source, args: StatsArgs) -> Result<(), Failure> {
    let config = config::load(source)?;
    let db = Db::open(&config.database)?;
    if db.read(schema_state).await? != SchemaState::Current {
        return Err(Failure::Refused("the database is not at this version; run `fiiiiilm migrate`".into()));
    }
    let zone = zone(&config);
    let now = Clock::system().now();
    let days = counts::last_days(&zone, now, usize::try_from(args.days).unwrap_or(90));
    let registry = Registry::new(&config, Clock::system()).map_err(|cause| Failure::Refused(cause.to_string()))?;
    let own = zone.clone();
    let mut stats = db.read(move |conn| Stats::read(conn, own, days, now)).await?;
    let senders = registry.iter().filter(|provider| provider.notifies()).map(|provider| provider.slug());
    stats.heard = health::with_the_silent(stats.heard, senders);
    if args.json {
        say(&stats.told().to_string());
    } else {
        stats.shown();
    }
    Ok(())
}

impl Stats {
    fn read(conn: &mut Conn, zone: TimeZone, days: Vec<Day>, now: Moment) -> AppResult<Self> {
        let first = days.first().cloned().unwrap_or_default();
        Ok(Self {
            zone,
            counted: counts::counts_since(conn, &first)?,
            devices: counts::devices_now(conn, None, now)?,
            outbox: outbox::health(conn, now)?,
            heard: counts::by_provider(&counts::notices_since(conn, &first)?),
            days,
        })
    }

    /// Logins, sign-ups and failures of a day.
    fn numbers(&self, day: &str) -> [i64; 3] {
        [Kind::Login, Kind::SignUp, Kind::Failure].map(|kind| {
            let wanted = self.counted.iter().filter(|count| count.day == day && count.kind == kind);
            wanted.map(|count| count.number).sum()
        })
    }

    /// The same of all days.
    fn sums(&self) -> [i64; 3] {
        self.days.iter().map(|day| self.numbers(day)).fold([0; 3], |[a, b, c], [x, y, z]| [a + x, b + y, c + z])
    }

    fn logins(&self) -> BTreeMap<String, i64> {
        parts(&self.counted, Kind::Login, |count| &count.provider)
    }

    fn failures(&self) -> BTreeMap<String, i64> {
        parts(&self.counted, Kind::Failure, |count| &count.reason)
    }

    fn told(&self) -> Value {
        let day = |day: &Day| {
            let [logins, sign_ups, failures] = self.numbers(day);
            json!({ "day": day, "logins": logins, "sign_ups": sign_ups, "failures": failures })
        };
        let [logins, sign_ups, failures] = self.sums();
        json!({
            "time_zone": self.zone.iana_name(), "days": self.days.iter().map(day).collect::<Vec<_>>(),
            "all": { "logins": logins, "sign_ups": sign_ups, "failures": failures },
            "devices_in_use": self.devices,
            "logins_by_provider": self.logins(),
            "failures_by_reason": self.failures(),
            "outbox": health::outbox_json(&self.outbox),
            "notices": self.heard.iter().map(health::heard_json).collect::<Vec<_>>(),
        })
    }

    fn shown(&self) {
        let row = |name: &str, numbers: [i64; 3]| -> Vec<String> {
            std::iter::once(name.to_owned()).chain(numbers.map(|number| number.to_string())).collect()
        };
        let days = self.days.iter().map(|day| row(day, self.numbers(day)));
        let columns = ["day", "logins", "sign-ups", "failures"].map(whole);
        show_sheet(&sheet(&columns, days.chain([row("all", self.sums())])));
        for (title, parts) in [("logins by provider", self.logins()), ("failures by reason", self.failures())] {
            let mut parts: Vec<(String, i64)> = parts.into_iter().collect();
            parts.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
            let rows = parts.into_iter().map(|(name, number)| vec![name, number.to_string()]);
            say("");
            show_sheet(&sheet(&[whole(title), whole("number")], rows));
        }
        say("");
        say(&health::outbox_facts(&self.outbox, &self.zone));
        say("");
        show_sheet(&health::heard_sheet(&self.heard, &self.zone));
        say("");
        say(&format!("{} devices in use now.", self.devices));
        remark(&format!("Days and times are those of {}.", self.zone.iana_name().unwrap_or("UTC")));
    }
}

fn parts(counted: &[Count], kind: Kind, name: fn(&Count) -> &str) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for count in counted.iter().filter(|count| count.kind == kind) {
        *sums.entry(name(count).to_owned()).or_default() += count.number;
    }
    sums
}
