//! One conversation: its messages, the text that is being written, and whether the other is writing.

use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use shared::{
    chat::{Message, MessageQuery},
    ids::{MessageId, UserId},
    live::ClientFrame,
};

use super::{
    outbox::{Fate, fate},
    run::Run,
    state::use_chat,
};
use crate::{
    api::{ClientError, chat as api},
    browser,
    drafts::draft_of,
    live::Live,
};

/// So many messages are read at once.
const PAGE: u32 = 50;
/// The most that are read at once while looking for one.
const LEAP: u32 = 100;
/// How often it is looked whether a page has come, in milliseconds.
const WHILE: u32 = 50;
/// For so long "is writing" is good.
const TYPING: Duration = Duration::from_secs(5);
/// How often the other is told that the person is writing, in milliseconds.
const TELL: f64 = 3_000.0;

/// After so many failures the pauses grow no longer.
const PATIENT: u32 = 4;

/// How long to wait before something is asked again that has failed so often in a row; none where that would change nothing.
fn pause(error: &ClientError, failed: u32) -> Option<Duration> {
    match fate(error, failed.min(PATIENT)) {
        Fate::Again(pause) => Some(pause),
        Fate::Waits | Fate::Refused(_) => None,
    }
}

/// Whether the messages are here.
#[derive(Debug, Clone, PartialEq)]
pub enum Come {
    /// They are being read for the first time.
    Loading,
    /// They are here.
    Here,
    /// They did not come.
    Failed(ClientError),
}

/// One conversation. A handle: copies are the same conversation, which outlives every page.
#[derive(Debug, Clone, Copy)]
pub struct Thread {
    /// The person at the screen.
    pub me: UserId,
    /// The other one.
    pub peer: UserId,
    /// The messages.
    pub run: RwSignal<Run>,
    /// Whether they are here.
    pub come: RwSignal<Come>,
    /// The older ones are being read.
    pub looking_back: RwSignal<bool>,
    /// Why the older ones did not come.
    pub back_error: RwSignal<Option<ClientError>>,
    /// What is being written; kept like every draft.
    pub draft: RwSignal<String>,
    /// Whether the other is writing.
    pub typing: RwSignal<bool>,
    /// The last message of theirs that came while the page was there, to be told aloud.
    pub news: RwSignal<Option<Message>>,
    /// Changes when the server is to be told once more what was read: it was not, the last time.
    pub unmarked: RwSignal<u32>,
    /// How many views of it are shown.
    shown: StoredValue<u32>,
    /// Which request for the newest messages is the last.
    asked: StoredValue<u32>,
    /// How many of them have failed since one went well.
    failed: StoredValue<u32>,
    /// Up to here the server has been told that it was read.
    marked: StoredValue<Option<MessageId>>,
    /// How often that has failed since it went well.
    marks_failed: StoredValue<u32>,
    /// When the other was told that the person is writing.
    told: StoredValue<f64>,
    hush: StoredValue<Option<TimeoutHandle>>,
}

impl Thread {
    /// A conversation of which nothing is read yet.
    pub fn new(me: UserId, peer: UserId) -> Self {
        Self {
            me,
            peer,
            run: RwSignal::new(Run::default()),
            come: RwSignal::new(Come::Loading),
            looking_back: RwSignal::new(false),
            back_error: RwSignal::new(None),
            draft: draft_of(me, &format!("chat.{peer}")),
            typing: RwSignal::new(false),
            news: RwSignal::new(None),
            unmarked: RwSignal::new(0),
            shown: StoredValue::new(0),
            asked: StoredValue::new(0),
            failed: StoredValue::new(0),
            marked: StoredValue::new(None),
            marks_failed: StoredValue::new(0),
            told: StoredValue::new(0.0),
            hush: StoredValue::new(None),
        }
    }

    /// Notes that a view of it is shown for as long as what calls it is, and reads what is new.
    pub fn show(self) {
        self.shown.update_value(|shown| *shown += 1);
        on_cleanup(move || {
            self.shown.try_update_value(|shown| *shown = shown.saturating_sub(1));
        });
        self.refresh();
    }

    /// Whether a view of it is shown.
    pub fn is_shown(self) -> bool {
        self.shown.get_value() > 0
    }

    /// Takes a message as it is now; `live` when the stream told it in its turn.
    pub fn take(self, message: Message, live: bool) {
        if message.from_id == self.peer {
            self.quieten();
            let is_new = self.run.with_untracked(|run| !run.contains(message.id));
            if is_new && message.read_at.is_none() && message.deleted_at.is_none() {
                self.news.set(Some(message.clone()));
            }
        }
        self.run.update(|run| {
            if live {
                run.follow(message)
            } else {
                run.take(message)
            };
        });
    }

    /// Reads the newest messages.
    pub fn refresh(self) {
        if matches!(self.come.get_untracked(), Come::Failed(_)) {
            self.come.set(Come::Loading);
        }
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        spawn_local(async move {
            let query = MessageQuery { limit: Some(PAGE), ..MessageQuery::default() };
            match api::messages(self.peer, &query).await {
                Ok(page) => {
                    self.failed.set_value(0);
                    self.run.update(|run| run.newest(page));
                    self.come.set(Come::Here);
                }
                // What is there stays.
                Err(error) if self.come.get_untracked() == Come::Here => self.refresh_later(&error, number),
                Err(error) => self.come.set(Come::Failed(error)),
            }
        });
    }

    /// Reads them again in a while, for whoever looks at it then: what could not be read may be the last that is told of them.
    fn refresh_later(self, error: &ClientError, number: u32) {
        let failed = self.failed.get_value().saturating_add(1);
        self.failed.set_value(failed);
        let again = move || {
            if self.asked.get_value() == number && self.is_shown() {
                self.refresh();
            }
        };
        if let Some(pause) = pause(error, failed) {
            set_timeout(again, pause);
        }
    }

    /// Reads the page before the first message.
    pub fn look_back(self) {
        spawn_local(async move {
            self.back(PAGE).await;
        });
    }

    /// Reads back until a message is here; whether it is.
    pub async fn reach(self, id: MessageId) -> bool {
        loop {
            if self.run.with_untracked(|run| run.contains(id)) {
                return true;
            }
            // Whoever scrolls may be reading a page already.
            while self.looking_back.get_untracked() {
                TimeoutFuture::new(WHILE).await;
            }
            if self.run.with_untracked(|run| !run.contains(id)) && !self.back(LEAP).await {
                return false;
            }
        }
    }

    /// Reads the page before the first message; whether one came.
    async fn back(self, limit: u32) -> bool {
        let Some(cursor) = self.run.with_untracked(|run| run.next().map(str::to_owned)) else { return false };
        if self.looking_back.get_untracked() {
            return false;
        }
        self.looking_back.set(true);
        let query = MessageQuery { q: None, limit: Some(limit), cursor: Some(cursor.clone()) };
        let read = api::messages(self.peer, &query).await;
        self.looking_back.set(false);
        match read {
            Ok(page) => {
                self.back_error.set(None);
                // What was known may have been dropped meanwhile; then this page belongs nowhere.
                let fits = self.run.with_untracked(|run| run.next() == Some(cursor.as_str()));
                if fits {
                    self.run.update(|run| run.older(page));
                }
                fits
            }
            Err(error) => {
                self.back_error.set(Some(error));
                false
            }
        }
    }

    /// Tells the server that all of theirs was read that is here.
    pub fn mark_read(self) {
        let Some(last) = self.run.with_untracked(|run| run.last_unread(self.peer)) else { return };
        if self.marked.get_value() >= Some(last) {
            return;
        }
        let before = self.marked.get_value();
        self.marked.set_value(Some(last));
        spawn_local(async move {
            match api::mark_read(self.peer, last).await {
                Ok(()) => {
                    self.marks_failed.set_value(0);
                    use_chat().was_read(self, last);
                }
                Err(error) => {
                    if self.marked.get_value() == Some(last) {
                        self.marked.set_value(before);
                    }
                    let failed = self.marks_failed.get_value().saturating_add(1);
                    self.marks_failed.set_value(failed);
                    if let Some(pause) = pause(&error, failed) {
                        set_timeout(move || self.mark_again(), pause);
                    }
                }
            }
        });
    }

    /// Has whoever looks at it tell once more what was read, if that failed.
    pub fn mark_again(self) {
        self.unmarked.update(|times| *times = times.wrapping_add(1));
    }

    /// The person typed something: the other is told, not too often.
    pub fn typed(self, live: Live) {
        let now = browser::now();
        if now - self.told.get_value() >= TELL && self.draft.with_untracked(|draft| !draft.trim().is_empty()) {
            self.told.set_value(now);
            live.send(ClientFrame::Typing { to: self.peer });
        }
    }

    /// What was written has been sent: the next letter is told at once.
    pub fn done_typing(self) {
        self.told.set_value(0.0);
    }

    /// The other is writing.
    pub fn hears_typing(self) {
        self.quieten();
        self.typing.set(true);
        self.hush.set_value(set_timeout_with_handle(move || self.quieten(), TYPING).ok());
    }

    fn quieten(self) {
        if let Some(hush) = self.hush.get_value() {
            hush.clear();
            self.hush.set_value(None);
        }
        if self.typing.get_untracked() {
            self.typing.set(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn what_failed_is_tried_for_as_long_as_somebody_looks_unless_that_would_change_nothing() {
        let seconds = |failed| pause(&ClientError::Offline, failed).map(|pause| pause.as_secs());
        assert_eq!([1, 2, 3, 4, 5, 60].map(seconds), [2, 4, 8, 16, 16, 16].map(Some));
        assert!(pause(&ClientError::Unreadable, 60).is_some());
        assert_eq!(pause(&ClientError::SessionEnded, 1), None);
    }
}
