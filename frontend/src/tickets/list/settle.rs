//! What a fresh reading of the list makes of the rows that are shown.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use shared::{ids::TicketId, tickets::TicketSummary};

/// The rows of a fresh reading, those that are shown in place of older ones: it may have been made before a change whose answer
/// came first. What waits for its turn is shown as it was wished for, whatever the reading says of it.
pub fn newest(
    shown: &[Arc<TicketSummary>],
    fresh: Vec<Arc<TicketSummary>>,
    waits: &HashSet<TicketId>,
) -> Vec<Arc<TicketSummary>> {
    let shown: HashMap<TicketId, &Arc<TicketSummary>> = shown.iter().map(|row| (row.id, row)).collect();
    let pick = |row: Arc<TicketSummary>| match shown.get(&row.id) {
        Some(shown) if row.version < shown.version || waits.contains(&row.id) => Arc::clone(shown),
        _ => row,
    };
    fresh.into_iter().map(pick).collect()
}

/// What a fresh reading makes of the rows that are shown.
#[derive(Debug, PartialEq, Eq)]
pub struct Settled {
    /// The rows: each where it was, and behind them what follows now.
    pub items: Vec<Arc<TicketSummary>>,
    /// How many belong among them and are not shown.
    pub arrived: usize,
    /// Whether each of those is newer than every row.
    pub all_new: bool,
    /// Those that belong there no more.
    pub left: HashSet<TicketId>,
    /// Those that say something else than before.
    pub changed: HashSet<TicketId>,
    /// The reading ends before the rows do: it does not know where the rest starts.
    pub is_cut: bool,
}

/// Puts fresh rows where they were shown. `more` says that the fresh reading goes on behind its end: then a row that is
/// not in it is only known to have left if something happened to it.
pub fn settle(
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

#[cfg(test)]
mod tests {
    use shared::tickets::Priority;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{super::sample, *};

    fn row(id: i64, version: i64) -> Arc<TicketSummary> {
        Arc::new(sample::row(id, version))
    }

    fn ids(rows: &[Arc<TicketSummary>]) -> Vec<i64> {
        rows.iter().map(|row| row.id.0).collect()
    }

    fn set(ids: &[i64]) -> HashSet<TicketId> {
        ids.iter().map(|&id| TicketId(id)).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_row_that_changed_stays_where_it_is() {
        let shown = [row(3, 1), row(2, 1), row(1, 1)];
        let settled = settle(&shown, &[row(1, 2), row(3, 1), row(2, 1)], false, &set(&[1]));
        assert_eq!(settled.items, [row(3, 1), row(2, 1), row(1, 2)]);
        assert_eq!((settled.arrived, settled.changed), (0, set(&[1])));
        assert!(settled.left.is_empty());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_new_waits_and_what_follows_comes() {
        let shown = [row(3, 1), row(2, 1)];
        let settled = settle(&shown, &[row(4, 1), row(3, 1), row(2, 1), row(1, 1)], false, &set(&[4]));
        assert_eq!(ids(&settled.items), [3, 2, 1]);
        assert_eq!((settled.arrived, settled.all_new), (1, true));
        let settled = settle(&shown, &[row(1, 1), row(3, 1), row(2, 1)], false, &set(&[1]));
        assert_eq!((settled.arrived, settled.all_new), (1, false));
    }

    #[wasm_bindgen_test(unsupported = test)]
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

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_unread_now_is_news_and_what_was_read_is_none() {
        let unread = Arc::new(TicketSummary { unread: true, ..TicketSummary::clone(&row(1, 1)) });
        let settled = settle(&[row(1, 1)], &[Arc::clone(&unread)], false, &set(&[1]));
        assert_eq!((settled.items, settled.changed), (vec![Arc::clone(&unread)], set(&[1])));
        let settled = settle(&[unread], &[row(1, 1)], false, &set(&[]));
        assert_eq!((settled.items, settled.changed), (vec![row(1, 1)], set(&[])));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_reading_that_ends_early_says_nothing_of_the_rest() {
        let shown = [row(3, 1), row(2, 1), row(1, 1)];
        let settled = settle(&shown, &[row(3, 2), row(2, 1)], true, &set(&[3]));
        assert!(settled.is_cut && settled.left.is_empty());
        assert_eq!(settled.items, [row(3, 2), row(2, 1), row(1, 1)]);
        // What ends the reading stands among the rows, and not behind the last of them.
        let settled = settle(&shown, &[row(3, 1), row(9, 1)], true, &set(&[9]));
        assert_eq!((ids(&settled.items), settled.arrived), (vec![3, 2, 1], 1));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_reading_from_before_a_change_does_not_bring_the_row_back() {
        let nobody = set(&[]);
        let shown = [row(3, 1), row(2, 2), row(1, 1)];
        let fresh = newest(&shown, vec![row(3, 2), row(2, 1), row(1, 1)], &nobody);
        assert_eq!(fresh, [row(3, 2), row(2, 2), row(1, 1)]);
        let settled = settle(&shown, &fresh, false, &set(&[3, 2]));
        assert_eq!(settled.items, [row(3, 2), row(2, 2), row(1, 1)]);
        // What did not change is no news.
        assert_eq!(settled.changed, set(&[3]));
        // What is not shown has nothing to be older than.
        assert_eq!(newest(&[], vec![row(3, 1)], &nobody), [row(3, 1)]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_waits_for_its_turn_stays_as_it_was_wished_for() {
        let wished = Arc::new(TicketSummary { priority: Priority::Urgent, ..TicketSummary::clone(&row(2, 1)) });
        let shown = [row(3, 1), Arc::clone(&wished)];
        // Not even what somebody else made of it meanwhile is shown: the answer to the change says what became of both.
        for reading in [row(2, 1), row(2, 2)] {
            let fresh = newest(&shown, vec![row(3, 1), reading], &set(&[2]));
            let settled = settle(&shown, &fresh, false, &set(&[2]));
            assert_eq!(settled.items, [row(3, 1), Arc::clone(&wished)]);
            assert!(settled.changed.is_empty() && settled.left.is_empty());
        }
        // Once it has been made, a reading counts again.
        let fresh = newest(&shown, vec![row(3, 1), row(2, 2)], &set(&[]));
        assert_eq!(settle(&shown, &fresh, false, &set(&[2])).items, [row(3, 1), row(2, 2)]);
    }
}
