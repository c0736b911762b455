//! What the tabs of one browser tell each other about the session, through `localStorage`: an extension in one tab is
//! noticed in all, and so is the end.

use serde::{Deserialize, Serialize};
use shared::ids::UserId;

use super::{Countdown, EndReason};
use crate::browser;

/// The key under `localStorage`.
pub const KEY: &str = "turno.session";

/// What is shared. It holds nothing that would let anyone in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Shared {
    /// Somebody is logged in.
    Live {
        /// Who.
        user_id: UserId,
        /// Tells one login from the next.
        stamp: f64,
        /// Until when.
        countdown: Countdown,
    },
    /// The session ended.
    Ended {
        /// Why.
        reason: EndReason,
    },
}

/// What the tabs know, if anything.
pub fn read() -> Option<Shared> {
    browser::local_get(KEY).and_then(|text| parse(&text))
}

/// What a storage event says.
pub fn parse(text: &str) -> Option<Shared> {
    serde_json::from_str(text).ok()
}

/// Tells the other tabs.
pub fn write(shared: &Shared) {
    if let Ok(text) = serde_json::to_string(shared) {
        browser::local_set(KEY, &text);
    }
}
