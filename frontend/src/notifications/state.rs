//! What the bell knows.

use std::{cell::Cell, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use shared::{
    ids::{NotificationId, UserId},
    notifications::{Notification, NotificationQuery},
};

use super::{
    all::All,
    known::{Known, news},
};
use crate::{
    api::{ClientError, notifications as api},
    i18n::I18n,
    lasting::lasting,
    live::{Line, use_live},
    moves::is_seen,
    session::use_session,
    ui::use_toasts,
};

/// How often the page asks by itself.
const EVERY: Duration = Duration::from_secs(45);
/// While the live stream tells what is new and what was read elsewhere, it asks only every so many times: other processes of
/// the desk may not have heard of it.
const LIVE_EVERY: u32 = 8;
/// What comes within so long is asked for together.
const TOGETHER: Duration = Duration::from_millis(300);
/// How many the bell shows.
const SHOWN: u32 = 8;

/// The bell. A handle: copies are the same bell.
#[derive(Debug, Clone, Copy)]
pub struct Bell {
    unread: RwSignal<u32>,
    latest: RwSignal<Option<Vec<Notification>>>,
    error: RwSignal<Option<ClientError>>,
    /// Whose it is: what comes for somebody who has left is thrown away.
    whose: RwSignal<Option<UserId>>,
    /// What has come since the bell was first looked at, and is not told yet.
    news: RwSignal<Vec<Notification>>,
    /// Which there are; none before the bell was first looked at.
    known: StoredValue<Option<Known>>,
    /// How often it was asked: only the last answer counts.
    asked: StoredValue<u32>,
    /// How far it is with what comes.
    burst: StoredValue<Burst>,
    /// How often it was asked in vain.
    failed: StoredValue<u32>,
}

/// How far the bell is with what comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Burst {
    /// Nothing came lately.
    Over,
    /// It has just asked.
    Asked,
    /// It has just asked, and more came since.
    Outrun,
}

thread_local! {
    /// The bell is reached from futures that have lost their reactive owner.
    static ROOT: (Owner, Bell) = lasting(|| Bell {
        unread: RwSignal::new(0),
        latest: RwSignal::new(None),
        error: RwSignal::new(None),
        whose: RwSignal::new(None),
        news: RwSignal::new(Vec::new()),
        known: StoredValue::new(None),
        asked: StoredValue::new(0),
        burst: StoredValue::new(Burst::Over),
        failed: StoredValue::new(0),
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

    /// Why nothing has come yet; tracked.
    pub fn error(self) -> Option<ClientError> {
        self.error.get().filter(|_| self.latest.with(Option::is_none))
    }

    /// Keeps the bell up to date for as long as what calls it is shown.
    pub fn watch(self) {
        let person = use_session().user_untracked().map(|user| user.id);
        if self.whose.get_untracked() != person {
            self.whose.set(person);
            self.unread.set(0);
            self.latest.set(None);
            self.error.set(None);
            self.news.set(Vec::new());
            self.known.set_value(None);
        }
        self.look();
        let (line, read_elsewhere) = (use_live().line(), use_live().read_elsewhere());
        Effect::new(move |before: Option<u32>| {
            let now = read_elsewhere.get();
            if before.is_some_and(|before| before != now) {
                self.look_soon();
            }
            now
        });
        let times = Cell::new(0_u32);
        let asking = set_interval_with_handle(
            move || {
                times.set(times.get().wrapping_add(1));
                // A session that has just ended has none any more.
                let Some(line) = line.try_get_untracked() else { return };
                let due = line != Line::Online || times.get().is_multiple_of(LIVE_EVERY);
                // A tab that nobody sees asks when it is seen again.
                if due && is_seen() {
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

    /// So many are unread now: some were read, perhaps on another device. Which ones is asked for.
    pub fn hear(self, unread: u32) {
        if self.whose.get_untracked().is_some() && self.unread.get_untracked() != unread {
            self.unread.set(unread);
            self.look_soon();
        }
    }

    /// Asks because something comes. The first of a burst is asked for at once, for somebody may be waiting for it; the rest,
    /// together.
    pub fn look_soon(self) {
        if self.burst.get_value() != Burst::Over {
            return self.burst.set_value(Burst::Outrun);
        }
        self.burst.set_value(Burst::Asked);
        self.look();
        let rest = move || {
            let outrun = self.burst.get_value() == Burst::Outrun;
            self.burst.set_value(Burst::Over);
            if outrun {
                self.look_soon();
            }
        };
        set_timeout(rest, TOGETHER);
    }

    /// Asks for the newest. What does not come now is asked for again: it may be the last of a burst.
    pub fn look(self) {
        let whose = self.whose.get_untracked();
        if whose.is_none() {
            return;
        }
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        spawn_local(async move {
            let query = NotificationQuery { limit: Some(SHOWN), ..NotificationQuery::default() };
            let read = api::look(&query).await;
            if self.whose.get_untracked() != whose || self.asked.get_value() != number {
                return;
            }
            match read {
                Ok(page) => {
                    self.error.set(None);
                    self.failed.set_value(0);
                    self.unread.set(page.unread);
                    self.note(&page.items);
                    self.latest.set(Some(page.items));
                }
                Err(ClientError::SessionEnded) => {}
                Err(error) => {
                    self.error.set(Some(error));
                    let failed = self.failed.get_value().saturating_add(1);
                    self.failed.set_value(failed);
                    let again = move || {
                        if self.asked.get_value() == number && self.whose.get_untracked() == whose {
                            self.look();
                        }
                    };
                    set_timeout(again, Duration::from_secs(1 << failed.min(5)));
                }
            }
        });
    }

    /// Notes what has come since the last time.
    fn note(self, items: &[Notification]) {
        let news = self.known.with_value(|known| news(known.as_ref(), items));
        if !news.is_empty() {
            self.news.set(news);
        }
        self.known.update_value(|known| known.get_or_insert_default().learn(items, is_all(items)));
    }

    /// What came since it was last taken, newest first; tracked.
    pub fn take_news(self) -> Vec<Notification> {
        let news = self.news.get();
        if !news.is_empty() {
            self.news.update_untracked(Vec::clear);
        }
        news
    }

    /// Whose it is.
    pub fn whose(self) -> Option<UserId> {
        self.whose.get_untracked()
    }

    /// Marks all as read; false when that failed, which is said.
    pub async fn read_all(self, i18n: I18n) -> bool {
        let read = api::mark_read(None).await;
        match &read {
            Ok(()) => {
                use_live().has_read();
                self.look();
            }
            Err(error) => use_toasts().error(error.message(i18n)),
        }
        read.is_ok()
    }

    /// Marks one as read; the list, when there is one, is read again.
    pub fn read(self, i18n: I18n, id: NotificationId, list: Option<All>) {
        spawn_local(async move {
            match api::mark_read(Some(vec![id])).await {
                Ok(()) => {
                    use_live().has_read();
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

/// Whether these are all there are: an answer to the bell that is not full.
pub fn is_all(items: &[Notification]) -> bool {
    u32::try_from(items.len()).is_ok_and(|count| count < SHOWN)
}
