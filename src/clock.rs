//! The time, as one value that is handed around, so that a test can move it for one application without
//! touching another that runs beside it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use time::{Duration, OffsetDateTime, PrimitiveDateTime};

/// A moment in UTC, whole microseconds: what both databases keep without loss.
pub type Moment = PrimitiveDateTime;

/// Tells the time. Clones share one offset, which is zero outside tests.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_micros: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Now, in UTC, cut to microseconds.
    #[must_use]
    pub fn now(&self) -> Moment {
        let offset = Duration::microseconds(self.offset_micros.load(Ordering::Relaxed));
        let utc = OffsetDateTime::now_utc().saturating_add(offset);
        from_unix_micros(i64::try_from(utc.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX))
    }

    /// Moves this clock; for tests, which cannot wait half an hour.
    pub fn advance(&self, by: Duration) {
        let micros = i64::try_from(by.whole_microseconds()).unwrap_or(i64::MAX);
        self.offset_micros.fetch_add(micros, Ordering::Relaxed);
    }
}

/// Whole seconds since the Unix epoch: the unit of JWT's NumericDate (RFC 7519 section 2).
#[must_use]
pub fn unix_seconds(at: Moment) -> i64 {
    at.assume_utc().unix_timestamp()
}

/// Microseconds since the Unix epoch.
#[must_use]
pub fn unix_micros(at: Moment) -> i64 {
    i64::try_from(at.assume_utc().unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

/// The moment that many microseconds after the Unix epoch; the epoch itself when out of range.
#[must_use]
pub fn from_unix_micros(micros: i64) -> Moment {
    let utc =
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    PrimitiveDateTime::new(utc.date(), utc.time())
}

/// The moment that many seconds after the Unix epoch; the epoch itself when out of range.
#[must_use]
pub fn from_unix_seconds(seconds: i64) -> Moment {
    from_unix_micros(seconds.saturating_mul(1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_clock_moves_its_clones_and_nobody_else() {
        let (moved, other) = (Clock::system(), Clock::system());
        let twin = moved.clone();
        moved.advance(Duration::minutes(31));
        assert!(twin.now() - other.now() > Duration::minutes(30));
    }

    #[test]
    fn micros_survive_the_round_trip() {
        let now = Clock::system().now();
        assert_eq!(from_unix_micros(unix_micros(now)), now);
    }
}
