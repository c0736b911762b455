//! The choice of several states.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use shared::tickets::Status;
use wasm_bindgen::JsCast;

use super::filters::{Filters, States, View};
use crate::{
    i18n::{t, t_string, use_i18n},
    tickets::words,
    ui::{StatusMark, filter::Caret},
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
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
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
    // A press on a label gives the focus to whatever around it takes it, before it gives it to the box: that is not
    // leaving.
    let left = move |event: leptos::ev::FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if let (Some(to), Some(root)) = (to, root.get_untracked())
            && !root.contains(Some(&to))
            && !to.contains(Some(&root))
        {
            open.set(false);
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.prevent_default();
            open.set(false);
            if let Some(button) = button.get_untracked() {
                button.focus().ok();
            }
        }
    };
    close_on_press_outside(root, open);
    view! {
        <div class="state-filter" node_ref=root on:focusout=left on:keydown=key>
            <button
                type="button"
                class="pill"
                class:on=move || chosen().is_some()
                node_ref=button
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {text}
                <Caret/>
            </button>
            <Show when=move || open.get()>
                <fieldset class="sheet">
                    <legend>{t!(i18n, tickets.list.state)}</legend>
                    {Status::ALL.iter().map(|&status| view! { <StateBox status filters change/> }).collect_view()}
                </fieldset>
            </Show>
        </div>
    }
    .into_any()
}

fn close_on_press_outside(root: NodeRef<html::Div>, open: RwSignal<bool>) {
    let handle = window_event_listener(leptos::ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let inside = root.get_untracked().is_some_and(|root| target.is_some_and(|target| root.contains(Some(&target))));
        if !inside && open.get_untracked() {
            open.set(false);
        }
    });
    on_cleanup(move || handle.remove());
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
