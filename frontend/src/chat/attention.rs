//! Whether the person looks at this tab.

use std::time::Duration;

use leptos::{ev, prelude::*};

use crate::lasting::lasting;

thread_local! {
    static ROOT: (Owner, RwSignal<bool>) = lasting(|| {
        let attentive = RwSignal::new(looks());
        let follow = move || {
            // Which window has the focus is settled only after the event.
            set_timeout(
                move || {
                    if attentive.get_untracked() != looks() {
                        attentive.set(looks());
                    }
                },
                Duration::ZERO,
            );
        };
        _ = window_event_listener(ev::focus, move |_| follow());
        _ = window_event_listener(ev::blur, move |_| follow());
        _ = window_event_listener(ev::visibilitychange, move |_| follow());
        attentive
    });
}

/// Whether this tab is in front and has the focus. Only what is then on the screen counts as read.
pub fn attentive() -> RwSignal<bool> {
    ROOT.with(|(_, attentive)| *attentive)
}

fn looks() -> bool {
    !document().hidden() && document().has_focus().unwrap_or(false)
}
