//! The rows read so far, page by page.

use std::{collections::HashSet, sync::Arc};

use shared::{ids::TicketId, page::Page, tickets::TicketSummary};

/// The rows read so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The rows, in order. Whoever puts others in their place makes a new one of these.
    pub items: Vec<Arc<TicketSummary>>,
    /// Where the rest starts.
    pub next: Option<String>,
    /// There is no ticket at all, in any state: worth other words than an empty view.
    pub none_at_all: bool,
    /// Whose rows they are: kept, so that a further page costs what is on it, and not what was read before.
    known: HashSet<TicketId>,
}

impl Shown {
    /// Rows, and where the rest of them starts.
    pub fn new(items: Vec<Arc<TicketSummary>>, next: Option<String>) -> Self {
        let known = items.iter().map(|ticket| ticket.id).collect();
        Self { items, next, none_at_all: false, known }
    }

    /// Adds the page that follows. A ticket that moved between the two questions comes once.
    pub fn append(&mut self, page: Page<TicketSummary>) {
        self.next = page.next_cursor;
        for ticket in page.items {
            if self.known.insert(ticket.id) {
                self.items.push(Arc::new(ticket));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{super::sample::row, *};

    fn page(ids: &[i64], next: Option<&str>) -> Page<TicketSummary> {
        Page { items: ids.iter().map(|&id| row(id, 1)).collect(), next_cursor: next.map(str::to_owned) }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_moved_between_two_pages_comes_once() {
        let first = page(&[9, 8, 7], Some("a"));
        let mut shown = Shown::new(first.items.into_iter().map(Arc::new).collect(), first.next_cursor);
        shown.append(page(&[7, 6, 6, 5], Some("b")));
        shown.append(page(&[9, 5, 4], None));
        let ids: Vec<i64> = shown.items.iter().map(|ticket| ticket.id.0).collect();
        assert_eq!(ids, [9, 8, 7, 6, 5, 4]);
        assert_eq!(shown.next, None);
    }
}
