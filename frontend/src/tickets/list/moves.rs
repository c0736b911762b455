//! The list while others work: rows change where they stand, and what is new waits above them until it is asked for.

use std::{collections::HashSet, mem};

use leptos::prelude::*;
use shared::{ids::TicketId, problem::ProblemCode, tickets::TicketSummary};

use super::{
    columns::Columns,
    filters::Filters,
    queue, rows,
    settle::{newest, settle},
    shown::Shown,
    state::{List, keep_focus, limit_for, read_first},
};
use crate::{
    api::{Purpose, tickets as api},
    i18n::{t_count, t_string, use_i18n},
    moves::{Gather, Outcome, on_ticket_event, stir_when_read_elsewhere, stir_when_resynced},
    session::use_session,
};

/// The list as it is by now, where that is more than what can be shown in place.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The rows as they are by now.
    shown: Shown,
    /// How many of them are not shown yet.
    arrived: usize,
    /// Whether those are all newer than everything shown; otherwise older ones are among them, which came here by a change.
    all_new: bool,
}

/// What the list knows about what others do. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Moves {
    /// What waits to be asked for.
    pub waiting: RwSignal<Option<Waiting>>,
    /// The rows that are no longer where they are shown: they match no more, or stand elsewhere.
    pub left: RwSignal<HashSet<TicketId>>,
    /// The rows whose change the server has not answered for a while.
    pub late: RwSignal<HashSet<TicketId>>,
    noted: StoredValue<Noted>,
}

/// What is known without being shown.
#[derive(Debug, Default)]
struct Noted {
    /// The rows that have just changed.
    changed: HashSet<TicketId>,
    /// What something happened to since the list was read.
    touched: HashSet<TicketId>,
    /// Those of them that others wrote on.
    written: HashSet<TicketId>,
}

impl Moves {
    /// Nothing has happened yet.
    pub fn new() -> Self {
        Self {
            waiting: RwSignal::new(None),
            left: RwSignal::new(HashSet::new()),
            late: RwSignal::new(HashSet::new()),
            noted: StoredValue::new(Noted::default()),
        }
    }

    /// Whether a row has just changed. Untracked.
    pub fn has_changed(self, id: TicketId) -> bool {
        self.noted.with_value(|noted| noted.changed.contains(&id))
    }

    /// The list was read: all that happened before is in it.
    pub fn settle(self) {
        let _ = self.waiting.try_set(None);
        let _ = self.left.try_set(HashSet::new());
        let _ = self.noted.try_set_value(Noted::default());
    }
}

/// Follows what happens for as long as the list is shown.
pub fn follow(list: List) {
    let gather = Gather::new(move || look(list));
    on_ticket_event(move |event| {
        let me = use_session().user_untracked().map(|user| user.id);
        if let Some(ticket) = event.ticket_id {
            let written = event.kind == "comment_added" && event.actor_id != me;
            list.moves.noted.update_value(|noted| {
                noted.touched.insert(ticket);
                if written {
                    noted.written.insert(ticket);
                }
            });
        }
        gather.stir();
    });
    stir_when_resynced(gather);
    // Read in another tab: it is unread here no more.
    stir_when_read_elsewhere(gather);
}

/// Reads the list in the background and shows what can be shown in place.
async fn look(list: List) -> Outcome {
    let Some(filters) = list.filters.try_get_untracked() else { return Outcome::Done };
    let Some(count) = list.shown.try_with_untracked(|shown| shown.as_ref().map(|shown| shown.items.len())) else {
        return Outcome::Done;
    };
    // What is being read for the first time may have been asked for before it happened.
    let Some(count) = count else {
        return if list.loading.try_get_untracked() == Some(true) { Outcome::Failed } else { Outcome::Done };
    };
    let number = list.asked();
    let read = read_first(&filters, limit_for(count), Purpose::Background).await;
    let Some(asked) = list.asked() else { return Outcome::Done };
    let (Ok(fresh), true) = (read, number == Some(asked)) else { return Outcome::Failed };
    let known: HashSet<TicketId> = fresh.items.iter().map(|row| row.id).collect();
    let goes_on = fresh.next.is_some();
    let held = queue::waiting().iter().any(|id| known.contains(id));
    take_in(list, fresh);
    let outcome = if goes_on { look_beyond(list, &known, &filters).await } else { Outcome::Done };
    // What it says of a row that waits for its turn was not shown.
    if held { Outcome::Failed } else { outcome }
}

/// How many rows that are shown behind the end of a fresh reading are read one by one.
const BEYOND: usize = 20;

/// Reads anew what something happened to and what a fresh reading does not reach.
async fn look_beyond(list: List, known: &HashSet<TicketId>, filters: &Filters) -> Outcome {
    let Some(me) = use_session().user_untracked().map(|user| user.id) else { return Outcome::Done };
    let touched = list.moves.noted.try_with_value(|noted| noted.touched.clone()).unwrap_or_default();
    let asked = list.asked();
    let mut outcome = Outcome::Done;
    for id in touched.into_iter().filter(|id| !known.contains(id) && list.row(*id).is_some()).take(BEYOND) {
        let read = api::read(id, Purpose::Background).await;
        if list.asked() != asked {
            return Outcome::Failed;
        }
        let left = match read {
            // It says nothing of a change that is being made, or was made since.
            Ok(ticket)
                if queue::waiting().contains(&id) || list.row(id).is_some_and(|row| ticket.version < row.version) =>
            {
                outcome = Outcome::Failed;
                continue;
            }
            Ok(ticket) => {
                let mut row = TicketSummary::from(ticket);
                row.unread = list.moves.noted.try_with_value(|noted| noted.written.contains(&id)) == Some(true);
                let left = !filters.fit(&row, me);
                list.put(vec![row]);
                left
            }
            Err(error) if error.code() == Some(ProblemCode::NotFound) => true,
            // It stays touched.
            Err(_) => {
                outcome = Outcome::Failed;
                continue;
            }
        };
        list.moves.left.try_update(|all| if left { all.insert(id) } else { all.remove(&id) });
        let _ = list.moves.noted.try_update_value(|noted| noted.touched.remove(&id));
    }
    outcome
}

/// A reading of the list, with nothing in it that is older than what is shown.
pub fn up_to_date(list: List, mut fresh: Shown) -> Shown {
    if let Some(before) = list.shown.try_get_untracked().flatten() {
        fresh.items = newest(&before.items, mem::take(&mut fresh.items), &queue::waiting());
    }
    fresh
}

/// Shows what a fresh reading of the list says, as far as that can be shown in place.
pub fn take_in(list: List, fresh: Shown) {
    let Some(Some(before)) = list.shown.try_get_untracked() else { return };
    let fresh = up_to_date(list, fresh);
    if before.items.is_empty() {
        list.moves.settle();
        let _ = list.shown.try_set(Some(fresh));
        return;
    }
    let settled =
        list.moves.noted.with_value(|noted| settle(&before.items, &fresh.items, fresh.next.is_some(), &noted.touched));
    let next = if settled.is_cut { before.next.clone() } else { fresh.next.clone() };
    let waits = settled.arrived > 0 || !settled.left.is_empty();
    let waiting = waits.then_some(Waiting { shown: fresh, arrived: settled.arrived, all_new: settled.all_new });
    let _ = list.moves.waiting.try_set(waiting);
    let _ = list.moves.left.try_set(settled.left);
    let _ = list.moves.noted.try_update_value(|noted| noted.changed = settled.changed);
    if settled.items != before.items || next != before.next {
        keep_focus(move || {
            let _ = list.shown.try_set(Some(Shown::new(settled.items, next)));
        });
    }
}

/// What is new, above the rows: it comes when it is asked for. It takes no room, so that nothing moves when it appears.
#[component]
pub fn Arrivals(
    /// The list.
    list: List,
    /// The columns, among whose headings it has its place.
    columns: Columns,
) -> impl IntoView {
    let i18n = use_i18n();
    let waiting = list.moves.waiting;
    let words = move || {
        waiting.with(|waiting| {
            waiting.as_ref().map(|Waiting { arrived, all_new, .. }| match (*arrived, *all_new) {
                (0, _) => t_string!(i18n, moves.list.refresh).to_owned(),
                (count, true) => t_count!(i18n, count, moves.list.arrived, count = count),
                (count, false) => t_count!(i18n, count, moves.list.updated, count = count),
            })
        })
    };
    let there = Memo::new(move |_| waiting.with(Option::is_some));
    let bring = move |_| {
        let Some(Waiting { shown, .. }) = waiting.get_untracked() else { return };
        // It has waited itself, and rows may have been changed meanwhile.
        let shown = up_to_date(list, shown);
        let first = shown.items.first().map(|row| row.id);
        list.moves.settle();
        list.shown.set(Some(shown));
        list.at.set(first);
        window().scroll_to_with_x_and_y(0.0, 0.0);
        if let Some(first) = first {
            rows::go_to(list, 0, first);
        }
    };
    view! {
        <div class="arrivals" role="status" style=("--columns", move || columns.template(list.viewport.layout.get()))>
            <Show when=move || there.get()>
                <button type="button" class="btn btn-primary arrivals-act" on:click=bring>
                    <span aria-hidden="true">"↑"</span> {words}
                </button>
            </Show>
        </div>
    }
    .into_any()
}
