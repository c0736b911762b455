//! One message.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use shared::{
    chat::{MESSAGE_EDIT_MINUTES, Message, MessageFile},
    ids::MessageId,
};

use super::{
    edit::{EditBox, draft_key},
    pane::{Pane, can_be_chosen, place_of},
    state::use_chat,
    words::name_of,
};
use crate::{
    api::chat as api,
    attachments::in_words,
    browser,
    drafts::is_kept,
    i18n::{t, t_string},
    prefs::use_prefs,
    time,
    ui::{Icon, Symbol, use_toasts},
};

/// The id of the button that edits a message.
pub fn edit_id(id: MessageId) -> String {
    format!("edit-{id}")
}

/// A message: who, what, when, and how far it has come.
#[component]
pub fn Bubble(
    /// The message.
    message: Message,
    /// Whether it is the first of those that stand together.
    first: bool,
    /// The conversation.
    pane: Pane,
) -> impl IntoView {
    let i18n = pane.i18n;
    let (id, at) = (message.id, message.created_at);
    let mine = message.from_id == pane.thread.me;
    let gone = message.deleted_at.is_some();
    let can_change = still_editable(&message, pane);
    // What was being edited when the session ended is still there.
    if can_change.get_untracked() && pane.editing.get_untracked().is_none() && is_kept(draft_key(id)) {
        pane.editing.set(Some(id));
    }
    let editing = Memo::new(move |_| pane.editing.get() == Some(id));
    let by = move || if mine { t_string!(i18n, chat.you).to_owned() } else { name_of(i18n, pane.thread.peer) };
    let found = move || pane.found.get() == Some(id);
    let is_chosen = move || pane.chosen.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.contains(&id)));
    let can_edit = !message.body.is_empty();
    let edited = message.edited_at.filter(|_| !gone);
    let chooses = can_be_chosen(&message);
    let kept = StoredValue::new(message);
    view! {
        <li
            class="bubble-row" class:mine=mine class:first=first class:found=found class:chosen=is_chosen
            id=place_of(id) tabindex="-1"
        >
            <Show when=move || chooses && pane.chosen.with(Option::is_some)>
                <Choice id pane label=Signal::derive(move || {
                    let time = time::of_day(i18n.get_locale(), at);
                    t_string!(i18n, chat.message.pick, name = by(), time = time)
                })/>
            </Show>
            <div class="bubble" class:gone=gone>
                {first.then(|| view! { <span class="visually-hidden">{by} ": "</span> })}
                {move || {
                    if editing.get() {
                        view! { <EditBox message=kept.get_value() pane/> }.into_any()
                    } else {
                        view! { <Said message=kept.get_value() pane/> }.into_any()
                    }
                }}
                <span class="bubble-meta">
                    {edited.map(|at| view! {
                        <span title=move || time::full(i18n.get_locale(), at)>{t!(i18n, chat.message.edited)} " · "</span>
                    })}
                    <time datetime=time::machine(at) title=move || time::full(i18n.get_locale(), at)>
                        {move || time::of_day(i18n.get_locale(), at)}
                    </time>
                    {(mine && !gone).then(|| view! { <Mark id pane/> })}
                </span>
            </div>
            <Show when=move || can_change.get() && !editing.get() && pane.chosen.with(Option::is_none)>
                <Acts id can_edit pane/>
            </Show>
        </li>
    }
    .into_any()
}

/// Whether a message is chosen.
#[component]
fn Choice(id: MessageId, pane: Pane, label: Signal<String>) -> impl IntoView {
    let on = move || pane.chosen.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.contains(&id)));
    let turn = move |_| {
        pane.chosen.update(|chosen| {
            if let Some(chosen) = chosen
                && !chosen.remove(&id)
            {
                chosen.insert(id);
            }
        });
    };
    view! {
        <label class="bubble-choice">
            <input type="checkbox" prop:checked=on on:change=turn/>
            <span class="visually-hidden">{move || label.get()}</span>
        </label>
    }
}

/// What it says, and the files that came with it.
#[component]
fn Said(message: Message, pane: Pane) -> impl IntoView {
    let i18n = pane.i18n;
    if message.deleted_at.is_some() {
        return view! { <p class="bubble-gone">{t!(i18n, chat.message.deleted)}</p> }.into_any();
    }
    let has_files = !message.files.is_empty();
    view! {
        {(!message.body.is_empty()).then(|| view! { <div class="prose" inner_html=message.body_html.clone()></div> })}
        {has_files.then(|| view! {
            <ul class="files" aria-label=move || t_string!(i18n, chat.message.files)>
                {message.files.into_iter().map(|file| view! { <FileCard file/> }).collect_view()}
            </ul>
        })}
    }
    .into_any()
}

/// One file. Downloading it does not extend the session, as nothing in the chat does but for the ticket.
#[component]
fn FileCard(file: MessageFile) -> impl IntoView {
    let prefs = use_prefs();
    let MessageFile { name, url, size, thumbnail_url, .. } = file;
    let is_picture = thumbnail_url.is_some();
    let picture = match thumbnail_url {
        Some(address) => view! { <img class="file-picture" src=address alt="" loading="lazy"/> }.into_any(),
        None => view! { <span class="file-picture" aria-hidden="true"><Icon symbol=Symbol::File/></span> }.into_any(),
    };
    view! {
        <li class="file" class:picture=is_picture>
            <a class="file-link" href=url download=name.clone() rel="external">
                {picture}
                <span class="file-name"><bdi>{name.clone()}</bdi></span>
                <span class="file-size">{move || in_words(size, prefs.locale())}</span>
            </a>
        </li>
    }
    .into_any()
}

/// How far one's own message has come, by shape and in words.
#[component]
fn Mark(id: MessageId, pane: Pane) -> impl IntoView {
    let (i18n, thread) = (pane.i18n, pane.thread);
    // Receipts count up to a message: one look at the last of them is enough.
    let stage = Memo::new(move |_| {
        thread.run.with(|run| {
            if run.read_to(thread.me) >= Some(id) { 2 } else { u8::from(run.delivered_to(thread.me) >= Some(id)) }
        })
    });
    move || {
        let (class, symbol, words) = match stage.get() {
            2 => ("bubble-mark read", Symbol::Checks, t_string!(i18n, chat.mark.read)),
            1 => ("bubble-mark", Symbol::Check, t_string!(i18n, chat.mark.delivered)),
            _ => ("bubble-mark", Symbol::Circle, t_string!(i18n, chat.mark.sent)),
        };
        view! {
            <span class=class title=words>
                <Icon symbol/>
                <span class="visually-hidden">{words}</span>
            </span>
        }
    }
}

/// What its writer can do with it for a while.
#[component]
fn Acts(id: MessageId, can_edit: bool, pane: Pane) -> impl IntoView {
    let i18n = pane.i18n;
    let (sure, busy) = (RwSignal::new(false), RwSignal::new(false));
    let ask = move |now: bool| {
        sure.set(now);
        let place = if now { format!("remove-sure-{id}") } else { format!("remove-{id}") };
        request_animation_frame(move || browser::focus_id(&place));
    };
    let remove = move |_| {
        if !busy.get_untracked() {
            busy.set(true);
            spawn_local(remove(id, pane, busy));
        }
    };
    let asked = move || {
        view! {
            <span class="bubble-acts sure" role="group" aria-label=move || t_string!(i18n, chat.message.sure)>
                <span>{t!(i18n, chat.message.sure)}</span>
                <button type="button" id=format!("remove-sure-{id}") class="quiet-link danger"
                    aria-disabled=move || busy.get().then_some("true") on:click=remove>
                    {t!(i18n, chat.message.remove_now)}
                </button>
                <button type="button" class="quiet-link" on:click=move |_| ask(false)>{t!(i18n, common.cancel)}</button>
            </span>
        }
        .into_any()
    };
    let offered = move || {
        view! {
            <span class="bubble-acts">
                {can_edit.then(|| view! {
                    <button type="button" id=edit_id(id) class="bubble-act"
                        aria-label=move || t_string!(i18n, chat.message.edit)
                        title=move || t_string!(i18n, chat.message.edit) on:click=move |_| pane.editing.set(Some(id))>
                        <Icon symbol=Symbol::Pencil/>
                    </button>
                })}
                <button type="button" id=format!("remove-{id}") class="bubble-act"
                    aria-label=move || t_string!(i18n, chat.message.remove)
                    title=move || t_string!(i18n, chat.message.remove) on:click=move |_| ask(true)>
                    <Icon symbol=Symbol::Bin/>
                </button>
            </span>
        }
        .into_any()
    };
    move || if sure.get() { asked() } else { offered() }
}

/// Deletes it; its place stays, and shows so at once.
async fn remove(id: MessageId, pane: Pane, busy: RwSignal<bool>) {
    match api::remove(id).await {
        Ok(()) => {
            let known = pane.thread.run.with_untracked(|run| run.items().iter().find(|one| one.id == id).cloned());
            if let Some(message) = known {
                let (body, body_html, deleted_at) = (String::new(), String::new(), Some(time::now()));
                use_chat().take(Message { body, body_html, deleted_at, files: Vec::new(), ..message }, false);
            }
            pane.focus();
        }
        Err(error) => {
            let _ = busy.try_set(false);
            use_toasts().error(error.message(pane.i18n));
        }
    }
}

/// Whether the reader wrote it and the time to change it is not over; turns false by itself.
fn still_editable(message: &Message, pane: Pane) -> RwSignal<bool> {
    let editable = RwSignal::new(message.is_editable_by(pane.thread.me, time::now()));
    if editable.get_untracked() {
        let end = message.created_at + chrono::TimeDelta::minutes(MESSAGE_EDIT_MINUTES);
        let left = (end - time::now()).to_std().unwrap_or_default() + Duration::from_secs(1);
        let over = set_timeout_with_handle(move || _ = editable.try_set(false), left).ok();
        on_cleanup(move || {
            if let Some(over) = over {
                over.clear();
            }
        });
    }
    editable
}
