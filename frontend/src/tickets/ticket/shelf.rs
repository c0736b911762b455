//! What waits for the line, as this browser keeps it: beside the messages of the chat's [outbox](crate::chat::outbox), one key
//! for each, under its person's number. A page that is loaded anew goes on with it, and so does its person when they are back
//! after their session has ended; whoever logs in as somebody else never meets it, and whoever logs out leaves nothing behind.
//! The other tabs of the browser hear of every change, and any of them sends.

use shared::ids::{CommentId, UserId};
use web_sys::StorageEvent;

use super::waiting::Later;
use crate::{browser, drafts::unsent_prefix};

/// What another tab says.
#[derive(Debug)]
pub enum Heard {
    /// It waits.
    Waits(Box<Later>),
    /// It is on its ticket, as this comment.
    Sent(Box<Later>, CommentId),
    /// What is called so waits no more, and was not sent from there.
    Gone(String),
}

fn prefix(user: UserId) -> String {
    format!("{}answer.", unsent_prefix(user))
}

fn key(later: &Later) -> String {
    format!("{}{}", prefix(later.place.user), later.name())
}

/// Keeps it; whether the browser let us.
pub fn keep(later: &Later) -> bool {
    serde_json::to_string(later).is_ok_and(|text| browser::local_keep(&key(later), &text))
}

/// Forgets it: it was taken back, or refused.
pub fn forget(later: &Later) {
    browser::local_remove(&key(later));
}

/// Forgets it because it was sent. The other tabs are told as what: a box there may hold the same text, and the files that go
/// with it.
pub fn settle(later: &Later, comment: CommentId) {
    // It may have been taken back in another tab while it was on its way.
    if later.kept {
        let mut sent = later.clone();
        sent.sent = Some(comment);
        keep(&sent);
    }
    forget(later);
}

/// Whether it is kept still: no longer once a tab has sent it or taken it back.
pub fn is_kept(later: &Later) -> bool {
    browser::local_get(&key(later)).is_some()
}

/// All that one person has kept.
pub fn all(user: UserId) -> Vec<Later> {
    let all = browser::local_keys(&prefix(user)).into_iter().filter_map(|key| {
        let later = browser::local_get(&key).and_then(|text| parse(user, &text))?;
        // A tab was closed in the middle of forgetting it.
        if later.sent.is_some() {
            browser::local_remove(&key);
        }
        Some(later)
    });
    all.filter(|later| later.sent.is_none()).collect()
}

/// What a storage event says about what waits for this person.
pub fn heard(event: &StorageEvent, user: UserId) -> Option<Heard> {
    let key = event.key()?;
    let name = key.strip_prefix(&prefix(user))?;
    Some(match event.new_value() {
        Some(text) => {
            let later = Box::new(parse(user, &text)?);
            match later.sent {
                Some(comment) => Heard::Sent(later, comment),
                None => Heard::Waits(later),
            }
        }
        None => Heard::Gone(name.to_owned()),
    })
}

/// What a kept text says; what another version of this page left and this one cannot read is not sent, nor is what is not
/// this person's.
fn parse(user: UserId, text: &str) -> Option<Later> {
    let mut later: Later = serde_json::from_str(text).ok()?;
    later.kept = true;
    Some(later).filter(|later| later.place.user == user)
}

#[cfg(test)]
mod tests {
    use shared::{
        ids::TicketId,
        tickets::{AddComment, Status, Visibility},
    };

    use super::*;
    use crate::tickets::ticket::{attempt::Named, waiting::Place};

    #[test]
    fn what_was_kept_is_read_again_by_its_person_alone() {
        let request = AddComment {
            body: "Voy".to_owned(),
            visibility: Some(Visibility::Internal),
            status: Some(Status::Waiting),
            client_id: Some("a".to_owned()),
        };
        let place = Place { user: UserId(1), ticket: TicketId(7), note: true };
        let text = serde_json::to_string(&Later::new(place, Named { request, mixed: true }, true, 1.5)).unwrap();
        let again = parse(UserId(1), &text).unwrap();
        assert_eq!((again.name(), again.body(), again.place), ("a", "Voy", place));
        assert_eq!(again.request().status, Some(Status::Waiting));
        assert!(again.asks && again.named.mixed && again.kept && again.sent.is_none());
        assert!(parse(UserId(2), &text).is_none());
        assert!(parse(UserId(1), "{\"name\":\"a\"}").is_none());
    }

    #[test]
    fn the_chat_does_not_take_it_for_a_message() {
        let request = AddComment { body: "Voy".to_owned(), visibility: None, status: None, client_id: None };
        let place = Place { user: UserId(1), ticket: TicketId(7), note: false };
        let text = serde_json::to_string(&Later::new(place, Named { request, mixed: false }, false, 0.0)).unwrap();
        assert_eq!(crate::chat::outbox::parse(&text), None);
    }
}
