//! What the answer box knows and does.

use leptos::{html, prelude::*, task::spawn_local};
use shared::{
    fields,
    ids::{TicketId, UserId},
    permissions::TicketAction,
    tickets::{AddComment, Mention, PreviewComment, Status, Visibility},
};

use super::{
    attempt::{self, Attempts, Named, Written},
    later,
    mention::Naming,
    outcome::{behind, not_turned, tell_stuck},
    preview::Showing,
    quote::Quote,
    saved::Picking,
    state::State,
    wish::Wish,
};
use crate::{
    api::{ClientError, Purpose, field_message, tickets as api},
    attachments::{Tray, answer_tray},
    chat::outbox::{Fate, fate},
    i18n::tu_string,
    tickets::caret,
    ui::use_toasts,
};

/// What becomes of the ticket with the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It stays where it is.
    Nothing,
    /// It goes to this state.
    Go(Status),
}

impl Then {
    fn status(self) -> Option<Status> {
        match self {
            Self::Nothing => None,
            Self::Go(to) => Some(to),
        }
    }
}

/// What is to be sent, as it was when the person said so.
#[derive(Debug, Clone)]
struct Outgoing {
    /// Who said so.
    user: Option<UserId>,
    note: bool,
    body: String,
    files: Tray,
    attempts: Attempts,
}

/// Where the draft of an answer is kept.
pub fn draft_key(ticket: TicketId, note: bool) -> String {
    format!("ticket.{ticket}.{}", if note { "note" } else { "reply" })
}

/// What the box knows. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Writing {
    pub state: State,
    pub note: RwSignal<bool>,
    pub reply: RwSignal<String>,
    pub note_text: RwSignal<String>,
    /// What replies and notes were called that were sent.
    pub attempts: [Attempts; 2],
    pub busy: RwSignal<bool>,
    /// What is written waits for the line.
    pub waits: Memo<bool>,
    pub trouble: RwSignal<Option<String>>,
    pub field: NodeRef<html::Textarea>,
    pub naming: Naming,
    pub showing: Showing,
    pub picking: Picking,
    /// Whom the note names who would not see it, while the person is asked.
    pub unseen: RwSignal<Vec<Mention>>,
}

impl Writing {
    /// The text of the tab in front.
    pub fn text(self) -> RwSignal<String> {
        if self.note.get_untracked() { self.note_text } else { self.reply }
    }

    /// What is written in the tab in front; nothing when the page was left.
    fn outgoing(self) -> Option<Outgoing> {
        let note = self.note.try_get_untracked()?;
        let (text, attempts) = self.of(note);
        let (body, files) = (text.try_get_untracked()?, answer_tray(self.state.id, note));
        Some(Outgoing { user: later::me(), note, body, files, attempts })
    }

    /// The text of a tab, and what it was called when it was sent.
    pub fn of(self, note: bool) -> (RwSignal<String>, Attempts) {
        let [reply, of_note] = self.attempts;
        if note { (self.note_text, of_note) } else { (self.reply, reply) }
    }

    pub fn visibility(self) -> Visibility {
        if self.note.get_untracked() { Visibility::Internal } else { Visibility::Public }
    }

    /// Whether an answer can close the ticket; tracked.
    pub fn can_close(self) -> bool {
        !self.note.get()
            && self.state.may(TicketAction::Close)
            && self.state.ticket.with(|ticket| ticket.status != Status::Closed)
    }

    /// An answer that closes the ticket, when it can.
    pub fn closing(self) -> Then {
        if untrack(move || self.can_close()) { Then::Go(Status::Closed) } else { Then::Nothing }
    }

    /// Reply or note. A text that is shown as it will look is shown as it is again.
    pub fn choose(self, note: bool) {
        if self.busy.get_untracked() {
            return;
        }
        self.note.set(note);
        self.trouble.set(None);
        self.showing.close();
        self.naming.close();
    }

    /// Writes a quote where the cursor is; that of a note into a note, so that only those read it who may.
    pub fn quote(self, quote: &Quote) {
        if self.busy.get_untracked() {
            return;
        }
        if quote.note && !self.note.get_untracked() {
            self.choose(true);
        }
        self.showing.close();
        let block = quote.block.clone();
        // The field shows the text of its tab by then, and not its preview.
        request_animation_frame(move || {
            // The page may have been left.
            if self.note.try_get_untracked().is_some() {
                caret::put_block(self.field, self.text(), &block);
                request_animation_frame(reveal);
            }
        });
    }

    /// Makes a reply of the note that is being written, with its files, behind one that was begun.
    pub fn turn_into_reply(self) {
        let note = self.note_text.get_untracked();
        self.note_text.set(String::new());
        self.reply.update(|reply| *reply = behind(std::mem::take(reply), &note));
        answer_tray(self.state.id, true).pour_into(answer_tray(self.state.id, false));
        self.choose(false);
        self.focus();
    }

    /// Sends what is written. Before a note that names somebody who would not see it the person is asked.
    pub fn send(self, then: Then) {
        // What waits for the line is tried at once.
        if self.busy.get_untracked() || !later::withdraw(&self, self.note.get_untracked()) {
            return;
        }
        let Some(outgoing) = self.outgoing() else { return };
        if !outgoing.note || !outgoing.body.contains('@') || outgoing.body.chars().count() > fields::BODY_MAX {
            return self.deliver(outgoing, then);
        }
        self.busy.set(true);
        self.trouble.set(None);
        let request = PreviewComment {
            body: outgoing.body.clone(),
            ticket_id: Some(self.state.id),
            visibility: Some(Visibility::Internal),
        };
        spawn_local(async move {
            let seen = api::preview(&request, Purpose::Deliberate).await;
            if self.busy.try_set(false).is_some() {
                // The page was left before the note was: it stays a draft.
                return;
            }
            match seen {
                Ok(preview) if preview.unseen_by.is_empty() => self.deliver(outgoing, then),
                Ok(preview) => self.unseen.set(preview.unseen_by),
                Err(error) if self.state.is_lost(&error) => {}
                Err(error) if is_tried_again(&error) => {
                    let user = outgoing.user;
                    if let Some(named) = self.request(outgoing, then) {
                        self.keep(user, named, true);
                    }
                }
                Err(error) => self.fail(&error),
            }
        });
    }

    /// Sends what is written although somebody it names will not see it.
    pub fn send_all_the_same(self) {
        if let Some(outgoing) = self.outgoing() {
            self.deliver(outgoing, Then::Nothing);
        }
    }

    /// Says why nothing was sent.
    fn fail(self, error: &ClientError) {
        let failed = tu_string!(self.state.i18n, tickets.write.failed);
        let _ = self.trouble.try_set(Some(format!("{failed} {}", error.message(self.state.i18n))));
        self.focus();
        request_animation_frame(reveal);
    }

    /// Sends it; the text stays until the server has it, and waits where there is no line, or the desk has no time for it.
    fn deliver(self, outgoing: Outgoing, then: Then) {
        let state = self.state;
        // Files may go without words; in a note they would be seen by everyone.
        if !outgoing.note && outgoing.body.trim().is_empty() && outgoing.files.has_chosen() {
            outgoing.files.hand_over(state.id, None, Purpose::Deliberate);
            spawn_local(finish(state, then));
            return;
        }
        let (user, files) = (outgoing.user, outgoing.files);
        let Some(named) = self.request(outgoing, then) else { return };
        self.busy.set(true);
        self.trouble.set(None);
        spawn_local(async move {
            let sent = attempt::send(state.id, &named, Purpose::Deliberate).await;
            match sent {
                Ok(written) => {
                    let number = written.comment.id;
                    tell_stuck(state.i18n, written.stuck.as_ref());
                    self.arrived(&named.request, written, Some(files), Purpose::Deliberate);
                    // Who sits here by now may be somebody else.
                    if user == later::me() {
                        later::arrived(state.id, &named, number);
                    }
                    let _ = self.busy.try_set(false);
                    self.focus();
                    state.refresh().await;
                }
                // The text stays in its draft.
                Err(error) if state.is_lost(&error) => {}
                Err(error) => {
                    let _ = self.busy.try_set(false);
                    if is_tried_again(&error) { self.keep(user, named, false) } else { self.fail(&error) }
                }
            }
        });
    }

    /// What to ask of the server; nothing when the text cannot be sent, which is said.
    fn request(self, outgoing: Outgoing, then: Then) -> Option<Named> {
        let Outgoing { note, body, attempts, .. } = outgoing;
        let visibility = if note { Visibility::Internal } else { Visibility::Public };
        let request = AddComment { body, visibility: Some(visibility), status: then.status(), client_id: None };
        let errors = fields::check(&request).err();
        if let Some(errors) = &errors {
            let code = errors.get("body").and_then(|codes| codes.first());
            self.trouble.set(code.map(|&code| field_message(self.state.i18n, code)));
            self.showing.close();
            self.focus();
        }
        let seen = self.state.ticket.try_with_untracked(|ticket| ticket.updated_at);
        errors.is_none().then(|| attempts.name(request, seen))
    }

    /// Keeps it until the line is back: here, or wherever the person went meanwhile.
    fn keep(self, user: Option<UserId>, named: Named, asks: bool) {
        // Who sits here by now may be somebody else.
        if user == later::me() {
            later::keep(self.state.i18n, self.state.id, named, asks);
        }
        self.focus();
        request_animation_frame(reveal);
    }

    /// Shows what the server has, and sends the files that go with it. The page may have been left meanwhile.
    pub fn arrived(self, request: &AddComment, written: Written, files: Option<Tray>, purpose: Purpose) {
        let Written { comment, stuck } = written;
        let (state, note) = (self.state, request.visibility == Some(Visibility::Internal));
        let (text, attempts) = self.of(note);
        if let Some(files) = files {
            files.hand_over(state.id, Some(comment.id), purpose);
        }
        // Something else may have been written there while it waited.
        let name = request.client_id.as_deref().unwrap_or_default();
        let is_there = self.holds(note, name);
        attempts.settle(name);
        if is_there {
            text.set(String::new());
        }
        if self.note.try_get_untracked() == Some(note) {
            self.showing.close();
            self.naming.close();
            state.looking.rests();
        }
        state.comments.try_update(|run| {
            // Behind a page that has not been read it will come with that page; one that was sent again may be here already.
            if run.next.is_none() && run.items.iter().all(|one| one.id != comment.id) {
                run.items.push(comment);
            }
        });
        // At once: the server did both.
        if let Some(to) = request.status.filter(|_| stuck.is_none()) {
            state.ticket.try_update(|ticket| ticket.status = to);
        }
    }

    /// Asks about a note that waited and names somebody who would not see it; false when the note is not in front.
    pub fn ask(self, unseen: Vec<Mention>) -> bool {
        let here = self.note.get_untracked();
        if here {
            self.unseen.set(unseen);
        }
        here
    }

    /// Says why what waited was refused; false when the person would not take it for that text.
    pub fn refused(self, note: bool, error: &ClientError) -> bool {
        if self.state.is_lost(error) {
            return true;
        }
        let here = self.note.get_untracked() == note;
        if here {
            let failed = tu_string!(self.state.i18n, tickets.write.failed);
            self.trouble.set(Some(format!("{failed} {}", error.message(self.state.i18n))));
        }
        here
    }

    /// Goes to the box to write an answer, or a note.
    pub fn begin(self, note: bool) {
        self.choose(note);
        self.focus();
    }

    pub fn focus(self) {
        focus(self.field);
    }
}

/// Whether what failed so waits and is tried again by itself, as a message of the chat is: there is no line, or the desk is too
/// busy for it now.
fn is_tried_again(error: &ClientError) -> bool {
    matches!(fate(error, 1), Fate::Again(_))
}

/// Puts the cursor into the field, once it is there: it may have been hidden by its preview.
pub fn focus(field: NodeRef<html::Textarea>) {
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

/// Does what was to be done after an answer of files alone. Either way what others wrote meanwhile is read: otherwise they
/// would seem to have said nothing.
async fn finish(state: State, then: Then) {
    let Then::Go(to) = then else { return state.refresh().await };
    let Some(from) = state.ticket.try_with_untracked(|ticket| ticket.status) else { return };
    if let Err(error) = state.fulfil(Wish::for_status(from, to)).await {
        use_toasts().error(format!("{} {}", not_turned(state.i18n, to), error.message(state.i18n)));
        state.refresh().await;
    }
}
