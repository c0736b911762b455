//! What the bell and the page know.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use shared::{
    ids::{NotificationId, UserId},
    notifications::{Notification, NotificationQuery},
    page::DEFAULT_LIMIT,
};

use crate::{
    api::{ClientError, notifications as api},
    i18n::I18n,
    lasting::lasting,
    session::use_session,
    ui::use_toasts,
};

/// How often the page asks by itself.
const EVERY: Duration = Duration::from_secs(45);
/// How many the bell shows.
const SHOWN: u32 = 8;

/// The bell. A handle: copies are the same bell.
#[derive(Debug, Clone, Copy)]
pub struct Bell {
    unread: RwSignal<u32>,
    latest: RwSignal<Option<Vec<Notification>>>,
    /// Whose it is: what comes for somebody who has left is thrown away.
    whose: RwSignal<Option<UserId>>,
}

thread_local! {
    /// The bell is reached from futures that have lost their reactive owner.
    static ROOT: (Owner, Bell) = lasting(|| Bell {
        unread: RwSignal::new(0),
        latest: RwSignal::new(None),
        whose: RwSignal::new(None),
    });
}

/// The bell of this page.
pub fn use_bell() -> Bell {
    ROOT.with(|(_, bell)| *bell)
}

impl Bell {
    /// How many are unread, up to a hundred; tracked.
    pub fn unread(self) -> u32 {
        self.unread.get()
    }

    /// The newest; none until they come. Tracked.
    pub fn latest(self) -> Option<Vec<Notification>> {
        self.latest.get()
    }

    /// Keeps the bell up to date for as long as what calls it is shown.
    pub fn watch(self) {
        let person = use_session().user_untracked().map(|user| user.id);
        if self.whose.get_untracked() != person {
            self.whose.set(person);
            self.unread.set(0);
            self.latest.set(None);
        }
        self.look();
        let asking = set_interval_with_handle(
            move || {
                // A tab that nobody sees asks when it is seen again.
                if !document().hidden() {
                    self.look();
                }
            },
            EVERY,
        )
        .ok();
        let seen = window_event_listener(leptos::ev::focus, move |_| self.look());
        on_cleanup(move || {
            seen.remove();
            if let Some(asking) = asking {
                asking.clear();
            }
        });
    }

    /// Asks for the newest. What does not come is not missed: the next time it may.
    pub fn look(self) {
        let whose = self.whose.get_untracked();
        if whose.is_none() {
            return;
        }
        spawn_local(async move {
            let query = NotificationQuery { limit: Some(SHOWN), ..NotificationQuery::default() };
            let Ok(page) = api::look(&query).await else { return };
            if self.whose.get_untracked() == whose {
                self.unread.set(page.unread);
                self.latest.set(Some(page.items));
            }
        });
    }

    /// Marks one as read; the list, when there is one, is read again.
    pub fn read(self, i18n: I18n, id: NotificationId, list: Option<All>) {
        spawn_local(async move {
            match api::mark_read(Some(vec![id])).await {
                Ok(()) => {
                    self.look();
                    if let Some(list) = list {
                        list.reload();
                    }
                }
                // Whoever followed a link has what they wanted.
                Err(_) if list.is_none() => {}
                Err(error) => use_toasts().error(error.message(i18n)),
            }
        });
    }
}

/// The page's list. A handle.
#[derive(Debug, Clone, Copy)]
pub struct All {
    /// Only those that are unread, or only the others.
    pub unread: RwSignal<Option<bool>>,
    /// What was read so far; none until it comes for the first time.
    pub items: RwSignal<Option<Vec<Notification>>>,
    /// Where the rest starts.
    pub next: RwSignal<Option<String>>,
    /// Why it could not be read.
    pub error: RwSignal<Option<ClientError>>,
    /// A page is being read.
    pub loading: RwSignal<bool>,
    asked: StoredValue<u32>,
}

impl All {
    /// A list that follows its filter.
    pub fn new() -> Self {
        let all = Self {
            unread: RwSignal::new(None),
            items: RwSignal::new(None),
            next: RwSignal::new(None),
            error: RwSignal::new(None),
            loading: RwSignal::new(false),
            asked: StoredValue::new(0),
        };
        Effect::new(move || {
            all.unread.track();
            all.reload();
        });
        all
    }

    /// Reads it from its start.
    pub fn reload(self) {
        if self.asked.try_get_value().is_some() {
            self.load(None);
        }
    }

    /// Reads the next page.
    pub fn load_more(self) {
        if !self.loading.get_untracked() {
            self.load(self.next.get_untracked());
        }
    }

    fn load(self, cursor: Option<String>) {
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        self.loading.set(true);
        let goes_on = cursor.is_some();
        let query = NotificationQuery { unread: self.unread.get_untracked(), limit: Some(DEFAULT_LIMIT), cursor };
        spawn_local(async move {
            let read = api::list(&query).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            let _ = self.loading.try_set(false);
            match read {
                Ok(page) => {
                    let _ = self.error.try_set(None);
                    let _ = self.next.try_set(page.next_cursor);
                    self.items.try_update(|items| match items {
                        Some(items) if goes_on => items.extend(page.items),
                        _ => *items = Some(page.items),
                    });
                }
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }

    /// Marks all as read.
    pub fn mark_all(self, i18n: I18n, busy: RwSignal<bool>) {
        busy.set(true);
        spawn_local(async move {
            match api::mark_read(None).await {
                Ok(()) => {
                    use_bell().look();
                    self.reload();
                }
                Err(error) => use_toasts().error(error.message(i18n)),
            }
            busy.try_set(false);
        });
    }
}
