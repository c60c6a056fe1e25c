//! When: two years up to now, denser towards the end, quieter at weekends and asleep at night in Korea.

use std::vec;

use super::random::Random;

/// Microseconds.
const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// How far back the first sign-up lies.
const DAYS: i64 = 730;

/// Korea is nine hours ahead of UTC all year.
const KOREA: i64 = 9 * HOUR;

/// Sundays and Saturdays bring this much, working days 100.
const WEEKEND: u64 = 80;

/// What each hour of a Korean day brings: a dip at night, a rise at lunch, the peak in the evening.
const HOURS: [(i64, u64); 24] = [
    (0, 34),
    (1, 20),
    (2, 11),
    (3, 6),
    (4, 4),
    (5, 5),
    (6, 10),
    (7, 22),
    (8, 36),
    (9, 42),
    (10, 44),
    (11, 48),
    (12, 60),
    (13, 54),
    (14, 46),
    (15, 46),
    (16, 46),
    (17, 50),
    (18, 56),
    (19, 62),
    (20, 70),
    (21, 78),
    (22, 76),
    (23, 58),
];

/// A moment in the 24 hours after `from`, by the hours of Korea. Every hour of the day occurs exactly once in them,
/// so the answer is never later than that.
fn within_a_day(random: &mut Random, from: i64) -> i64 {
    let hour = random.weighted(&HOURS).unwrap_or(0);
    let of_the_day = hour * HOUR + signed(random.below(HOUR.unsigned_abs()));
    from + (of_the_day - (from + KOREA)).rem_euclid(DAY)
}

/// A moment of a later login: from `joined` to `now`, by the hours of Korea where a day lies between them.
pub(super) fn later(random: &mut Random, joined: i64, now: i64) -> i64 {
    let days = (now - joined).max(0) / DAY;
    if days == 0 {
        return joined + signed(random.below((now - joined).max(0).unsigned_abs()));
    }
    let day = signed(random.below(days.unsigned_abs()));
    within_a_day(random, joined + day * DAY)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The sign-ups of a run in microseconds since the Unix epoch, oldest first; two may coincide.
#[derive(Debug)]
pub(super) struct SignUps {
    random: Random,
    now: i64,
    users: u64,
    /// What each day brings, counted up from the first.
    shares: Vec<u64>,
    day: usize,
    given: u64,
    today: vec::IntoIter<i64>,
}

impl SignUps {
    pub(super) fn new(mut random: Random, users: u64, now: i64) -> Self {
        let mut sum = 0;
        let shares = (0..DAYS)
            .map(|day| {
                sum += share(&mut random, day, now);
                sum
            })
            .collect();
        Self { random, now, users, shares, day: 0, given: 0, today: Vec::new().into_iter() }
    }
}

/// The last day brings four times the first, with some unevenness.
fn share(random: &mut Random, day: i64, now: i64) -> u64 {
    let growth = (1_000 + 3_000 * day / DAYS).unsigned_abs();
    // The epoch was a Thursday.
    let weekday = (day_begins(day, now) + KOREA).div_euclid(DAY).rem_euclid(7);
    let usual = if weekday == 2 || weekday == 3 { WEEKEND } else { 100 };
    growth * usual * (85 + random.below(31))
}

fn day_begins(day: i64, now: i64) -> i64 {
    now - (DAYS - day) * DAY
}

impl Iterator for SignUps {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        loop {
            if let Some(at) = self.today.next() {
                return Some(at);
            }
            let so_far = *self.shares.get(self.day)?;
            let all = (*self.shares.last()?).max(1);
            let due = u128::from(self.users) * u128::from(so_far) / u128::from(all);
            let due = u64::try_from(due).unwrap_or(u64::MAX);
            let begins = day_begins(i64::try_from(self.day).ok()?, self.now);
            let mut today: Vec<i64> = (self.given..due).map(|_| within_a_day(&mut self.random, begins)).collect();
            today.sort_unstable();
            self.today = today.into_iter();
            self.given = due;
            self.day += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_785_000_123_456_789;

    #[test]
    fn there_are_as_many_sign_ups_as_asked_for_in_order_and_in_the_past() {
        for users in [0, 1, 2, 729, 5_000] {
            let all: Vec<i64> = SignUps::new(Random::new(7, 1, 0), users, NOW).collect();
            assert_eq!(all.len(), usize::try_from(users).unwrap());
            assert!(all.is_sorted());
            assert!(all.iter().all(|at| (NOW - DAYS * DAY..NOW).contains(at)));
        }
    }

    #[test]
    fn the_second_year_brings_more_than_the_first() {
        let all: Vec<i64> = SignUps::new(Random::new(7, 1, 0), 10_000, NOW).collect();
        let first = all.iter().filter(|at| **at < NOW - DAYS / 2 * DAY).count();
        assert!((3_200..3_800).contains(&first), "{first}");
    }

    #[test]
    fn korea_sleeps_at_night() {
        let all = SignUps::new(Random::new(7, 1, 0), 10_000, NOW);
        let at_night = all.filter(|at| (2..6).contains(&((at + KOREA).rem_euclid(DAY) / HOUR))).count();
        assert!(at_night < 500, "{at_night}");
    }

    #[test]
    fn a_later_login_lies_between_the_sign_up_and_now() {
        let mut random = Random::new(7, 1, 0);
        for joined in [NOW, NOW - 1, NOW - DAY + 1, NOW - DAY, NOW - 2 * DAY, NOW - 700 * DAY] {
            for _ in 0..200 {
                assert!((joined..=NOW).contains(&later(&mut random, joined, NOW)));
            }
        }
    }
}
