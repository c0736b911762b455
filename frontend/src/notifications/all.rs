//! What the page of all notifications knows.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    ids::NotificationId,
    notifications::{Notification, NotificationQuery},
    page::{DEFAULT_LIMIT, Page},
};

use super::{
    known::{Known, held, news},
    state::use_bell,
};
use crate::{api::notifications as api, browser, i18n::I18n, pages::Pages};

/// The name of a notification's link on the page.
pub fn link_id(id: NotificationId) -> String {
    format!("notice-{id}")
}

/// So long after a button was pressed the focus follows what becomes of it, in milliseconds.
const SETTLED: f64 = 3_000.0;

/// The page's list. A handle.
#[derive(Debug, Clone, Copy)]
pub struct All {
    /// Only those that are unread, or only the others.
    pub unread: RwSignal<Option<bool>>,
    /// The notifications.
    pub pages: Pages<Notification>,
    /// Where the focus goes when what had it is gone: to the first of these that is there, or else to the first of all; and since
    /// when, in milliseconds since 1970.
    anchor: StoredValue<Option<(f64, Vec<NotificationId>)>>,
}

impl All {
    /// A list that follows its filter.
    pub fn new() -> Self {
        let all = Self { unread: RwSignal::new(None), pages: Pages::new(), anchor: StoredValue::new(None) };
        Effect::new(move || {
            all.unread.track();
            all.pages.clear();
            all.reload();
        });
        // What was read elsewhere is read here, where it stands.
        Effect::new(move || {
            let latest = use_bell().latest().unwrap_or_default();
            let is_read = |row: &Notification| {
                row.read_at.is_none() && latest.iter().any(|notice| notice.id == row.id && notice.read_at.is_some())
            };
            if all.pages.items.with_untracked(|items| items.iter().flatten().any(is_read)) {
                all.pages.items.update(|items| {
                    if let Some(items) = items {
                        *items = held(Some(items), false, &latest).0;
                    }
                });
            }
        });
        // Once all is read, so is what lies behind the newest, of which the bell hears nothing.
        Effect::new(move |before: Option<bool>| {
            let is_all_read = use_bell().unread() == 0;
            if is_all_read && before == Some(false) && all.shows_unread_behind() {
                all.reload();
            }
            is_all_read
        });
        Effect::new(move || {
            all.pages.items.track();
            if all.anchor.with_value(Option::is_some) {
                request_animation_frame(move || all.settle_focus());
            }
        });
        all
    }

    /// Whether it shows one as unread that is none of the bell's newest; untracked.
    fn shows_unread_behind(self) -> bool {
        let latest = untrack(|| use_bell().latest()).unwrap_or_default();
        let is_behind = |row: &Notification| row.read_at.is_none() && latest.iter().all(|notice| notice.id != row.id);
        self.pages.items.with_untracked(|items| items.iter().flatten().any(is_behind))
    }

    /// The person has just done what takes away the button that they pressed: from there the focus goes to the row it belonged
    /// to, or to the one that takes its place; with none, to the first.
    pub fn lead_focus(self, from: Option<NotificationId>) {
        let near = self.pages.items.with_untracked(|items| {
            let items = items.as_deref().unwrap_or_default();
            let place = items.iter().position(|notice| Some(notice.id) == from)?;
            let beside = [place.checked_add(1), place.checked_sub(1)].into_iter().flatten();
            Some(from.into_iter().chain(beside.filter_map(|at| items.get(at)).map(|notice| notice.id)).collect())
        });
        self.anchor.set_value(Some((browser::now(), near.unwrap_or_default())));
    }

    fn settle_focus(self) {
        let Some((since, near)) = self.anchor.try_get_value().flatten() else { return };
        // Later on the person has gone elsewhere, or has put the focus nowhere themselves.
        if browser::now() - since > SETTLED || browser::focused().is_some() {
            return;
        }
        let first = self.pages.items.try_with_untracked(|items| items.as_ref()?.first().map(|notice| notice.id));
        for id in near.into_iter().chain(first.flatten()) {
            browser::focus_id(&link_id(id));
            if browser::focused().is_some() {
                return;
            }
        }
    }

    /// Whether a notification is unread; tracked.
    pub fn is_unread(self, id: NotificationId) -> Signal<bool> {
        let is = move |items: &Vec<Notification>| items.iter().any(|one| one.id == id && one.read_at.is_none());
        Memo::new(move |_| self.pages.items.with(|items| items.as_ref().is_some_and(is))).into()
    }

    /// How many belong in it that came since it was read, as far as the bell knows; tracked.
    pub fn newer(self) -> usize {
        let is_whole = self.pages.next.with(Option::is_none);
        let known = self.pages.items.with(|items| items.as_ref().map(|items| Known::of(items, is_whole)));
        if self.unread.get() == Some(false) {
            return 0;
        }
        news(known.as_ref(), &use_bell().latest().unwrap_or_default()).len()
    }

    /// Reads it from its start.
    pub fn reload(self) {
        self.load(None);
    }

    /// Reads the next page.
    pub fn load_more(self) {
        if let Some(rest) = self.pages.rest() {
            self.load(Some(rest));
        }
    }

    fn load(self, cursor: Option<String>) {
        // Whoever has left the page asks for nothing.
        let Some(unread) = self.unread.try_get_untracked() else { return };
        let goes_on = cursor.is_some();
        let query = NotificationQuery { unread, limit: Some(DEFAULT_LIMIT), cursor };
        self.pages.load(goes_on, async move {
            let page = api::list(&query).await?;
            Ok(Page { items: page.items, next_cursor: page.next_cursor })
        });
    }

    /// Marks all as read.
    pub fn mark_all(self, i18n: I18n, busy: RwSignal<bool>) {
        busy.set(true);
        spawn_local(async move {
            if use_bell().read_all(i18n).await {
                self.reload();
            }
            busy.try_set(false);
        });
    }
}
