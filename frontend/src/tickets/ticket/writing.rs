//! What the answer box knows and shows.

use leptos::{html, prelude::*};
use shared::{
    ids::TicketId,
    permissions::TicketAction,
    tickets::{AddComment, Mention, Status, Visibility},
};

use super::{
    attempt::{Attempts, Written},
    mention::Naming,
    outcome::behind,
    preview::Showing,
    quote::Quote,
    saved::Picking,
    state::State,
};
use crate::{
    api::{ClientError, Purpose},
    attachments::{Tray, answer_tray},
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
    /// Where it goes, if anywhere.
    pub fn status(self) -> Option<Status> {
        match self {
            Self::Nothing => None,
            Self::Go(to) => Some(to),
        }
    }
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
    /// What was said when it was sent once more while it was on its way.
    pub pressed: RwSignal<Option<&'static str>>,
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
        self.pressed.set(None);
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
            if self.is_here() {
                caret::put_block(self.field, self.text(), &block);
                self.reveal();
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
            if to == Status::Closed {
                use_toasts().success(tu_string!(
                    state.i18n,
                    views.bulk.done.closed.numbered,
                    id = state.id.to_string()
                ));
            }
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

    /// Whether its page is still there: it may have been left meanwhile, and another ticket's be open.
    pub fn is_here(self) -> bool {
        self.note.try_get_untracked().is_some()
    }

    /// Brings the whole box into sight, so that what went wrong is read.
    pub fn reveal(self) {
        request_animation_frame(move || {
            let section = document().query_selector(".write").ok().flatten();
            if let Some(section) = section.filter(|_| self.is_here()) {
                section.scroll_into_view_with_bool(false);
            }
        });
    }
}

/// Puts the cursor into the field, once it is there: it may have been hidden by its preview.
pub fn focus(field: NodeRef<html::Textarea>) {
    request_animation_frame(move || {
        if let Some(field) = field.try_get_untracked().flatten() {
            field.focus().ok();
        }
    });
}
