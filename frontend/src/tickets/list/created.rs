//! When the tickets of the list were opened: chosen elsewhere, as on the dashboard; here it can be seen, and taken away.

use chrono::TimeDelta;
use leptos::prelude::*;
use leptos_router::components::A;

use super::filters::Filters;
use crate::{
    i18n::{I18n, t_string, use_i18n},
    time,
    ui::{Icon, Symbol},
};

/// The span in which the tickets were opened, when there is one.
#[component]
pub fn Created(
    /// What the address bar asks for.
    filters: Memo<Filters>,
) -> impl IntoView {
    let i18n = use_i18n();
    let words = Memo::new(move |_| filters.with(|filters| words(i18n, filters)));
    let without = move || Filters { created_after: None, created_before: None, ..filters.get() }.to_path();
    view! {
        <Show when=move || words.with(Option::is_some)>
            <A
                href=without
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

fn words(i18n: I18n, filters: &Filters) -> Option<String> {
    let day = |moment| time::day_short(i18n.get_locale(), moment);
    // The end does not count itself: a span that ends at midnight ends the day before.
    let last = |moment| day(moment - TimeDelta::microseconds(1));
    Some(match (filters.created_after, filters.created_before) {
        (None, None) => return None,
        (Some(from), None) => t_string!(i18n, tickets.list.created_since, from = day(from)),
        (None, Some(to)) => t_string!(i18n, tickets.list.created_until, to = last(to)),
        (Some(from), Some(to)) => t_string!(i18n, tickets.list.created_between, from = day(from), to = last(to)),
    })
}
