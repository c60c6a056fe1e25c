//! What this process counts in memory until it is written down.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::tz::TimeZone;

use super::days::day_of;
use super::notices::{NoticeCount, Notices};
use super::table::{Count, Kind};
use crate::clock::Moment;

/// Failed logins and notices that are not written down yet. Providers and reasons are both ours, so it stays small however
/// many fail.
#[derive(Debug)]
pub struct Tally {
    zone: TimeZone,
    failures: Mutex<HashMap<(String, String, String), i64>>,
    notices: Notices,
}

/// What was counted: given back when it cannot be written down.
pub type Failures = Vec<Count>;

impl Tally {
    /// Of a site in this zone.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self { zone, failures: Mutex::default(), notices: Notices::default() }
    }

    /// The zone whose days are counted.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// A login ended without a session.
    pub fn failed(&self, provider: &str, reason: &'static str, at: Moment) {
        self.add((day_of(&self.zone, at), provider.to_owned(), reason.to_owned()), 1);
    }

    /// A notice came: acted on, or refused with this code.
    pub fn notice(&self, provider: &str, refusal: Option<&'static str>, at: Moment) {
        let (day, refusal) = (day_of(&self.zone, at), refusal.unwrap_or_default().to_owned());
        self.notices.add(NoticeCount { day, provider: provider.to_owned(), refusal, number: 1, last_at: at });
    }

    /// Notices counted since the last call.
    #[must_use]
    pub fn take_notices(&self) -> Vec<NoticeCount> {
        self.notices.take()
    }

    /// Notices that could not be written down are counted again with those that come.
    pub fn give_notices_back(&self, notices: Vec<NoticeCount>) {
        notices.into_iter().for_each(|count| self.notices.add(count));
    }

    fn add(&self, what: (String, String, String), number: i64) {
        *self.failures.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default() += number;
    }

    /// What could not be written down is counted again with what comes.
    pub fn give_back(&self, failures: Failures) {
        for Count { day, provider, reason, number, .. } in failures {
            self.add((day, provider, reason), number);
        }
    }

    /// What was counted since the last call, in one order.
    #[must_use]
    pub fn take(&self) -> Failures {
        let taken = std::mem::take(&mut *self.failures.lock().unwrap_or_else(PoisonError::into_inner));
        let count = |((day, provider, reason), number)| Count { day, kind: Kind::Failure, provider, reason, number };
        let mut counts: Vec<Count> = taken.into_iter().map(count).collect();
        counts.sort_by(|a, b| (&a.day, &a.provider, &a.reason).cmp(&(&b.day, &b.provider, &b.reason)));
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;

    #[test]
    fn failures_are_counted_by_day_provider_and_reason_and_taken_once() {
        let tally = Tally::new(TimeZone::UTC);
        for (reason, second) in [("cancelled", 0), ("cancelled", 1), ("expired", 2), ("cancelled", 86_400)] {
            tally.failed("kakao", reason, from_unix_seconds(1_795_392_000 + second));
        }
        let taken = tally.take();
        let numbers: Vec<(&str, &str, i64)> =
            taken.iter().map(|count| (count.day.as_str(), count.reason.as_str(), count.number)).collect();
        assert_eq!(
            numbers,
            [("2026-11-23", "cancelled", 2), ("2026-11-23", "expired", 1), ("2026-11-24", "cancelled", 1)]
        );
        assert!(tally.take().is_empty());
        tally.give_back(taken.clone());
        assert_eq!(tally.take(), taken);
    }
}
