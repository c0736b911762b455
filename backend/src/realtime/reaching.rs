//! Whether what was written to a socket has reached the device at its other end.
//!
//! That a frame was handed to the system says nothing of that: the device may have gone an hour ago. So a ping follows a
//! message, and whatever the other side answers it with (a pong, which browsers and libraries send by themselves) says that
//! all before it has come. One such ping is on its way at a time; what is written meanwhile is asked about by the next.

use std::collections::BTreeMap;

use shared::ids::{MessageId, UserId};

/// Messages, by who wrote them, each with all of theirs before it.
pub type Messages = BTreeMap<UserId, MessageId>;

/// See the [module](self). One socket's.
#[derive(Debug, Default)]
pub struct Reaching {
    /// What was written and not asked about yet.
    written: Messages,
    /// What the ping that is on its way asks about.
    asked: Option<Messages>,
    /// The number of that ping, or of the last one.
    number: u64,
}

impl Reaching {
    /// Notes that messages were written.
    pub fn note(&mut self, messages: Messages) {
        add(&mut self.written, messages);
    }

    /// What to ping with, when there is something to ask about and nothing is asked yet.
    pub fn ask(&mut self) -> Option<[u8; 8]> {
        if self.asked.is_some() || self.written.is_empty() {
            return None;
        }
        self.asked = Some(std::mem::take(&mut self.written));
        self.number += 1;
        Some(self.number.to_be_bytes())
    }

    /// What any other ping carries: who gets two of them need not answer but the last.
    pub fn payload(&self) -> [u8; 8] {
        self.number.to_be_bytes()
    }

    /// What has reached the device, when a pong answers what was asked.
    pub fn answered(&mut self, pong: &[u8]) -> Option<Messages> {
        if pong == self.number.to_be_bytes() { self.asked.take() } else { None }
    }
}

/// Adds messages to others: of two by the same writer the later one counts, as it says all before it.
pub fn add(messages: &mut Messages, more: Messages) {
    for (writer, message) in more {
        let last = messages.entry(writer).or_insert(message);
        *last = message.max(*last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(messages: &[(i64, i64)]) -> Messages {
        messages.iter().map(|&(writer, message)| (UserId(writer), MessageId(message))).collect()
    }

    #[test]
    fn what_is_written_while_a_ping_is_on_its_way_is_asked_about_by_the_next() {
        let mut reaching = Reaching::default();
        assert_eq!(reaching.ask(), None, "there is nothing to ask about");
        reaching.note(of(&[(1, 10)]));
        let first = reaching.ask().unwrap();
        reaching.note(of(&[(1, 12), (2, 11)]));
        reaching.note(of(&[(1, 11)]));
        assert_eq!(reaching.ask(), None, "a ping is on its way");
        assert_eq!(reaching.payload(), first);
        assert_eq!(reaching.answered(b""), None);
        assert_eq!(reaching.answered(&first), Some(of(&[(1, 10)])));
        assert_eq!(reaching.answered(&first), None, "it was answered already");
        let second = reaching.ask().unwrap();
        assert_eq!(reaching.answered(&first), None);
        assert_eq!(reaching.answered(&second), Some(of(&[(1, 12), (2, 11)])));
        assert_eq!(reaching.ask(), None);
    }
}
