//! A choice of one among a few.

use leptos::prelude::*;
use shared::problem::FieldCode;

use super::field::{FieldLabel, FieldNote, is_wrong};
use super::filter::Caret;
use super::fresh_id;

/// A choice of one; `options` are pairs of value and words.
#[component]
pub fn Select(
    /// The words over it.
    #[prop(into)]
    label: TextProp,
    /// The value chosen.
    value: RwSignal<String>,
    /// Value and words of each choice.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// What is wrong with it.
    #[prop(optional, into)]
    errors: Signal<Vec<FieldCode>>,
    /// What else is wrong with it, in words.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: TextProp,
    /// The name, for tests.
    #[prop(optional)]
    name: &'static str,
    /// Whether it may be left empty, and says so.
    #[prop(optional)]
    optional: bool,
    /// Whether it cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Told of the value the person chose.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let id = fresh_id("field");
    let note = format!("{id}-note");
    let choose = move |chosen: String| {
        value.set(chosen.clone());
        if let Some(on_change) = on_change {
            on_change.run(chosen);
        }
    };
    view! {
        <div class="field">
            <FieldLabel field=id.clone() label optional/>
            <span class="select-box">
                <select
                    class="field-input field-select"
                    id=id
                    name=name
                    disabled=disabled
                    aria-invalid=move || is_wrong(errors, error).then_some("true")
                    aria-describedby=note.clone()
                    on:change:target=move |event| choose(event.target().value())
                >
                    {move || options.get().into_iter().map(|(key, words)| {
                        let this = key.clone();
                        view! { <option value=key prop:selected=move || value.with(|value| *value == this)>{words}</option> }
                    }).collect_view()}
                </select>
                <Caret/>
            </span>
            <FieldNote id=note hint errors error/>
        </div>
    }
}
