//! Yes or no.

use leptos::prelude::*;

use super::{fresh_id, given};

/// A box to tick.
#[component]
pub fn Checkbox(
    /// The words beside it.
    #[prop(into)]
    label: TextProp,
    /// Whether it is ticked.
    checked: RwSignal<bool>,
    /// What to know before ticking.
    #[prop(optional, into)]
    hint: TextProp,
    /// The name, for tests.
    #[prop(optional)]
    name: &'static str,
    /// Whether it cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let id = fresh_id("field");
    let note = format!("{id}-note");
    let hinted = given(&hint);
    view! {
        <div class="check">
            <input
                type="checkbox"
                class="check-box"
                id=id.clone()
                name=name
                disabled=disabled
                aria-describedby=hinted.then(|| note.clone())
                prop:checked=checked
                on:change:target=move |event| checked.set(event.target().checked())
            />
            <label for=id>
                {move || label.get()}
                {hinted.then(|| view! { <span class="field-hint" id=note>{move || hint.get()}</span> })}
            </label>
        </div>
    }
}
