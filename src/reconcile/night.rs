//! Which night it is.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock::Moment;
use crate::clock::unix_seconds;

/// From three to six in the morning, by the site's clock: few people log in, and there is time for a second attempt.
const HOURS: std::ops::Range<i8> = 3..6;

/// The night of this moment (`2026-11-25`), while it lasts.
#[must_use]
pub fn night(zone: &TimeZone, at: Moment) -> Option<String> {
    let here =
        Timestamp::from_second(unix_seconds(at)).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned_datetime(zone.clone());
    HOURS.contains(&here.hour()).then(|| here.date().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;

    #[test]
    fn a_night_is_from_three_to_six_where_the_site_is() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        // 2026-11-25T00:00:00+09:00.
        let midnight = 1_795_532_400;
        let at = |hour: i64, minute: i64| night(&seoul, from_unix_seconds(midnight + hour * 3_600 + minute * 60));
        assert_eq!(at(2, 59), None);
        assert_eq!(at(3, 0).as_deref(), Some("2026-11-25"));
        assert_eq!(at(5, 59).as_deref(), Some("2026-11-25"));
        assert_eq!(at(6, 0), None);
        assert_eq!(at(27, 0).as_deref(), Some("2026-11-26"));
    }
}
