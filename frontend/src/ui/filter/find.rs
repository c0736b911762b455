//! A field for words to look for.

use std::time::Duration;

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::ui::{Icon, Symbol};

/// How long after the last key the list follows what is typed.
const PAUSE: Duration = Duration::from_millis(300);

/// Words to look for: the list follows as they are typed, the address with it, and Enter does not wait.
#[component]
pub fn FindBox(
    /// What it is for.
    #[prop(into)]
    label: Signal<String>,
    /// The words the address holds.
    #[prop(into)]
    text: Signal<String>,
    /// Takes the words to be.
    #[prop(into)]
    on_text: Callback<String>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let pushed = StoredValue::new(None::<String>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    // What somebody else put into the address comes into the field; what came from the field does not come back.
    Effect::new(move || {
        let text = text.get();
        if pushed.get_value().as_ref() != Some(&text) {
            typed.set(text.clone());
        }
        pushed.set_value(Some(text));
    });
    let push = move || {
        let Some(words) = typed.try_get_untracked().map(|text| text.trim().to_owned()) else { return };
        if pushed.get_value().as_ref() != Some(&words) {
            pushed.set_value(Some(words.clone()));
            on_text.run(words);
        }
    };
    let stop = move || {
        if let Some(handle) = timer.try_get_value().flatten() {
            handle.clear();
        }
    };
    on_cleanup(stop);
    let input = move |event| {
        typed.set(event_target_value(&event));
        stop();
        timer.set_value(set_timeout_with_handle(push, PAUSE).ok());
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            stop();
            push();
        }
    };
    view! {
        <div class="find-here">
            <Icon symbol=Symbol::Search/>
            <input
                type="search"
                aria-label=move || label.get()
                placeholder=move || label.get()
                prop:value=move || typed.get()
                on:input=input
                on:keydown=key
            />
        </div>
    }
    .into_any()
}
