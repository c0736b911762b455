//! What the page calls an answer. One whose acknowledgement was lost may have been written all the same: sent again under its
//! name, it is written once. The name is kept beside the draft.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{
    ids::TicketId,
    problem::ProblemCode,
    tickets::{AddComment, Comment, Status},
};

use super::writing::draft_key;
use crate::{
    api::{ClientError, Purpose, tickets as api},
    browser,
    drafts::{forget_draft, keep_draft, kept_draft, use_draft_choice},
};

/// How long an answer that waits still takes its ticket where it was to go with it, in milliseconds: two hours.
const MEANT_FOR: f64 = 2.0 * 60.0 * 60.0 * 1000.0;

/// An answer under its name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Named {
    /// What is asked of the server.
    pub request: AddComment,
    /// It was sent before with another state for the ticket, and nobody knows which of them the server has: it writes a name
    /// once, and leaves alone whatever comes with it later.
    pub mixed: bool,
    /// When the ticket had last changed, as the person saw it when they sent this.
    #[serde(default)]
    pub seen: Option<DateTime<Utc>>,
}

impl Named {
    /// The same, to be sent by the person again after it has waited: its text may have gone without the ticket.
    pub fn once_late(&self) -> Self {
        Self { mixed: self.mixed || self.request.status.is_some(), ..self.clone() }
    }

    /// Whether the ticket still is to go where it was to go with this: nobody has touched it since, and it is not hours ago, in
    /// milliseconds, that the person said so.
    fn is_meant(&self, changed: DateTime<Utc>, age: f64) -> bool {
        age < MEANT_FOR && self.seen.is_none_or(|seen| seen == changed)
    }
}

/// An answer that was sent and is not acknowledged yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Attempt {
    client_id: String,
    body: String,
    status: Option<Status>,
    /// As [`Named::mixed`].
    #[serde(default)]
    mixed: bool,
}

impl Attempt {
    /// The attempt to send this: once more, when it says what was sent last, whatever becomes of the ticket with it. What says
    /// something else is another answer.
    fn of(last: Option<Self>, body: &str, status: Option<Status>, name: impl FnOnce() -> String) -> Self {
        match last.filter(|last| last.says(body)) {
            Some(last) => Self { mixed: last.mixed || last.status != status, status, ..last },
            None => Self { client_id: name(), body: body.to_owned(), status, mixed: false },
        }
    }

    /// That of an answer that has its name.
    fn of_named(named: &Named) -> Option<Self> {
        let Named { request, mixed, .. } = named;
        let (client_id, body) = (request.client_id.clone()?, request.body.clone());
        Some(Self { client_id, body, status: request.status, mixed: *mixed })
    }

    /// Whether this is what was sent.
    fn says(&self, text: &str) -> bool {
        self.body == text
    }
}

/// The last attempt at an answer, or at a note, of a ticket. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Attempts {
    last: RwSignal<Option<Attempt>>,
}

impl Attempts {
    /// Those of the draft in `text`: once that is empty, it was sent, or given up.
    pub fn of(id: TicketId, note: bool, text: RwSignal<String>) -> Self {
        let last: RwSignal<Option<Attempt>> = use_draft_choice(key(id, note));
        Effect::new(move || {
            if text.with(String::is_empty) && last.with_untracked(Option::is_some) {
                last.set(None);
            }
        });
        Self { last }
    }

    /// Gives an answer that is about to be sent its name. The person has seen the ticket as it was after this change.
    pub fn name(self, request: AddComment, seen: Option<DateTime<Utc>>) -> Named {
        let last = self.last.try_get_untracked().flatten();
        let attempt = Attempt::of(last, &request.body, request.status, browser::fresh_name);
        let (client_id, mixed) = (Some(attempt.client_id.clone()), attempt.mixed);
        let _ = self.last.try_set(Some(attempt));
        Named { request: AddComment { client_id, ..request }, mixed, seen }
    }

    /// The name under which the draft in `text` was sent, if it still says just that; tracked. None once the page was left.
    pub fn name_of(self, text: RwSignal<String>) -> Option<String> {
        let name = self.last.try_with(|last| {
            let last = last.as_ref()?;
            let is_said = text.try_with(|text| last.says(text)).unwrap_or_default();
            is_said.then(|| last.client_id.clone())
        });
        name.flatten()
    }

    /// The draft is what was sent under this name from a page that is gone, or from another tab.
    pub fn adopt(self, named: &Named) {
        if let Some(attempt) = Attempt::of_named(named) {
            self.last.set(Some(attempt));
        }
    }

    /// The server has what is called so: the same words said again are another answer.
    pub fn settle(self, name: &str) {
        if self.last.try_get_untracked().flatten().is_some_and(|last| last.client_id == name) {
            self.last.set(None);
        }
    }
}

/// Forgets the last attempt at a draft whose page was left: the server has it.
pub fn forget(id: TicketId, note: bool) {
    forget_draft(key(id, note));
}

/// Keeps what a draft whose page was left was called when it was sent.
pub fn keep(id: TicketId, note: bool, named: &Named) {
    if let Some(text) = Attempt::of_named(named).and_then(|attempt| serde_json::to_string(&attempt).ok()) {
        keep_draft(key(id, note), &text);
    }
}

/// The name under which a draft whose page was left was sent, if it still says just that.
pub fn kept_name(id: TicketId, note: bool) -> Option<String> {
    let last: Attempt = serde_json::from_str(&kept_draft(key(id, note))).ok()?;
    last.says(&kept_draft(draft_key(id, note))).then_some(last.client_id)
}

/// Not that of a draft: what is kept here alone is no answer that was begun.
fn key(id: TicketId, note: bool) -> String {
    format!("{}.sent", draft_key(id, note))
}

/// An answer that the server has.
#[derive(Debug)]
pub struct Written {
    /// As it is.
    pub comment: Comment,
    /// The ticket is not where the answer was to take it.
    pub stuck: Option<Stuck>,
}

/// A ticket is not where an answer was to take it, though the answer is on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stuck {
    /// Where it was to go.
    pub to: Status,
    /// Why it is not there; nothing where it was left alone, for it may have moved on while the answer waited.
    pub why: Option<ClientError>,
}

/// Sends an answer under its name, and sees to the ticket's state where the name alone does not.
pub async fn send(ticket: TicketId, named: &Named, purpose: Purpose) -> Result<Written, ClientError> {
    let comment = api::comment(ticket, &named.request, purpose).await?;
    let stuck = match named.request.status.filter(|_| named.mixed) {
        Some(to) => match turn(ticket, to, purpose).await {
            Ok(()) => None,
            // All of it is tried again, under the same name.
            Err(error @ (ClientError::Offline | ClientError::SessionEnded | ClientError::Busy { .. })) => {
                return Err(error);
            }
            Err(why) => Some(Stuck { to, why: Some(why) }),
        },
        None => None,
    };
    Ok(Written { comment, stuck })
}

/// Sends an answer that has waited for so many milliseconds. Its text goes in any case; the ticket goes with it only where it is
/// as the person saw it: somebody may have written what is the reason not to close it.
pub async fn send_late(ticket: TicketId, named: &Named, age: f64) -> Result<Written, ClientError> {
    let Some(to) = named.request.status else { return send(ticket, named, Purpose::Background).await };
    let before = match api::read(ticket, Purpose::Background).await {
        Ok(before) => before,
        // The answer may be there already all the same: that is for the server to say.
        Err(error) if matches!(error.code(), Some(ProblemCode::NotFound | ProblemCode::Forbidden)) => {
            return send(ticket, named, Purpose::Background).await;
        }
        Err(error) => return Err(error),
    };
    if before.status == to || named.is_meant(before.updated_at, age) {
        return send(ticket, named, Purpose::Background).await;
    }
    let alone = AddComment { status: None, ..named.request.clone() };
    let comment = api::comment(ticket, &alone, Purpose::Background).await?;
    // What has touched the ticket is this answer itself, which had come without taking the ticket anywhere.
    if named.mixed && age < MEANT_FOR && comment.created_at == before.updated_at {
        return send(ticket, named, Purpose::Background).await;
    }
    Ok(Written { comment, stuck: Some(Stuck { to, why: None }) })
}

/// Takes a ticket to a state, unless it is there.
async fn turn(ticket: TicketId, to: Status, purpose: Purpose) -> Result<(), ClientError> {
    let before = api::read(ticket, Purpose::Background).await?;
    if before.status != to {
        api::turn(&before, to, purpose).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_sent_again_keeps_its_name_and_what_says_something_else_gets_another() {
        let first = Attempt::of(None, "Voy", None, || "a".to_owned());
        let named =
            |last: &Attempt, body, status| Attempt::of(Some(last.clone()), body, status, || "b".to_owned()).client_id;
        assert_eq!(named(&first, "Voy", None), "a");
        assert_eq!(named(&first, "Voy ya", None), "b");
        assert_eq!(named(&first, "Voy", Some(Status::Closed)), "a");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_ticket_that_was_touched_meanwhile_or_is_hours_behind_is_left_alone() {
        let request = AddComment { body: "Voy".to_owned(), visibility: None, status: None, client_id: None };
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let named = Named { request, mixed: false, seen: Some(at(1)) };
        assert!(named.is_meant(at(1), 60_000.0));
        assert!(!named.is_meant(at(2), 60_000.0));
        assert!(!named.is_meant(at(1), MEANT_FOR));
        assert!(Named { seen: None, ..named }.is_meant(at(2), 0.0), "another version of this page kept it");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_has_waited_to_close_its_ticket_is_not_trusted_to_have_closed_it() {
        let named = |status| {
            let request = AddComment { body: "Voy".to_owned(), visibility: None, status, client_id: None };
            Named { request, mixed: false, seen: None }
        };
        assert!(named(Some(Status::Closed)).once_late().mixed);
        assert!(!named(None).once_late().mixed);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_draft_is_what_was_sent_while_it_says_all_of_it_and_no_more() {
        let sent = Attempt::of(None, "Si", None, || "a".to_owned());
        assert!(sent.says("Si"));
        assert!(!sent.says("S") && !sent.says("Si no"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn once_two_states_were_asked_for_under_a_name_nobody_knows_which_came() {
        let again = |last: Attempt, body, status| Attempt::of(Some(last), body, status, || "b".to_owned());
        let first = Attempt::of(None, "Voy", None, || "a".to_owned());
        let same = again(first.clone(), "Voy", None);
        assert!(!same.mixed);
        let closing = again(first, "Voy", Some(Status::Closed));
        assert!(closing.mixed);
        assert!(again(closing.clone(), "Voy", Some(Status::Closed)).mixed, "the first may still be the one that came");
        assert!(!again(closing, "Voy ya", Some(Status::Closed)).mixed, "it is another answer");
    }
}
