//! How often one may try to log in, and do some other things that cost more than most.
//!
//! Two limits on login, both in memory: logins a minute from one address (then 429), and a growing pause after failures on one
//! account. The pause is short and bounded, so that nobody can lock another person out, and it counts by the name that
//! was typed, whether or not such an account exists. The other limits are so much a minute for each person or address, as
//! the first. An address of IPv6 stands for all of its network.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use shared::ids::UserId;

use super::window::Windows;
use crate::{error::AppError, web::client};

/// Passwords that one person may have judged a minute: more than anyone types.
const GUESSES_PER_MINUTE: u32 = 120;
/// Requests with a link that sets a password that one address may make a minute: a password is judged as it is typed.
const LINK_USES_PER_MINUTE: u32 = 240;
/// Texts that one person may have shown a minute before they send them.
const PREVIEWS_PER_MINUTE: u32 = 120;
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
    by_address: Windows<IpAddr>,
    guesses: Windows<UserId>,
    links_asked: Windows<IpAddr>,
    links_used: Windows<IpAddr>,
    previews: Windows<UserId>,
    failures: Mutex<HashMap<String, Failures>>,
}

struct Failures {
    count: u32,
    last: Instant,
}

impl LoginLimits {
    /// So many logins in any minute from one address.
    pub fn new(per_minute: u32) -> Self {
        Self {
            by_address: Windows::new(per_minute),
            guesses: Windows::new(GUESSES_PER_MINUTE),
            links_asked: Windows::new(per_minute),
            links_used: Windows::new(LINK_USES_PER_MINUTE),
            previews: Windows::new(PREVIEWS_PER_MINUTE),
            failures: Mutex::default(),
        }
    }

    /// Counts an attempt; refuses it when there were too many.
    pub fn attempt(&self, address: IpAddr) -> Result<(), AppError> {
        self.by_address.count(client::counted(address))
    }

    /// Counts a password to judge; refuses it when there were too many.
    pub fn guess(&self, person: UserId) -> Result<(), AppError> {
        self.guesses.count(person)
    }

    /// Counts a request for a link that sets a password; as many as logins.
    pub fn ask_for_link(&self, address: IpAddr) -> Result<(), AppError> {
        self.links_asked.count(client::counted(address))
    }

    /// Counts a request made with such a link.
    pub fn use_link(&self, address: IpAddr) -> Result<(), AppError> {
        self.links_used.count(client::counted(address))
    }

    /// Counts a text to show; refuses it when there were too many.
    pub fn preview(&self, person: UserId) -> Result<(), AppError> {
        self.previews.count(person)
    }

    /// How long to wait before comparing the password of this account. The attempt counts as failed from now on until
    /// [`Self::forget`], so that many at once wait as long as many after one another.
    pub fn try_account(&self, account: &str) -> Duration {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let before = failures.get(account).filter(|known| known.last.elapsed() < FORGET).map_or(0, |known| known.count);
        if failures.len() >= REMEMBERED {
            failures.retain(|_, known| known.last.elapsed() < FORGET);
        }
        if failures.len() < REMEMBERED || failures.contains_key(account) {
            let known = failures.entry(account.to_owned()).or_insert(Failures { count: 0, last: Instant::now() });
            known.count = if known.last.elapsed() < FORGET { known.count + 1 } else { 1 };
            known.last = Instant::now();
        }
        let over = before.saturating_sub(FREE_FAILURES);
        if over == 0 { Duration::ZERO } else { LONGEST_PAUSE.min(Duration::from_millis(125) * (1 << over.min(10))) }
    }

    /// The right password came: the account starts afresh.
    pub fn forget(&self, account: &str) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }

    /// Lets go of addresses and people that have been quiet.
    pub fn forget_quiet(&self) {
        self.by_address.forget_quiet();
        self.guesses.forget_quiet();
        self.links_asked.forget_quiet();
        self.links_used.forget_quiet();
        self.previews.forget_quiet();
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
        assert!(matches!(limits.attempt(one), Err(AppError::TooManyRequests { seconds: 59..=60 })));
        limits.attempt(other).unwrap();
    }

    #[test]
    fn whoever_has_a_network_of_ipv6_has_no_more_attempts_than_others() {
        let limits = LoginLimits::new(50);
        let address = |network: u16, n: u16| IpAddr::from([0x2001, 0xdb8, 0, network, 0, 0, 0, n]);
        for n in 0..50 {
            limits.attempt(address(1, n)).unwrap();
        }
        assert!(matches!(limits.attempt(address(1, 50)), Err(AppError::TooManyRequests { seconds: 59..=60 })));
        limits.attempt(address(2, 1)).unwrap();
        for n in 0..50 {
            limits.ask_for_link(address(1, n)).unwrap();
        }
        assert!(limits.ask_for_link(address(1, 50)).is_err());
        for n in 0..u16::try_from(LINK_USES_PER_MINUTE).unwrap() {
            limits.use_link(address(1, n)).unwrap();
        }
        assert!(limits.use_link(address(1, 999)).is_err());
    }

    #[test]
    fn failures_slow_an_account_down_but_never_lock_it() {
        let limits = LoginLimits::new(50);
        for _ in 0..=FREE_FAILURES {
            assert_eq!(limits.try_account("ana"), Duration::ZERO);
        }
        assert_eq!(limits.try_account("ana"), Duration::from_millis(250));
        for _ in 0..100 {
            limits.try_account("ana");
        }
        assert_eq!(limits.try_account("ana"), LONGEST_PAUSE);
        assert_eq!(limits.try_account("luis"), Duration::ZERO);
        limits.forget("ana");
        assert_eq!(limits.try_account("ana"), Duration::ZERO);
    }
}
