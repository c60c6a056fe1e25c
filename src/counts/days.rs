//! Days as people of the site count them.

use jiff::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::Moment;
use crate::clock::from_unix_micros;
use crate::clock::unix_seconds;

/// A day: `2026-11-25`.
pub type Day = String;

/// The day of a moment in this zone.
#[must_use]
pub fn day_of(zone: &TimeZone, at: Moment) -> Day {
    date_of(zone, at).to_string()
}

/// The last `count` days up to the one of this moment, oldest first.
#[must_use]
pub fn last_days(zone: &TimeZone, now: Moment, count: usize) -> Vec<Day> {
    let mut days: Vec<Date> =
        std::iter::successors(Some(date_of(zone, now)), |date| date.yesterday().ok()).take(count).collect();
    days.reverse();
    days.into_iter().map(|date| date.to_string()).collect()
}

/// When the day begins that is so many days after this one; `None` beyond the calendar.
#[must_use]
pub fn begin_of(zone: &TimeZone, day: Date, later: i64) -> Option<Moment> {
    let day = day.checked_add(Span::new().try_days(later).ok()?).ok()?;
    let begins = day.to_zoned_datetime(zone.clone()).ok()?.timestamp();
    Some(from_unix_micros(begins.as_microsecond()))
}

/// When the day of a moment begins, when the next one does, and which it is.
pub(super) fn bounds_of(zone: &TimeZone, at: Moment) -> (Moment, Moment, Day) {
    let day = date_of(zone, at);
    // A day that cannot be bounded is looked up for each moment.
    (begin_of(zone, day, 0).unwrap_or(at), begin_of(zone, day, 1).unwrap_or(at), day.to_string())
}

fn date_of(zone: &TimeZone, at: Moment) -> Date {
    Timestamp::from_second(unix_seconds(at)).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned_datetime(zone.clone()).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;

    #[test]
    fn a_day_begins_at_midnight_of_the_site() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        // 2026-11-23T14:59:59Z and a second later.
        let (before, after) = (from_unix_seconds(1_795_445_999), from_unix_seconds(1_795_446_000));
        assert_eq!((day_of(&seoul, before), day_of(&seoul, after)), ("2026-11-23".into(), "2026-11-24".into()));
        assert_eq!(day_of(&TimeZone::UTC, after), "2026-11-23");
    }

    #[test]
    fn the_last_days_follow_each_other_over_months() {
        let days = last_days(&TimeZone::UTC, from_unix_seconds(1_795_446_000), 90);
        assert_eq!((days.len(), days[0].as_str(), days[89].as_str()), (90, "2026-08-26", "2026-11-23"));
        assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
