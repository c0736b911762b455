//! How what is in the answer box is sent.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    fields,
    ids::UserId,
    tickets::{AddComment, PreviewComment, Visibility},
};

use super::{
    attempt::{self, Attempts, Named},
    later,
    outcome::{self, not_turned, tell_stuck},
    state::State,
    wish::Wish,
    writing::{Then, Writing},
};
use crate::{
    api::{ClientError, Purpose, field_message, tickets as api},
    attachments::{Tray, answer_tray},
    chat::outbox::{Fate, fate},
    i18n::tu_string,
    ui::use_toasts,
};

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

impl Writing {
    /// What is written in the tab in front; nothing when the page was left.
    fn outgoing(self) -> Option<Outgoing> {
        let note = self.note.try_get_untracked()?;
        let (text, attempts) = self.of(note);
        let (body, files) = (text.try_get_untracked()?, answer_tray(self.state.id, note));
        Some(Outgoing { user: later::me(), note, body, files, attempts })
    }

    /// Sends what is written. Before a note that names somebody who would not see it the person is asked.
    pub fn send(self, then: Then) {
        if self.busy.get_untracked() {
            return;
        }
        self.pressed.set(None);
        // What waits for the line is tried at once.
        if let Err(with) = later::withdraw(&self, self.note.get_untracked()) {
            return self.say_under_way(with == then.status());
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
                return self.left_before(&outgoing, seen.err());
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

    /// Says that what was sent again is on its way already: as it is now, or with something else for the ticket.
    fn say_under_way(self, as_it_is: bool) {
        let i18n = self.state.i18n;
        let words = if as_it_is {
            tu_string!(i18n, conversation.later.under_way)
        } else {
            tu_string!(i18n, conversation.later.under_way_as_before)
        };
        self.pressed.set(Some(words));
    }

    /// The page was left before it was known whom a note names: it stays a draft, and that is said.
    fn left_before(self, outgoing: &Outgoing, error: Option<ClientError>) {
        let State { i18n, id, .. } = self.state;
        // Who sits here by now may be somebody else.
        if outgoing.user.is_none() || outgoing.user != later::me() {
            return;
        }
        match error.filter(|error| !is_tried_again(error)) {
            Some(error) => outcome::tell_refused(i18n, id, &outgoing.body, &error),
            None => use_toasts().error(tu_string!(i18n, conversation.later.not_looked, id = id.to_string())),
        }
    }

    /// Says why nothing was sent.
    fn fail(self, error: &ClientError) {
        let failed = tu_string!(self.state.i18n, tickets.write.failed);
        let _ = self.trouble.try_set(Some(format!("{failed} {}", error.message(self.state.i18n))));
        self.focus();
        self.reveal();
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
                Err(error) if is_tried_again(&error) => {
                    let _ = self.busy.try_set(false);
                    self.keep(user, named, false);
                }
                Err(error) if self.is_here() => {
                    // The text stays in its draft.
                    if !state.is_lost(&error) {
                        self.busy.set(false);
                        self.fail(&error);
                    }
                }
                Err(error) if user == later::me() => later::refused(state.i18n, state.id, named, error),
                Err(_) => {}
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
        self.reveal();
    }
}

/// Whether what failed so waits and is tried again by itself, as a message of the chat is: there is no line, or the desk is too
/// busy for it now.
fn is_tried_again(error: &ClientError) -> bool {
    matches!(fate(error, 1), Fate::Again(_))
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
