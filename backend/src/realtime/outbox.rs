//! What waits to be written to one socket.
//!
//! Whoever tells something to a person puts it here and goes on; the connection's own task takes it out and writes it. What
//! must not be missed stands in line, and the line is bounded: who does not read is closed, and slows nobody. What is good for
//! a moment only (who is there, who is typing) does not stand in line: the newest of each is kept.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytestring::ByteString;
use shared::{
    ids::{EventId, MessageId, TicketId, UserId},
    live,
};
use tokio::sync::Notify;

/// How many frames may stand in line.
pub const LINE: usize = 256;

/// Why a socket is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// The session or the token ended.
    SessionEnded,
    /// Its reader was too slow.
    TooSlow,
    /// It sent too many frames.
    TooManyFrames,
    /// It sent a frame that is too large.
    TooLarge,
    /// What it sent is no WebSocket.
    Broken,
    /// What it sent as text is none.
    NotText,
    /// It did not say `hello` in time.
    NoHello,
    /// The same person opened many more.
    Crowded,
    /// The server stops.
    GoingAway,
    /// Whether the session or the token ended could not be found out for long.
    InDoubt,
    /// The other side closed it.
    ByPeer,
    /// The other side is gone without a word.
    Gone,
    /// Nothing was heard of the other side.
    Silent,
}

impl Closing {
    /// The code of the frame that closes it, and a word for people who read logs; none when the other side is gone.
    pub fn reason(self) -> Option<(u16, &'static str)> {
        Some(match self {
            Self::SessionEnded => (live::CLOSE_SESSION_ENDED, "session ended"),
            Self::TooSlow => (live::CLOSE_TOO_SLOW, "too slow"),
            Self::TooManyFrames => (live::CLOSE_TOO_MANY_FRAMES, "too many frames"),
            Self::TooLarge => (1009, "frame too large"),
            Self::Broken => (1002, "not a WebSocket frame"),
            Self::NotText => (1007, "not UTF-8"),
            Self::NoHello => (live::CLOSE_CROWDED, "hello expected"),
            Self::Crowded => (live::CLOSE_CROWDED, "too many sockets"),
            Self::GoingAway => (1001, "the server stops"),
            Self::InDoubt => (1013, "try again later"),
            Self::ByPeer => (1000, ""),
            Self::Gone | Self::Silent => return None,
        })
    }

    /// What it is called in the metrics.
    pub fn label(self) -> &'static str {
        match self {
            Self::SessionEnded => "session_ended",
            Self::TooSlow => "too_slow",
            Self::TooManyFrames => "too_many_frames",
            Self::TooLarge => "too_large",
            Self::Broken => "broken",
            Self::NotText => "not_text",
            Self::NoHello => "no_hello",
            Self::Crowded => "crowded",
            Self::GoingAway => "going_away",
            Self::InDoubt => "in_doubt",
            Self::ByPeer => "by_peer",
            Self::Gone => "gone",
            Self::Silent => "silent",
        }
    }
}

/// A frame that stands in line.
#[derive(Debug, Clone)]
pub struct Frame {
    /// What is written.
    pub text: ByteString,
    /// The event it tells of: who knows it already is not told again. None when it tells of none, and so always.
    pub event: Option<EventId>,
    /// The message that is delivered to the person with it, and who wrote it.
    pub delivers: Option<(UserId, MessageId)>,
}

/// What is good for a moment only; a newer one takes the place of the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fleeting {
    /// Whether somebody is there.
    Presence(UserId),
    /// Who looks at a ticket.
    Viewers(TicketId),
    /// That somebody is writing.
    Typing(UserId),
    /// How many notifications are unread.
    Notifications,
}

/// What the connection is to do next.
#[derive(Debug)]
pub enum Next {
    /// Write a frame.
    Frame(Frame),
    /// Write something that is good for a moment.
    Fleeting(ByteString),
    /// Look whether the session still is.
    Recheck,
    /// Close.
    Close(Closing),
}

#[derive(Debug, Default)]
struct Held {
    line: VecDeque<Frame>,
    fleeting: BTreeMap<Fleeting, ByteString>,
    recheck: bool,
    closing: Option<Closing>,
}

/// See the [module](self). One task takes from it.
#[derive(Debug, Default)]
pub struct Outbox {
    held: Mutex<Held>,
    changed: Notify,
}

impl Outbox {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a frame in line; when there is no room, the socket is closed instead.
    pub fn push(&self, frame: Frame) {
        let mut held = self.held();
        if held.closing.is_some() {
            return;
        }
        if held.line.len() >= LINE {
            held.closing = Some(Closing::TooSlow);
            held.line = VecDeque::new();
            held.fleeting.clear();
        } else {
            held.line.push_back(frame);
        }
        drop(held);
        self.changed.notify_one();
    }

    /// Keeps what is good for a moment, in place of an older one.
    pub fn replace(&self, what: Fleeting, text: ByteString) {
        let mut held = self.held();
        if held.closing.is_some() {
            return;
        }
        held.fleeting.insert(what, text);
        drop(held);
        self.changed.notify_one();
    }

    /// What is no longer so is not told any more.
    pub fn forget(&self, what: Fleeting) {
        self.held().fleeting.remove(&what);
    }

    /// Has the connection look whether its session still is.
    pub fn recheck(&self) {
        self.held().recheck = true;
        self.changed.notify_one();
    }

    /// Whether the connection is to look whether its session still is: for whoever writes on without asking what is next, and
    /// does so now.
    pub fn takes_recheck(&self) -> bool {
        std::mem::take(&mut self.held().recheck)
    }

    /// Has the connection closed, before anything that still waits; the first reason stands.
    pub fn close(&self, closing: Closing) {
        self.held().closing.get_or_insert(closing);
        self.changed.notify_one();
    }

    /// Whether the connection is to be closed.
    pub fn is_closing(&self) -> bool {
        self.held().closing.is_some()
    }

    fn take(&self) -> Option<Next> {
        let mut held = self.held();
        if let Some(closing) = held.closing {
            return Some(Next::Close(closing));
        }
        if std::mem::take(&mut held.recheck) {
            return Some(Next::Recheck);
        }
        if let Some(frame) = held.line.pop_front() {
            // Sockets are many and mostly quiet: a burst's room is given back.
            if held.line.is_empty() {
                held.line = VecDeque::new();
            }
            return Some(Next::Frame(frame));
        }
        held.fleeting.pop_first().map(|(_, text)| Next::Fleeting(text))
    }

    /// What to do next. Nothing is lost when it is not awaited to its end.
    pub async fn next(&self) -> Next {
        loop {
            if let Some(next) = self.take() {
                return next;
            }
            self.changed.notified().await;
        }
    }

    /// Waits until the socket is to be closed.
    pub async fn closing(&self) -> Closing {
        loop {
            if let Some(closing) = self.held().closing {
                return closing;
            }
            self.changed.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn frame(event: i64) -> Frame {
        Frame { text: ByteString::new(), event: Some(EventId(event)), delivers: None }
    }

    fn next(outbox: &Outbox) -> Option<Next> {
        outbox.next().now_or_never()
    }

    #[test]
    fn frames_come_in_order_and_the_newest_of_what_is_fleeting_after_them() {
        let outbox = Outbox::default();
        outbox.replace(Fleeting::Typing(UserId(1)), "old".into());
        outbox.push(frame(1));
        outbox.push(frame(2));
        outbox.replace(Fleeting::Typing(UserId(1)), "new".into());
        outbox.replace(Fleeting::Presence(UserId(1)), "there".into());
        for expected in [1, 2] {
            assert!(matches!(next(&outbox), Some(Next::Frame(frame)) if frame.event == Some(EventId(expected))));
        }
        for expected in ["there", "new"] {
            assert!(matches!(next(&outbox), Some(Next::Fleeting(text)) if *text == *expected));
        }
        assert!(next(&outbox).is_none());
    }

    #[test]
    fn to_look_again_is_asked_once_of_whoever_writes_on() {
        let outbox = Outbox::default();
        assert!(!outbox.takes_recheck());
        outbox.push(frame(1));
        outbox.recheck();
        assert!(outbox.takes_recheck() && !outbox.takes_recheck());
        assert!(matches!(next(&outbox), Some(Next::Frame(_))));
    }

    #[test]
    fn who_does_not_read_is_closed_at_once_and_holds_nothing() {
        let outbox = Outbox::default();
        for event in 0..=LINE {
            outbox.push(frame(i64::try_from(event).unwrap()));
        }
        assert_eq!(outbox.closing().now_or_never(), Some(Closing::TooSlow));
        assert!(matches!(next(&outbox), Some(Next::Close(Closing::TooSlow))));
        outbox.push(frame(1_000));
        outbox.close(Closing::SessionEnded);
        assert!(outbox.held().line.is_empty());
        assert_eq!(outbox.closing().now_or_never(), Some(Closing::TooSlow));
    }
}
