//! What a person wrote on a ticket that does not open for them any more.

use leptos::{prelude::*, task::spawn_local};
use shared::ids::TicketId;

use super::{BACK, attempt, writing::draft_key};
use crate::{
    browser,
    drafts::{forget_draft, kept_draft},
    i18n::{I18n, t, tu_string, use_i18n},
    ui::use_toasts,
};

/// So much of a text is enough to know it by, in characters.
const KNOWN_BY: usize = 60;

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

/// Copies a text; where the browser does not let a page do so, the person reads all of it.
fn copy(i18n: I18n, text: String) {
    spawn_local(async move {
        if browser::copy(&text).await {
            use_toasts().success(tu_string!(i18n, conversation.later.copied));
        } else {
            use_toasts().error(format!("{} {text}", tu_string!(i18n, conversation.later.not_copied)));
        }
    });
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
    use super::*;

    #[test]
    fn a_text_is_known_by_its_beginning() {
        assert_eq!(beginning(" Voy \n"), "Voy");
        let long = "ñ".repeat(KNOWN_BY);
        assert_eq!(beginning(&long), long);
        assert_eq!(beginning(&format!("{long}a")), format!("{long}…"));
    }
}
