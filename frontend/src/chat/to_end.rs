//! The way to the last message, when it is out of sight, and how many came below.

use leptos::prelude::*;
use shared::{
    chat::Message,
    ids::{MessageId, UserId},
};

use super::pane::Pane;
use crate::{
    i18n::{t_count, t_string},
    ui::{Icon, Symbol},
};

/// How many of somebody's messages follow one; all of them where there is none before. What is counted is what is there: of
/// many that come at once none is left out.
fn after(messages: &[Message], peer: UserId, last: Option<MessageId>) -> usize {
    let came = |message: &&Message| message.from_id == peer && message.deleted_at.is_none();
    messages.iter().rev().take_while(|message| Some(message.id) > last).filter(came).count()
}

/// The way to the last message, when it is out of sight.
#[component]
pub fn ToEnd(
    /// The conversation.
    pane: Pane,
) -> impl IntoView {
    let (i18n, thread) = (pane.i18n, pane.thread);
    // The last message that was in sight.
    let seen = RwSignal::new(None::<MessageId>);
    Effect::new(move || {
        let last = thread.run.with(|run| run.items().last().map(|message| message.id));
        if pane.at_end.get() {
            seen.set(last);
        }
    });
    let below = Memo::new(move |_| {
        if pane.at_end.get() { 0 } else { thread.run.with(|run| after(run.items(), thread.peer, seen.get())) }
    });
    let label = move || match below.get() {
        0 => t_string!(i18n, chat.to_end).to_owned(),
        count => t_count!(i18n, count, chat.to_end_unread, count = count),
    };
    view! {
        <Show when=move || !pane.at_end.get()>
            <button type="button" class="chat-to-end" aria-label=label title=label on:click=move |_| {
                pane.to_end();
                pane.focus();
            }>
                <Icon symbol=Symbol::Down/>
                {move || (below.get() > 0).then(|| view! { <span class="count" aria-hidden="true">{below.get()}</span> })}
            </button>
        </Show>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{
        super::run::tests::{ANA, LUIS, message},
        *,
    };

    #[wasm_bindgen_test(unsupported = test)]
    fn all_that_came_at_once_are_counted_and_ones_own_are_not() {
        let messages = [message(1, LUIS), message(2, LUIS), message(3, ANA), message(4, LUIS), message(5, LUIS)];
        assert_eq!(after(&messages, LUIS, Some(MessageId(2))), 2);
        assert_eq!(after(&messages, LUIS, Some(MessageId(5))), 0);
        assert_eq!(after(&messages, LUIS, None), 4);
    }
}
