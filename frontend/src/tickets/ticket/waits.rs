//! What the answer box says of what waits in it for the line.

#![allow(clippy::large_types_passed_by_value, reason = "a handle of many handles is copied like any other")]

use leptos::prelude::*;

use super::{later, writing::Writing};
use crate::{
    hand_on::HandOn,
    i18n::{t, t_string},
};

/// Says that what is in the box waits for the line, and lets it be taken back; and that it has come, once it has.
#[component]
pub fn Waits(
    /// The box.
    writing: Writing,
) -> impl IntoView {
    let i18n = writing.state.i18n;
    let take_back = move |_| {
        later::take_back(&writing);
        writing.pressed.set(None);
        writing.focus();
    };
    view! {
        <Show when=move || writing.waits.get()>
            <p class="draft-line" role="alert">
                {t!(i18n, conversation.later.waits)}
                <button type="button" class="quiet-link" on:click=take_back>
                    {t!(i18n, conversation.later.take_back)}
                </button>
                <HandOn within=".draft-line" to="#write-text"/>
            </p>
            {move || writing.pressed.get().map(|words| view! { <p class="draft-line" role="alert">{words}</p> })}
        </Show>
        <Came writing/>
    }
    .into_any()
}

/// Tells that what waited has come: the line goes, and nobody pressed anything.
#[component]
fn Came(
    /// The box.
    writing: Writing,
) -> impl IntoView {
    let i18n = writing.state.i18n;
    let came = RwSignal::new(false);
    Effect::new(move |before: Option<(bool, bool)>| {
        let (note, waits) = (writing.note.get(), writing.waits.get());
        // What comes leaves an empty box; what is taken back does not.
        let is_done = before == Some((note, true)) && !waits;
        came.set(is_done && writing.text().with_untracked(String::is_empty));
        (note, waits)
    });
    let words = move || came.get().then(|| t_string!(i18n, conversation.later.sent, id = writing.state.id.to_string()));
    view! { <p class="visually-hidden" role="status">{words}</p> }.into_any()
}
