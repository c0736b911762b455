//! How long the session still lasts: arithmetic on this machine's clock, without signals or timers.

use serde::{Deserialize, Serialize};
use shared::session::{SessionInfo, SessionMode};

/// The most a warning comes before the end, in milliseconds.
const WARNING_MS: f64 = 60_000.0;

/// When the session ends, by this machine's clock, and how long it lasts from a deliberate request.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Countdown {
    /// The end, in milliseconds since 1970.
    pub deadline: f64,
    /// The whole length, in milliseconds.
    pub total: f64,
    /// How it ends.
    pub mode: SessionMode,
}

impl Countdown {
    /// Reads a countdown off an answer that came at `now`. The server's clock may differ from this machine's: only the
    /// distance between its two times counts. `total` is the length if it is known from before.
    #[allow(clippy::cast_precision_loss, reason = "a session is not 285 000 years long")]
    pub fn from_info(info: &SessionInfo, now: f64, total: Option<f64>) -> Self {
        let left = (info.expires_at - info.now).num_milliseconds().max(0) as f64;
        Self { deadline: now + left, total: total.unwrap_or(left).max(left), mode: info.mode }
    }

    /// What is left, in milliseconds; never negative.
    pub fn left(&self, now: f64) -> f64 {
        (self.deadline - now).max(0.0)
    }

    /// Whether it has ended.
    pub fn is_over(&self, now: f64) -> bool {
        now >= self.deadline
    }

    /// Whether it is time to warn: the last minute, or the last half of a session shorter than two.
    pub fn is_warning(&self, now: f64) -> bool {
        self.left(now) <= WARNING_MS.min(self.total / 2.0)
    }

    /// The countdown after a deliberate request sent at `sent`. Never shortens; an absolute session does not move.
    #[must_use]
    pub fn after_request(self, sent: f64) -> Self {
        match self.mode {
            SessionMode::Strict => Self { deadline: self.deadline.max(sent + self.total), ..self },
            SessionMode::Absolute => self,
        }
    }

    /// What is left as `m:ss`, rounded up so that `0:00` is never shown while it lasts. Read against a clock that was
    /// looked at before the last extension, it does not show more than the whole.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "never negative, and small")]
    pub fn clock(&self, now: f64) -> String {
        let seconds = (self.left(now).min(self.total) / 1000.0).ceil() as u64;
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }
}
