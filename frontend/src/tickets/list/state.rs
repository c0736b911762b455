//! What the list knows: the rows read so far, the row under the cursor, and what is remembered for going back.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    sync::Arc,
};

use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use shared::{
    ids::{TicketId, UserId},
    page::MAX_LIMIT,
    tickets::TicketSummary,
};

use super::{
    change::Taken,
    choose::Choosing,
    filters::{Filters, States, View},
    moves::{Moves, take_in, up_to_date},
    select::Selection,
    shown::Shown,
    viewport::Viewport,
};
use crate::{
    api::{ClientError, Purpose, tickets as api},
    browser,
    drafts::begun_answers,
    session::use_session,
    tickets::words::Categories,
};

/// What going back finds again.
#[derive(Debug, Clone)]
struct Remembered {
    user: UserId,
    path: String,
    shown: Shown,
    at: Option<TicketId>,
    /// How far the page was scrolled, in pixels.
    scroll: f64,
}

/// How many rows the first page has: more than a screen shows, so that nothing more is read until somebody scrolls.
const FIRST_PAGE: u32 = 50;

thread_local! {
    /// The list as it was left. It belongs to one person: whoever logs in next is told nothing.
    static REMEMBERED: RefCell<Option<Remembered>> = const { RefCell::new(None) };
}

/// Where the list is, and was.
#[derive(Debug, Clone, Default)]
struct Place {
    /// What the rows were asked for with.
    path: String,
    /// The row to go back to, and how far the page was scrolled then; once.
    back_to: Option<(Option<TicketId>, f64)>,
    /// What was changed last and can be taken back.
    taken: Option<Taken>,
    /// Counts the questions, so that a late answer to an earlier one is dropped.
    asked: u32,
    /// The tickets on which this tab keeps an answer that was begun. While the list is shown, none is begun or sent.
    begun: HashSet<TicketId>,
}

/// The state of the list. A handle.
#[derive(Debug, Clone, Copy)]
pub struct List {
    /// What the address bar asks for.
    pub filters: Memo<Filters>,
    /// The names of the categories.
    pub categories: Categories,
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
    /// What of the list is on the screen.
    pub viewport: Viewport,
    /// Which rows are chosen.
    pub selection: Selection,
    /// The menu that is open on a row.
    pub choosing: RwSignal<Option<Choosing>>,
    /// The row that is looked into.
    pub peek: RwSignal<bool>,
    /// What others do meanwhile.
    pub moves: Moves,
    place: StoredValue<Place>,
}

impl List {
    /// A list that follows the address bar.
    pub fn new(filters: Memo<Filters>, categories: Categories) -> Self {
        let list = Self {
            filters,
            categories,
            shown: RwSignal::new(None),
            error: RwSignal::new(None),
            loading: RwSignal::new(false),
            loading_more: RwSignal::new(false),
            at: RwSignal::new(None),
            viewport: Viewport::new(),
            selection: Selection::new(),
            choosing: RwSignal::new(None),
            peek: RwSignal::new(false),
            moves: Moves::new(),
            place: StoredValue::new(Place { begun: begun_answers(), ..Place::default() }),
        };
        list.recall();
        Effect::new(move || list.load(&filters.get()));
        on_cleanup(move || list.remember());
        list
    }

    /// Reads the first page again.
    pub fn reload(self) {
        self.load(&self.filters.get_untracked());
    }

    /// Counts the questions asked so far; none once the page was left.
    pub fn asked(self) -> Option<u32> {
        self.place.try_with_value(|place| place.asked)
    }

    /// Counts one more question; what was asked before is answered too late.
    fn ask(self) -> Option<u32> {
        self.place.try_update_value(|place| {
            place.asked = place.asked.wrapping_add(1);
            place.asked
        })
    }

    fn load(self, filters: &Filters) {
        let path = filters.to_path();
        if self.place.with_value(|place| place.path != path) {
            self.selection.clear();
        }
        let number = self.ask();
        self.loading.set(true);
        // With no rows to be read meanwhile, whoever asks again sees that they are on their way.
        if self.shown.with_untracked(Option::is_none) && self.error.with_untracked(Option::is_some) {
            self.error.set(None);
        }
        self.moves.waiting.set(None);
        self.loading_more.set(false);
        let filters = filters.clone();
        let kept = self.shown.with_untracked(|shown| shown.as_ref().map_or(0, |shown| shown.items.len()));
        spawn_local(async move {
            let read = read_first(&filters, limit_for(kept), Purpose::Deliberate).await;
            if self.asked() != number {
                return;
            }
            let _ = self.loading.try_set(false);
            match read {
                Ok(shown) => {
                    let _ = self.error.try_set(None);
                    // Of a list that was left further down, the rows below what was read now stay where they are.
                    let same = self.place.try_with_value(|place| place.path == path) == Some(true);
                    if same && kept > shown.items.len() && shown.next.is_some() {
                        return take_in(self, shown);
                    }
                    self.place.try_update_value(|place| place.path = path);
                    self.moves.settle();
                    let shown = up_to_date(self, shown);
                    let _ = self.shown.try_set(Some(shown));
                }
                Err(error) => {
                    let _ = self.error.try_set(Some(error));
                }
            }
        });
    }

    /// Reads the next page and adds it: because the person asked for it, or because they are about to reach it.
    pub fn load_more(self, purpose: Purpose) {
        let Some(cursor) = self.shown.with_untracked(|shown| shown.as_ref().and_then(|shown| shown.next.clone()))
        else {
            return;
        };
        // Where a list is asked for anew, the old one's place leads nowhere.
        if self.loading.get_untracked() || self.loading_more.get_untracked() {
            return;
        }
        self.loading_more.set(true);
        // What is being read in the background does not know of the rows that come now.
        let number = self.ask();
        let query = self.filters.get_untracked().to_query(MAX_LIMIT, Some(cursor));
        spawn_local(async move {
            let read = api::list(&query, purpose).await;
            if self.asked() != number {
                return;
            }
            let _ = self.loading_more.try_set(false);
            match read {
                Ok(page) => {
                    let _ = self.error.try_set(None);
                    self.shown.try_update(|shown| {
                        if let Some(shown) = shown {
                            shown.append(page);
                        }
                    });
                }
                Err(error) => {
                    let _ = self.error.try_set(Some(error));
                }
            }
        });
    }

    /// The row that is one step away from the one under the cursor, and its place; from nowhere, the first or the last.
    pub fn neighbour(self, step: Step) -> Option<(usize, TicketId)> {
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
            items.get(next).map(|ticket| (next, ticket.id))
        })
    }

    /// The row under the cursor and its place; where there is none, the first. Untracked.
    pub fn current(self) -> Option<(usize, TicketId)> {
        let at = self.at.try_get_untracked().flatten();
        self.shown.try_with_untracked(|shown| {
            let items = &shown.as_ref()?.items;
            let place = at.and_then(|at| items.iter().position(|row| row.id == at)).unwrap_or_default();
            items.get(place).map(|row| (place, row.id))
        })?
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
            let back_to = Some((found.at, found.scroll));
            self.place.update_value(|place| (place.path, place.back_to) = (path, back_to));
        }
    }

    /// Keeps the list as it is left. While other filters load, the rows are still those of the filters before.
    fn remember(self) {
        let Some((Some(shown), Place { path, .. })) = self.shown.try_get_untracked().zip(self.place.try_get_value())
        else {
            return;
        };
        let Some(user) = use_session().user_untracked() else { return };
        let at = self.at.try_get_untracked().flatten();
        REMEMBERED.set(Some(Remembered { user: user.id, path, shown, at, scroll: self.viewport.scrolled() }));
    }

    /// Whether this tab keeps an answer to a ticket that was begun.
    pub fn has_begun(self, id: TicketId) -> bool {
        self.place.try_with_value(|place| place.begun.contains(&id)).unwrap_or_default()
    }

    /// The row to go back to, and how far the page was scrolled then; once.
    pub fn back_to(self) -> Option<(Option<TicketId>, f64)> {
        self.place.try_update_value(|place| place.back_to.take()).flatten()
    }

    /// What was changed last and can be taken back.
    pub fn taken(self) -> Option<Taken> {
        self.place.try_with_value(|place| place.taken.clone()).flatten()
    }

    /// Notes what can be taken back from now on.
    pub fn set_taken(self, taken: Option<Taken>) {
        self.place.try_update_value(|place| place.taken = taken);
    }

    /// The row of a ticket; none when it is not shown. Untracked.
    pub fn row(self, id: TicketId) -> Option<Arc<TicketSummary>> {
        self.shown.try_with_untracked(|shown| {
            shown.as_ref().and_then(|shown| shown.items.iter().find(|ticket| ticket.id == id).cloned())
        })?
    }

    /// Shows tickets as they are now, each where it stands. Whether they hold something new only a reading of the list
    /// says: what was unread stays so.
    pub fn put(self, tickets: Vec<TicketSummary>) {
        let mut tickets: HashMap<TicketId, TicketSummary> =
            tickets.into_iter().map(|ticket| (ticket.id, ticket)).collect();
        let there = |shown: &Option<Shown>| {
            shown.as_ref().is_some_and(|shown| shown.items.iter().any(|row| tickets.contains_key(&row.id)))
        };
        if self.shown.try_with_untracked(there) != Some(true) {
            return;
        }
        keep_focus(move || {
            self.shown.try_update(|shown| {
                let Some(shown) = shown else { return };
                for row in &mut shown.items {
                    if let Some(mut ticket) = tickets.remove(&row.id) {
                        ticket.unread |= row.unread;
                        *row = Arc::new(ticket);
                    }
                }
            });
        });
    }
}

/// Does something that draws rows anew; what had the focus in one of them has it again.
pub fn keep_focus(change: impl FnOnce()) {
    let focused = browser::focused().filter(|element| element.closest(".ticket-row").is_ok_and(|row| row.is_some()));
    let id = focused.map(|element| element.id()).filter(|id| !id.is_empty());
    change();
    if let Some(id) = id {
        spawn_local(async move {
            tick().await;
            if browser::is_focus_free() {
                browser::focus_id_in_place(&id);
            }
        });
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
    u32::try_from(shown).unwrap_or(MAX_LIMIT).clamp(FIRST_PAGE, MAX_LIMIT)
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
    let mut shown = Shown::new(page.items.into_iter().map(Arc::new).collect(), page.next_cursor);
    shown.none_at_all = none_at_all;
    Ok(shown)
}
