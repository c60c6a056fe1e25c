//! How the outbox and the notices from providers are doing, as `stats` tells it.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::sheet::{Sheet, facts, sheet, soft, whole};
use super::speak::{clock_or_dash, written};
use crate::counts::Hearing;
use crate::outbox;
use crate::outbox::Health;

/// Counted as far as the page counts; which numbers are higher than that is said beside them.
pub(super) fn outbox_json(health: &Health) -> Value {
    let numbers = [("waiting", health.waiting), ("retrying", health.retrying), ("given_up_in_7_days", health.given_up)];
    let more: Vec<&str> =
        numbers.into_iter().filter(|(_, number)| *number > outbox::COUNTED).map(|(name, _)| name).collect();
    json!({
        "waiting": health.waiting.min(outbox::COUNTED), "retrying": health.retrying.min(outbox::COUNTED),
        "given_up_in_7_days": health.given_up.min(outbox::COUNTED),
        "there_are_more": more,
        "oldest_waiting_since": health.oldest.map(written),
    })
}

/// The same for people.
pub(super) fn outbox_facts(health: &Health, zone: &TimeZone) -> String {
    let number = |number: i64| {
        if number > outbox::COUNTED { format!("more than {}", outbox::COUNTED) } else { number.to_string() }
    };
    facts([
        ("outbox, waiting", number(health.waiting)),
        ("failed, tried again", number(health.retrying)),
        ("oldest waits since", clock_or_dash(zone, health.oldest)),
        ("given up in 7 days", number(health.given_up)),
    ])
}

/// A provider's notices.
pub(super) fn heard_json(heard: &Hearing) -> Value {
    let refused: BTreeMap<&str, i64> = heard.refused.iter().map(|(why, number)| (why.as_str(), *number)).collect();
    json!({
        "provider": heard.provider, "received": heard.heard, "refused_by_reason": refused,
        "last_received_at": heard.last_at.map(written),
    })
}

/// The same for people, a row for each provider.
pub(super) fn heard_sheet(heard: &[Hearing], zone: &TimeZone) -> Sheet {
    let columns = [
        whole("notices from"),
        whole("received"),
        whole("refused"),
        whole("last received").leaves(1),
        soft("why refused", 12).leaves(2),
    ];
    sheet(&columns, heard.iter().map(|heard| heard_row(heard, zone)))
}

fn heard_row(heard: &Hearing, zone: &TimeZone) -> Vec<String> {
    let refused: i64 = heard.refused.iter().map(|(_, number)| number).sum();
    let why: Vec<String> = heard.refused.iter().map(|(why, number)| format!("{why} {number}")).collect();
    let last = clock_or_dash(zone, heard.last_at);
    vec![heard.provider.clone(), heard.heard.to_string(), refused.to_string(), last, why.join(", ")]
}

/// Everybody who sends notices is told of, also those from whom nothing came yet.
pub(super) fn with_the_silent<'a>(mut heard: Vec<Hearing>, senders: impl Iterator<Item = &'a str>) -> Vec<Hearing> {
    for sender in senders {
        if !heard.iter().any(|one| one.provider == sender) {
            heard.push(Hearing { provider: sender.to_owned(), heard: 0, refused: Vec::new(), last_at: None });
        }
    }
    heard
}
