//! What waits for the line, as this browser keeps it: beside the messages of the chat's [outbox](crate::chat::outbox), one key
//! for each, under its person's number. A page that is loaded anew goes on with it, and so does its person when they are back
//! after their session has ended; whoever logs in as somebody else never meets it, and whoever logs out leaves nothing behind.
//! The other tabs of the browser hear of every change, and any of them sends.
//!
//! Of what was sent the name is noted, and no text: a tab that was away meanwhile may come back with it as a draft.

use serde::{Deserialize, Serialize};
use shared::ids::{CommentId, UserId};
use web_sys::StorageEvent;

use super::{
    attempt::Stuck,
    waiting::{Failed, Later, Place},
};
use crate::{
    browser,
    drafts::{sent_prefix, unsent_prefix},
};

/// How long it is known what was sent, in milliseconds: a day. A tab may show for some time what could not be loaded.
const KNOWN_FOR: f64 = 24.0 * 60.0 * 60.0 * 1000.0;

/// What another tab says.
#[derive(Debug)]
pub enum Heard {
    /// It waits.
    Waits(Box<Later>),
    /// What is called so is on its ticket.
    Sent(String, Sent),
    /// It was not sent, for this reason, and waits no more.
    Failed(Box<Later>, Failed),
    /// What is called so waits no more, and was not sent from there.
    Gone(String),
}

/// That something is on its ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// Where it was written.
    pub place: Place,
    /// As which comment.
    pub comment: CommentId,
    /// Why the ticket is not where it was to go with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stuck: Option<Stuck>,
    /// Since when this is known, in milliseconds since 1970 by this machine's clock.
    at: f64,
}

fn prefix(user: UserId) -> String {
    format!("{}answer.", unsent_prefix(user))
}

fn key(user: UserId, name: &str) -> String {
    format!("{}{name}", prefix(user))
}

fn sent_key(user: UserId, name: &str) -> String {
    format!("{}{name}", sent_prefix(user))
}

/// Keeps it; whether the browser let us.
pub fn keep(later: &Later) -> bool {
    let key = key(later.place.user, later.name());
    serde_json::to_string(later).is_ok_and(|text| browser::local_keep(&key, &text))
}

/// Forgets it: it was taken back.
pub fn forget(later: &Later) {
    browser::local_remove(&key(later.place.user, later.name()));
}

/// Forgets it because it will not be sent as it is. The other tabs are told why: the one that is looked at may be one of them.
pub fn fail(later: &Later, failed: Failed) {
    // What was taken back in another tab while it was on its way is the person's already.
    if is_kept(later) {
        let mut told = later.clone();
        told.failed = Some(failed);
        keep(&told);
    }
    forget(later);
}

/// What is called so was sent, and waits no more. The other tabs are told as what: a box there may hold it, and the files that
/// go with it.
pub fn settle(place: Place, name: &str, comment: CommentId, stuck: Option<Stuck>) {
    let sent = Sent { place, comment, stuck, at: browser::now() };
    if let Ok(text) = serde_json::to_string(&sent) {
        browser::local_set(&sent_key(place.user, name), &text);
    }
    browser::local_remove(&key(place.user, name));
}

/// As what this was sent that is called so, if it was not long ago.
pub fn sent(user: UserId, name: &str) -> Option<Sent> {
    parse_sent(user, &browser::local_get(&sent_key(user, name))?, browser::now())
}

/// Whether it is kept still: no longer once a tab has sent it or taken it back.
pub fn is_kept(later: &Later) -> bool {
    browser::local_get(&key(later.place.user, later.name())).is_some()
}

/// All that one person has kept. What was sent long ago is known no more.
pub fn all(user: UserId) -> Vec<Later> {
    for key in browser::local_keys(&sent_prefix(user)) {
        if browser::local_get(&key).and_then(|text| parse_sent(user, &text, browser::now())).is_none() {
            browser::local_remove(&key);
        }
    }
    let keys = browser::local_keys(&prefix(user)).into_iter();
    // A tab may have been closed in the middle of telling why one was not sent: then that is found out again.
    let again = |mut later: Later| {
        later.failed = None;
        later
    };
    keys.filter_map(|key| parse(user, &browser::local_get(&key)?).map(again)).collect()
}

/// What a storage event says about what waits for this person.
pub fn heard(event: &StorageEvent, user: UserId) -> Option<Heard> {
    let key = event.key()?;
    if let Some(name) = key.strip_prefix(&sent_prefix(user)) {
        let sent = parse_sent(user, &event.new_value()?, browser::now())?;
        return Some(Heard::Sent(name.to_owned(), sent));
    }
    let name = key.strip_prefix(&prefix(user))?;
    Some(match event.new_value() {
        Some(text) => {
            let mut later = Box::new(parse(user, &text)?);
            match later.failed.take() {
                Some(failed) => Heard::Failed(later, failed),
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

/// What was noted of what was sent; nothing once that is long ago.
fn parse_sent(user: UserId, text: &str, now: f64) -> Option<Sent> {
    let sent: Sent = serde_json::from_str(text).ok()?;
    Some(sent).filter(|sent| sent.place.user == user && now < sent.at + KNOWN_FOR)
}

#[cfg(test)]
mod tests {
    use shared::{
        ids::TicketId,
        tickets::{AddComment, Status, Visibility},
    };
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::{api::ClientError, tickets::ticket::attempt::Named};

    #[wasm_bindgen_test(unsupported = test)]
    fn what_was_kept_is_read_again_by_its_person_alone() {
        let request = AddComment {
            body: "Voy".to_owned(),
            visibility: Some(Visibility::Internal),
            status: Some(Status::Waiting),
            client_id: Some("a".to_owned()),
        };
        let place = Place { user: UserId(1), ticket: TicketId(7), note: true };
        let text =
            serde_json::to_string(&Later::new(place, Named { request, mixed: true, seen: None }, true, 1.5)).unwrap();
        let again = parse(UserId(1), &text).unwrap();
        assert_eq!((again.name(), again.body(), again.place), ("a", "Voy", place));
        assert_eq!(again.request().status, Some(Status::Waiting));
        assert!(again.asks && again.named.mixed && again.kept);
        assert!(parse(UserId(2), &text).is_none());
        assert!(parse(UserId(1), "{\"name\":\"a\"}").is_none());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn why_it_was_not_sent_is_told_with_it() {
        let request = AddComment { body: "Voy".to_owned(), visibility: None, status: None, client_id: None };
        let place = Place { user: UserId(1), ticket: TicketId(7), note: false };
        let mut later = Later::new(place, Named { request, mixed: false, seen: None }, false, 0.0);
        later.failed = Some(Failed::Refused(ClientError::Unreadable));
        let text = serde_json::to_string(&later).unwrap();
        assert_eq!(parse(UserId(1), &text).unwrap().failed, later.failed);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_was_sent_is_known_for_a_day_to_its_person_alone() {
        let place = Place { user: UserId(1), ticket: TicketId(7), note: false };
        let sent = Sent { place, comment: CommentId(3), stuck: None, at: 1000.0 };
        let text = serde_json::to_string(&sent).unwrap();
        assert_eq!(parse_sent(UserId(1), &text, 2000.0), Some(sent));
        assert_eq!(parse_sent(UserId(2), &text, 2000.0), None);
        assert_eq!(parse_sent(UserId(1), &text, 1000.0 + KNOWN_FOR), None);
        assert!(parse(UserId(1), &text).is_none(), "it waits no more");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_chat_does_not_take_it_for_a_message() {
        let request = AddComment { body: "Voy".to_owned(), visibility: None, status: None, client_id: None };
        let place = Place { user: UserId(1), ticket: TicketId(7), note: false };
        let text =
            serde_json::to_string(&Later::new(place, Named { request, mixed: false, seen: None }, false, 0.0)).unwrap();
        assert_eq!(crate::chat::outbox::parse(&text), None);
    }
}
