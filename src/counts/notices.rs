//! Notices from providers: how many were acted on, how many refused and why, and when the latest came. Anybody can send
//! a million of them, so each process counts in memory, by words that are all ours.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};

use super::days::Day;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::prepared;
use crate::db::schema::daily_notices;
use crate::error::AppResult;

/// Notices of one provider on one day that ended alike.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct NoticeCount {
    /// Of which day.
    pub day: Day,
    /// From whom.
    pub provider: String,
    /// Why they were refused; empty: they were acted on.
    pub refusal: String,
    /// How many.
    pub number: i64,
    /// When the latest came.
    pub last_at: Moment,
}

/// Day, provider and refusal; how many, and when the latest came.
type Heard = HashMap<(Day, String, String), (i64, Moment)>;

/// Notices that are not written down yet.
#[derive(Debug, Default)]
pub(super) struct Notices(Mutex<Heard>);

impl Notices {
    pub(super) fn add(&self, count: NoticeCount) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let so_far = heard.entry((count.day, count.provider, count.refusal)).or_insert((0, count.last_at));
        *so_far = (so_far.0 + count.number, so_far.1.max(count.last_at));
    }

    /// In one order, so that two processes that add at once never wait for each other in a circle.
    pub(super) fn take(&self) -> Vec<NoticeCount> {
        let taken = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let count =
            |((day, provider, refusal), (number, last_at))| NoticeCount { day, provider, refusal, number, last_at };
        let mut counts: Vec<NoticeCount> = taken.into_iter().map(count).collect();
        counts.sort_by(|a, b| (&a.day, &a.provider, &a.refusal).cmp(&(&b.day, &b.provider, &b.refusal)));
        counts
    }
}

prepared! {
    AddNotices {
        "insert into daily_notices (day, provider, refusal, number, last_at) values (" day: String as Text,
        ", " provider: String as Text,
        ", " refusal: String as Text,
        ", " number: i64 as BigInt,
        ", " last_at: Moment as Timestamp,
        ; ") on conflict (day, provider, refusal) do update set number = daily_notices.number + excluded.number, \
           last_at = case when daily_notices.last_at > excluded.last_at then daily_notices.last_at \
           else excluded.last_at end returning number" => BigInt
    }
}

/// Adds to what is counted so far.
///
/// # Errors
/// When the database fails.
pub fn add_notices(conn: &mut Conn, count: &NoticeCount) -> AppResult<()> {
    let NoticeCount { day, provider, refusal, number, last_at } = count;
    let _sum: i64 = AddNotices { day, provider, refusal, number, last_at }.get_result(conn)?;
    Ok(())
}

/// Everything counted since a day, that day included.
///
/// # Errors
/// When the database fails.
pub fn notices_since(conn: &mut Conn, day: &str) -> AppResult<Vec<NoticeCount>> {
    Ok(daily_notices::table.filter(daily_notices::day.ge(day)).order(daily_notices::day).load(conn)?)
}

/// What became of a provider's notices within some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hearing {
    /// From whom.
    pub provider: String,
    /// How many were acted on.
    pub heard: i64,
    /// How many were refused, by why; the most frequent first.
    pub refused: Vec<(String, i64)>,
    /// When the latest that was acted on came.
    pub last_at: Option<Moment>,
}

/// The same counts by provider, in the order of their names.
#[must_use]
pub fn by_provider(counts: &[NoticeCount]) -> Vec<Hearing> {
    let mut all: Vec<Hearing> = Vec::new();
    let mut providers: Vec<&str> = counts.iter().map(|count| count.provider.as_str()).collect();
    providers.sort_unstable();
    providers.dedup();
    for provider in providers {
        let mut refused: HashMap<&str, i64> = HashMap::new();
        let (mut heard, mut last_at) = (0, None);
        for count in counts.iter().filter(|count| count.provider == provider) {
            if count.refusal.is_empty() {
                heard += count.number;
                last_at = last_at.max(Some(count.last_at));
            } else {
                *refused.entry(&count.refusal).or_default() += count.number;
            }
        }
        let mut refused: Vec<(String, i64)> =
            refused.into_iter().map(|(why, number)| (why.to_owned(), number)).collect();
        refused.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all.push(Hearing { provider: provider.to_owned(), heard, refused, last_at });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;

    fn count(day: &str, provider: &str, refusal: &str, number: i64, second: i64) -> NoticeCount {
        let last_at = from_unix_seconds(1_795_392_000 + second);
        NoticeCount { day: day.into(), provider: provider.into(), refusal: refusal.into(), number, last_at }
    }

    #[test]
    fn what_ended_alike_is_one_count_with_the_latest_moment_and_taken_once() {
        let notices = Notices::default();
        for (refusal, second) in [("", 5), ("", 3), ("invalid_key", 4)] {
            notices.add(count("2026-11-23", "kakao", refusal, 1, second));
        }
        let taken = notices.take();
        assert_eq!(taken, [count("2026-11-23", "kakao", "", 2, 5), count("2026-11-23", "kakao", "invalid_key", 1, 4)]);
        assert!(notices.take().is_empty());
    }

    #[test]
    fn a_provider_is_told_of_with_all_its_days() {
        let told = by_provider(&[
            count("2026-11-23", "naver", "", 1, 0),
            count("2026-11-23", "kakao", "", 2, 5),
            count("2026-11-24", "kakao", "", 3, 90_000),
            count("2026-11-24", "kakao", "webhook_key", 4, 90_001),
            count("2026-11-24", "kakao", "invalid_key", 4, 90_001),
            count("2026-11-23", "apple", "invalid_key", 1, 0),
        ]);
        let names: Vec<(&str, i64)> = told.iter().map(|one| (one.provider.as_str(), one.heard)).collect();
        assert_eq!(names, [("apple", 0), ("kakao", 5), ("naver", 1)]);
        assert_eq!((told[0].last_at, told[1].last_at), (None, Some(from_unix_seconds(1_795_482_000))));
        assert_eq!(told[1].refused, [("invalid_key".to_owned(), 4), ("webhook_key".to_owned(), 4)]);
    }
}
