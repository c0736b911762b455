//! What a ticket is called that is about to be opened, so that it is opened once though the first answer was lost.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{
    ids::CategoryId,
    tickets::{Priority, Ticket},
};

use crate::{
    browser,
    drafts::{forget_draft, use_draft_choice},
};

/// What was sent last, and under which name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sent {
    client_id: String,
    says: String,
}

impl Sent {
    /// What is sent now, after what was sent last: the same keeps its name, anything else is another ticket.
    fn of(last: Option<Self>, says: String, name: impl FnOnce() -> String) -> Self {
        match last.filter(|last| last.says == says) {
            Some(last) => last,
            None => Self { client_id: name(), says },
        }
    }
}

/// The name of a form's ticket, kept beside its draft. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Once(RwSignal<Option<Sent>>);

impl Once {
    /// The name that is kept under a key.
    pub fn of(key: impl AsRef<str>) -> Self {
        Self(use_draft_choice(key))
    }

    /// What to call a ticket that says this: as the last time, while it says the same.
    pub fn name(self, says: &impl Serialize) -> Option<String> {
        let says = serde_json::to_string(says).ok()?;
        let sent = Sent::of(self.0.try_get_untracked().flatten(), says, browser::fresh_name);
        let client_id = sent.client_id.clone();
        let _ = self.0.try_set(Some(sent));
        Some(client_id)
    }

    /// It is opened, or given up: the same words said again are another ticket.
    pub fn settle(self, key: impl AsRef<str>) {
        let _ = self.0.try_set(None);
        // At once: the form may be gone before it follows.
        forget_draft(key);
    }
}

/// Whether a ticket is not what was asked for just now: it was opened by an attempt whose answer was lost, and what was chosen
/// since then changes nothing about it.
pub fn is_from_before(ticket: &Ticket, priority: Option<Priority>, category: Option<CategoryId>) -> bool {
    priority.is_some_and(|priority| ticket.priority != priority) || ticket.category_id != category
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_sent_again_keeps_its_name_and_what_says_something_else_gets_another() {
        let first = Sent::of(None, "a".to_owned(), || "1".to_owned());
        let again = |says: &str| Sent::of(Some(first.clone()), says.to_owned(), || "2".to_owned()).client_id;
        assert_eq!((again("a").as_str(), again("b").as_str()), ("1", "2"));
    }
}
