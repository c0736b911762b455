//! The choice of several states.

use leptos::prelude::*;
use shared::tickets::Status;

use super::filters::{Filters, States, View};
use crate::{
    i18n::{t_string, use_i18n},
    tickets::words,
    ui::{StatusMark, filter::PillSheet},
};

/// A pill that opens a sheet with one box for each state.
#[component]
pub fn StateFilter(
    /// What the address bar asks for.
    filters: Memo<Filters>,
    /// Takes the filters to be.
    change: Callback<Filters>,
) -> impl IntoView {
    let i18n = use_i18n();
    // The quick views say their states themselves.
    let chosen = move || {
        filters.with(|filters| match &filters.states {
            States::Only(set) if View::of(filters).is_none() => Some(set.clone()),
            _ => None,
        })
    };
    let text = move || match chosen() {
        Some(set) => set.into_iter().map(|status| words::status(i18n, status)).collect::<Vec<_>>().join(", "),
        None => t_string!(i18n, tickets.list.state).to_owned(),
    };
    view! {
        <PillSheet
            label=Signal::derive(move || t_string!(i18n, tickets.list.state).to_owned())
            text=Signal::derive(text)
            on=Signal::derive(move || chosen().is_some())
        >
            {Status::ALL.iter().map(|&status| view! { <StateBox status filters change/> }).collect_view()}
        </PillSheet>
    }
    .into_any()
}

/// The box of one state.
#[component]
fn StateBox(
    /// The state.
    status: Status,
    /// What the address bar asks for.
    filters: Memo<Filters>,
    /// Takes the filters to be.
    change: Callback<Filters>,
) -> impl IntoView {
    let i18n = use_i18n();
    let checked = move || filters.with(|filters| filters.states.contains(status));
    let toggle = move |_| {
        let filters = filters.get_untracked();
        let states = filters.states.toggled(status);
        change.run(Filters { states, ..filters });
    };
    view! {
        <label>
            <input type="checkbox" prop:checked=checked on:change=toggle/>
            <span aria-hidden="true"><StatusMark status/></span>
            {move || words::status(i18n, status)}
        </label>
    }
}
