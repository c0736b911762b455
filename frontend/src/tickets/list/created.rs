//! When the tickets of the list were opened, or closed: chosen elsewhere, as on the dashboard; here it is seen, and taken away.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use leptos_router::components::A;

use super::filters::Filters;
use crate::{
    i18n::{I18n, t_string, use_i18n},
    time,
    ui::{Icon, Symbol},
};

/// The spans in which the tickets were opened and closed, where there are any.
#[component]
pub fn Spans(
    /// What the address bar asks for.
    filters: Memo<Filters>,
) -> impl IntoView {
    let i18n = use_i18n();
    let created = Memo::new(move |_| filters.with(|filters| created_words(i18n, filters)));
    let closed = Memo::new(move |_| filters.with(|filters| closed_words(i18n, filters)));
    let uncreated = move || Filters { created_after: None, created_before: None, ..filters.get() }.to_path();
    let unclosed = move || Filters { closed_after: None, closed_before: None, ..filters.get() }.to_path();
    view! {
        <Span words=created without=Signal::derive(uncreated)/>
        <Span words=closed without=Signal::derive(unclosed)/>
    }
    .into_any()
}

/// One span, when there is one.
#[component]
fn Span(
    /// The span.
    words: Memo<Option<String>>,
    /// The list without it.
    without: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || words.with(Option::is_some)>
            <A
                href=move || without.get()
                scroll=false
                attr:class="pill on words"
                attr:aria-label=move || {
                    t_string!(i18n, tickets.list.without_created, words = words.get().unwrap_or_default())
                }
            >
                <span class="word">{move || words.get()}</span>
                <Icon symbol=Symbol::Cross/>
            </A>
        </Show>
    }
    .into_any()
}

fn created_words(i18n: I18n, filters: &Filters) -> Option<String> {
    let (from, to) = days(i18n, filters.created_after, filters.created_before);
    Some(match (from, to) {
        (None, None) => return None,
        (Some(from), None) => t_string!(i18n, tickets.list.created_since, from = from),
        (None, Some(to)) => t_string!(i18n, tickets.list.created_until, to = to),
        (Some(from), Some(to)) => t_string!(i18n, tickets.list.created_between, from = from, to = to),
    })
}

fn closed_words(i18n: I18n, filters: &Filters) -> Option<String> {
    let (from, to) = days(i18n, filters.closed_after, filters.closed_before);
    Some(match (from, to) {
        (None, None) => return None,
        (Some(from), None) => t_string!(i18n, tickets.list.closed_since, from = from),
        (None, Some(to)) => t_string!(i18n, tickets.list.closed_until, to = to),
        (Some(from), Some(to)) => t_string!(i18n, tickets.list.closed_between, from = from, to = to),
    })
}

/// The first day of a span, and its last.
fn days(i18n: I18n, from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>) -> (Option<String>, Option<String>) {
    let day = |moment| time::day_short(i18n.get_locale(), moment);
    // The end does not count itself: a span that ends at midnight ends the day before.
    (from.map(day), to.map(|moment| day(moment - TimeDelta::microseconds(1))))
}
