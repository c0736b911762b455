//! Changes of rows go to the server one after another: each is made of what the one before it left, so that nobody is told
//! that somebody else was faster when that was themselves.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet, VecDeque},
    pin::Pin,
    sync::Arc,
};

use leptos::task::spawn_local;
use shared::{
    ids::TicketId,
    tickets::{ChangeOutcome, ChangeResult, TicketSummary},
};

type Work = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// The page's. What was wished for on a list is done when that was left, too.
    static QUEUE: RefCell<Queue> = RefCell::default();
}

/// What a change is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Basis {
    /// The ticket, as the server has it.
    pub row: Arc<TicketSummary>,
    /// The version that the person knows of, their own changes with it.
    pub version: i64,
}

/// Something to be done, and the tickets that it changes.
struct Turn {
    ids: Vec<TicketId>,
    work: Work,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Turn>,
    /// The tickets of what is being done.
    under_way: Vec<TicketId>,
    runs: bool,
    /// The tickets of the changes since it last was empty.
    known: HashMap<TicketId, Basis>,
}

impl Queue {
    /// What waits longest. With nothing left, the rows that are shown say again what there is.
    fn next(&mut self) -> Option<Work> {
        let Some(Turn { ids, work }) = self.waiting.pop_front() else {
            self.runs = false;
            self.known.clear();
            self.under_way.clear();
            return None;
        };
        self.under_way = ids;
        Some(work)
    }

    /// The tickets whose change is not answered yet; `behind` leaves out what is being done.
    fn tickets(&self, behind: bool) -> HashSet<TicketId> {
        let under_way = self.under_way.iter().filter(|_| !behind);
        self.waiting.iter().flat_map(|turn| &turn.ids).chain(under_way).copied().collect()
    }

    fn basis(&self, seen: &Arc<TicketSummary>) -> Basis {
        match self.known.get(&seen.id).filter(|known| known.row.version >= seen.version) {
            // The row was shown as it was wished for before, whatever became of that.
            Some(known) => Basis { row: Arc::clone(&known.row), version: known.version.max(seen.version) },
            None => Basis { row: Arc::clone(seen), version: seen.version },
        }
    }

    fn note(&mut self, bases: &[Basis], outcomes: &[ChangeOutcome]) {
        self.known.extend(bases.iter().map(|basis| (basis.row.id, basis.clone())));
        for outcome in outcomes {
            let Some(ticket) = &outcome.ticket else { continue };
            let row = Arc::new(ticket.clone());
            if outcome.result == ChangeResult::Done {
                self.known.insert(outcome.id, Basis { version: row.version, row });
            } else if let Some(known) = self.known.get_mut(&outcome.id) {
                // What others made of it the person had not seen when they wished for the next.
                known.row = row;
            }
        }
    }
}

/// Changes tickets after all that waits already.
pub fn join(ids: Vec<TicketId>, work: impl Future<Output = ()> + 'static) {
    let begins = QUEUE.with_borrow_mut(|queue| {
        queue.waiting.push_back(Turn { ids, work: Box::pin(work) });
        !std::mem::replace(&mut queue.runs, true)
    });
    if begins {
        spawn_local(async {
            while let Some(work) = QUEUE.with_borrow_mut(Queue::next) {
                work.await;
            }
        });
    }
}

/// The tickets whose change is not answered yet.
pub fn waiting() -> HashSet<TicketId> {
    QUEUE.with_borrow(|queue| queue.tickets(false))
}

/// Those that wait behind what is being done.
pub fn behind() -> HashSet<TicketId> {
    QUEUE.with_borrow(|queue| queue.tickets(true))
}

/// What a change of a row is made of by now, given the row as it was when it was wished for.
pub fn basis(seen: &Arc<TicketSummary>) -> Basis {
    QUEUE.with_borrow(|queue| queue.basis(seen))
}

/// Notes what became of changes. What has no outcome is as it was.
pub fn note(bases: &[Basis], outcomes: &[ChangeOutcome]) {
    QUEUE.with_borrow_mut(|queue| queue.note(bases, outcomes));
}

#[cfg(test)]
mod tests {
    use shared::tickets::Priority;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{super::sample, *};

    fn row(version: i64, priority: Priority) -> TicketSummary {
        TicketSummary { priority, ..sample::row(1, version) }
    }

    fn outcome(result: ChangeResult, ticket: TicketSummary) -> ChangeOutcome {
        ChangeOutcome { id: ticket.id, result, ticket: Some(ticket) }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_second_change_is_made_of_what_the_first_left() {
        let mut queue = Queue::default();
        let first = queue.basis(&Arc::new(row(1, Priority::Low)));
        assert_eq!(first.version, 1);
        queue.note(&[first], &[outcome(ChangeResult::Done, row(2, Priority::High))]);
        let second = queue.basis(&Arc::new(row(1, Priority::High)));
        assert_eq!((second.version, second.row.version), (2, 2));
        // With nothing left to do, only what is shown counts.
        assert!(queue.next().is_none());
        assert_eq!(queue.basis(&Arc::new(row(1, Priority::High))).version, 1);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_others_did_is_not_overwritten_unseen() {
        let mut queue = Queue::default();
        let first = queue.basis(&Arc::new(row(1, Priority::Low)));
        queue.note(&[first], &[outcome(ChangeResult::Conflict, row(3, Priority::Urgent))]);
        assert_eq!(queue.basis(&Arc::new(row(1, Priority::High))).version, 1);
        // Once it has been shown, it has been seen.
        assert_eq!(queue.basis(&Arc::new(row(3, Priority::Urgent))).version, 3);
        assert_eq!(queue.basis(&Arc::new(row(4, Priority::Low))).version, 4);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_was_not_done_is_not_what_the_next_is_made_of() {
        let mut queue = Queue::default();
        let first = queue.basis(&Arc::new(row(1, Priority::Low)));
        queue.note(&[first], &[]);
        assert_eq!(queue.basis(&Arc::new(row(1, Priority::High))).row.priority, Priority::Low);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_ticket_waits_until_its_last_change_is_answered() {
        let mut queue = Queue::default();
        let turn = |ids: &[i64]| Turn { ids: ids.iter().map(|&id| TicketId(id)).collect(), work: Box::pin(async {}) };
        let set = |ids: &[i64]| ids.iter().map(|&id| TicketId(id)).collect::<HashSet<_>>();
        queue.waiting.extend([turn(&[1, 2]), turn(&[2, 3])]);
        assert_eq!(queue.tickets(false), set(&[1, 2, 3]));
        assert!(queue.next().is_some());
        assert_eq!((queue.tickets(false), queue.tickets(true)), (set(&[1, 2, 3]), set(&[2, 3])));
        assert!(queue.next().is_some());
        assert_eq!((queue.tickets(false), queue.tickets(true)), (set(&[2, 3]), set(&[])));
        assert!(queue.next().is_none());
        assert!(queue.tickets(false).is_empty());
    }
}
