//! What narrows a list: choices that look like pills, and a field for words.

mod find;
mod sheet;

use leptos::prelude::*;

pub use find::FindBox;
pub use sheet::PillSheet;

/// The mark of something that opens.
#[component]
pub fn Caret() -> impl IntoView {
    view! {
        <svg class="caret" viewBox="0 0 8 8" aria-hidden="true" fill="currentColor"><path d="M0 2h8L4 7z"></path></svg>
    }
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PillOption {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub text: String,
}

impl PillOption {
    /// A thing to choose.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into() }
    }
}

/// A pill to choose with, marked while something is chosen: the browser's own select, so that keyboard, phone and screen
/// reader know it.
#[component]
pub fn PillSelect(
    /// What it is for.
    #[prop(into)]
    label: Signal<String>,
    /// What can be chosen; the empty value stands for nothing.
    #[prop(into)]
    options: Signal<Vec<PillOption>>,
    /// What is chosen.
    #[prop(into)]
    value: Signal<Option<String>>,
    /// Takes the choice.
    #[prop(into)]
    on_change: Callback<String>,
    /// Without a border, never marked.
    #[prop(optional)]
    plain: bool,
) -> impl IntoView {
    let class = move || match (plain, value.with(Option::is_some)) {
        (true, _) => "pill plain",
        (false, true) => "pill on",
        (false, false) => "pill",
    };
    let option = move |option: PillOption| {
        let PillOption { value: own, text } = option;
        let shown = own.clone();
        let chosen = move || value.with(|value| value.as_deref().unwrap_or_default() == own);
        view! { <option value=shown prop:selected=chosen>{text}</option> }
    };
    view! {
        <span class="pill-select">
            <select
                class=class
                aria-label=move || label.get()
                on:change=move |event| on_change.run(event_target_value(&event))
            >
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
            <Caret/>
        </span>
    }
    .into_any()
}
