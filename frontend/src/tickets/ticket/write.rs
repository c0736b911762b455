//! The answer box: a reply or an internal note, kept while it is being written and until it has been sent.

use leptos::{ev::KeyboardEvent, prelude::*};
use shared::{permissions::TicketAction, tickets::Status};

use super::{
    attempt::Attempts,
    caution::CautionDialog,
    help::MarkdownHelp,
    later,
    mention::{LIST, NameList, Naming},
    preview::{Preview, Showing},
    saved::{Picking, SavedList},
    state::State,
    viewers::Viewers,
    waits::Waits,
    writing::{Then, Writing, draft_key},
};
use crate::{
    attachments::{AttachBox, answer_tray},
    browser,
    commands::{Command, Offered, offer},
    drafts::use_draft,
    i18n::{t, t_string},
    session::use_session,
    ui::{Button, ButtonKind, Icon, Menu, MenuAction, Symbol},
};

/// The box.
#[component]
pub fn Write(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let (note, field) = (RwSignal::new(false), NodeRef::new());
    let (reply, note_text) = (use_draft(draft_key(state.id, false)), use_draft(draft_key(state.id, true)));
    let attempts = [Attempts::of(state.id, false, reply), Attempts::of(state.id, true, note_text)];
    let waits = Memo::new(move |_| {
        let [of_reply, of_note] = attempts;
        let name = if note.get() { of_note.name_of(note_text) } else { of_reply.name_of(reply) };
        name.is_some_and(|name| later::waits(&name))
    });
    let writing = Writing {
        state,
        note,
        reply,
        note_text,
        attempts,
        busy: RwSignal::new(false),
        waits,
        trouble: RwSignal::new(None),
        pressed: RwSignal::new(None),
        field,
        naming: Naming::new(state, note, field),
        showing: Showing::new(),
        picking: Picking::new(),
        unseen: RwSignal::new(Vec::new()),
    };
    later::meet(&writing);
    // An unsent note and no unsent reply: the person was writing the note.
    let only_note =
        writing.reply.with_untracked(String::is_empty) && !writing.note_text.with_untracked(String::is_empty);
    writing.note.set(only_note && state.ticket.with_untracked(|ticket| ticket.actions.contains(&TicketAction::Note)));
    offer(Command::Answer, move || writing.begin(false));
    Effect::new(move || {
        if let Some(quote) = state.quote.get() {
            state.quote.set(None);
            writing.quote(&quote);
        }
    });
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
            <Restored writing/>
            <Waits writing/>
            <Show when=move || writing.picking.is_open()>
                <SavedList writing=StoredValue::new(writing)/>
            </Show>
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

/// Says that what is in the field was begun before, and lets it be thrown away.
#[component]
fn Restored(
    /// The box.
    writing: Writing,
) -> impl IntoView {
    let i18n = writing.state.i18n;
    let found = [writing.reply, writing.note_text].map(|text| text.get_untracked());
    let before = StoredValue::new(found);
    let untouched = Memo::new(move |_| {
        let note = writing.note.get();
        let text = if note { writing.note_text } else { writing.reply };
        let [reply, kept_note] = before.get_value();
        let kept = if note { kept_note } else { reply };
        !kept.trim().is_empty() && text.with(|text| *text == kept)
    });
    let discard = move |_| {
        writing.text().set(String::new());
        writing.focus();
    };
    view! {
        <Show when=move || untouched.get() && !writing.waits.get()>
            <p class="draft-line">
                {t!(i18n, conversation.draft.kept)}
                <button type="button" class="quiet-link" disabled=writing.busy on:click=discard>
                    {t!(i18n, conversation.draft.discard)}
                </button>
            </p>
        </Show>
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
        let text = if note { writing.note_text } else { writing.reply };
        // What waits in the tab behind is not forgotten.
        let waits = Memo::new(move |_| !on() && text.with(|text| !text.trim().is_empty()));
        view! {
            <button
                type="button"
                role="tab"
                id=if note { "write-tab-note" } else { "write-tab-reply" }
                class="pill"
                aria-selected=move || on().to_string()
                aria-controls="write-text"
                aria-description=move || waits.get().then(|| t_string!(i18n, conversation.draft.mark))
                tabindex=move || if on() { "0" } else { "-1" }
                disabled=writing.busy
                on:click=move |_| {
                    choose(note);
                    writing.focus();
                }
            >
                {note.then(|| view! { <Icon symbol=Symbol::Lock/> })}
                {move || if note { t_string!(i18n, tickets.write.note) } else { t_string!(i18n, tickets.write.reply) }}
                <Show when=move || waits.get()>
                    <span class="draft-dot" aria-hidden="true" title=move || t_string!(i18n, conversation.draft.mark)></span>
                </Show>
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
    // Nobody holds Ctrl on a screen that they touch.
    let touched = browser::is_touched();
    let hint = move || {
        if writing.note.get() {
            return if touched {
                t_string!(i18n, tickets.write.note_hint_touch).to_owned()
            } else {
                t_string!(i18n, tickets.write.note_hint).to_owned()
            };
        }
        let requester = state.ticket.with(|ticket| ticket.requester.clone());
        let first = requester.name.split_whitespace().next().unwrap_or_default().to_owned();
        match (Some(requester.id) == me, touched) {
            (true, true) => t_string!(i18n, tickets.write.reply_own_touch).to_owned(),
            (true, false) => t_string!(i18n, tickets.write.reply_own).to_owned(),
            (false, true) => t_string!(i18n, tickets.write.reply_to_touch, name = first),
            (false, false) => t_string!(i18n, tickets.write.reply_to, name = first),
        }
    };
    let name = move || {
        if writing.note.get() { t_string!(i18n, tickets.write.note) } else { t_string!(i18n, tickets.write.reply) }
    };
    let text = move || if writing.note.get() { writing.note_text.get() } else { writing.reply.get() };
    let naming = writing.naming;
    let key = move |event: KeyboardEvent| {
        // What is on its way is not changed any more.
        if writing.busy.get_untracked()
            || naming.takes(&event, writing.text())
            || writing.picking.takes(&event, writing.field)
        {
            return;
        }
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            writing.send(if event.shift_key() { writing.closing() } else { Then::Nothing });
        }
    };
    let typed = move |event| {
        writing.text().set(event_target_value(&event));
        naming.typed();
        // Who asked is not told of a note, nor that one is written.
        if !writing.note.get_untracked() {
            state.looking.typed();
        }
    };
    let written = Signal::derive(move || if writing.note.get() { writing.note_text } else { writing.reply });
    view! {
        <textarea
            id="write-text"
            rows="3"
            node_ref=writing.field
            hidden=move || writing.showing.is_on()
            // Not disabled: that would take the cursor out of it.
            readonly=move || writing.busy.get() || writing.waits.get()
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
    let send = move || {
        if writing.note.get() { t_string!(i18n, tickets.write.send_note) } else { t_string!(i18n, tickets.write.send) }
    };
    let status = Memo::new(move |_| state.ticket.with(|ticket| ticket.status));
    let can_reopen = move || status.get() == Status::Closed && !writing.note.get() && state.may(TicketAction::Reopen);
    view! {
        <div class="foot">
            <MarkdownHelp/>
            {writing.picking.allowed.then(|| view! {
                <button
                    type="button"
                    class="quiet-link"
                    aria-label=move || t_string!(i18n, replies.pick.list)
                    aria-expanded=move || writing.picking.is_open().to_string()
                    // The list keeps the focus until it is pressed, and so knows that it is to be closed.
                    on:mousedown=|event| event.prevent_default()
                    on:click=move |_| writing.picking.turn(&writing)
                >
                    {t!(i18n, replies.pick.open)}
                </button>
            })}
            <button
                type="button"
                class="quiet-link"
                aria-pressed=move || writing.showing.is_on().to_string()
                on:click=move |_| writing.showing.turn(state, writing.text().get_untracked(), writing.visibility())
            >
                {t!(i18n, conversation.write.preview)}
            </button>
            // What sends stays together, whatever row it stands on.
            <span class="foot-send">
                <Show when=move || writing.can_close()>
                    <Button on_click=move |_| writing.send(writing.closing()) disabled=writing.busy>
                        {t!(i18n, tickets.write.send_close)}
                    </Button>
                </Show>
                <Show when=can_reopen>
                    <Button on_click=move |_| writing.send(Then::Go(Status::Open)) disabled=writing.busy>
                        {t!(i18n, tickets.write.send_reopen)}
                    </Button>
                </Show>
                <span class="split">
                    <Button kind=ButtonKind::Primary busy=writing.busy on_click=move |_| writing.send(Then::Nothing)>
                        {send}
                    </Button>
                    <More writing status/>
                </span>
            </span>
        </div>
    }
    .into_any()
}

/// The other ways to answer, in a menu beside the button.
#[component]
fn More(
    /// The box.
    writing: Writing,
    /// Where the ticket stands.
    status: Memo<Status>,
) -> impl IntoView {
    let state = writing.state;
    let i18n = state.i18n;
    let can_turn = move |to: Status| {
        !writing.note.get()
            && state.may(TicketAction::Triage)
            && status.get() != Status::Closed
            && status.get().can_become(to)
    };
    let to_wait = move || can_turn(Status::Waiting);
    let to_work = move || can_turn(Status::InProgress);
    view! {
        <Show when=move || to_wait() || to_work()>
            <Menu
                label=move || t_string!(i18n, conversation.write.more)
                class="btn btn-primary btn-more"
                trigger=|| view! { <Icon symbol=Symbol::Down/> }
            >
                <Show when=to_wait>
                    <MenuAction on_click=move |()| writing.send(Then::Go(Status::Waiting))>
                        {t!(i18n, conversation.write.send_wait)}
                    </MenuAction>
                </Show>
                <Show when=to_work>
                    <MenuAction on_click=move |()| writing.send(Then::Go(Status::InProgress))>
                        {t!(i18n, conversation.write.send_work)}
                    </MenuAction>
                </Show>
                <Show when=move || writing.can_close()>
                    <MenuAction on_click=move |()| writing.send(writing.closing())>
                        {t!(i18n, tickets.write.send_close)}
                        <kbd class="menu-key" aria-hidden="true">{t!(i18n, conversation.write.close_keys)}</kbd>
                    </MenuAction>
                </Show>
            </Menu>
        </Show>
    }
    .into_any()
}
