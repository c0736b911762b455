//! Bars that lie.

use leptos::prelude::*;

use super::{Moving, Slice, mark, percent, settled, step, sum};
use crate::{i18n::use_i18n, time};

/// One bar for each slice, as long as it is large; its name before it and its number behind.
#[component]
pub fn Bars(
    /// What it compares.
    #[prop(into)]
    label: Signal<String>,
    /// The slices, in their order.
    #[prop(into)]
    slices: Signal<Vec<Slice>>,
) -> impl IntoView {
    let keys = Memo::new(move |before: Option<&Vec<String>>| slices.with(|slices| settled(before, slices)));
    let whole = Memo::new(move |_| slices.with(|slices| sum(slices)));
    let most = Memo::new(move |_| slices.with(|slices| slices.iter().map(|slice| slice.value).max().unwrap_or(0)));
    view! {
        <ul class="bars" aria-label=move || label.get() on:keydown=move |event| step(&event)>
            <For each=move || keys.get() key=Clone::clone let:key>
                <li>{bar(key, slices, most, whole)}</li>
            </For>
        </ul>
    }
    .into_any()
}

fn bar(key: String, slices: Signal<Vec<Slice>>, most: Memo<i64>, whole: Memo<i64>) -> AnyView {
    let i18n = use_i18n();
    let slice = Memo::new(move |_| slices.with(|slices| slices.iter().find(|slice| slice.key == key).cloned()));
    let of = move |read: fn(&Slice) -> String| slice.with(|slice| slice.as_ref().map(read).unwrap_or_default());
    let value = Memo::new(move |_| slice.with(|slice| slice.as_ref().map_or(0, |slice| slice.value)));
    let sign = Memo::new(move |_| slice.with(|slice| slice.as_ref().map(|slice| (slice.sign.clone(), slice.class))));
    let href = Memo::new(move |_| slice.with(|slice| slice.as_ref().and_then(|slice| slice.href.clone())));
    let share = move || time::percent(i18n.get_locale(), percent(value.get(), whole.get()));
    let inside = move || {
        view! {
            <span class="bar-name">
                {move || sign.get().map(|(sign, class)| mark::draw(sign, class))}
                <span class="bar-words">{move || of(|slice| slice.name.clone())}</span>
            </span>
            // Apart for whoever hears them; a grid leaves it out.
            " "
            <svg aria-hidden="true" class=move || {
                slice.with(|slice| format!("bar-track {}", slice.as_ref().map_or("", |slice| slice.class)))
            }>
                <rect width="100%" height="100%" rx="4"></rect>
                <rect class="bar-fill" height="100%" rx="4" style:width=move || format!("{}%", percent(value.get(), most.get()))></rect>
            </svg>
            " "
            <span class="bar-value">
                <Moving text=Signal::derive(move || time::whole(i18n.get_locale(), value.get()))/>
                " "
                <span class="bar-share">{share}</span>
            </span>
        }
    };
    (move || {
        if href.with(Option::is_some) {
            view! { <a class="bar-row" href=move || href.get()>{inside()}</a> }.into_any()
        } else {
            view! { <span class="bar-row">{inside()}</span> }.into_any()
        }
    })
    .into_any()
}
