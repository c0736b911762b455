//! How messages stand together: by day, by writer, and where the unread ones begin.

use chrono::{DateTime, TimeDelta, Utc};
use shared::{chat::Message, ids::MessageId};

/// Messages of one writer that follow each other within this time stand together.
const TOGETHER: TimeDelta = TimeDelta::minutes(5);

/// One line of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A new day begins, with a message of this moment.
    Day(DateTime<Utc>),
    /// What follows was unread when the conversation was opened.
    Unread,
    /// A message.
    Message {
        /// What was written.
        message: Message,
        /// Whether it is the first of those that stand together.
        first: bool,
    },
}

/// What tells one line from another, and from itself before it changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// A day, by its first message.
    Day(MessageId),
    /// The line before the unread ones.
    Unread,
    /// A message: whether it leads its group, when it was edited, whether it was deleted. Receipts change nothing here: the
    /// marks follow by themselves.
    Message(MessageId, bool, Option<DateTime<Utc>>, bool),
}

/// The lines of a conversation. `day_of` numbers the days as the reader counts them; `unread` is the first message under the
/// line.
pub fn entries(
    messages: &[Message],
    unread: Option<MessageId>,
    day_of: impl Fn(DateTime<Utc>) -> i64,
) -> Vec<(Key, Entry)> {
    let mut lines = Vec::with_capacity(messages.len() + 8);
    let mut before: Option<(&Message, i64)> = None;
    for message in messages {
        let day = day_of(message.created_at);
        let new_day = before.is_none_or(|(_, last)| last != day);
        if new_day {
            lines.push((Key::Day(message.id), Entry::Day(message.created_at)));
        }
        let under_line = unread == Some(message.id);
        if under_line {
            lines.push((Key::Unread, Entry::Unread));
        }
        let follows = before.is_some_and(|(last, _)| {
            last.from_id == message.from_id && message.created_at - last.created_at <= TOGETHER
        });
        let first = new_day || under_line || !follows;
        let key = Key::Message(message.id, first, message.edited_at, message.deleted_at.is_some());
        lines.push((key, Entry::Message { message: message.clone(), first }));
        before = Some((message, day));
    }
    lines
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{
        super::run::tests::{ANA, LUIS, at, message},
        *,
    };

    fn drawn(messages: &[Message], unread: Option<MessageId>) -> String {
        let day = |at: DateTime<Utc>| at.timestamp().div_euclid(86_400);
        let one = |(_, entry): (Key, Entry)| match entry {
            Entry::Day(_) => "day".to_owned(),
            Entry::Unread => "new".to_owned(),
            Entry::Message { message, first } => format!("{}{}", message.id, if first { "!" } else { "" }),
        };
        entries(messages, unread, day).into_iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn messages_stand_together_by_writer_and_time() {
        let mut late = message(4, LUIS);
        late.created_at = at(30);
        let messages = [message(1, ANA), message(2, ANA), message(3, LUIS), late];
        assert_eq!(drawn(&messages, None), "day 1! 2 3! 4!");
        assert_eq!(drawn(&[], None), "");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_day_and_the_unread_begin_a_group() {
        let mut tomorrow = message(3, ANA);
        tomorrow.created_at = at(24 * 60 + 1);
        let mut yesterday = message(2, ANA);
        yesterday.created_at = at(24 * 60 - 1);
        let messages = [message(1, ANA), yesterday, tomorrow];
        assert_eq!(drawn(&messages, None), "day 1! 2! day 3!");
        assert_eq!(drawn(&[message(1, ANA), message(2, ANA)], Some(MessageId(2))), "day 1! new 2!");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_receipt_draws_nothing_anew_and_an_edit_does() {
        let day = |_| 0;
        let plain = message(1, ANA);
        let read = Message { read_at: Some(at(3)), ..plain.clone() };
        let edited = Message { edited_at: Some(at(3)), ..plain.clone() };
        let keys = |message: &Message| {
            entries(std::slice::from_ref(message), None, day).into_iter().map(|(key, _)| key).collect::<Vec<_>>()
        };
        assert_eq!(keys(&plain), keys(&read));
        assert_ne!(keys(&plain), keys(&edited));
    }
}
