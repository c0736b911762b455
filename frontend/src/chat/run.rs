//! The messages of one conversation, as far as they are known: each once, in the order of their numbers, however often
//! and in whatever order they come.

use chrono::{DateTime, Utc};
use shared::{
    chat::Message,
    ids::{MessageId, UserId},
    page::Page,
};

/// What is known of a conversation: its newest messages without a gap, back to where the next page starts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// Oldest first.
    items: Vec<Message>,
    /// Where the messages before the first one start.
    next: Option<String>,
    /// Whether a page has come at all.
    begun: bool,
    /// Up to here nothing is missing between the first message and this one.
    whole_to: Option<MessageId>,
    /// The live stream was interrupted: what comes by it may follow on something that was missed.
    doubted: bool,
}

impl Run {
    /// The messages, oldest first.
    pub fn items(&self) -> &[Message] {
        &self.items
    }

    /// Where the older ones start; none when all are here.
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// Whether it is here.
    pub fn contains(&self, id: MessageId) -> bool {
        self.items.binary_search_by_key(&id, |message| message.id).is_ok()
    }

    /// Takes a message as it is now; true when it is new here.
    pub fn take(&mut self, message: Message) -> bool {
        match self.items.binary_search_by_key(&message.id, |known| known.id) {
            Ok(place) => {
                if let Some(known) = self.items.get_mut(place) {
                    *known = merged(known, message);
                }
                false
            }
            Err(place) => {
                self.items.insert(place, message);
                true
            }
        }
    }

    /// Takes a message that came by the live stream, which tells each in its turn; true when it is new here.
    pub fn follow(&mut self, message: Message) -> bool {
        if !self.doubted {
            self.whole_to = self.whole_to.max(Some(message.id));
        }
        self.take(message)
    }

    /// Notes that the live stream left something out.
    pub fn doubt(&mut self) {
        self.doubted = true;
    }

    /// Takes the newest page. When so much came meanwhile that it does not reach what is known, what is known is dropped:
    /// it is read again, page by page, by whoever looks back.
    pub fn newest(&mut self, page: Page<Message>) {
        let oldest = page.items.iter().map(|message| message.id).min();
        let gap = self.begun && page.next_cursor.is_some() && self.whole_to < oldest;
        if let (true, Some(oldest)) = (gap || !self.begun, oldest) {
            self.items.retain(|message| message.id >= oldest);
        }
        if gap || !self.begun || page.next_cursor.is_none() {
            self.next = page.next_cursor;
        }
        (self.begun, self.doubted) = (true, false);
        self.whole_to = self.whole_to.max(page.items.iter().map(|message| message.id).max());
        for message in page.items {
            self.take(message);
        }
    }

    /// Takes the page before the first message.
    pub fn older(&mut self, page: Page<Message>) {
        self.next = page.next_cursor;
        for message in page.items {
            self.take(message);
        }
    }

    /// Somebody got, or read, all that `from` wrote up to a message.
    pub fn receipt(&mut self, from: UserId, up_to: MessageId, read: bool, at: DateTime<Utc>) {
        for message in self.items.iter_mut().filter(|message| message.from_id == from && message.id <= up_to) {
            message.delivered_at.get_or_insert(at);
            if read {
                message.read_at.get_or_insert(at);
            }
        }
    }

    /// The last message of `from` that has arrived.
    pub fn delivered_to(&self, from: UserId) -> Option<MessageId> {
        self.last(|message| message.from_id == from && message.delivered_at.is_some())
    }

    /// The last message of `from` that was read.
    pub fn read_to(&self, from: UserId) -> Option<MessageId> {
        self.last(|message| message.from_id == from && message.read_at.is_some())
    }

    /// The last message of `from`, when it is unread.
    pub fn last_unread(&self, from: UserId) -> Option<MessageId> {
        self.last(|message| message.from_id == from && message.read_at.is_none())
    }

    /// The first message of `from` that is unread.
    pub fn first_unread(&self, from: UserId) -> Option<MessageId> {
        let unread = |message: &&Message| message.from_id == from && message.read_at.is_none();
        self.items.iter().find(unread).map(|message| message.id)
    }

    fn last(&self, is: impl Fn(&Message) -> bool) -> Option<MessageId> {
        self.items.iter().rev().find(|message| is(message)).map(|message| message.id)
    }
}

/// Two states of one message, whichever came first: a deletion is final, of two edits the later one stands, and what was
/// delivered or read stays so.
pub fn merged(known: &Message, come: Message) -> Message {
    let delivered_at = known.delivered_at.or(come.delivered_at);
    let read_at = known.read_at.or(come.read_at);
    let is_stale = match (known.deleted_at, come.deleted_at) {
        (Some(_), None) => true,
        (None, Some(_)) => false,
        _ => come.edited_at < known.edited_at,
    };
    let text = if is_stale { known.clone() } else { come };
    Message { delivered_at, read_at, ..text }
}

#[cfg(test)]
pub mod tests {
    use chrono::TimeDelta;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    pub const ANA: UserId = UserId(1);
    pub const LUIS: UserId = UserId(2);

    pub fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    pub fn message(id: i64, from: UserId) -> Message {
        Message {
            id: MessageId(id),
            from_id: from,
            to_id: if from == ANA { LUIS } else { ANA },
            body: format!("message {id}"),
            body_html: format!("<p>message {id}</p>"),
            created_at: at(id),
            delivered_at: None,
            read_at: None,
            client_id: None,
            edited_at: None,
            deleted_at: None,
            files: Vec::new(),
        }
    }

    fn page(ids: impl IntoIterator<Item = i64>, next: Option<&str>) -> Page<Message> {
        Page { items: ids.into_iter().map(|id| message(id, ANA)).collect(), next_cursor: next.map(str::to_owned) }
    }

    fn ids(run: &Run) -> Vec<i64> {
        run.items().iter().map(|message| message.id.0).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn each_message_is_there_once_and_in_its_place() {
        let mut run = Run::default();
        run.newest(page([5, 4, 3], Some("before 3")));
        assert!(run.take(message(7, LUIS)));
        assert!(run.take(message(6, ANA)));
        assert!(!run.take(message(6, ANA)));
        run.newest(page([7, 6, 5], Some("before 5")));
        assert_eq!((ids(&run), run.next()), (vec![3, 4, 5, 6, 7], Some("before 3")));
        run.older(page([2, 1], None));
        assert_eq!((ids(&run), run.next()), (vec![1, 2, 3, 4, 5, 6, 7], None));
        assert!(run.contains(MessageId(2)) && !run.contains(MessageId(8)));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_a_long_absence_left_out_is_no_gap_in_the_middle() {
        let mut run = Run::default();
        run.newest(page([3, 2, 1], None));
        run.follow(message(4, ANA));
        run.newest(page([6, 5, 4], Some("before 4")));
        assert_eq!((ids(&run), run.next()), (vec![1, 2, 3, 4, 5, 6], None));
        run.doubt();
        // It comes live, but not in its turn.
        run.follow(message(60, ANA));
        run.newest(page([60, 59, 58], Some("before 58")));
        assert_eq!((ids(&run), run.next()), (vec![58, 59, 60], Some("before 58")));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_came_live_before_the_first_page_makes_no_gap() {
        let mut run = Run::default();
        run.take(message(9, ANA));
        run.newest(page([9, 8], Some("before 8")));
        assert_eq!((ids(&run), run.next()), (vec![8, 9], Some("before 8")));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn receipts_count_up_to_a_message_and_are_never_taken_back() {
        let mut run = Run::default();
        run.newest(Page::whole(vec![message(4, ANA), message(3, ANA), message(2, LUIS), message(1, ANA)]));
        run.receipt(ANA, MessageId(3), false, at(10));
        assert_eq!((run.delivered_to(ANA), run.read_to(ANA)), (Some(MessageId(3)), None));
        run.receipt(ANA, MessageId(1), true, at(11));
        assert_eq!((run.delivered_to(ANA), run.read_to(ANA)), (Some(MessageId(3)), Some(MessageId(1))));
        assert_eq!((run.first_unread(LUIS), run.last_unread(LUIS)), (Some(MessageId(2)), Some(MessageId(2))));
        // An answer that was on its way when they read it.
        run.newest(Page::whole(vec![message(1, ANA)]));
        assert_eq!(run.read_to(ANA), Some(MessageId(1)));
        assert_eq!(run.items()[0].read_at, Some(at(11)));
        assert_eq!(run.items()[0].delivered_at, Some(at(10)));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_later_state_stands_whichever_comes_first() {
        let plain = message(1, ANA);
        let edited = Message { body: "edited".to_owned(), edited_at: Some(at(5)), ..plain.clone() };
        let twice = Message { body: "twice".to_owned(), edited_at: Some(at(6)), ..plain.clone() };
        let deleted = Message { body: String::new(), deleted_at: Some(at(4)), ..plain.clone() };
        for states in [[&plain, &edited, &twice, &deleted], [&deleted, &twice, &edited, &plain]] {
            let mut run = Run::default();
            for state in &states[..] {
                run.take((*state).clone());
            }
            assert_eq!(run.items(), std::slice::from_ref(&deleted));
        }
        let mut run = Run::default();
        for state in [&twice, &plain, &edited] {
            run.take(state.clone());
        }
        assert_eq!(run.items(), [twice]);
    }
}
