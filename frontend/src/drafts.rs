//! What a person is typing is kept until they send it: a session that ends, a reload or a wrong click loses nothing.
//!
//! Drafts live in the tab's `sessionStorage`, each under its person's number, so that nobody who logs in afterwards
//! meets another's words. Logging out forgets them in every tab, with the messages and answers that wait to be sent, and
//! closing the tab forgets its own: on a device that others use too, nothing that was not sent is left. A session that ends
//! by itself leaves them to be found again. Two tabs do not write over each other's.

use std::collections::HashSet;

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use shared::ids::{TicketId, UserId};

use crate::{browser, session::use_session};

/// The start of the keys of one person's drafts.
fn prefix(user: UserId) -> String {
    format!("turno.draft.{user}.")
}

/// A text that outlives the page: it starts as it was left and is kept at every change. Set it to the empty string
/// once it has been sent.
pub fn use_draft(key: impl AsRef<str>) -> RwSignal<String> {
    match use_session().user_untracked() {
        Some(user) => draft_of(user.id, key.as_ref()),
        None => RwSignal::new(String::new()),
    }
}

/// A choice that outlives the page, like [`use_draft`]; nothing stands for not having chosen.
pub fn use_draft_choice<T>(key: impl AsRef<str>) -> RwSignal<Option<T>>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    match use_session().user_untracked() {
        Some(user) => choice_of(user.id, key.as_ref()),
        None => RwSignal::new(None),
    }
}

/// The choice of one person.
pub fn choice_of<T>(user: UserId, key: &str) -> RwSignal<Option<T>>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let key = format!("{}{key}", prefix(user));
    // What another version of this page left and this one cannot read is not a choice.
    let choice = RwSignal::new(browser::session_get(&key).and_then(|text| serde_json::from_str::<T>(&text).ok()));
    Effect::new(move || {
        let text = choice.with(|choice| choice.as_ref().and_then(|choice| serde_json::to_string(choice).ok()));
        browser::session_set(&key, &text.unwrap_or_default());
    });
    choice
}

/// Whether something is kept under this key for the person at the screen.
pub fn is_kept(key: impl AsRef<str>) -> bool {
    use_session()
        .user_untracked()
        .is_some_and(|user| browser::session_get(&format!("{}{}", prefix(user.id), key.as_ref())).is_some())
}

/// The draft under this key of the person at the screen, as it is kept; empty when there is none.
pub fn kept_draft(key: impl AsRef<str>) -> String {
    let user = use_session().user_untracked();
    user.and_then(|user| browser::session_get(&format!("{}{}", prefix(user.id), key.as_ref()))).unwrap_or_default()
}

/// Keeps a draft whose form is not on the page.
pub fn keep_draft(key: impl AsRef<str>, text: &str) {
    if let Some(user) = use_session().user_untracked() {
        browser::session_set(&format!("{}{}", prefix(user.id), key.as_ref()), text);
    }
}

/// Forgets a draft at once, even when the form it belongs to is about to go. What the form shows stays.
pub fn forget_draft(key: impl AsRef<str>) {
    keep_draft(key, "");
}

/// The draft of one person.
pub fn draft_of(user: UserId, key: &str) -> RwSignal<String> {
    let key = format!("{}{key}", prefix(user));
    let text = RwSignal::new(browser::session_get(&key).unwrap_or_default());
    Effect::new(move || text.with(|text| browser::session_set(&key, text)));
    text
}

/// The tickets on which the person at the screen has begun an answer or a note that was not sent.
pub fn begun_answers() -> HashSet<TicketId> {
    let Some(user) = use_session().user_untracked() else { return HashSet::new() };
    answers_of(user.id)
}

/// The same for one person.
pub fn answers_of(user: UserId) -> HashSet<TicketId> {
    let before = format!("{}ticket.", prefix(user));
    let ticket = |key: String| {
        let (id, kind) = key.strip_prefix(&before)?.split_once('.')?;
        id.parse().ok().filter(|_| matches!(kind, "reply" | "note"))
    };
    browser::session_keys(&before).into_iter().filter_map(ticket).collect()
}

/// The start of the keys under which the browser keeps the messages and answers of one person that are not sent yet.
pub fn unsent_prefix(user: UserId) -> String {
    format!("turno.outbox.{user}.")
}

/// How many messages and answers of one person the browser keeps that are not sent yet.
pub fn count_unsent(user: UserId) -> usize {
    browser::local_keys(&unsent_prefix(user)).len()
}

/// The start of the keys under which the browser notes which of one person's answers were sent.
pub fn sent_prefix(user: UserId) -> String {
    format!("turno.sent.{user}.")
}

/// Forgets all that one person wrote and did not send: their drafts in this tab, and what waits to be sent from any; and what
/// was noted of what they sent.
pub fn forget(user: UserId) {
    browser::session_remove_prefix(&prefix(user));
    for prefix in [unsent_prefix(user), sent_prefix(user)] {
        for key in browser::local_keys(&prefix) {
            browser::local_remove(&key);
        }
    }
}
