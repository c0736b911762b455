//! The list of conversations: what a page, a message and a receipt do to it.

use chrono::{DateTime, Utc};
use shared::{
    chat::{Conversation, Message},
    ids::{MessageId, UserId},
};

use super::run::merged;

fn last_id(conversation: &Conversation) -> Option<MessageId> {
    conversation.last_message.as_ref().map(|message| message.id)
}

fn sort(list: &mut [Conversation]) {
    list.sort_by_key(|conversation| std::cmp::Reverse(last_id(conversation)));
}

/// The list after its first page was read again; what was read of the pages behind stays.
pub fn refreshed(known: Vec<Conversation>, page: Vec<Conversation>, goes_on: bool) -> Vec<Conversation> {
    if !goes_on {
        return page;
    }
    let end = page.last().and_then(last_id);
    let mut list = page;
    for conversation in known {
        let is_behind = last_id(&conversation) < end;
        if is_behind && list.iter().all(|other| other.user.id != conversation.user.id) {
            list.push(conversation);
        }
    }
    sort(&mut list);
    list
}

/// The list with another page at its end.
pub fn extended(mut known: Vec<Conversation>, page: Vec<Conversation>) -> Vec<Conversation> {
    for conversation in page {
        if known.iter().all(|other| other.user.id != conversation.user.id) {
            known.push(conversation);
        }
    }
    sort(&mut known);
    known
}

/// What a message does to the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Its conversation is not in the list: it has to be read.
    Unknown,
    /// It was not the last one, or is the last one as it is now.
    Known,
    /// It is new.
    Fresh,
}

/// Takes a message between `me` and another.
pub fn take(list: &mut [Conversation], me: UserId, message: &Message) -> Taken {
    let peer = message.peer_of(me);
    let Some(conversation) = list.iter_mut().find(|conversation| conversation.user.id == peer) else {
        return Taken::Unknown;
    };
    let last = last_id(conversation);
    if last > Some(message.id) {
        return Taken::Known;
    }
    if let Some(known) = conversation.last_message.as_mut().filter(|known| known.id == message.id) {
        *known = merged(known, message.clone());
        return Taken::Known;
    }
    conversation.last_message = Some(message.clone());
    if message.from_id == peer && message.read_at.is_none() {
        conversation.unread = conversation.unread.saturating_add(1);
    }
    sort(list);
    Taken::Fresh
}

/// `peer` got, or read, what `me` wrote up to a message.
pub fn receipt(list: &mut [Conversation], peer: UserId, up_to: MessageId, read: bool, at: DateTime<Utc>) {
    let conversation = list.iter_mut().find(|conversation| conversation.user.id == peer);
    let message = conversation.and_then(|conversation| conversation.last_message.as_mut());
    if let Some(message) = message.filter(|message| message.to_id == peer && message.id <= up_to) {
        message.delivered_at.get_or_insert(at);
        if read {
            message.read_at.get_or_insert(at);
        }
    }
}

/// `me` read all that `peer` wrote up to a message; how many are no longer unread. When something came since, the server
/// has to be asked what is left.
pub fn read(list: &mut [Conversation], peer: UserId, up_to: MessageId) -> u32 {
    let conversation = list.iter_mut().find(|conversation| conversation.user.id == peer);
    match conversation {
        Some(conversation) if last_id(conversation) <= Some(up_to) || is_mine(conversation) => {
            std::mem::take(&mut conversation.unread)
        }
        _ => 0,
    }
}

/// Whether the last word was not theirs.
fn is_mine(conversation: &Conversation) -> bool {
    conversation.last_message.as_ref().is_some_and(|message| message.to_id == conversation.user.id)
}

#[cfg(test)]
mod tests {
    use shared::accounts::{Role, UserRef};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{
        super::run::tests::{ANA, LUIS, at, message},
        *,
    };

    fn with(id: i64, last: i64) -> Conversation {
        let user = UserRef { id: UserId(id), name: format!("person {id}"), avatar_url: None };
        let last_message = Some(Message { from_id: UserId(id), to_id: ANA, ..message(last, LUIS) });
        Conversation { user, role: Role::Technician, active: true, last_message, unread: 0 }
    }

    fn ids(list: &[Conversation]) -> Vec<i64> {
        list.iter().map(|conversation| conversation.user.id.0).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_fresh_first_page_keeps_what_is_behind_it() {
        let known = vec![with(2, 50), with(3, 40), with(4, 30), with(5, 20)];
        let page = vec![with(4, 60), with(2, 50), with(3, 40)];
        assert_eq!(ids(&refreshed(known.clone(), page.clone(), true)), [4, 2, 3, 5]);
        assert_eq!(ids(&refreshed(known, page.clone(), false)), [4, 2, 3]);
        assert_eq!(ids(&extended(page, vec![with(3, 40), with(6, 10)])), [4, 2, 3, 6]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_new_message_moves_its_conversation_up_and_counts_once() {
        let mut list = vec![with(3, 40), with(LUIS.0, 30)];
        assert_eq!(take(&mut list, ANA, &message(50, LUIS)), Taken::Fresh);
        assert_eq!(take(&mut list, ANA, &message(50, LUIS)), Taken::Known);
        // Edited, and no longer the last.
        assert_eq!(take(&mut list, ANA, &message(29, LUIS)), Taken::Known);
        assert_eq!((ids(&list), list[0].unread), (vec![2, 3], 1));
        assert_eq!(take(&mut list, ANA, &message(51, ANA)), Taken::Fresh);
        assert_eq!(list[0].unread, 1);
        assert_eq!(take(&mut [], ANA, &message(1, LUIS)), Taken::Unknown);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn reading_takes_away_what_was_unread_unless_more_came() {
        let mut list = vec![with(LUIS.0, 30)];
        take(&mut list, ANA, &message(31, LUIS));
        take(&mut list, ANA, &message(32, LUIS));
        assert_eq!(read(&mut list, LUIS, MessageId(31)), 0);
        assert_eq!(read(&mut list, LUIS, MessageId(32)), 2);
        assert_eq!(read(&mut list, LUIS, MessageId(32)), 0);
        take(&mut list, ANA, &message(33, ANA));
        receipt(&mut list, LUIS, MessageId(33), true, at(9));
        assert_eq!(list[0].last_message.as_ref().and_then(|message| message.read_at), Some(at(9)));
    }
}
