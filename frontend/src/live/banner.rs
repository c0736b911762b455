//! A quiet line while the desk cannot be reached: what is shown may be old, and what is written is kept.

use std::time::Duration;

use leptos::prelude::*;

use super::{Line, use_live};
use crate::{
    browser,
    i18n::{t, use_i18n},
    ui::{Icon, Symbol},
};

/// A line that comes back sooner is not worth a word.
const PATIENCE: Duration = Duration::from_secs(2);

/// The banner.
#[component]
pub fn OfflineBanner() -> impl IntoView {
    let i18n = use_i18n();
    let line = use_live().line();
    let shown = RwSignal::new(false);
    Effect::new(move || match line.get() {
        Line::Offline { since } => {
            let left = (since + PATIENCE.as_secs_f64() * 1_000.0 - browser::now()).max(0.0);
            let look = move || {
                if matches!(line.try_get_untracked(), Some(Line::Offline { .. })) {
                    shown.try_set(true);
                }
            };
            set_timeout(look, Duration::from_secs_f64(left / 1_000.0));
        }
        Line::Connecting | Line::Online => shown.set(false),
    });
    view! {
        <div class="offline-banner" role="status" aria-live="polite" class:is-shown=move || shown.get()>
            <Show when=move || shown.get()>
                <Icon symbol=Symbol::Offline/>
                <span>
                    <strong>{t!(i18n, live.offline_title)}</strong>
                    <span class="offline-more">" "{t!(i18n, live.offline_text)}</span>
                </span>
            </Show>
        </div>
    }
}
