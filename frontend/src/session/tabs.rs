//! What the tabs of one browser tell each other about the session, through `localStorage`: an extension in one tab is
//! noticed in all, and so is the end.

use serde::{Deserialize, Serialize};
use shared::ids::UserId;

use super::{Countdown, EndReason};
use crate::{browser, drafts};

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
        /// Whose it was, where that is known: a tab that sleeps, or whose page is gone, still has what they wrote.
        #[serde(default)]
        user_id: Option<UserId>,
    },
}

impl Shared {
    /// Who logged out, when that is what it says.
    pub fn who_left(self) -> Option<UserId> {
        match self {
            Self::Ended { reason: EndReason::LoggedOut, user_id } => user_id,
            Self::Ended { .. } | Self::Live { .. } => None,
        }
    }
}

/// What the tabs know, if anything.
pub fn read() -> Option<Shared> {
    browser::local_get(KEY).and_then(|text| parse(&text))
}

/// Whether this browser knows that nobody is logged in, so that the server need not be asked: it writes down who is, and
/// until when. One that keeps nothing knows nothing.
pub fn nobody_is_in() -> bool {
    !matches!(read(), Some(Shared::Live { .. })) && browser::local_works()
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

/// Forgets what somebody wrote in this tab who logged out in another: while this one slept, was not there, or had seen
/// their session end by itself.
pub fn forget_who_left(news: Option<Shared>) {
    if let Some(user) = news.and_then(Shared::who_left) {
        drafts::forget(user);
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn only_who_logged_out_has_left() {
        let ended = |reason| Shared::Ended { reason, user_id: Some(UserId(7)) };
        let told = |shared: Shared| serde_json::to_string(&shared).ok().and_then(|text| parse(&text)).unwrap();
        assert_eq!(told(ended(EndReason::LoggedOut)).who_left(), Some(UserId(7)));
        assert_eq!(told(ended(EndReason::Expired)).who_left(), None);
        // As another version of this page wrote it.
        let before = parse(r#"{"state":"ended","reason":"logged_out"}"#).unwrap();
        assert_eq!(before.who_left(), None);
    }
}
