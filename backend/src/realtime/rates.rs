//! How fast a client may send.

use std::time::{Duration, Instant};

/// What may be sent: so much a second for as long as somebody likes, and so much at once.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    a_second: f64,
    at_once: f64,
}

/// Frames of a connection; whoever sends more is closed.
pub const FRAMES: Limit = Limit { a_second: 50.0, at_once: 100.0 };
/// What a person tells others in passing (there or away, writing, which ticket they look at), through all their connections.
/// Each is passed on to many, so that more of them wait. What a page sends for a person is far less.
pub const PASSING: Limit = Limit { a_second: 10.0, at_once: 40.0 };

/// What may still be sent (a token bucket).
#[derive(Debug)]
pub struct Rate {
    limit: Limit,
    left: f64,
    at: Instant,
}

impl Rate {
    /// Nothing was sent yet.
    pub fn new(limit: Limit, now: Instant) -> Self {
        Self { limit, left: limit.at_once, at: now }
    }

    /// Counts a frame; whether it may still be sent.
    pub fn takes(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.left = (self.left + passed * self.limit.a_second).min(self.limit.at_once) - 1.0;
        self.left >= 0.0
    }

    /// Counts a frame; how long it has to wait until it may be sent.
    pub fn wait(&mut self, now: Instant) -> Duration {
        if self.takes(now) { Duration::ZERO } else { Duration::from_secs_f64(-self.left / self.limit.a_second) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_at_once_then_fifty_a_second() {
        let began = Instant::now();
        let mut rate = Rate::new(FRAMES, began);
        assert!((0..100).all(|_| rate.takes(began)));
        assert!(!rate.takes(began));
        let mut rate = Rate::new(FRAMES, began);
        // Fifty a second, for a minute.
        assert!((1..=3_000).all(|n| rate.takes(began + Duration::from_millis(20) * n)));
        let mut rate = Rate::new(FRAMES, began);
        assert!(!(1..=3_000).all(|n| rate.takes(began + Duration::from_millis(15) * n)));
    }
    #[test]
    fn what_is_told_in_passing_waits_for_its_turn() {
        let began = Instant::now();
        let mut rate = Rate::new(PASSING, began);
        assert!((0..40).all(|_| rate.wait(began).is_zero()));
        assert_eq!(rate.wait(began), Duration::from_millis(100));
        // Whoever waits stands behind those who wait already.
        assert_eq!(rate.wait(began), Duration::from_millis(200));
        assert!(rate.wait(began + Duration::from_millis(300)).is_zero());
    }
}
