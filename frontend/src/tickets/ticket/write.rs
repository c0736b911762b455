//! The answer box: a reply or an internal note, kept while it is being written and until it has been sent.

use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};
use shared::{
    fields,
    permissions::TicketAction,
    tickets::{AddComment, Mention, PreviewComment, Status, Visibility},
};

use super::{
    caution::CautionDialog,
    help::MarkdownHelp,
    mention::{LIST, NameList, Naming},
    preview::{Preview, Showing},
    state::State,
    wish::Wish,
};
use crate::{
    api::{ClientError, field_message, tickets as api},
    attachments::{AttachBox, Tray, answer_tray},
    browser,
    drafts::use_draft,
    i18n::{t, t_string, tu_string},
    session::use_session,
    ui::{Button, ButtonKind, Icon, Symbol, use_toasts},
};

/// What happens once the answer has been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Nothing,
    Close,
    Reopen,
}

/// What the box knows. A handle.
#[derive(Debug, Clone, Copy)]
struct Writing {
    state: State,
    note: RwSignal<bool>,
    reply: RwSignal<String>,
    note_text: RwSignal<String>,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<String>>,
    field: NodeRef<html::Textarea>,
    naming: Naming,
    showing: Showing,
    /// Whom the note names who would not see it, while the person is asked.
    unseen: RwSignal<Vec<Mention>>,
}

impl Writing {
    /// The text of the tab in front.
    fn text(self) -> RwSignal<String> {
        if self.note.get_untracked() { self.note_text } else { self.reply }
    }

    /// The files of the tab in front.
    fn files(self) -> Tray {
        answer_tray(self.state.id, self.note.get_untracked())
    }

    fn visibility(self) -> Visibility {
        if self.note.get_untracked() { Visibility::Internal } else { Visibility::Public }
    }

    /// Reply or note. A text that is shown as it will look is shown as it is again.
    fn choose(self, note: bool) {
        self.note.set(note);
        self.trouble.set(None);
        self.showing.close();
        self.naming.close();
    }

    /// Makes a reply of the note that is being written, behind one that was begun.
    fn turn_into_reply(self) {
        let note = self.note_text.get_untracked();
        self.note_text.set(String::new());
        self.reply.update(|reply| {
            if !reply.trim().is_empty() {
                reply.push_str("\n\n");
            }
            reply.push_str(&note);
        });
        self.choose(false);
        self.focus();
    }

    /// Sends what is written. Before a note that names somebody who would not see it the person is asked.
    fn send(self, then: Then) {
        if self.busy.get_untracked() {
            return;
        }
        let body = self.text().get_untracked();
        if !self.note.get_untracked() || !body.contains('@') || body.len() > fields::BODY_MAX {
            return self.deliver(then);
        }
        self.busy.set(true);
        self.trouble.set(None);
        let request = PreviewComment { body, ticket_id: Some(self.state.id), visibility: Some(Visibility::Internal) };
        spawn_local(async move {
            let seen = api::preview(&request).await;
            let _ = self.busy.try_set(false);
            match seen {
                Ok(preview) if preview.unseen_by.is_empty() => self.deliver(then),
                Ok(preview) => {
                    let _ = self.unseen.try_set(preview.unseen_by);
                }
                Err(error) if self.state.is_lost(&error) => {}
                Err(error) => self.fail(&error),
            }
        });
    }

    /// Says why nothing was sent.
    fn fail(self, error: &ClientError) {
        let failed = tu_string!(self.state.i18n, tickets.write.failed);
        let _ = self.trouble.try_set(Some(format!("{failed} {}", error.message(self.state.i18n))));
        self.focus();
        request_animation_frame(reveal);
    }

    /// Sends it; the text stays until the server has it.
    fn deliver(self, then: Then) {
        let (text, state) = (self.text(), self.state);
        let visibility = self.visibility();
        let files = self.files();
        // Files may go without words; in a note they would be seen by everyone.
        if visibility == Visibility::Public && text.with_untracked(|text| text.trim().is_empty()) && files.has_chosen()
        {
            files.hand_over(state.id, None);
            spawn_local(finish(state, then));
            return;
        }
        let request = AddComment { body: text.get_untracked(), visibility: Some(visibility) };
        if let Err(errors) = fields::check(&request) {
            let code = errors.get("body").and_then(|codes| codes.first());
            self.trouble.set(code.map(|&code| field_message(state.i18n, code)));
            self.showing.close();
            self.focus();
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        spawn_local(async move {
            let sent = api::comment(state.id, &request).await;
            match sent {
                Ok(comment) => {
                    files.hand_over(state.id, Some(comment.id));
                    let _ = text.try_set(String::new());
                    self.showing.close();
                    self.naming.close();
                    state.comments.try_update(|run| {
                        // Behind a page that has not been read it will come with that page.
                        if run.next.is_none() {
                            run.items.push(comment);
                        }
                    });
                    let _ = self.busy.try_set(false);
                    self.focus();
                    finish(state, then).await;
                }
                // The text stays in its draft.
                Err(error) if state.is_lost(&error) => {}
                Err(error) => {
                    let _ = self.busy.try_set(false);
                    self.fail(&error);
                }
            }
        });
    }

    fn focus(self) {
        focus(self.field);
    }
}

/// Puts the cursor into the field, once it is there: it may have been hidden by its preview.
fn focus(field: NodeRef<html::Textarea>) {
    request_animation_frame(move || {
        if let Some(field) = field.try_get_untracked().flatten() {
            field.focus().ok();
        }
    });
}

/// Brings the whole box into sight, so that what went wrong is read.
fn reveal() {
    if let Some(section) = document().query_selector(".write").ok().flatten() {
        section.scroll_into_view_with_bool(false);
    }
}

/// Does what was to be done after the answer. Either way what others wrote meanwhile is read: otherwise they would seem to
/// have said nothing.
async fn finish(state: State, then: Then) {
    let (wish, failed) = match then {
        Then::Nothing => return state.refresh().await,
        Then::Close => (Wish::Close, tu_string!(state.i18n, tickets.write.sent_not_closed)),
        Then::Reopen => (Wish::Reopen, tu_string!(state.i18n, tickets.write.sent_not_reopened)),
    };
    if let Err(error) = state.fulfil(wish).await {
        use_toasts().error(format!("{failed} {}", error.message(state.i18n)));
        state.refresh().await;
    }
}

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
        reply: use_draft(format!("ticket.{}.reply", state.id)),
        note_text: use_draft(format!("ticket.{}.note", state.id)),
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
    listen(writing.field);
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
                <Tabs writing/>
            </Show>
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
            on_save=move |()| writing.deliver(Then::Nothing)
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
        if naming.takes(&event, writing.text()) {
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
    };
    let written = Signal::derive(move || if writing.note.get() { writing.note_text } else { writing.reply });
    view! {
        <textarea
            id="write-text"
            rows="3"
            node_ref=writing.field
            hidden=move || writing.showing.is_on()
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

/// `r` goes to the box from anywhere on the page.
fn listen(field: NodeRef<html::Textarea>) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "r" && crate::tickets::keys::is_free(&event) {
            event.prevent_default();
            focus(field);
        }
    });
    on_cleanup(move || handle.remove());
}
