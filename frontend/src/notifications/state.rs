//! What the bell knows.

use std::{cell::Cell, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use shared::{
    ids::{NotificationId, UserId},
    notifications::{Notification, NotificationQuery},
};

use super::all::All;
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
    /// The newest that came; none before the bell was first looked at.
    newest: RwSignal<Option<NotificationId>>,
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
        newest: RwSignal::new(None),
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
            self.newest.set(None);
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
        let newest = items.first().map(|notice| notice.id);
        let news = news(self.newest.get_untracked(), items);
        if !news.is_empty() {
            self.news.set(news);
        }
        // Nothing at all is older than whatever comes.
        let newest = newest.max(self.newest.get_untracked()).unwrap_or(NotificationId(0));
        self.newest.set(Some(newest));
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

    /// Marks all as read.
    pub fn read_all(self, i18n: I18n) {
        spawn_local(async move {
            match api::mark_read(None).await {
                Ok(()) => {
                    use_live().has_read();
                    self.look();
                }
                Err(error) => use_toasts().error(error.message(i18n)),
            }
        });
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

/// What is unread and newer than what was known. Whoever knew nothing yet learns, and is told nothing.
pub fn news(known: Option<NotificationId>, items: &[Notification]) -> Vec<Notification> {
    let is_new = |notice: &&Notification| known.is_some_and(|known| notice.id > known) && notice.read_at.is_none();
    items.iter().filter(is_new).cloned().collect()
}

/// What the open bell shows: the rows as they are now, each where it stands, and how many came since that are not among them.
/// Where nothing stands, nothing can be pushed away.
pub fn held(shown: Option<&[Notification]>, latest: &[Notification]) -> (Vec<Notification>, usize) {
    let Some(shown) = shown.filter(|shown| !shown.is_empty()) else { return (latest.to_vec(), 0) };
    let now = |row: &Notification| latest.iter().find(|notice| notice.id == row.id).unwrap_or(row).clone();
    let newest = shown.iter().map(|row| row.id).max();
    (shown.iter().map(now).collect(), latest.iter().filter(|notice| Some(notice.id) > newest).count())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use shared::{ids::TicketId, notifications::NotificationKind};

    use super::*;

    fn notice(id: i64, read: bool) -> Notification {
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

    #[test]
    fn what_was_there_before_the_page_is_no_news() {
        assert!(news(None, &[notice(3, false), notice(2, false)]).is_empty());
    }

    #[test]
    fn news_is_what_is_unread_and_newer_than_all_that_was_known() {
        let items = [notice(6, false), notice(5, true), notice(4, false), notice(3, false)];
        assert_eq!(news(Some(NotificationId(3)), &items), [notice(6, false), notice(4, false)]);
        assert!(news(Some(NotificationId(6)), &items).is_empty());
        // There was none at all.
        assert_eq!(news(Some(NotificationId(0)), &items).len(), 3);
    }

    #[test]
    fn what_comes_while_the_bell_is_open_waits_and_pushes_nothing_out() {
        let shown = [notice(4, false), notice(3, false)];
        let (rows, came) = held(Some(&shown), &[notice(6, false), notice(5, false), notice(4, true)]);
        assert_eq!((rows, came), (vec![notice(4, true), notice(3, false)], 2));
        assert_eq!(held(None, &shown), (shown.to_vec(), 0));
        assert_eq!(held(Some(&[]), &shown), (shown.to_vec(), 0));
    }
}
