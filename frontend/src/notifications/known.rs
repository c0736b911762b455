//! What of the notifications that come is new. Their numbers do not say it: one with a lower number may come later, where
//! several people write at the same time.

use std::collections::BTreeSet;

use shared::{ids::NotificationId, notifications::Notification};

/// Which notifications are known, of the newest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    ids: BTreeSet<NotificationId>,
    /// What is not newer than this was left out, and is not looked for; none when all are known.
    floor: Option<NotificationId>,
}

impl Known {
    /// These, `all` there are or the newest of them.
    pub fn of(items: &[Notification], all: bool) -> Self {
        let mut known = Self::default();
        known.learn(items, all);
        known
    }

    /// The newest are these by now, `all` there are or a part of them. What lies behind a part is forgotten.
    pub fn learn(&mut self, items: &[Notification], all: bool) {
        let newest = items.iter().map(|notice| notice.id).max();
        // A desk that was put back from a copy begins with lower numbers.
        if newest.is_some() && newest < self.floor {
            *self = Self::default();
        }
        if !all {
            self.floor = self.floor.max(items.iter().map(|notice| notice.id).min());
        }
        self.ids.extend(items.iter().map(|notice| notice.id));
        let floor = self.floor;
        self.ids.retain(|id| Some(*id) >= floor);
    }

    /// Whether one is none of them, nor lies behind them.
    fn lacks(&self, id: NotificationId) -> bool {
        Some(id) > self.floor && !self.ids.contains(&id)
    }
}

/// What is unread and came after what was known. Whoever knew nothing yet learns, and is told nothing.
pub fn news(known: Option<&Known>, items: &[Notification]) -> Vec<Notification> {
    let is_new = |notice: &&Notification| notice.read_at.is_none() && known.is_some_and(|known| known.lacks(notice.id));
    items.iter().filter(is_new).cloned().collect()
}

/// What the open bell shows: the rows as they are now, each where it stands, and how many came since that are not among them.
/// `all`: there were no more when it was opened. Where nothing stands, nothing can be pushed away.
pub fn held(shown: Option<&[Notification]>, all: bool, latest: &[Notification]) -> (Vec<Notification>, usize) {
    let Some(shown) = shown.filter(|shown| !shown.is_empty()) else { return (latest.to_vec(), 0) };
    let now = |row: &Notification| latest.iter().find(|notice| notice.id == row.id).unwrap_or(row).clone();
    let known = Known::of(shown, all);
    (shown.iter().map(now).collect(), latest.iter().filter(|notice| known.lacks(notice.id)).count())
}

#[cfg(test)]
pub mod tests {
    use chrono::DateTime;
    use shared::{ids::TicketId, notifications::NotificationKind};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    pub fn notice(id: i64, read: bool) -> Notification {
        Notification {
            id: NotificationId(id),
            kind: NotificationKind::Answered,
            ticket_id: Some(TicketId(7)),
            title: Some("Impresora".to_owned()),
            comment_id: None,
            status: None,
            from: None,
            created_at: DateTime::UNIX_EPOCH,
            read_at: read.then_some(DateTime::UNIX_EPOCH),
        }
    }

    fn unread(ids: impl IntoIterator<Item = i64>) -> Vec<Notification> {
        ids.into_iter().map(|id| notice(id, false)).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_was_there_before_the_page_is_no_news() {
        assert!(news(None, &unread([3, 2])).is_empty());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn news_is_what_is_unread_and_was_not_known() {
        let items = [notice(6, false), notice(5, true), notice(4, false), notice(3, false)];
        let known = Known::of(&unread([3]), true);
        assert_eq!(news(Some(&known), &items), [notice(6, false), notice(4, false)]);
        assert!(news(Some(&Known::of(&items, true)), &items).is_empty());
        // There was none at all.
        assert_eq!(news(Some(&Known::of(&[], true)), &items).len(), 3);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_comes_later_with_a_lower_number_is_news_too() {
        let mut known = Known::of(&unread([9, 8]), true);
        known.learn(&unread([11, 9, 8]), true);
        assert_eq!(news(Some(&known), &unread([11, 10, 9, 8])), unread([10]));
        known.learn(&unread([11, 10, 9, 8]), true);
        assert!(news(Some(&known), &unread([11, 10, 9, 8])).is_empty());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_lies_behind_the_newest_is_none_when_others_go() {
        let mut known = Known::of(&unread([8, 7, 6]), false);
        known.learn(&unread([9, 8, 7]), false);
        // The last one is gone, and what lay behind shows again; another one comes.
        assert!(news(Some(&known), &unread([8, 7, 6])).is_empty());
        assert_eq!(news(Some(&known), &unread([10, 8, 7])), unread([10]));
        assert_eq!(known.ids.len(), 3);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_desk_that_was_put_back_from_a_copy_begins_anew() {
        let mut known = Known::of(&unread([90, 89]), false);
        assert!(news(Some(&known), &unread([3, 2])).is_empty());
        known.learn(&unread([3, 2]), false);
        assert_eq!(news(Some(&known), &unread([4, 3])), unread([4]));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_comes_while_the_bell_is_open_waits_and_pushes_nothing_out() {
        let shown = unread([4, 3]);
        let (rows, came) = held(Some(&shown), true, &[notice(6, false), notice(5, false), notice(4, true)]);
        assert_eq!((rows, came), (vec![notice(4, true), notice(3, false)], 2));
        let (_, came) = held(Some(&unread([6, 4])), false, &unread([6, 5, 4, 3]));
        assert_eq!(came, 1);
        assert_eq!(held(None, false, &shown), (shown.clone(), 0));
        assert_eq!(held(Some(&[]), true, &shown), (shown, 0));
    }
}
