//! What the tabs of a browser look at. They share one socket, which says one thing: what the tab looks at that said so last,
//! and whether anybody writes there. A tab that looks away, or is gone, takes back its own word and no other's.

use serde::{Deserialize, Serialize};
use shared::{ids::TicketId, live::ClientFrame};

/// What a tab looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The ticket.
    pub ticket: TicketId,
    /// Whether an answer is being written in it.
    pub writing: bool,
}

/// What each tab looks at, by its name; the last to say so is the last.
#[derive(Debug, Default)]
pub struct Views {
    said: Vec<(String, View)>,
}

impl Views {
    /// A tab looks at this now, or at nothing. Whether the desk has to hear of it: of a ticket always, for the answer says
    /// who else looks at it; of nothing, when that changes anything.
    pub fn say(&mut self, tab: &str, view: Option<View>) -> bool {
        let before = self.frame();
        self.said.retain(|(other, _)| other != tab);
        self.said.extend(view.map(|view| (tab.to_owned(), view)));
        view.is_some() || self.frame() != before
    }

    /// Whether nobody looks at anything.
    pub fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    /// What the desk is told.
    pub fn frame(&self) -> ClientFrame {
        let ticket_id = self.said.last().map(|(_, view)| view.ticket);
        let writing = self.said.iter().any(|(_, view)| Some(view.ticket) == ticket_id && view.writing);
        ClientFrame::Viewing { ticket_id, writing }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn at(ticket: i64, writing: bool) -> View {
        View { ticket: TicketId(ticket), writing }
    }

    fn frame(ticket: Option<i64>, writing: bool) -> ClientFrame {
        ClientFrame::Viewing { ticket_id: ticket.map(TicketId), writing }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_tab_that_goes_takes_only_its_own_word_with_it() {
        let mut views = Views::default();
        assert!(views.is_empty() && !views.say("a", None));
        assert!(views.say("a", Some(at(5, true))) && views.say("b", Some(at(5, false))));
        // It is still being written in the other.
        assert_eq!(views.frame(), frame(Some(5), true));
        assert!(!views.say("b", None));
        assert_eq!(views.frame(), frame(Some(5), true));
        assert!(views.say("a", None));
        assert_eq!(views.frame(), frame(None, false));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn of_two_tickets_the_one_counts_that_was_looked_at_last() {
        let mut views = Views::default();
        views.say("a", Some(at(5, true)));
        views.say("b", Some(at(7, false)));
        assert_eq!(views.frame(), frame(Some(7), false));
        assert!(views.say("b", None));
        assert_eq!(views.frame(), frame(Some(5), true));
        assert!(views.say("a", Some(at(5, false))));
        assert_eq!(views.frame(), frame(Some(5), false));
    }
}
