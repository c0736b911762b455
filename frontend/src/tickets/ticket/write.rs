//! The answer box: a reply or an internal note, kept while it is being written and until it has been sent.

use leptos::{ev::KeyboardEvent, prelude::*};
use shared::{permissions::TicketAction, tickets::Status};

use super::{
    caution::CautionDialog,
    help::MarkdownHelp,
    mention::{LIST, NameList, Naming},
    offers::Offered,
    preview::{Preview, Showing},
    state::State,
    viewers::Viewers,
    writing::{Then, Writing, draft_key},
};
use crate::{
    attachments::{AttachBox, answer_tray},
    browser,
    commands::{Command, offer},
    drafts::use_draft,
    i18n::{t, t_string},
    session::use_session,
    ui::{Button, ButtonKind, Icon, Symbol},
};

/// The box.
#[component]
pub fn Write(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let (note, field) = (RwSignal::new(false), NodeRef::new());
    let writing = Writing {
        state,
        note,
        reply: use_draft(draft_key(state.id, false)),
        note_text: use_draft(draft_key(state.id, true)),
        busy: RwSignal::new(false),
        trouble: RwSignal::new(None),
        field,
        naming: Naming::new(state, note, field),
        showing: Showing::new(),
        unseen: RwSignal::new(Vec::new()),
    };
    // An unsent note and no unsent reply: the person was writing the note.
    let only_note =
        writing.reply.with_untracked(String::is_empty) && !writing.note_text.with_untracked(String::is_empty);
    writing.note.set(only_note && state.ticket.with_untracked(|ticket| ticket.actions.contains(&TicketAction::Note)));
    offer(Command::Answer, move || writing.begin(false));
    let closed = move || state.ticket.with(|ticket| ticket.status == Status::Closed);
    view! {
        <Show when=closed>
            <p class="write-closed">
                {move || {
                    if state.may(TicketAction::Reopen) {
                        t_string!(i18n, tickets.write.closed_hint)
                    } else {
                        t_string!(i18n, tickets.write.closed_hint_others)
                    }
                }}
            </p>
        </Show>
        <section class="write" class:note=move || writing.note.get() aria-label=move || t_string!(i18n, tickets.write.label)>
            <Show when=move || state.may(TicketAction::Note)>
                <Offered command=Command::Note run=move |()| writing.begin(true)/>
                <Tabs writing/>
            </Show>
            <Viewers looking=state.looking/>
            <Show when=move || writing.note.get()>
                <p class="note-label"><Icon symbol=Symbol::Lock/> {t!(i18n, conversation.write.note_label)}</p>
            </Show>
            <Field writing/>
            <Preview showing=writing.showing/>
            <AttachBox tray=Signal::derive(move || answer_tray(state.id, writing.note.get()))/>
            {move || writing.trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
            <Foot writing/>
        </section>
        <CautionDialog
            state
            unseen=writing.unseen
            on_save=move |()| writing.send_all_the_same()
            on_reply=move |()| writing.turn_into_reply()
        />
    }
    .into_any()
}

/// Reply or note.
#[component]
fn Tabs(
    /// The box.
    writing: Writing,
) -> impl IntoView {
    let i18n = writing.state.i18n;
    let choose = move |note: bool| writing.choose(note);
    let key = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            event.prevent_default();
            choose(!writing.note.get_untracked());
            let id = if writing.note.get_untracked() { "write-tab-note" } else { "write-tab-reply" };
            browser::focus_id(id);
        }
    };
    let tab = move |note: bool| {
        let on = move || writing.note.get() == note;
        view! {
            <button
                type="button"
                role="tab"
                id=if note { "write-tab-note" } else { "write-tab-reply" }
                class="pill"
                aria-selected=move || on().to_string()
                aria-controls="write-text"
                tabindex=move || if on() { "0" } else { "-1" }
                disabled=writing.busy
                on:click=move |_| {
                    choose(note);
                    writing.focus();
                }
            >
                {note.then(|| view! { <Icon symbol=Symbol::Lock/> })}
                {move || if note { t_string!(i18n, tickets.write.note) } else { t_string!(i18n, tickets.write.reply) }}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=move || t_string!(i18n, tickets.write.label) on:keydown=key>
            {tab(false)}
            {tab(true)}
        </div>
    }
    .into_any()
}

/// Where one writes.
#[component]
fn Field(
    /// The box.
    writing: Writing,
) -> impl IntoView {
    let state = writing.state;
    let i18n = state.i18n;
    let me = use_session().user_untracked().map(|user| user.id);
    let hint = move || {
        if writing.note.get() {
            return t_string!(i18n, tickets.write.note_hint).to_owned();
        }
        let requester = state.ticket.with(|ticket| ticket.requester.clone());
        if Some(requester.id) == me {
            t_string!(i18n, tickets.write.reply_own).to_owned()
        } else {
            let first = requester.name.split_whitespace().next().unwrap_or_default().to_owned();
            t_string!(i18n, tickets.write.reply_to, name = first)
        }
    };
    let name = move || {
        if writing.note.get() { t_string!(i18n, tickets.write.note) } else { t_string!(i18n, tickets.write.reply) }
    };
    let text = move || if writing.note.get() { writing.note_text.get() } else { writing.reply.get() };
    let naming = writing.naming;
    let key = move |event: KeyboardEvent| {
        // What is on its way is not changed any more.
        if writing.busy.get_untracked() || naming.takes(&event, writing.text()) {
            return;
        }
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            writing.send(Then::Nothing);
        }
    };
    let typed = move |event| {
        writing.text().set(event_target_value(&event));
        naming.typed();
        state.looking.typed();
    };
    let written = Signal::derive(move || if writing.note.get() { writing.note_text } else { writing.reply });
    view! {
        <textarea
            id="write-text"
            rows="3"
            node_ref=writing.field
            hidden=move || writing.showing.is_on()
            // Not disabled: that would take the cursor out of it.
            readonly=writing.busy
            aria-label=name
            aria-invalid=move || writing.trouble.with(Option::is_some).then_some("true")
            aria-autocomplete="list"
            aria-controls=move || naming.is_open().then_some(LIST)
            aria-activedescendant=move || naming.active()
            placeholder=hint
            prop:value=text
            on:input=typed
            on:keydown=key
            on:click=move |_| naming.close()
            on:blur=move |_| naming.close()
        ></textarea>
        <NameList naming text=written/>
    }
    .into_any()
}

/// The buttons.
#[component]
fn Foot(
    /// The box.
    writing: Writing,
) -> impl IntoView {
    let state = writing.state;
    let i18n = state.i18n;
    let closed = move || state.ticket.with(|ticket| ticket.status == Status::Closed);
    let can_close = move || !closed() && !writing.note.get() && state.may(TicketAction::Close);
    let can_reopen = move || closed() && !writing.note.get() && state.may(TicketAction::Reopen);
    let send = move || {
        if writing.note.get() { t_string!(i18n, tickets.write.send_note) } else { t_string!(i18n, tickets.write.send) }
    };
    view! {
        <div class="foot">
            <MarkdownHelp/>
            <button
                type="button"
                class="quiet-link"
                aria-pressed=move || writing.showing.is_on().to_string()
                on:click=move |_| writing.showing.turn(state, writing.text().get_untracked(), writing.visibility())
            >
                {t!(i18n, conversation.write.preview)}
            </button>
            <Show when=can_close>
                <Button on_click=move |_| writing.send(Then::Close) disabled=writing.busy>
                    {t!(i18n, tickets.write.send_close)}
                </Button>
            </Show>
            <Show when=can_reopen>
                <Button on_click=move |_| writing.send(Then::Reopen) disabled=writing.busy>
                    {t!(i18n, tickets.write.send_reopen)}
                </Button>
            </Show>
            <Button kind=ButtonKind::Primary busy=writing.busy on_click=move |_| writing.send(Then::Nothing)>
                {send}
            </Button>
        </div>
    }
    .into_any()
}
