//! Each numbered frame once and in order, over every socket there was.

use shared::{ids::EventId, live::ServerFrame};

/// How far the log has been heard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Heard {
    last: Option<EventId>,
    /// Where the log ended when the socket was welcomed.
    welcome: Option<EventId>,
}

impl Heard {
    /// The last event that was heard, for `hello`.
    pub fn last(self) -> Option<EventId> {
        self.last
    }

    /// Begins behind an event: what comes after it is news.
    pub fn behind(last: Option<EventId>) -> Self {
        Self { last, welcome: None }
    }

    /// Another tab has heard so much, and tells what comes after it. Whether this one began before and has missed some of it.
    pub fn catch_up(&mut self, last: Option<EventId>) -> bool {
        let missed = self.last.is_some() && last > self.last;
        self.last = self.last.max(last);
        missed
    }

    /// Whether a frame says, to whoever heard the greeting too, that all that was missed has been told.
    pub fn is_settled_by(self, frame: &ServerFrame) -> bool {
        *frame == ServerFrame::Pong && self.welcome.is_some()
    }

    /// Takes note of a frame; whether it is to be told.
    pub fn is_news(&mut self, frame: &ServerFrame) -> bool {
        match frame {
            ServerFrame::Welcome { event, .. } => {
                self.welcome = Some(*event);
                if self.last.is_none() {
                    self.last = Some(*event);
                }
                true
            }
            ServerFrame::Resync { event } => {
                self.last = Some(*event);
                true
            }
            // Asked for right after the greeting: all that was missed has been told before.
            ServerFrame::Pong => {
                if let Some(welcome) = self.welcome.take() {
                    self.last = self.last.max(Some(welcome));
                }
                false
            }
            ServerFrame::Event(event) => self.passes(event.id),
            ServerFrame::Message { event: Some(event), .. } | ServerFrame::Receipt { event, .. } => self.passes(*event),
            ServerFrame::Message { event: None, .. }
            | ServerFrame::Presence(_)
            | ServerFrame::Typing { .. }
            | ServerFrame::Notifications { .. }
            | ServerFrame::Viewers { .. }
            | ServerFrame::Error { .. } => true,
        }
    }

    fn passes(&mut self, event: EventId) -> bool {
        let news = self.last.is_none_or(|last| event > last);
        if news {
            self.last = Some(event);
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use shared::{
        ids::{MessageId, UserId},
        live::{Presence, PresenceState},
    };
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn receipt(event: i64) -> ServerFrame {
        let (by, from) = (UserId(1), UserId(2));
        ServerFrame::Receipt {
            event: EventId(event),
            by,
            from,
            up_to: MessageId(1),
            read: true,
            at: DateTime::UNIX_EPOCH,
        }
    }

    fn welcome(event: i64) -> ServerFrame {
        ServerFrame::Welcome { event: EventId(event), online: Vec::new(), away: Vec::new() }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_was_heard_is_not_told_again() {
        let mut heard = Heard::default();
        assert!(heard.is_news(&welcome(7)));
        assert_eq!(heard.last(), Some(EventId(7)));
        assert!(!heard.is_news(&receipt(7)));
        assert!(heard.is_news(&receipt(9)));
        assert!(!heard.is_news(&receipt(9)) && !heard.is_news(&receipt(8)));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_was_missed_is_told_after_the_greeting() {
        let mut heard = Heard::default();
        heard.is_news(&welcome(7));
        assert!(heard.is_news(&welcome(12)));
        assert!(heard.is_news(&receipt(10)));
        // A socket that broke before all was told begins there.
        assert_eq!(heard.last(), Some(EventId(10)));
        heard.is_news(&ServerFrame::Pong);
        assert_eq!(heard.last(), Some(EventId(12)));
        assert!(heard.is_news(&receipt(13)));
        heard.is_news(&ServerFrame::Pong);
        assert_eq!(heard.last(), Some(EventId(13)));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_tab_that_heard_it_all_has_missed_nothing() {
        let (mut leader, mut other) = (Heard::behind(Some(EventId(7))), Heard::behind(Some(EventId(7))));
        let frames = [welcome(12), receipt(10), ServerFrame::Pong];
        for frame in &frames {
            let settles = leader.is_settled_by(frame);
            if leader.is_news(frame) || settles {
                other.is_news(frame);
            }
        }
        assert_eq!(leader.last(), Some(EventId(12)));
        assert!(!other.catch_up(leader.last()));
        // One that came later has not heard the greeting, and knows no better.
        let mut late = Heard::behind(Some(EventId(7)));
        assert!(!late.is_settled_by(&ServerFrame::Pong));
        late.is_news(&ServerFrame::Pong);
        assert!(late.catch_up(leader.last()));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_lies_before_a_new_leader_is_missed_by_whoever_has_not_heard_it() {
        let begins = |last| Heard::behind(Some(EventId(last)));
        let (mut leader, mut older, mut newer) = (begins(10), begins(7), begins(12));
        // As it takes the lead, which its tab may have been opened for.
        assert!(older.catch_up(leader.last()) && !newer.catch_up(leader.last()));
        // The server tells it what came after that, and the others hear it from there on.
        let frames = [welcome(14), receipt(11), receipt(13), ServerFrame::Pong];
        let mut heard = [Vec::new(), Vec::new()];
        for frame in &frames {
            let (after, settles) = (leader.last(), leader.is_settled_by(frame));
            if leader.is_news(frame) || settles {
                for (other, heard) in [&mut older, &mut newer].into_iter().zip(&mut heard) {
                    assert!(!other.catch_up(after));
                    if other.is_news(frame) {
                        heard.push(frame.clone());
                    }
                }
            }
        }
        assert_eq!(heard, [vec![welcome(14), receipt(11), receipt(13)], vec![welcome(14), receipt(13)]]);
        assert_eq!((older.last(), newer.last()), (leader.last(), leader.last()));
        // One that did not hear how it began learns it by the next thing that comes.
        let mut asleep = begins(7);
        assert!(asleep.catch_up(leader.last()) && asleep.is_news(&receipt(15)));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn too_much_was_missed() {
        let mut heard = Heard::default();
        heard.is_news(&welcome(7));
        heard.is_news(&ServerFrame::Resync { event: EventId(5_000) });
        assert!(!heard.is_news(&receipt(4_999)));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_has_no_number_always_passes() {
        let mut heard = Heard::default();
        let there = Presence { user_id: UserId(1), state: PresenceState::Online, last_seen_at: None };
        for _ in 0..2 {
            assert!(heard.is_news(&ServerFrame::Presence(there)));
            assert!(heard.is_news(&ServerFrame::Typing { from: UserId(1) }));
        }
        assert_eq!(heard.last(), None);
    }
}
