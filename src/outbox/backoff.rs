//! When to try again.

use time::Duration;

/// After the first failure.
const FIRST: i64 = 5;

/// Never longer than this apart.
const LONGEST: i64 = 3_600;

/// How long to wait after so many failures: doubled each time up to an hour. `chance` (0 to 255) takes up to a half off, so
/// that what failed together is not tried together.
pub(super) fn after(tries: i64, chance: u8) -> Duration {
    let doublings = u32::try_from(tries.saturating_sub(1)).unwrap_or(0).min(16);
    let whole = FIRST.saturating_mul(1 << doublings).min(LONGEST) * 1_000;
    Duration::milliseconds(whole - whole / 2 * i64::from(chance) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_an_hour_and_is_never_the_same_for_all() {
        let whole: Vec<i64> = (1..=12).map(|tries| after(tries, 0).whole_seconds()).collect();
        assert_eq!(whole, [5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600]);
        for tries in [0, 1, 7, 300, i64::MAX] {
            let (longest, shortest) = (after(tries, 0), after(tries, 255));
            assert_eq!(shortest * 2, longest, "{tries}");
            assert!((0..255).all(|chance| after(tries, chance) >= after(tries, chance + 1)));
        }
    }
}
