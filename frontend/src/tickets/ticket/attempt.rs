//! What the page calls an answer. One whose acknowledgement was lost may have been written all the same: sent again under its
//! name, it is written once. The name is kept beside the draft.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{ids::TicketId, tickets::Status};

use super::writing::draft_key;
use crate::{
    browser,
    drafts::{forget_draft, use_draft_choice},
};

/// An answer that was sent and is not acknowledged yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Attempt {
    client_id: String,
    body: String,
    status: Option<Status>,
}

impl Attempt {
    /// The attempt to send this: once more, when it is what was sent last; what says something else is another answer.
    fn of(last: Option<Self>, body: &str, status: Option<Status>, name: impl FnOnce() -> String) -> Self {
        last.filter(|last| last.body == body && last.status == status).unwrap_or_else(|| Self {
            client_id: name(),
            body: body.to_owned(),
            status,
        })
    }
}

/// The last attempt at an answer, or at a note, of a ticket. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Attempts {
    last: RwSignal<Option<Attempt>>,
    id: TicketId,
    note: bool,
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
        Self { last, id, note }
    }

    /// What to call an answer that is about to be sent.
    pub fn name(self, body: &str, status: Option<Status>) -> String {
        let attempt = Attempt::of(self.last.try_get_untracked().flatten(), body, status, browser::fresh_name);
        let name = attempt.client_id.clone();
        let _ = self.last.try_set(Some(attempt));
        name
    }

    /// The server has it.
    pub fn settle(self) {
        if self.last.try_set(None).is_some() {
            // The page was left meanwhile.
            forget(self.id, self.note);
        }
    }
}

/// Forgets the last attempt at a draft whose page was left: the server has it.
pub fn forget(id: TicketId, note: bool) {
    forget_draft(key(id, note));
}

/// Not that of a draft: what is kept here alone is no answer that was begun.
fn key(id: TicketId, note: bool) -> String {
    format!("{}.sent", draft_key(id, note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_again_keeps_its_name_and_what_is_not_the_same_gets_another() {
        let first = Attempt::of(None, "Voy", None, || "a".to_owned());
        let named =
            |last: &Attempt, body, status| Attempt::of(Some(last.clone()), body, status, || "b".to_owned()).client_id;
        assert_eq!(named(&first, "Voy", None), "a");
        assert_eq!(named(&first, "Voy ya", None), "b");
        assert_eq!(named(&first, "Voy", Some(Status::Closed)), "b");
        let closing = Attempt::of(Some(first), "Voy", Some(Status::Closed), || "c".to_owned());
        assert_eq!(named(&closing, "Voy", Some(Status::Closed)), "c");
    }
}
