//! What the list knows: the rows read so far, the row under the cursor, and what is remembered for going back.

use std::cell::RefCell;

use leptos::{prelude::*, task::spawn_local};
use shared::{
    ids::{TicketId, UserId},
    page::{DEFAULT_LIMIT, MAX_LIMIT},
    tickets::TicketSummary,
};

use super::{
    filters::{Filters, States, View},
    moves::Moves,
};
use crate::{
    api::{ClientError, Purpose, tickets as api},
    session::use_session,
};

/// The rows read so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The rows, in order.
    pub items: Vec<TicketSummary>,
    /// Where the rest starts.
    pub next: Option<String>,
    /// There is no ticket at all, in any state: worth other words than an empty view.
    pub none_at_all: bool,
}

/// What going back finds again.
#[derive(Debug, Clone)]
struct Remembered {
    user: UserId,
    path: String,
    shown: Shown,
    at: Option<TicketId>,
}

thread_local! {
    /// The list as it was left. It belongs to one person: whoever logs in next is told nothing.
    static REMEMBERED: RefCell<Option<Remembered>> = const { RefCell::new(None) };
}

/// The state of the list. A handle.
#[derive(Debug, Clone, Copy)]
pub struct List {
    /// What the address bar asks for.
    pub filters: Memo<Filters>,
    /// The rows; none until they come for the first time.
    pub shown: RwSignal<Option<Shown>>,
    /// Why the rows could not be read.
    pub error: RwSignal<Option<ClientError>>,
    /// The first page is being read.
    pub loading: RwSignal<bool>,
    /// The next page is being read.
    pub loading_more: RwSignal<bool>,
    /// The row under the cursor.
    pub at: RwSignal<Option<TicketId>>,
    /// The row to go back to, once.
    pub back_to: StoredValue<Option<TicketId>>,
    /// What others do meanwhile.
    pub moves: Moves,
    /// Counts the questions, so that a late answer to an earlier one is dropped.
    asked: StoredValue<u32>,
}

impl List {
    /// A list that follows the address bar.
    pub fn new(filters: Memo<Filters>) -> Self {
        let list = Self {
            filters,
            shown: RwSignal::new(None),
            error: RwSignal::new(None),
            loading: RwSignal::new(false),
            loading_more: RwSignal::new(false),
            at: RwSignal::new(None),
            back_to: StoredValue::new(None),
            moves: Moves::new(),
            asked: StoredValue::new(0),
        };
        list.recall();
        Effect::new(move || list.load(&filters.get()));
        Effect::new(move || list.remember());
        list
    }

    /// Reads the first page again.
    pub fn reload(self) {
        self.load(&self.filters.get_untracked());
    }

    /// Counts the questions asked so far; none once the page was left.
    pub fn asked(self) -> Option<u32> {
        self.asked.try_get_value()
    }

    fn load(self, filters: &Filters) {
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        self.loading.set(true);
        self.moves.waiting.set(None);
        self.loading_more.set(false);
        let filters = filters.clone();
        let kept = self.shown.with_untracked(|shown| shown.as_ref().map_or(0, |shown| shown.items.len()));
        spawn_local(async move {
            let read = read_first(&filters, limit_for(kept), Purpose::Deliberate).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            let _ = self.loading.try_set(false);
            match read {
                Ok(shown) => {
                    let _ = self.error.try_set(None);
                    self.moves.settle();
                    let _ = self.shown.try_set(Some(shown));
                }
                Err(error) => {
                    let _ = self.error.try_set(Some(error));
                }
            }
        });
    }

    /// Reads the next page and adds it.
    pub fn load_more(self) {
        let Some(cursor) = self.shown.with_untracked(|shown| shown.as_ref().and_then(|shown| shown.next.clone()))
        else {
            return;
        };
        if self.loading_more.get_untracked() {
            return;
        }
        self.loading_more.set(true);
        // What is being read in the background does not know of the rows that come now.
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        let query = self.filters.get_untracked().to_query(DEFAULT_LIMIT, Some(cursor));
        spawn_local(async move {
            let read = api::list(&query, Purpose::Deliberate).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            let _ = self.loading_more.try_set(false);
            match read {
                Ok(page) => {
                    let _ = self.error.try_set(None);
                    self.shown.try_update(|shown| {
                        if let Some(shown) = shown {
                            // A ticket that moved between the two questions comes once.
                            let fresh = page.items.into_iter();
                            let known: Vec<TicketId> = shown.items.iter().map(|ticket| ticket.id).collect();
                            shown.items.extend(fresh.filter(|ticket| !known.contains(&ticket.id)));
                            shown.next = page.next_cursor;
                        }
                    });
                }
                Err(error) => {
                    let _ = self.error.try_set(Some(error));
                }
            }
        });
    }

    /// The row that is one step away from the one under the cursor; from nowhere, the first or the last.
    pub fn neighbour(self, step: Step) -> Option<TicketId> {
        self.shown.with_untracked(|shown| {
            let items = &shown.as_ref()?.items;
            let at = self.at.get_untracked();
            let index = at.and_then(|at| items.iter().position(|ticket| ticket.id == at));
            let last = items.len().checked_sub(1)?;
            let next = match (step, index) {
                (Step::First, _) | (Step::Next, None) => 0,
                (Step::Last, _) | (Step::Previous, None) => last,
                (Step::Next, Some(index)) => (index + 1).min(last),
                (Step::Previous, Some(index)) => index.saturating_sub(1),
            };
            items.get(next).map(|ticket| ticket.id)
        })
    }

    fn recall(self) {
        let Some(user) = use_session().user_untracked() else { return };
        let path = self.filters.with_untracked(Filters::to_path);
        let found = REMEMBERED.with_borrow(|remembered| {
            remembered.clone().filter(|remembered| remembered.user == user.id && remembered.path == path)
        });
        if let Some(found) = found {
            self.shown.set(Some(found.shown));
            self.at.set(found.at);
            self.back_to.set_value(found.at);
        }
    }

    fn remember(self) {
        let path = self.filters.with(Filters::to_path);
        let (shown, at, loading) = (self.shown.get(), self.at.get(), self.loading.get());
        let Some((shown, user)) = shown.zip(use_session().user_untracked()) else { return };
        // While other filters load, the rows are still those of the filters before.
        if loading {
            REMEMBERED.with_borrow_mut(|kept| {
                if let Some(kept) = kept.as_mut().filter(|kept| kept.path == path) {
                    kept.at = at;
                }
            });
        } else {
            REMEMBERED.set(Some(Remembered { user: user.id, path, shown, at }));
        }
    }
}

/// Where the cursor goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The next row.
    Next,
    /// The row before.
    Previous,
    /// The first row.
    First,
    /// The last row.
    Last,
}

/// How many rows to read for a list that shows so many.
pub fn limit_for(shown: usize) -> u32 {
    u32::try_from(shown).unwrap_or(MAX_LIMIT).clamp(DEFAULT_LIMIT, MAX_LIMIT)
}

/// Reads the list from its start.
pub async fn read_first(filters: &Filters, limit: u32, purpose: Purpose) -> Result<Shown, ClientError> {
    let page = api::list(&filters.to_query(limit, None), purpose).await?;
    let mut none_at_all = false;
    if page.items.is_empty() && !filters.narrowed() {
        let any = Filters { states: States::All, ..Filters::default() };
        none_at_all = match View::of(filters) {
            Some(View::All) => true,
            _ => api::list(&any.to_query(1, None), purpose).await?.items.is_empty(),
        };
    }
    Ok(Shown { items: page.items, next: page.next_cursor, none_at_all })
}
