//! How often one address may ask for what costs us or a provider something. Buckets that refill steadily (GCRA): a burst of
//! a minute's worth is fine, then one more each so many milliseconds.
//!
//! One bucket is one IPv4 address or one IPv6 /64, which is what a household gets; behind trusted proxies it is the address
//! they report. All buckets live in one table of bounded size in this process: with two processes twice as much passes,
//! and whoever asks from a million addresses pushes old buckets out instead of growing the table. Nothing that succeeds
//! gives anything back, and nothing is counted per account, so nobody can be shut out by somebody else.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock as _, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed, StateStore};
use governor::{Quota, RateLimiter};
use quick_cache::UnitWeighter;
use quick_cache::sync::Cache;

use crate::config;
use crate::db::SessionId;
use crate::error::AppError;
use crate::secret::sha256;

/// Buckets kept; each takes about a hundred bytes.
const BUCKETS: u64 = 100_000;

/// Buckets the table has room for at first; it grows.
const EXPECTED: usize = 1_000;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Starts of a login.
    Login,
    /// Returns from a provider.
    Callback,
    /// Refreshes by `/api/token/refresh`.
    Refresh,
    /// Renewals of one session.
    RefreshSession,
    /// Native logins.
    ApiLogin,
    /// Notices from providers.
    Webhook,
}

impl Limit {
    /// Its name in the log, as in the settings.
    const fn name(self) -> &'static str {
        match self {
            Self::Login => "limits.login",
            Self::Callback => "limits.callback",
            Self::Refresh => "limits.refresh",
            Self::RefreshSession => "limits.refresh_session",
            Self::ApiLogin => "limits.api_login",
            Self::Webhook => "limits.webhook",
        }
    }
}

/// A bucket's name: what is limited, and whom it is about (an address or a part of a hash).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Bucket(Limit, u128);

/// The one table, as the limiter sees it.
#[derive(Clone)]
struct Buckets(Arc<Cache<Bucket, Arc<InMemoryState>>>);

impl StateStore for Buckets {
    type Key = Bucket;

    fn measure_and_replace<T, F, E>(&self, key: &Bucket, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let fresh = || Ok::<_, std::convert::Infallible>(Arc::default());
        let Ok(state) = self.0.get_or_insert_with(key, fresh);
        state.measure_and_replace(&NotKeyed::NonKey, f)
    }
}

type Limiter = RateLimiter<Bucket, Buckets, MonotonicClock, NoOpMiddleware<std::time::Instant>>;

/// The limits of this process.
pub struct Limits {
    clock: MonotonicClock,
    login: Limiter,
    callback: Limiter,
    refresh: Limiter,
    refresh_session: Limiter,
    api_login: Limiter,
    webhook: Limiter,
    enabled: bool,
    #[cfg(test)]
    buckets: Buckets,
}

impl Limits {
    /// By the settings.
    #[must_use]
    pub fn new(settings: &config::Limits) -> Self {
        let buckets = Buckets(Arc::new(Cache::with_weighter(EXPECTED, BUCKETS, UnitWeighter)));
        let limiter =
            |per_minute: NonZeroU32| RateLimiter::new(Quota::per_minute(per_minute), buckets.clone(), MonotonicClock);
        if !settings.enabled {
            tracing::warn!("limits.enabled is false: nothing holds a flood back; this is for measuring only");
        }
        Self {
            clock: MonotonicClock,
            login: limiter(settings.login),
            callback: limiter(settings.callback),
            refresh: limiter(settings.refresh),
            refresh_session: limiter(settings.refresh_session),
            api_login: limiter(settings.api_login),
            webhook: limiter(settings.webhook),
            enabled: settings.enabled,
            #[cfg(test)]
            buckets,
        }
    }

    /// Counts a request from an address.
    ///
    /// # Errors
    /// `TooMany`, with the seconds to wait, when there were too many.
    pub fn count(&self, limit: Limit, address: IpAddr) -> Result<(), AppError> {
        self.take(limit, household(address))
    }

    /// Counts a renewal of a session.
    ///
    /// # Errors
    /// As [`Limits::count`].
    pub fn count_renewal(&self, session: &SessionId) -> Result<(), AppError> {
        let mut half = [0; 16];
        half.copy_from_slice(&sha256(session.as_str().as_bytes())[..16]);
        self.take(Limit::RefreshSession, u128::from_be_bytes(half))
    }

    fn take(&self, limit: Limit, whom: u128) -> Result<(), AppError> {
        if !self.enabled {
            return Ok(());
        }
        let limiter = match limit {
            Limit::Login => &self.login,
            Limit::Callback => &self.callback,
            Limit::Refresh => &self.refresh,
            Limit::RefreshSession => &self.refresh_session,
            Limit::ApiLogin => &self.api_login,
            Limit::Webhook => &self.webhook,
        };
        limiter.check_key(&Bucket(limit, whom)).map_err(|early| {
            let wait = early.wait_time_from(self.clock.now());
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            AppError::too_many(u32::try_from(seconds.max(1)).unwrap_or(60)).because(limit.name())
        })
    }
}

/// The part of an address that one customer of a network holds.
fn household(address: IpAddr) -> u128 {
    match address.to_canonical() {
        // Apart from every IPv6 network: none begins with so many zeros.
        IpAddr::V4(ip) => u128::from(ip.to_bits()),
        IpAddr::V6(ip) => ip.to_bits() >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn limits(enabled: bool) -> Limits {
        let n = |number| NonZeroU32::new(number).unwrap();
        let (login, callback, others) = (n(5), n(2), n(3));
        let settings = config::Limits {
            enabled,
            login,
            callback,
            refresh: others,
            refresh_session: others,
            api_login: others,
            webhook: others,
        };
        Limits::new(&settings)
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn r01_a_minutes_worth_passes_and_then_the_seconds_to_wait_are_told() {
        let limits = limits(true);
        for _ in 0..5 {
            limits.count(Limit::Login, ip("203.0.113.1")).unwrap();
        }
        let refused = limits.count(Limit::Login, ip("203.0.113.1")).unwrap_err();
        assert_eq!(refused.kind(), Kind::TooMany);
        assert_eq!(refused.retry_after(), Some(12), "60 s for 5");
        limits.count(Limit::Login, ip("203.0.113.2")).expect("another address has its own bucket");
        limits.count(Limit::Callback, ip("203.0.113.1")).expect("another limit has its own bucket");
    }

    #[test]
    fn r03_one_ipv6_network_is_one_bucket() {
        let limits = limits(true);
        let passed = |prefix: &str| {
            (0..1_000).filter(|n| limits.count(Limit::Login, ip(&format!("{prefix}::{n:x}"))).is_ok()).count()
        };
        assert_eq!(passed("2001:db8:1:2"), 5);
        assert_eq!(passed("2001:db8:1:3"), 5);
        limits.count(Limit::Login, ip("192.0.2.7")).unwrap();
        for _ in 0..4 {
            limits.count(Limit::Login, ip("::ffff:192.0.2.7")).unwrap();
        }
        limits.count(Limit::Login, ip("192.0.2.7")).expect_err("the mapped form is the same address");
    }

    #[test]
    fn r07_a_million_addresses_do_not_grow_the_table() {
        let limits = limits(true);
        for n in 0..1_000_000_u32 {
            limits.count(Limit::Login, IpAddr::V4(n.into())).unwrap();
        }
        assert!(limits.buckets.0.weight() <= BUCKETS);
    }

    #[test]
    fn limits_can_be_off() {
        let limits = limits(false);
        for _ in 0..1_000 {
            limits.count(Limit::Login, ip("203.0.113.1")).unwrap();
        }
    }
}
