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
    /// Whether the time of day is told too once it is a date: where things of one day follow each other.
    #[prop(optional)]
    clock: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let now = use_context::<Now>();
    let text = move || {
        // A moment that is newer than the page's last look at the clock counts as now.
        let tick = now.map_or_else(browser::now, |Now(now)| now.get());
        let locale = i18n.get_locale();
        if clock { time::relative_with_clock(locale, at, tick) } else { time::relative(locale, at, tick) }
    };
    view! {
        <time class="relative-time" datetime=time::machine(at) title=move || time::full(i18n.get_locale(), at)>{text}</time>
    }
}
