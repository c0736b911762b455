//! An answer, or a note, that could not be sent for want of a line. Its text stays in its box and is sent when the line is
//! back, under the name that it had: what reached the desk after all is not written twice. What the person sends instead, with
//! another text or with another state for the ticket, is another answer and has a name of its own: should the first have reached
//! the desk, both are there. Only the tab in which the person sent it does so, only while they are logged in, and only until
//! they take it back. It puts off no session's end. A tab that is closed or loaded anew keeps the text as a draft and sends
//! nothing by itself: the browser asks before.

#![allow(clippy::large_types_passed_by_value, reason = "a handle of many handles is copied like any other")]

use std::{cell::Cell, time::Duration};

use leptos::{ev, prelude::*, task::spawn_local};
use shared::{
    ids::{TicketId, UserId},
    tickets::{AddComment, Comment, Mention, PreviewComment, Visibility},
};

use super::{
    attempt,
    waiting::{Later, Place, Row},
    writing::{Writing, draft_key},
};
use crate::{
    api::{ClientError, Purpose, tickets as api},
    attachments::answer_tray,
    chat::outbox::{Fate, fate},
    drafts::forget_draft,
    i18n::{I18n, t, tu_string},
    lasting::lasting,
    live::{Line, use_live},
    session::{EndReason, Phase, use_session},
    ui::use_toasts,
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
    /// How often the first in the row has been tried in vain.
    attempts: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

thread_local! {
    /// What waits outlives the page of its ticket.
    static ROOT: (Owner, Kept) = lasting(|| {
        let kept = Kept {
            row: RwSignal::new(Row::default()),
            i18n: StoredValue::new(None),
            busy: StoredValue::new(false),
            attempts: StoredValue::new(0),
            timer: StoredValue::new(None),
        };
        let line = use_live().line();
        Effect::new(move |before: Option<bool>| {
            let online = line.get() == Line::Online;
            if online && before == Some(false) {
                kept.attempts.set_value(0);
                pump(kept);
            }
            online
        });
        Effect::new(move || match (use_session().phase(), use_session().user().map(|user| user.id)) {
            // Whoever logs out leaves nothing for the next at this screen.
            (Phase::Out(Some(EndReason::LoggedOut)), _) => kept.alter(Row::clear),
            (Phase::In, Some(user)) => {
                kept.alter(|row| row.leave_to(user));
                pump(kept);
            }
            _ => {}
        });
        _ = window_event_listener(ev::beforeunload, move |event| {
            // The browser asks in its own words.
            if me().is_some_and(|me| kept.row.with_untracked(|row| row.is_for(me))) {
                event.prevent_default();
                event.set_return_value("-");
            }
        });
        kept
    });
    /// The box on the page, or the last there was.
    static BOX: Cell<Option<Writing>> = const { Cell::new(None) };
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

/// The box of a ticket, while it is on the page.
fn open_box(ticket: TicketId) -> Option<Writing> {
    BOX.get().filter(|writing| writing.state.id == ticket && writing.note.try_get_untracked().is_some())
}

/// A box is on the page. What waits in it is no longer sent once something else is written there.
pub fn meet(writing: &Writing) {
    let (writing, kept) = (*writing, kept());
    BOX.set(Some(writing));
    let boxes = [(false, writing.reply), (true, writing.note_text)];
    // Where the browser keeps no drafts the box is empty when one comes back, although nobody emptied it.
    for (note, text) in boxes {
        let Some(place) = place(writing.state.id, note) else { continue };
        let body = kept.row.with_untracked(|row| row.text(place).map(str::to_owned));
        if let Some(body) = body.filter(|_| text.with_untracked(String::is_empty)) {
            text.set(body);
        }
    }
    Effect::new(move || {
        for (note, text) in boxes {
            let Some(place) = place(writing.state.id, note) else { continue };
            if text.with(|text| kept.row.with_untracked(|row| row.is_overwritten(place, text))) {
                kept.row.update(|row| row.take_back(place));
            }
        }
    });
}

/// Whether something waits in a box of the person at the screen; tracked.
pub fn waits(ticket: TicketId, note: bool) -> bool {
    place(ticket, note).is_some_and(|place| kept().row.with(|row| row.waits(place)))
}

/// Takes out what waits in a box, to be sent anew; false while it is on its way.
pub fn withdraw(ticket: TicketId, note: bool) -> bool {
    let (Some(place), kept) = (place(ticket, note), kept()) else { return true };
    if !kept.row.with_untracked(|row| row.waits(place)) {
        return true;
    }
    kept.row.try_update(|row| row.withdraw(place)).unwrap_or(true)
}

/// Keeps what could not be sent until the line is back. `asks` says that nobody has looked yet whether it names somebody who
/// would not see it.
pub fn keep(i18n: I18n, ticket: TicketId, request: AddComment, asks: bool) {
    let note = request.visibility == Some(Visibility::Internal);
    let (Some(place), kept) = (place(ticket, note), kept()) else { return };
    kept.i18n.set_value(Some(i18n));
    kept.row.update(|row| row.add(Later::new(place, request, asks)));
    if !kept.busy.get_value() {
        kept.wait(SOON);
    }
}

impl Kept {
    fn alter(self, change: impl FnOnce(&mut Row)) {
        if !self.row.with_untracked(Row::is_empty) {
            self.row.update(change);
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
    let Some(me) = me().filter(|&me| kept.row.with_untracked(|row| row.is_for(me))) else { return };
    if kept.busy.get_value() {
        return;
    }
    kept.busy.set_value(true);
    kept.stop_waiting();
    spawn_local(async move {
        let pause = send_all(kept, me).await;
        kept.busy.set_value(false);
        if let Some(pause) = pause {
            kept.wait(pause);
        }
    });
}

/// Sends all that waits; how long the rest has to wait, if it is to be tried again by itself.
async fn send_all(kept: Kept, user: UserId) -> Option<Duration> {
    while me() == Some(user)
        && let Some(later) = kept.row.try_update(|row| row.begin(user)).flatten()
    {
        let sent = send(&later).await;
        let error = match sent {
            Ok(outcome) => {
                kept.attempts.set_value(0);
                kept.row.update(|row| row.forget(later.place));
                // Under another person's name nothing of it can be found any more.
                if me() == Some(user) {
                    tell(kept, &later, outcome);
                }
                continue;
            }
            Err(error) => error,
        };
        let attempts = kept.attempts.get_value() + 1;
        match fate(&error, attempts) {
            Fate::Again(pause) => {
                kept.attempts.set_value(attempts);
                kept.row.update(|row| row.stays(later.place));
                return Some(pause);
            }
            Fate::Waits => {
                kept.row.update(|row| row.stays(later.place));
                return None;
            }
            Fate::Refused(_) => {
                kept.attempts.set_value(0);
                kept.row.update(|row| row.forget(later.place));
                tell(kept, &later, Outcome::Refused(error));
            }
        }
    }
    None
}

/// What became of what waited.
enum Outcome {
    /// It is on the ticket.
    Written(Box<Comment>),
    /// It names these, who would not see it.
    Asks(Vec<Mention>),
    /// It will never be.
    Refused(ClientError),
}

async fn send(later: &Later) -> Result<Outcome, ClientError> {
    let ticket = later.place.ticket;
    if later.asks {
        let question = PreviewComment {
            body: later.request.body.clone(),
            ticket_id: Some(ticket),
            visibility: later.request.visibility,
        };
        let unseen = api::preview(&question, Purpose::Background).await?.unseen_by;
        if !unseen.is_empty() {
            return Ok(Outcome::Asks(unseen));
        }
    }
    let comment = api::comment(ticket, &later.request, Purpose::Background).await?;
    Ok(Outcome::Written(Box::new(comment)))
}

/// Shows what became of it: in its box, or wherever the person is by now.
fn tell(kept: Kept, later: &Later, outcome: Outcome) {
    let Place { ticket, note, .. } = later.place;
    let (writing, toasts) = (open_box(ticket), use_toasts());
    let Some(i18n) = kept.i18n.get_value() else { return };
    let id = ticket.to_string();
    match outcome {
        Outcome::Written(comment) => {
            let files = answer_tray(ticket, note);
            if let Some(writing) = writing {
                writing.arrived(&later.request, *comment, files, Purpose::Background);
                return spawn_local(writing.state.refresh());
            }
            files.hand_over(ticket, Some(comment.id), Purpose::Background);
            attempt::forget(ticket, note);
            forget_draft(draft_key(ticket, note));
            toasts.success(tu_string!(i18n, conversation.later.sent, id = id));
        }
        Outcome::Asks(unseen) => {
            if !writing.is_some_and(|writing| writing.ask(unseen)) {
                toasts.error(tu_string!(i18n, conversation.later.asks, id = id));
            }
        }
        Outcome::Refused(error) => {
            if !writing.is_some_and(|writing| writing.refused(note, &error)) {
                let said = tu_string!(i18n, conversation.later.refused, id = id);
                toasts.error(format!("{said} {}", error.message(i18n)));
            }
        }
    }
}

/// Says that what is in the box waits for the line, and lets it be taken back.
#[component]
pub fn Waits(
    /// The box.
    writing: Writing,
) -> impl IntoView {
    let i18n = writing.state.i18n;
    let take_back = move |_| {
        if let Some(place) = place(writing.state.id, writing.note.get_untracked()) {
            kept().row.update(|row| row.take_back(place));
        }
        writing.focus();
    };
    view! {
        <Show when=move || writing.waits.get()>
            <p class="draft-line" role="alert">
                {t!(i18n, conversation.later.waits)}
                <button type="button" class="quiet-link" on:click=take_back>
                    {t!(i18n, conversation.later.take_back)}
                </button>
            </p>
        </Show>
    }
    .into_any()
}
