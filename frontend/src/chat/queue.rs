//! What the person has written and what of it is not sent yet, under the messages.

use leptos::prelude::*;

use super::{
    outbox::{Refusal, Waiting},
    pane::Pane,
    state::use_chat,
};
use crate::{
    api::{field_message, problem_message},
    attachments::{ItemRow, chat_outgoing_tray},
    i18n::{I18n, t, t_string},
    live::{Line, use_live},
};

/// The texts and files that are on their way.
#[component]
pub fn Queue(
    /// The conversation.
    pane: Pane,
) -> impl IntoView {
    let (i18n, peer) = (pane.i18n, pane.thread.peer);
    let waiting = Memo::new(move |_| use_chat().waiting_for(peer));
    let files = chat_outgoing_tray(peer);
    view! {
        <Show when=move || waiting.with(|waiting| !waiting.is_empty())>
            <ol class="bubbles waiting" aria-label=move || t_string!(i18n, chat.outbox.label)>
                <For each=move || waiting.get() key=|one| (one.client_id.clone(), one.refused.is_some()) let:one>
                    <Unsent waiting=one pane/>
                </For>
            </ol>
        </Show>
        <Show when=move || !files.is_empty()>
            <ul class="attach-list waiting" aria-label=move || t_string!(i18n, attachments.outgoing)>
                <For each=move || files.items() key=|item| item.id let:item>
                    <ItemRow item tray=files home=super::compose::pick_id(peer)/>
                </For>
            </ul>
        </Show>
    }
    .into_any()
}

/// One text: on its way, or refused.
#[component]
fn Unsent(waiting: Waiting, pane: Pane) -> impl IntoView {
    let i18n = pane.i18n;
    let line = use_live().line();
    let Waiting { client_id, body, refused, kept, .. } = waiting;
    let (again, away) = (client_id.clone(), client_id);
    let foot = match refused {
        None => {
            let words = move || {
                if matches!(line.get(), Line::Offline { .. }) {
                    t_string!(i18n, chat.outbox.offline)
                } else {
                    t_string!(i18n, chat.outbox.sending)
                }
            };
            view! {
                <span class="bubble-meta">
                    {words}
                    {(!kept).then(|| view! { "\u{a0}· " {t!(i18n, chat.outbox.only_here)} })}
                </span>
            }
            .into_any()
        }
        Some(refusal) => view! {
            <span class="bubble-meta refused" role="alert">
                {t!(i18n, chat.outbox.refused)} " " {move || reason(i18n, refusal)} " "
                <button type="button" class="quiet-link" on:click=move |_| use_chat().retry(&again)>
                    {t!(i18n, chat.outbox.retry)}
                </button>
                <button type="button" class="quiet-link" on:click=move |_| {
                    use_chat().settle(&away);
                    pane.focus();
                }>
                    {t!(i18n, chat.outbox.discard)}
                </button>
            </span>
        }
        .into_any(),
    };
    view! {
        <li class="bubble-row mine first">
            <div class="bubble pending" class:bad=refused.is_some()>
                <p class="bubble-plain">{body}</p>
                {foot}
            </div>
        </li>
    }
    .into_any()
}

fn reason(i18n: I18n, refusal: Refusal) -> String {
    match refusal {
        Refusal::Problem(code) => problem_message(i18n, code),
        Refusal::Text(code) => field_message(i18n, code),
        Refusal::Unknown => t_string!(i18n, common.error.unreadable).to_owned(),
    }
}
