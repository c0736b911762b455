//! What became of what waited for the line, as its box shows it, or a word wherever the person is by then.

#![allow(clippy::large_types_passed_by_value, reason = "a handle of many handles is copied like any other")]

use std::cell::Cell;

use leptos::{prelude::*, task::spawn_local};
use shared::{
    ids::{CommentId, TicketId},
    problem::ProblemCode,
    tickets::{Mention, Status},
};

use super::{
    attempt::{self, Named, Stuck, Written},
    left,
    shelf::Sent,
    waiting::{Failed, Later, Place},
    writing::{Writing, draft_key},
};
use crate::{
    api::{ClientError, Purpose},
    attachments::answer_tray,
    drafts::{forget_draft, keep_draft, kept_draft},
    i18n::{I18n, tu_string},
    ui::use_toasts,
};

thread_local! {
    /// The box on the page, or the last there was.
    static BOX: Cell<Option<Writing>> = const { Cell::new(None) };
}

/// What became of what waited.
#[derive(Debug)]
pub enum Outcome {
    /// It is on the ticket.
    Written(Box<Written>),
    /// It names these, who would not see it.
    Asks(Vec<Mention>),
    /// It will never be.
    Refused(ClientError),
}

impl From<Failed> for Outcome {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Asks(unseen) => Self::Asks(unseen),
            Failed::Refused(error) => Self::Refused(error),
        }
    }
}

/// A box is on the page.
pub fn show_box(writing: Writing) {
    BOX.set(Some(writing));
}

/// The box of a ticket, while it is on the page.
fn open_box(ticket: TicketId) -> Option<Writing> {
    BOX.get().filter(|writing| writing.state.id == ticket && writing.note.try_get_untracked().is_some())
}

/// Shows what became of it. What is not on its ticket, and was not taken back, is in its box.
pub fn tell(i18n: I18n, later: &Later, outcome: Outcome, is_wanted: bool) {
    let Place { ticket, note, .. } = later.place;
    let (toasts, id) = (use_toasts(), ticket.to_string());
    if is_wanted && !matches!(outcome, Outcome::Written(_)) {
        give_back(later);
    }
    // A box that holds something else is another text's, though it may say the same.
    let its_box = open_box(ticket).filter(|writing| writing.holds(note, later.name()));
    match outcome {
        Outcome::Written(written) => {
            tell_stuck(i18n, written.stuck.as_ref());
            let Some(writing) = open_box(ticket) else {
                // What was taken back on its way is the person's again: they may have written something else there.
                clear(later.place, later.name(), written.comment.id, !later.kept && is_wanted);
                return toasts.success(tu_string!(i18n, conversation.later.sent, id = id));
            };
            let files = its_box.is_some().then(|| answer_tray(ticket, note));
            writing.arrived(later.request(), *written, files, Purpose::Background);
            spawn_local(writing.state.refresh());
        }
        Outcome::Asks(unseen) => {
            if !its_box.is_some_and(|writing| writing.ask(unseen)) {
                toasts.error(tu_string!(i18n, conversation.later.asks, id = id));
            }
        }
        Outcome::Refused(error) => {
            if its_box.is_some_and(|writing| writing.refused(note, &error)) {
                return;
            }
            tell_refused(i18n, ticket, later.body(), &error);
        }
    }
}

/// Says why what was written on a ticket was refused, wherever the person is by now.
pub fn tell_refused(i18n: I18n, ticket: TicketId, body: &str, error: &ClientError) {
    if is_out_of_reach(error) {
        return left::hand_out(i18n, ticket, body);
    }
    let said = tu_string!(i18n, conversation.later.refused, id = ticket.to_string());
    use_toasts().error(format!("{said} {}", error.message(i18n)));
}

/// Whether no box can show what was refused: the ticket does not open any more, or has no such box for the person.
fn is_out_of_reach(error: &ClientError) -> bool {
    matches!(error.code(), Some(ProblemCode::NotFound | ProblemCode::Forbidden))
}

/// Says that an answer is on its ticket, and the ticket not where it was to go with it.
pub fn tell_stuck(i18n: I18n, stuck: Option<&Stuck>) {
    if let Some(Stuck { to, why }) = stuck {
        let why = match why {
            Some(error) => error.message(i18n),
            None => tu_string!(i18n, conversation.later.moved_on).to_owned(),
        };
        use_toasts().error(format!("{} {why}", not_turned(i18n, *to)));
    }
}

/// Another tab did not pass with what waits in this one as well. The one that sent it may be out of sight: whichever holds it
/// says so.
pub fn hear_failed(i18n: I18n, later: &Later, failed: Failed) {
    if holds(later.place, later.name()) {
        tell(i18n, later, failed.into(), false);
    }
}

/// Another tab has sent what may be in a box here.
pub fn hear_sent(i18n: Option<I18n>, name: &str, sent: &Sent) {
    if let Some(i18n) = i18n.filter(|_| holds(sent.place, name)) {
        tell_stuck(i18n, sent.stuck.as_ref());
    }
    clear(sent.place, name, sent.comment, false);
}

/// Whether this tab holds what is called so, in a box or as the draft of one.
fn holds(place: Place, name: &str) -> bool {
    match open_box(place.ticket) {
        Some(writing) => writing.holds(place.note, name),
        None => attempt::kept_name(place.ticket, place.note).as_deref() == Some(name),
    }
}

/// That the ticket is not in this state after what was sent with it.
pub fn not_turned(i18n: I18n, to: Status) -> String {
    match to {
        Status::Closed => tu_string!(i18n, tickets.write.sent_not_closed).to_owned(),
        Status::Open => tu_string!(i18n, tickets.write.sent_not_reopened).to_owned(),
        Status::InProgress | Status::Waiting => tu_string!(i18n, conversation.write.sent_not_turned).to_owned(),
    }
}

/// Empties the box of what is on its ticket by now, and sends the files that lie beside it. A box that holds another text is
/// left alone, with its files. `is_ours` says that no other tab has it, wherever its draft is.
pub fn clear(place: Place, name: &str, comment: CommentId, is_ours: bool) {
    let Place { ticket, note, .. } = place;
    let files = answer_tray(ticket, note);
    if let Some(writing) = open_box(ticket) {
        let (text, attempts) = writing.of(note);
        let is_there = writing.holds(note, name);
        attempts.settle(name);
        if is_there {
            files.hand_over(ticket, Some(comment), Purpose::Background);
            text.set(String::new());
        }
    } else if is_ours || holds(place, name) {
        files.hand_over(ticket, Some(comment), Purpose::Background);
        attempt::forget(ticket, note);
        forget_draft(draft_key(ticket, note));
    }
}

/// Puts what was not sent into its box: it may have come from a tab that is closed.
fn give_back(later: &Later) {
    let Place { ticket, note, .. } = later.place;
    if let Some(writing) = open_box(ticket) {
        return writing.give_back(note, &later.named);
    }
    let key = draft_key(ticket, note);
    let begun = kept_draft(&key);
    if begun.is_empty() {
        attempt::keep(ticket, note, &later.named);
    }
    keep_draft(&key, &behind(begun, later.body()));
}

/// A text behind another that was begun; once where it is there already.
pub fn behind(mut begun: String, text: &str) -> String {
    if begun == text {
        return begun;
    }
    if !begun.trim().is_empty() {
        begun.push_str("\n\n");
    }
    begun.push_str(text);
    begun
}

impl Writing {
    /// The name under which the text of a tab was sent, if it still says just that; untracked.
    pub fn called(self, note: bool) -> Option<String> {
        let (text, attempts) = self.of(note);
        untrack(move || attempts.name_of(text))
    }

    /// Whether a tab of the box holds what was sent under this name; untracked.
    pub fn holds(self, note: bool, name: &str) -> bool {
        self.called(note).as_deref() == Some(name)
    }

    /// Puts what was sent from a page that is gone into a tab that is empty.
    pub fn adopt(self, note: bool, named: &Named) {
        let (text, attempts) = self.of(note);
        text.set(named.request.body.clone());
        attempts.adopt(named);
    }

    /// Puts what was not sent into its tab, behind what is there.
    fn give_back(self, note: bool, named: &Named) {
        let text = self.of(note).0;
        if text.with_untracked(|text| text.is_empty() || *text == named.request.body) {
            return self.adopt(note, named);
        }
        text.update(|text| *text = behind(std::mem::take(text), &named.request.body));
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_given_back_overwrites_nothing() {
        let put = |begun: &str| behind(begun.to_owned(), "Voy");
        assert_eq!(put(""), "Voy");
        assert_eq!(put("Hola"), "Hola\n\nVoy");
        assert_eq!(put("Voy"), "Voy");
    }
}
