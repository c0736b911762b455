//! How fast a client may send.

use std::time::Instant;

/// Frames a second, for as long as it likes.
const A_SECOND: f64 = 50.0;
/// Frames at once.
const AT_ONCE: f64 = 100.0;

/// What a connection may still send (a token bucket).
#[derive(Debug)]
pub struct Rate {
    left: f64,
    at: Instant,
}

impl Rate {
    /// Nothing was sent yet.
    pub fn new(now: Instant) -> Self {
        Self { left: AT_ONCE, at: now }
    }

    /// Counts a frame; whether it may still be sent.
    pub fn takes(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.left = (self.left + passed * A_SECOND).min(AT_ONCE) - 1.0;
        self.left >= 0.0
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_hundred_at_once_then_fifty_a_second() {
        let began = Instant::now();
        let mut rate = Rate::new(began);
        assert!((0..100).all(|_| rate.takes(began)));
        assert!(!rate.takes(began));
        let mut rate = Rate::new(began);
        // Fifty a second, for a minute.
        assert!((1..=3_000).all(|n| rate.takes(began + Duration::from_millis(20) * n)));
        let mut rate = Rate::new(began);
        assert!(!(1..=3_000).all(|n| rate.takes(began + Duration::from_millis(15) * n)));
    }
}
