//! An answer, or a note, that could not be sent for want of a line. Its text stays in its box and is sent when the line is
//! back, under the name that it had: what reached the desk after all is not written twice, not even when the person sends it
//! once more and closes the ticket with it. What says something else is another answer and has a name of its own.
//!
//! It waits as the chat's messages do: this browser [keeps it](shelf), so that a page that is loaded anew goes on with it, and one
//! tab at a time sends. Nobody but its person ever does: it waits for them when their session has ended, and whoever logs out
//! leaves nothing. It puts off no session's end. What goes with files is in this tab only, for the browser cannot keep them and
//! without them it is not what the person sent: of that the text stays as a draft, and the browser asks before the tab is left.

#![allow(clippy::large_types_passed_by_value, reason = "a handle of many handles is copied like any other")]

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::{ev, prelude::*, task::spawn_local};
use shared::{
    ids::{CommentId, TicketId, UserId},
    tickets::{PreviewComment, Status, Visibility},
};

use super::{
    attempt::{self, Named},
    outcome::{self, Outcome},
    shelf::{self, Heard},
    waiting::{Failed, Later, Place, Row},
    writing::Writing,
};
use crate::{
    api::{ClientError, Purpose, tickets as api},
    attachments::answer_tray,
    browser,
    chat::outbox::{Fate, Tries},
    i18n::I18n,
    lasting::lasting,
    live::{Line, use_live},
    lock::alone,
    session::{EndReason, Phase, use_session},
};

/// How long after the first attempt there is another, should nobody say that the line is back.
const SOON: Duration = Duration::from_secs(2);

/// What waits in this tab. A handle.
#[derive(Debug, Clone, Copy)]
struct Kept {
    row: RwSignal<Row>,
    /// The language of the page that gave something last: whoever wrote it may be on another one when it is told of.
    i18n: StoredValue<Option<I18n>>,
    busy: StoredValue<bool>,
    /// How the first in the row has fared.
    tries: StoredValue<Tries>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

thread_local! {
    /// What waits outlives the page of its ticket.
    static ROOT: (Owner, Kept) = lasting(|| {
        let kept = Kept {
            row: RwSignal::new(Row::default()),
            i18n: StoredValue::new(None),
            busy: StoredValue::new(false),
            tries: StoredValue::new(Tries::default()),
            timer: StoredValue::new(None),
        };
        let line = use_live().line();
        Effect::new(move |before: Option<bool>| {
            let online = line.get() == Line::Online;
            if online && before == Some(false) {
                kept.tries.set_value(Tries::default());
                pump(kept);
            }
            online
        });
        Effect::new(move || match (use_session().phase(), use_session().user().map(|user| user.id)) {
            // Whoever logs out leaves nothing for the next at this screen.
            (Phase::Out(Some(EndReason::LoggedOut)), _) => kept.alter(Row::clear),
            (Phase::In, Some(user)) => {
                kept.alter(|row| row.leave_to(user));
                kept.take_in(shelf::all(user));
                pump(kept);
            }
            _ => {}
        });
        _ = window_event_listener(ev::storage, move |event| {
            if let Some(heard) = me().and_then(|me| shelf::heard(&event, me)) {
                hear(kept, heard);
            }
        });
        _ = window_event_listener(ev::beforeunload, move |event| {
            // The browser asks in its own words.
            if kept.count_only_here() > 0 {
                event.prevent_default();
                event.set_return_value("-");
            }
        });
        kept
    });
}

fn kept() -> Kept {
    ROOT.with(|(_, kept)| *kept)
}

/// Who is at the screen; untracked.
pub fn me() -> Option<UserId> {
    use_session().user_untracked().map(|user| user.id)
}

/// The box of the person at the screen.
fn place(ticket: TicketId, note: bool) -> Option<Place> {
    me().map(|user| Place { user, ticket, note })
}

/// Sends what this person left waiting, on whatever page they are.
pub fn start(i18n: I18n) {
    kept().i18n.set_value(Some(i18n));
}

/// How many answers of the person at the screen wait in this tab alone; untracked.
pub fn count_only_here() -> usize {
    kept().count_only_here()
}

/// A box is on the page. What waits in it is no longer sent once something else is written there.
pub fn meet(writing: &Writing) {
    let (writing, kept) = (*writing, kept());
    outcome::show_box(writing);
    for note in [false, true] {
        let Some(place) = place(writing.state.id, note) else { continue };
        let (text, attempts) = writing.of(note);
        // Another tab has sent it while this one showed another page, or none.
        if let Some(name) = writing.called(note) {
            kept.clear_sent(place.user, &name);
        }
        // What was written in a tab that is closed, or where the browser keeps no drafts, is in its box again.
        let found = kept.row.with_untracked(|row| row.first_at(place).map(|later| later.named.clone()));
        if let Some(named) = found.filter(|_| text.with_untracked(String::is_empty)) {
            writing.adopt(note, &named);
        }
        Effect::new(move |before: Option<Option<String>>| {
            let here = attempts.name_of(text).filter(|name| waits(name));
            if let Some(gone) = before.flatten().filter(|gone| here.as_ref() != Some(gone)) {
                kept.take_back(&gone);
            }
            here
        });
    }
}

/// Whether what is called so waits, and is not wanted back; tracked.
pub fn waits(name: &str) -> bool {
    kept().row.with(|row| row.waits(name))
}

/// The person wants back what waits in a box.
pub fn take_back(writing: &Writing) {
    if let Some(name) = writing.called(writing.note.get_untracked()) {
        kept().take_back(&name);
    }
}

/// Takes out what waits in a box, to be sent anew. While it is on its way it stays, and is wanted again should it have been taken
/// back: then this says where the ticket goes with it. Where a box says what another tab's waits with, the person sends that: it
/// goes under the name that it has there, for it may have reached the desk already.
pub fn withdraw(writing: &Writing, note: bool) -> Result<(), Option<Status>> {
    let (kept, (text, attempts)) = (kept(), writing.of(note));
    let Some(place) = place(writing.state.id, note) else { return Ok(()) };
    let found = kept.row.with_untracked(|row| match writing.called(note) {
        Some(name) => row.find(&name).cloned(),
        None => text.with_untracked(|text| row.saying(place, text).cloned()),
    });
    let Some(later) = found else { return Ok(()) };
    if kept.row.try_update(|row| row.withdraw(later.name())) == Some(false) {
        kept.want(&later);
        attempts.adopt(&later.named);
        return Err(later.request().status);
    }
    attempts.adopt(&later.named.once_late());
    shelf::forget(&later);
    Ok(())
}

/// Keeps what could not be sent until the line is back. `asks` says that nobody has looked yet whether it names somebody who
/// would not see it.
pub fn keep(i18n: I18n, ticket: TicketId, named: Named, asks: bool) {
    let note = named.request.visibility == Some(Visibility::Internal);
    let (Some(place), kept) = (place(ticket, note), kept()) else { return };
    kept.i18n.set_value(Some(i18n));
    let mut later = Later::new(place, named, asks, kept.row.with_untracked(|row| row.next_moment(browser::now())));
    later.kept = !answer_tray(ticket, note).has_chosen() && shelf::keep(&later);
    kept.row.update(|row| row.add(later));
    if !kept.busy.get_value() {
        kept.wait(SOON);
    }
}

/// What the person sent themselves is on its ticket. It may have waited in other tabs before, and in a box that came after the
/// one it was sent from.
pub fn arrived(ticket: TicketId, named: &Named, comment: CommentId) {
    let note = named.request.visibility == Some(Visibility::Internal);
    if let (Some(place), Some(name)) = (place(ticket, note), named.request.client_id.as_deref()) {
        shelf::settle(place, name, comment, None);
        outcome::clear(place, name, comment, false);
    }
}

/// What the person sent themselves, from a page that they have left, was refused. Its draft is there still, unless they have
/// written something else.
pub fn refused(i18n: I18n, ticket: TicketId, named: Named, error: ClientError) {
    let note = named.request.visibility == Some(Visibility::Internal);
    if let Some(place) = place(ticket, note) {
        let later = Later::new(place, named, false, browser::now());
        outcome::tell(i18n, &later, Outcome::Refused(error), false);
    }
}

/// Another tab of this browser has news of what waits.
fn hear(kept: Kept, heard: Heard) {
    match heard {
        Heard::Waits(later) => {
            kept.take_in(vec![*later]);
            // Whoever wrote it may be closed before it is sent: then it goes from here. One of them sends at a time.
            pump(kept);
        }
        Heard::Sent(name, sent) => {
            kept.alter(|row| _ = row.forget(&name));
            outcome::hear_sent(kept.i18n.get_value(), &name, &sent);
        }
        Heard::Failed(later, failed) => {
            kept.alter(|row| _ = row.forget(later.name()));
            if let Some(i18n) = kept.i18n.get_value() {
                outcome::hear_failed(i18n, &later, failed);
            }
        }
        // What was taken back there is a draft here, if it is in a box here at all.
        Heard::Gone(name) => kept.alter(|row| _ = row.forget(&name)),
    }
}

impl Kept {
    fn count_only_here(self) -> usize {
        me().map_or(0, |me| self.row.with_untracked(|row| row.count_only_here(me)))
    }

    /// The person at the screen, when something of theirs waits; untracked.
    fn who_waits(self) -> Option<UserId> {
        me().filter(|&me| self.row.with_untracked(|row| row.is_for(me)))
    }

    fn alter(self, change: impl FnOnce(&mut Row)) {
        if !self.row.with_untracked(Row::is_empty) {
            self.row.update(change);
        }
    }

    fn take_in(self, all: Vec<Later>) {
        if !all.is_empty() {
            self.row.update(|row| row.take_in(all));
        }
    }

    /// The person wants it back. No page sends it from here on, though it may be on its way.
    fn take_back(self, name: &str) {
        if let Some(later) = self.row.with_untracked(|row| row.find(name).cloned()) {
            self.row.update(|row| row.take_back(name));
            shelf::forget(&later);
        }
    }

    /// The person wants it sent after all, though they may have taken it back while it was on its way.
    fn want(self, later: &Later) {
        self.row.update(|row| row.want(later.name()));
        if later.kept && !shelf::is_kept(later) {
            shelf::keep(later);
        }
    }

    /// The next that is to be sent. What another tab has sent or taken back meanwhile is gone.
    fn next(self, user: UserId) -> Option<Later> {
        loop {
            let later = self.row.try_update(|row| row.begin(user)).flatten()?;
            if !later.kept || shelf::is_kept(&later) {
                return Some(later);
            }
            self.row.update(|row| _ = row.forget(later.name()));
            self.clear_sent(user, later.name());
        }
    }

    /// Empties the box of what another tab has sent, should this one not have heard of it.
    fn clear_sent(self, user: UserId, name: &str) {
        if let Some(sent) = shelf::sent(user, name) {
            self.alter(|row| _ = row.forget(name));
            outcome::clear(sent.place, name, sent.comment, false);
        }
    }

    /// Tries again after a while.
    fn wait(self, pause: Duration) {
        self.stop_waiting();
        self.timer.set_value(set_timeout_with_handle(move || pump(self), pause).ok());
    }

    fn stop_waiting(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}

/// Sends what waits for the person at the screen, one after the other.
fn pump(kept: Kept) {
    let Some(user) = kept.who_waits().filter(|_| !kept.busy.get_value()) else { return };
    kept.busy.set_value(true);
    kept.stop_waiting();
    spawn_local(async move {
        let done = Rc::new(Cell::new(None));
        let pause = Rc::clone(&done);
        // As the chat's outbox, and no other work than this: neither waits for the other.
        alone(&format!("turno-answers-{user}"), async move { pause.set(send_all(kept, user).await) }).await;
        kept.busy.set_value(false);
        match kept.who_waits() {
            // What was written while the lock was being given back is not forgotten.
            Some(now) if now == user => kept.wait(done.get().unwrap_or(SOON)),
            // They came while the last person's was still on its way.
            Some(_) => {
                kept.tries.set_value(Tries::default());
                pump(kept);
            }
            None => {}
        }
    });
}

/// Sends all that waits; how long the rest has to wait, if it is not the person who decides.
async fn send_all(kept: Kept, user: UserId) -> Option<Duration> {
    while me() == Some(user)
        && let Some(later) = kept.next(user)
    {
        let error = match send(&later).await {
            Ok(outcome) => {
                kept.tries.set_value(Tries::default());
                settle(kept, user, &later, outcome);
                continue;
            }
            Err(error) => error,
        };
        let tries = kept.tries.get_value().after(&error);
        match tries.fate(&error) {
            Fate::Again(pause) => {
                kept.tries.set_value(tries);
                kept.row.update(|row| row.stays(later.name()));
                return Some(pause);
            }
            // It goes on when the person has logged in again.
            Fate::Waits => {
                kept.row.update(|row| row.stays(later.name()));
                return None;
            }
            Fate::Refused(_) => {
                kept.tries.set_value(Tries::default());
                settle(kept, user, &later, Outcome::Refused(error));
            }
        }
    }
    None
}

async fn send(later: &Later) -> Result<Outcome, ClientError> {
    let (ticket, request) = (later.place.ticket, later.request());
    if later.asks {
        let question =
            PreviewComment { body: request.body.clone(), ticket_id: Some(ticket), visibility: request.visibility };
        let unseen = api::preview(&question, Purpose::Background).await?.unseen_by;
        if !unseen.is_empty() {
            return Ok(Outcome::Asks(unseen));
        }
    }
    let written = attempt::send_late(ticket, &later.named, browser::now() - later.written).await?;
    Ok(Outcome::Written(Box::new(written)))
}

/// It waits no more. Under another person's name nothing of it can be found.
fn settle(kept: Kept, user: UserId, later: &Later, outcome: Outcome) {
    match &outcome {
        Outcome::Written(written) => {
            shelf::settle(later.place, later.name(), written.comment.id, written.stuck.clone());
        }
        Outcome::Asks(unseen) => shelf::fail(later, Failed::Asks(unseen.clone())),
        Outcome::Refused(error) => shelf::fail(later, Failed::Refused(error.clone())),
    }
    let is_wanted = kept.row.try_update(|row| row.forget(later.name())) == Some(true);
    if let Some(i18n) = kept.i18n.get_value().filter(|_| me() == Some(user)) {
        outcome::tell(i18n, later, outcome, is_wanted);
    }
}
