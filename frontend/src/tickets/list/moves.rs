//! The list while others work: rows change where they stand, and what is new waits above them until it is asked for.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use leptos::prelude::*;
use shared::{ids::TicketId, problem::ProblemCode, tickets::TicketSummary};

use super::{
    filters::Filters,
    rows,
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
    take_in(list, fresh);
    if goes_on { look_beyond(list, &known, &filters).await } else { Outcome::Done }
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

/// Shows what a fresh reading of the list says, as far as that can be shown in place.
pub fn take_in(list: List, fresh: Shown) {
    let Some(Some(before)) = list.shown.try_get_untracked() else { return };
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

/// What a fresh reading makes of the rows that are shown.
#[derive(Debug, PartialEq, Eq)]
struct Settled {
    /// The rows: each where it was, and behind them what follows now.
    items: Vec<Arc<TicketSummary>>,
    /// How many belong among them and are not shown.
    arrived: usize,
    /// Whether each of those is newer than every row.
    all_new: bool,
    /// Those that belong there no more.
    left: HashSet<TicketId>,
    /// Those that say something else than before.
    changed: HashSet<TicketId>,
    /// The reading ends before the rows do: it does not know where the rest starts.
    is_cut: bool,
}

/// Puts fresh rows where they were shown. `more` says that the fresh reading goes on behind its end: then a row that is
/// not in it is only known to have left if something happened to it.
fn settle(
    shown: &[Arc<TicketSummary>],
    fresh: &[Arc<TicketSummary>],
    more: bool,
    touched: &HashSet<TicketId>,
) -> Settled {
    let now: HashMap<TicketId, &Arc<TicketSummary>> = fresh.iter().map(|row| (row.id, row)).collect();
    let known: HashSet<TicketId> = shown.iter().map(|row| row.id).collect();
    let newest = shown.iter().map(|row| row.id).max();
    let mut items: Vec<Arc<TicketSummary>> =
        shown.iter().map(|row| now.get(&row.id).map_or(row, |fresh| *fresh).clone()).collect();
    let changed = items.iter().zip(shown).filter(|(now, before)| is_news(now, before)).map(|(now, _)| now.id).collect();
    // What stands behind the end of the reading is not expected in it.
    let gone =
        |place: usize, id: &TicketId| !now.contains_key(id) && (!more || (touched.contains(id) && place < fresh.len()));
    let left = shown.iter().enumerate().filter(|(place, row)| gone(*place, &row.id)).map(|(_, row)| row.id).collect();
    let is_cut = more && fresh.len() < shown.len();
    let last_known = fresh.iter().rposition(|row| known.contains(&row.id));
    // Behind a cut stand rows that are shown: what is not, belongs before them.
    let (among, behind) = fresh.split_at(last_known.filter(|_| !is_cut).map_or(fresh.len(), |last| last + 1));
    let arrived: Vec<TicketId> = among.iter().map(|row| row.id).filter(|id| !known.contains(id)).collect();
    // What follows the rows moves none of them.
    items.extend(behind.iter().cloned());
    Settled {
        items,
        all_new: arrived.iter().all(|id| Some(*id) > newest),
        arrived: arrived.len(),
        left,
        changed,
        is_cut,
    }
}

/// Whether a row says something that it did not say before. That it was read is no news.
fn is_news(now: &TicketSummary, before: &TicketSummary) -> bool {
    let as_read = TicketSummary { unread: now.unread, ..before.clone() };
    *now != as_read || (now.unread && !before.unread)
}

/// What is new, above the rows: it comes when it is asked for. It takes no room, so that nothing moves when it appears.
#[component]
pub fn Arrivals(
    /// The list.
    list: List,
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
        <div class="arrivals" role="status">
            <Show when=move || there.get()>
                <button type="button" class="btn btn-primary arrivals-act" on:click=bring>
                    <span aria-hidden="true">"↑"</span> {words}
                </button>
            </Show>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use shared::{
        accounts::UserRef,
        ids::UserId,
        tickets::{Priority, Status},
    };

    use super::*;

    fn row(id: i64, version: i64) -> Arc<TicketSummary> {
        Arc::new(TicketSummary {
            id: TicketId(id),
            title: format!("Ticket {id}"),
            status: Status::Open,
            priority: Priority::Medium,
            category_id: None,
            requester: UserRef { id: UserId(1), name: "Ana".to_owned(), avatar_url: None },
            assignee: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            closed_at: None,
            unread: false,
            version,
        })
    }

    fn ids(rows: &[Arc<TicketSummary>]) -> Vec<i64> {
        rows.iter().map(|row| row.id.0).collect()
    }

    fn set(ids: &[i64]) -> HashSet<TicketId> {
        ids.iter().map(|&id| TicketId(id)).collect()
    }

    #[test]
    fn a_row_that_changed_stays_where_it_is() {
        let shown = [row(3, 1), row(2, 1), row(1, 1)];
        let settled = settle(&shown, &[row(1, 2), row(3, 1), row(2, 1)], false, &set(&[1]));
        assert_eq!(settled.items, [row(3, 1), row(2, 1), row(1, 2)]);
        assert_eq!((settled.arrived, settled.changed), (0, set(&[1])));
        assert!(settled.left.is_empty());
    }

    #[test]
    fn what_is_new_waits_and_what_follows_comes() {
        let shown = [row(3, 1), row(2, 1)];
        let settled = settle(&shown, &[row(4, 1), row(3, 1), row(2, 1), row(1, 1)], false, &set(&[4]));
        assert_eq!(ids(&settled.items), [3, 2, 1]);
        assert_eq!((settled.arrived, settled.all_new), (1, true));
        let settled = settle(&shown, &[row(1, 1), row(3, 1), row(2, 1)], false, &set(&[1]));
        assert_eq!((settled.arrived, settled.all_new), (1, false));
    }

    #[test]
    fn a_row_has_left_only_if_that_is_known() {
        let shown = [row(3, 1), row(2, 1), row(1, 1)];
        // The list goes on: the last was pushed behind its end by the new one.
        let settled = settle(&shown, &[row(4, 1), row(3, 1), row(2, 1)], true, &set(&[4]));
        assert!(settled.left.is_empty());
        let settled = settle(&shown, &[row(3, 1), row(1, 1), row(0, 1)], true, &set(&[2]));
        assert_eq!(settled.left, set(&[2]));
        assert_eq!(ids(&settled.items), [3, 2, 1, 0]);
        assert_eq!(settle(&shown, &[row(3, 1)], false, &set(&[])).left, set(&[1, 2]));
        // It stands where the reading does not reach.
        assert!(settle(&shown, &[row(3, 1), row(2, 1)], true, &set(&[1])).left.is_empty());
    }

    #[test]
    fn what_is_unread_now_is_news_and_what_was_read_is_none() {
        let unread = Arc::new(TicketSummary { unread: true, ..TicketSummary::clone(&row(1, 1)) });
        let settled = settle(&[row(1, 1)], &[Arc::clone(&unread)], false, &set(&[1]));
        assert_eq!((settled.items, settled.changed), (vec![Arc::clone(&unread)], set(&[1])));
        let settled = settle(&[unread], &[row(1, 1)], false, &set(&[]));
        assert_eq!((settled.items, settled.changed), (vec![row(1, 1)], set(&[])));
    }

    #[test]
    fn a_reading_that_ends_early_says_nothing_of_the_rest() {
        let shown = [row(3, 1), row(2, 1), row(1, 1)];
        let settled = settle(&shown, &[row(3, 2), row(2, 1)], true, &set(&[3]));
        assert!(settled.is_cut && settled.left.is_empty());
        assert_eq!(settled.items, [row(3, 2), row(2, 1), row(1, 1)]);
        // What ends the reading stands among the rows, and not behind the last of them.
        let settled = settle(&shown, &[row(3, 1), row(9, 1)], true, &set(&[9]));
        assert_eq!((ids(&settled.items), settled.arrived), (vec![3, 2, 1], 1));
    }
}
