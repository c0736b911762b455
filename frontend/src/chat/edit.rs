//! A message that is being edited.

use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};
use shared::{
    chat::{EditMessage, Message},
    fields,
    ids::MessageId,
};

use super::{pane::Pane, state::use_chat};
use crate::{
    api::{chat as api, field_message},
    drafts::{forget_draft, use_draft},
    i18n::{t, t_string, use_i18n},
};

/// Where the draft of an edited message is kept.
pub fn draft_key(id: MessageId) -> String {
    format!("message.{id}.edit")
}

/// The message's text in a field. Enter saves, Escape leaves it.
#[component]
pub fn EditBox(
    /// The message.
    message: Message,
    /// The conversation.
    pane: Pane,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = message.id;
    let text = use_draft(draft_key(id));
    if text.with_untracked(String::is_empty) {
        text.set(message.body.clone());
    }
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let field = NodeRef::<html::Textarea>::new();
    Effect::new(move || {
        if let Some(field) = field.get() {
            request_animation_frame(move || drop(field.focus()));
        }
    });
    let leave = move || {
        forget_draft(draft_key(id));
        pane.editing.try_update(|editing| {
            if *editing == Some(id) {
                *editing = None;
            }
        });
        pane.focus();
    };
    let before = StoredValue::new(message.body);
    let save = move || {
        let body = text.get_untracked();
        if busy.get_untracked() {
            return;
        }
        if before.with_value(|before| *before == body) {
            return leave();
        }
        let request = EditMessage { body };
        if let Err(errors) = fields::check(&request) {
            let code = errors.into_values().flatten().next();
            return trouble.set(code.map(|code| field_message(i18n, code)));
        }
        busy.set(true);
        spawn_local(async move {
            match api::edit(id, &request).await {
                Ok(message) => {
                    leave();
                    use_chat().take(message, false);
                }
                Err(error) => {
                    let _ = busy.try_set(false);
                    let _ = trouble.try_set(Some(error.said(i18n)));
                }
            }
        });
    };
    let key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if !event.shift_key() && !event.is_composing() => {
            event.prevent_default();
            save();
        }
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            leave();
        }
        _ => {}
    };
    view! {
        <div class="bubble-edit">
            <textarea
                rows="2"
                node_ref=field
                aria-label=move || t_string!(i18n, chat.message.body)
                aria-invalid=move || trouble.with(Option::is_some).then_some("true")
                readonly=busy
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
                on:keydown=key
            ></textarea>
            {move || trouble.get().map(|trouble| view! { <p class="chat-trouble" role="alert">{trouble}</p> })}
            <p class="bubble-edit-foot">
                <span>{t!(i18n, chat.message.hint)}</span>
                <button type="button" class="quiet-link" on:click=move |_| leave()>{t!(i18n, common.cancel)}</button>
                <button type="button" class="quiet-link" on:click=move |_| save()>{t!(i18n, common.save)}</button>
            </p>
        </div>
    }
    .into_any()
}
