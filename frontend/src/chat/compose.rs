//! Where a message is written.

use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
};
use shared::{chat::SendMessage, fields, ids::UserId};

use super::{
    bubble::edit_id,
    pane::Pane,
    state::use_chat,
    words::{Obstacle, name_of, obstacle_to},
};
use crate::{
    api::field_message,
    attachments::{Chosen, Pick, Scope, Tray, chat_tray, listen},
    browser,
    i18n::{t, t_string, tu_string},
    live::use_live,
    ui::{Icon, Symbol},
};

/// The most lines it shows before it scrolls.
const LINES: usize = 7;

/// The id of the field that files for somebody are chosen with.
pub fn pick_id(peer: UserId) -> String {
    format!("chat-pick-{peer}")
}

/// The field, or why nothing can be written any more.
#[component]
pub fn Composer(
    /// The conversation.
    pane: Pane,
) -> impl IntoView {
    let (i18n, peer) = (pane.i18n, pane.thread.peer);
    let obstacle = Memo::new(move |_| obstacle_to(peer));
    move || match obstacle.get() {
        None => view! { <Form pane/> }.into_any(),
        Some(Obstacle::Inactive) => {
            let words = move || t_string!(i18n, chat.write.inactive, name = name_of(i18n, peer));
            view! { <p class="composer-none">{words}</p> }.into_any()
        }
        Some(Obstacle::NotAllowed) => {
            let words = move || t_string!(i18n, chat.write.not_allowed, name = name_of(i18n, peer));
            view! { <p class="composer-none">{words}</p> }.into_any()
        }
    }
}

#[component]
fn Form(pane: Pane) -> impl IntoView {
    let (i18n, peer) = (pane.i18n, pane.thread.peer);
    let tray = chat_tray(peer);
    let (over, trouble) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let pasted = move || tu_string!(i18n, attachments.pasted).to_owned();
    listen(Scope::Within(pane.part), Signal::stored(tray), over, pasted);
    let send = move || send(pane, tray, trouble);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
        pane.focus();
    };
    view! {
        <div class="composer" class:over=over>
            <Chosen tray=Signal::stored(tray) home=pick_id(peer)/>
            {move || trouble.get().map(|trouble| view! { <p class="chat-trouble" role="alert">{trouble}</p> })}
            <form class="composer-line" on:submit=submit>
                <label class="composer-clip" title=move || t_string!(i18n, chat.write.attach)>
                    <Pick tray=Signal::stored(tray) id=pick_id(peer)/>
                    <span class="visually-hidden">{t!(i18n, chat.write.attach)}</span>
                </label>
                <Field pane trouble send=Callback::new(move |()| send())/>
                <button type="submit" class="btn btn-primary btn-icon" aria-label=move || t_string!(i18n, chat.write.send)
                    title=move || t_string!(i18n, chat.write.send)>
                    <Icon symbol=Symbol::Send/>
                </button>
            </form>
            <p class="attach-drop" aria-hidden="true">{t!(i18n, attachments.drop)}</p>
        </div>
    }
    .into_any()
}

#[component]
fn Field(pane: Pane, trouble: RwSignal<Option<String>>, send: Callback<()>) -> impl IntoView {
    let (i18n, thread) = (pane.i18n, pane.thread);
    let live = use_live();
    let key = move |event: KeyboardEvent| {
        // While a letter is being put together, Enter ends that. A keyboard on the screen has no Shift to hold for a new line:
        // there Enter is one, and the button sends.
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() && !browser::is_touched() {
            event.prevent_default();
            send.run(());
        } else if event.key() == "ArrowUp" && thread.draft.with_untracked(String::is_empty) {
            event.prevent_default();
            edit_last(pane);
        }
    };
    let typed = move |event| {
        thread.draft.set(event_target_value(&event));
        if trouble.with_untracked(Option::is_some) {
            trouble.set(None);
        }
        thread.typed(live);
    };
    // Where the browser does not let it grow by itself.
    let rows = move || thread.draft.with(|draft| draft.lines().count().clamp(1, LINES).to_string());
    view! {
        <textarea
            node_ref=pane.field
            rows=rows
            aria-label=move || t_string!(i18n, chat.write.label, name = name_of(i18n, thread.peer))
            aria-invalid=move || trouble.with(Option::is_some).then_some("true")
            placeholder=move || t_string!(i18n, chat.write.placeholder)
            prop:value=move || thread.draft.get()
            on:input=typed
            on:keydown=key
        ></textarea>
    }
    .into_any()
}

/// Sends the text and the files beside it; nothing when there is neither.
fn send(pane: Pane, tray: Tray, trouble: RwSignal<Option<String>>) {
    let thread = pane.thread;
    let body = thread.draft.get_untracked().trim().to_owned();
    if body.is_empty() && !tray.has_chosen() {
        return;
    }
    if !body.is_empty() {
        let request = SendMessage { body, client_id: None };
        if let Err(errors) = fields::check(&request) {
            let code = errors.into_values().flatten().next();
            return trouble.set(code.map(|code| field_message(pane.i18n, code)));
        }
        use_chat().send(thread.peer, request.body);
        thread.draft.set(String::new());
        thread.done_typing();
    }
    trouble.set(None);
    tray.hand_over_to(thread.peer);
    pane.to_end();
}

/// Opens the person's last message for editing, if there is one that can be.
fn edit_last(pane: Pane) {
    let last = pane.thread.run.with_untracked(|run| {
        run.items().iter().rev().find(|message| message.from_id == pane.thread.me).map(|message| message.id)
    });
    if let Some(id) = last {
        browser::click_id(&edit_id(id));
    }
}
