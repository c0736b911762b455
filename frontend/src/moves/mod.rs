//! What moves by itself: the page reads anew what it shows when the live stream says that something happened to it.
//!
//! Everything is read in the background: what others do never keeps a session alive.

mod gather;

pub use gather::{Gather, Outcome};

use leptos::prelude::*;
use shared::live::{LiveEvent, ServerFrame};

use crate::live::use_live;

/// What the log calls it when the demo is gone: tickets with it, and what its people wrote and were told.
pub const DEMO_REMOVED: &str = "demo_removed";

/// Hears of what happens to tickets, until the owner that calls this is gone; without a ticket of many at once, as when the
/// demo is removed.
pub fn on_ticket_event(heard: impl Fn(&LiveEvent) + 'static) {
    use_live().on_frame(move |frame| {
        if let ServerFrame::Event(event) = frame
            && (event.ticket_id.is_some() || event.kind == DEMO_REMOVED)
        {
            heard(event);
        }
    });
}

/// Stirs when so much was missed that it is no longer told one by one.
pub fn stir_when_resynced(gather: Gather) {
    let resynced = use_live().resynced();
    Effect::new(move |before: Option<u32>| {
        let now = resynced.get();
        if before.is_some_and(|before| before != now) {
            gather.stir();
        }
        now
    });
}

/// Stirs when the person has read something in another tab of this browser.
pub fn stir_when_read_elsewhere(gather: Gather) {
    let read = use_live().read_elsewhere();
    Effect::new(move |before: Option<u32>| {
        let now = read.get();
        if before.is_some_and(|before| before != now) {
            gather.stir();
        }
        now
    });
}

/// Whether the person sees this tab now.
pub fn is_seen() -> bool {
    !document().hidden()
}
