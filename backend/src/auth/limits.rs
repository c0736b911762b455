//! How often one may try to log in.
//!
//! Two limits, both in memory: logins a minute from one address (then 429), and a growing pause after failures on one
//! account. The pause is short and bounded, so that nobody can lock another person out, and it counts by the name that
//! was typed, whether or not such an account exists.

use std::{
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};

use crate::error::AppError;

/// Failures that cost nothing: people mistype.
const FREE_FAILURES: u32 = 4;
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// After so long without a failure an account starts afresh.
const FORGET: Duration = Duration::from_mins(15);
/// How many names are remembered at most.
const REMEMBERED: usize = 20_000;

/// The limits of login.
pub struct LoginLimits {
    by_address: DefaultKeyedRateLimiter<IpAddr>,
    failures: Mutex<HashMap<String, Failures>>,
}

struct Failures {
    count: u32,
    last: Instant,
}

impl LoginLimits {
    /// So many a minute from one address.
    pub fn new(per_minute: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
        Self { by_address: RateLimiter::keyed(quota), failures: Mutex::default() }
    }

    /// Counts an attempt; refuses it when there were too many.
    pub fn attempt(&self, address: IpAddr) -> Result<(), AppError> {
        self.by_address.check_key(&address).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.by_address.clock().now());
            AppError::TooManyRequests { seconds: wait.as_secs() + 1 }
        })
    }

    /// How long to wait before comparing the password of this account.
    pub fn pause(&self, account: &str) -> Duration {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(account).filter(|known| known.last.elapsed() < FORGET).map_or(Duration::ZERO, |known| {
            let over = known.count.saturating_sub(FREE_FAILURES);
            if over == 0 { Duration::ZERO } else { LONGEST_PAUSE.min(Duration::from_millis(125) * (1 << over.min(10))) }
        })
    }

    /// Remembers how an attempt ended.
    pub fn record(&self, account: &str, succeeded: bool) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if succeeded {
            failures.remove(account);
            return;
        }
        if failures.len() >= REMEMBERED {
            failures.retain(|_, known| known.last.elapsed() < FORGET);
        }
        if failures.len() < REMEMBERED || failures.contains_key(account) {
            let known = failures.entry(account.to_owned()).or_insert(Failures { count: 0, last: Instant::now() });
            known.count = if known.last.elapsed() < FORGET { known.count + 1 } else { 1 };
            known.last = Instant::now();
        }
    }

    /// Lets go of addresses that have been quiet.
    pub fn forget_quiet(&self) {
        self.by_address.retain_recent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifty_first_attempt_of_a_minute_is_refused_for_that_address_only() {
        let limits = LoginLimits::new(50);
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for _ in 0..50 {
            limits.attempt(one).unwrap();
        }
        assert!(matches!(limits.attempt(one), Err(AppError::TooManyRequests { seconds: 1..=2 })));
        limits.attempt(other).unwrap();
    }

    #[test]
    fn failures_slow_an_account_down_but_never_lock_it() {
        let limits = LoginLimits::new(50);
        for _ in 0..FREE_FAILURES {
            limits.record("ana", false);
        }
        assert_eq!(limits.pause("ana"), Duration::ZERO);
        limits.record("ana", false);
        assert_eq!(limits.pause("ana"), Duration::from_millis(250));
        for _ in 0..100 {
            limits.record("ana", false);
        }
        assert_eq!(limits.pause("ana"), LONGEST_PAUSE);
        assert_eq!(limits.pause("luis"), Duration::ZERO);
        limits.record("ana", true);
        assert_eq!(limits.pause("ana"), Duration::ZERO);
    }
}
