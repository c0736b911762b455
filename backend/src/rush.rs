//! Whether much comes in at the moment: what works with much memory waits until it is over.
//!
//! A file that comes as fast as a local network brings it holds nearly a megabyte until it is written: what was read of the
//! network, what was read of the form, what is gathered for the disk. Fifty of them hold 40 MB, and a large photograph that is
//! decoded meanwhile 72 MB more. So it waits, for these are over soon; slow ones hold next to nothing and nobody waits for them.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep};

/// What is counted together.
const SPAN: Duration = Duration::from_millis(500);
/// So much in one span is a rush, in bytes: more than one file, so that whoever sends one alone does not wait.
const MUCH: u64 = 32 * 1024 * 1024;
/// So long after it what was held may not be given back yet: mimalloc does so after a second.
const AFTER: Duration = Duration::from_millis(1200);
/// How often is looked whether it is over.
const OFTEN: Duration = Duration::from_millis(50);

static NOW: Mutex<Rush> = Mutex::new(Rush { since: None, bytes: 0, last: None });

/// What has come of late.
#[derive(Debug)]
struct Rush {
    /// When the span began that is being counted.
    since: Option<Instant>,
    /// What has come in it.
    bytes: u64,
    /// When there was a rush last.
    last: Option<Instant>,
}

impl Rush {
    fn note(&mut self, bytes: u64, now: Instant) {
        if self.since.is_none_or(|since| now.duration_since(since) > SPAN) {
            (self.since, self.bytes) = (Some(now), 0);
        }
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MUCH {
            self.last = Some(now);
        }
    }

    fn is_over(&self, now: Instant) -> bool {
        self.last.is_none_or(|last| now.duration_since(last) > AFTER)
    }
}

/// So many bytes came in.
pub fn note(bytes: usize) {
    NOW.lock().unwrap_or_else(PoisonError::into_inner).note(bytes as u64, Instant::now());
}

/// Waits until it is over, or for so long.
pub async fn over(most: Duration) {
    let patience = Instant::now() + most;
    loop {
        let now = Instant::now();
        if now >= patience || NOW.lock().unwrap_or_else(PoisonError::into_inner).is_over(now) {
            return;
        }
        sleep(OFTEN).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(bytes: &[u64], each: Duration) -> (Rush, Instant) {
        let mut rush = Rush { since: None, bytes: 0, last: None };
        let mut now = Instant::now();
        for &bytes in bytes {
            now += each;
            rush.note(bytes, now);
        }
        (rush, now)
    }

    #[test]
    fn much_in_a_short_time_is_a_rush_for_a_while() {
        let (rush, now) = after(&[MUCH / 2; 3], SPAN / 10);
        assert!(!rush.is_over(now));
        assert!(!rush.is_over(now + AFTER));
        assert!(rush.is_over(now + AFTER + OFTEN));
    }

    #[test]
    fn the_same_slowly_is_none() {
        let (rush, now) = after(&[MUCH / 2; 30], SPAN * 2);
        assert!(rush.is_over(now));
    }
}
