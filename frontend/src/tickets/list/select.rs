//! Which rows are chosen, to be changed together.

use std::{collections::HashSet, sync::Arc};

use leptos::prelude::*;
use shared::{ids::TicketId, tickets::TicketSummary};

/// Which rows are chosen. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Selection {
    chosen: RwSignal<HashSet<TicketId>>,
    /// Where the next range begins.
    anchor: StoredValue<Option<TicketId>>,
}

impl Selection {
    /// None is chosen.
    pub fn new() -> Self {
        Self { chosen: RwSignal::new(HashSet::new()), anchor: StoredValue::new(None) }
    }

    /// Whether one is chosen; tracked.
    pub fn contains(self, id: TicketId) -> bool {
        self.chosen.with(|chosen| chosen.contains(&id))
    }

    /// How many are chosen; tracked.
    pub fn count(self) -> usize {
        self.chosen.with(HashSet::len)
    }

    /// Those of the rows that are chosen, in their order. Untracked.
    pub fn of(self, rows: &[Arc<TicketSummary>]) -> Vec<TicketId> {
        self.chosen.with_untracked(|chosen| rows.iter().map(|row| row.id).filter(|id| chosen.contains(id)).collect())
    }

    /// Whether any is chosen. Untracked.
    pub fn any(self) -> bool {
        self.chosen.with_untracked(|chosen| !chosen.is_empty())
    }

    /// Chooses these too.
    pub fn add(self, ids: HashSet<TicketId>) {
        self.chosen.update(|chosen| chosen.extend(ids));
    }

    /// Chooses one, or no more.
    pub fn toggle(self, id: TicketId) {
        self.anchor.set_value(Some(id));
        self.chosen.update(|chosen| {
            if !chosen.remove(&id) {
                chosen.insert(id);
            }
        });
    }

    /// Chooses all from the one that was last chosen to this one.
    pub fn extend(self, rows: &[Arc<TicketSummary>], to: TicketId) {
        let anchor = self.anchor.get_value().unwrap_or(to);
        let range = between(rows, anchor, to);
        if range.is_empty() {
            return self.toggle(to);
        }
        self.anchor.set_value(Some(to));
        self.chosen.update(|chosen| chosen.extend(range));
    }

    /// Chooses all of the rows, or none when all are.
    pub fn toggle_all(self, rows: &[Arc<TicketSummary>]) {
        let all: HashSet<TicketId> = rows.iter().map(|row| row.id).collect();
        self.chosen.update(|chosen| *chosen = if *chosen == all { HashSet::new() } else { all });
    }

    /// Chooses none.
    pub fn clear(self) {
        self.anchor.set_value(None);
        if self.chosen.with_untracked(|chosen| !chosen.is_empty()) {
            self.chosen.set(HashSet::new());
        }
    }
}

/// The rows from one to another, whichever stands first; none when one of them is not there.
fn between(rows: &[Arc<TicketSummary>], one: TicketId, other: TicketId) -> Vec<TicketId> {
    let place = |id: TicketId| rows.iter().position(|row| row.id == id);
    let Some((one, other)) = place(one).zip(place(other)) else { return Vec::new() };
    let (first, last) = (one.min(other), one.max(other));
    rows.get(first..=last).unwrap_or_default().iter().map(|row| row.id).collect()
}
