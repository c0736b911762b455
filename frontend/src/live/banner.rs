//! A quiet line while the desk cannot be reached: what is shown may be old, and what is written is kept. Whoever hears the page
//! is told of its end, too.

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
/// So long it stands there, for those who hear the page, that there is a line again.
const TOLD: Duration = Duration::from_secs(10);

/// The banner.
#[component]
pub fn OfflineBanner() -> impl IntoView {
    let i18n = use_i18n();
    let line = use_live().line();
    let shown = RwSignal::new(false);
    let back = RwSignal::new(false);
    Effect::new(move || match line.get() {
        Line::Offline { since } => {
            let left = (since + PATIENCE.as_secs_f64() * 1_000.0 - browser::now()).max(0.0);
            let look = move || {
                if matches!(line.try_get_untracked(), Some(Line::Offline { .. })) {
                    back.try_set(false);
                    shown.try_set(true);
                }
            };
            set_timeout(look, Duration::from_secs_f64(left / 1_000.0));
        }
        Line::Online if shown.get_untracked() => {
            shown.set(false);
            back.set(true);
            let quieten = move || {
                back.try_set(false);
            };
            set_timeout(quieten, TOLD);
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
            <Show when=move || back.get()>
                <span class="visually-hidden">{t!(i18n, live.online_again)}</span>
            </Show>
        </div>
    }
}
