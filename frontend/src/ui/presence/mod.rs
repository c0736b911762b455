//! Whether somebody is there, as a dot: full, half or hollow, and in words for who cannot see it.

use leptos::prelude::*;
use shared::live::PresenceState;

use crate::i18n::{t_string, use_i18n};

/// The dot of a state.
#[component]
pub fn PresenceMark(
    /// The state.
    #[prop(into)]
    state: Signal<PresenceState>,
) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || match state.get() {
        PresenceState::Online => t_string!(i18n, live.presence.online),
        PresenceState::Away => t_string!(i18n, live.presence.away),
        PresenceState::Offline => t_string!(i18n, live.presence.offline),
    };
    let class = move || match state.get() {
        PresenceState::Online => "presence-dot is-online",
        PresenceState::Away => "presence-dot is-away",
        PresenceState::Offline => "presence-dot",
    };
    view! { <span class=class role="img" aria-label=words title=words></span> }
}
