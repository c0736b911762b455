//! How long ago, in words that keep up.

use std::time::Duration;

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::{browser, i18n::use_i18n, time};

/// The moment the page's times are told from.
#[derive(Debug, Clone, Copy)]
struct Now(RwSignal<f64>);

/// Keeps the page's times up to date. Once, at the root.
pub fn provide_now() {
    let now = RwSignal::new(browser::now());
    set_interval(move || now.set(browser::now()), Duration::from_secs(30));
    provide_context(Now(now));
}

/// A moment as `hace 5 min`; the whole date in its title, the machine's in `datetime`.
#[component]
pub fn RelativeTime(
    /// The moment.
    at: DateTime<Utc>,
) -> impl IntoView {
    let i18n = use_i18n();
    let now = use_context::<Now>();
    let text = move || {
        // A moment that is newer than the page's last look at the clock counts as now.
        let tick = now.map_or_else(browser::now, |Now(now)| now.get());
        time::relative(i18n.get_locale(), at, tick)
    };
    view! {
        <time class="relative-time" datetime=time::machine(at) title=move || time::full(i18n.get_locale(), at)>{text}</time>
    }
}
