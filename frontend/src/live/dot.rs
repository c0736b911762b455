//! Whether somebody is there, as a dot beside their picture: full, half or hollow, and in words for who cannot see it.

use leptos::prelude::*;
use shared::{ids::UserId, live::PresenceState};

use super::use_live;
use crate::i18n::{t_string, use_i18n};

/// The dot of a person.
#[component]
pub fn PresenceDot(
    /// Whose.
    user: UserId,
) -> impl IntoView {
    let i18n = use_i18n();
    let state = use_live().presence(user);
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
