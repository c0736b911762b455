//! What a person wrote on a ticket that does not open for them any more.

use std::cell::Cell;

use leptos::{prelude::*, task::spawn_local};
use shared::ids::TicketId;

use super::{BACK, attempt, writing::draft_key};
use crate::{
    browser,
    drafts::{forget_draft, kept_draft},
    i18n::{I18n, t, t_string, tu_string, use_i18n},
    ui::{Button, Dialog, use_toasts},
};

/// So much of a text is enough to know it by, in characters.
const KNOWN_BY: usize = 60;

thread_local! {
    /// What the dialog of the page shows that has a text to be copied by hand, or the last there was.
    static BY_HAND: Cell<Option<RwSignal<Option<String>>>> = const { Cell::new(None) };
}

/// Offers a text that was not sent and that no box can show again, wherever the person is by now.
pub fn hand_out(i18n: I18n, ticket: TicketId, text: &str) {
    let (id, whole) = (ticket.to_string(), text.to_owned());
    let said = tu_string!(i18n, conversation.later.out_of_reach, id = id, text = beginning(text));
    let label = tu_string!(i18n, conversation.later.copy);
    use_toasts().invite(said, label, move || copy(i18n, whole.clone()));
}

/// The beginning of a text.
fn beginning(text: &str) -> String {
    let mut short: String = text.trim().chars().take(KNOWN_BY).collect();
    if short.len() < text.trim().len() {
        short.push('…');
    }
    short
}

/// Copies a text; where the browser does not let a page do so, as over plain HTTP, the person does it from a dialog.
fn copy(i18n: I18n, text: String) {
    spawn_local(async move {
        if browser::copy(&text).await {
            use_toasts().success(tu_string!(i18n, conversation.later.copied));
        } else if let Some(by_hand) = BY_HAND.get() {
            let _ = by_hand.try_set(Some(text));
        }
    });
}

/// A text that the browser did not let the page copy, whatever page that is: all of it, and chosen already. It goes with the
/// session, so that nobody else meets it.
#[component]
pub fn CopyByHand() -> impl IntoView {
    let i18n = use_i18n();
    let text = RwSignal::new(None::<String>);
    BY_HAND.set(Some(text));
    let close = move || text.set(None);
    view! {
        <Dialog
            open=Signal::derive(move || text.with(Option::is_some))
            title=move || t_string!(i18n, conversation.later.copy)
            on_close=move |()| close()
        >
            <label class="lost-words">
                <span>{t!(i18n, conversation.later.not_copied)}</span>
                <textarea
                    class="plain"
                    readonly
                    rows="6"
                    autofocus=true
                    prop:value=move || text.get().unwrap_or_default()
                    on:focus:target=move |event| event.target().select()
                ></textarea>
            </label>
            <div class="dialog-foot">
                <Button on_click=move |_| close()>{t!(i18n, common.close)}</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// What was begun on a ticket that is not there, to be copied or discarded.
#[component]
pub fn Left(
    /// The ticket's number.
    ticket: TicketId,
) -> impl IntoView {
    let i18n = use_i18n();
    let drafts = [false, true].map(|note| kept_draft(draft_key(ticket, note)));
    let begun = drafts.into_iter().filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("\n\n");
    let words = RwSignal::new(begun);
    let discard = move |_| {
        for note in [false, true] {
            forget_draft(draft_key(ticket, note));
            attempt::forget(ticket, note);
        }
        words.set(String::new());
        browser::focus_id(BACK);
    };
    view! {
        <Show when=move || words.with(|words| !words.is_empty())>
            <div class="left-words">
                <label class="lost-words">
                    <span>{t!(i18n, conversation.later.left)}</span>
                    <textarea class="plain" readonly rows="4">{words.get_untracked()}</textarea>
                </label>
                <div class="left-acts">
                    <button type="button" class="btn btn-secondary" on:click=move |_| copy(i18n, words.get_untracked())>
                        {t!(i18n, conversation.later.copy)}
                    </button>
                    <button type="button" class="btn btn-quiet" on:click=discard>
                        {t!(i18n, conversation.later.discard)}
                    </button>
                </div>
            </div>
        </Show>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_text_is_known_by_its_beginning() {
        assert_eq!(beginning(" Voy \n"), "Voy");
        let long = "ñ".repeat(KNOWN_BY);
        assert_eq!(beginning(&long), long);
        assert_eq!(beginning(&format!("{long}a")), format!("{long}…"));
    }
}
