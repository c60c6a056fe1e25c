//! Moments in words: near ones as people say them, far ones as a date, always with the exact time beside.

use jiff::Timestamp;
use jiff::ZonedDateTime;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::Moment;
use crate::clock::unix_seconds;
use crate::i18n::Locale;

/// A moment, ready for `<time datetime="{iso}" title="{title}">{text}</time>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// As people say it.
    pub text: String,
    /// RFC 3339, UTC, whole seconds.
    pub iso: String,
    /// Date, time and zone in full.
    pub title: String,
    /// The time of day, to the second, in the zone of the site.
    pub clock: String,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
/// Another process's clock may run this far ahead of ours and still mean "just now".
const AHEAD: i64 = -MINUTE;

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8", "month-9", "month-10",
    "month-11", "month-12",
];

/// Says when `at` was, seen from `now`.
#[must_use]
pub fn ago(locale: Locale, zone: &TimeZone, at: Moment, now: Moment) -> When {
    let (then, here) = (zoned(zone, at), zoned(zone, now));
    let passed = unix_seconds(now) - unix_seconds(at);
    let text = match passed {
        AHEAD..MINUTE => locale.text("ago-now").to_owned(),
        MINUTE..HOUR => locale.count("ago-minutes", passed / MINUTE),
        HOUR.. if then.date() == here.date() => locale.count("ago-hours", passed / HOUR),
        HOUR.. if then.date().tomorrow().is_ok_and(|next| next == here.date()) => {
            locale.text("ago-yesterday").to_owned()
        }
        _ => day(locale, then.date()),
    };
    When { text, iso: then.timestamp().to_string(), title: exact(locale, &then), clock: clock(&then) }
}

fn zoned(zone: &TimeZone, at: Moment) -> ZonedDateTime {
    Timestamp::from_second(unix_seconds(at)).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned_datetime(zone.clone())
}

fn day(locale: Locale, date: Date) -> String {
    let month = MONTHS.get(usize::from(date.month().unsigned_abs()) - 1).map_or("", |key| locale.text(key));
    locale.format("date-day", &[("year", &date.year().to_string()), ("month", month), ("day", &date.day().to_string())])
}

fn clock(at: &ZonedDateTime) -> String {
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

fn exact(locale: Locale, at: &ZonedDateTime) -> String {
    let time = clock(at);
    let info = at.time_zone().to_offset_info(at.timestamp());
    let zone = info.abbreviation();
    locale.format("date-exact", &[("day", &day(locale, at.date())), ("time", &time), ("zone", zone)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;

    /// 2026-11-24 00:30 in Seoul.
    const NOW: i64 = 1_795_447_800;

    fn said(locale: Locale, seconds_ago: i64) -> String {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        ago(locale, &seoul, from_unix_seconds(NOW - seconds_ago), from_unix_seconds(NOW)).text
    }

    #[test]
    fn near_moments_are_said_and_far_ones_dated() {
        for (seconds, ko, en) in [
            (-30, "방금", "just now"),
            (0, "방금", "just now"),
            (60, "1분 전", "1 minute ago"),
            (59 * MINUTE, "59분 전", "59 minutes ago"),
            (HOUR, "어제", "yesterday"),
            (24 * HOUR, "어제", "yesterday"),
            (25 * HOUR, "2026년 11월 22일", "22 November 2026"),
            (-2 * HOUR, "2026년 11월 24일", "24 November 2026"),
        ] {
            assert_eq!(said(Locale::Ko, seconds), ko);
            assert_eq!(said(Locale::En, seconds), en);
        }
    }

    #[test]
    fn the_exact_time_is_told_in_the_zone_of_the_site() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        let when = ago(Locale::Ko, &seoul, from_unix_seconds(NOW), from_unix_seconds(NOW));
        assert_eq!(when.iso, "2026-11-23T15:30:00Z");
        assert_eq!(when.title, "2026년 11월 24일 00:30:00 KST");
        assert_eq!(when.clock, "00:30:00");
    }

    #[test]
    fn the_same_day_counts_hours() {
        let utc = TimeZone::UTC;
        let noon = from_unix_seconds(12 * HOUR);
        assert_eq!(ago(Locale::Ko, &utc, from_unix_seconds(9 * HOUR), noon).text, "3시간 전");
        assert_eq!(ago(Locale::En, &utc, from_unix_seconds(11 * HOUR), noon).text, "1 hour ago");
    }
}
