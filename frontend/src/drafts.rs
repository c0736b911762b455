//! What a person is typing is kept until they send it: a session that ends, a reload or a wrong click loses nothing.
//!
//! Drafts live in the tab's `sessionStorage`, each under its person's number, so that nobody who logs in afterwards
//! meets another's words. Logging out forgets them.

use leptos::prelude::*;
use shared::ids::UserId;

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

/// The draft of one person.
pub fn draft_of(user: UserId, key: &str) -> RwSignal<String> {
    let key = format!("{}{key}", prefix(user));
    let text = RwSignal::new(browser::session_get(&key).unwrap_or_default());
    Effect::new(move || text.with(|text| browser::session_set(&key, text)));
    text
}

/// Forgets all drafts of one person.
pub fn forget(user: UserId) {
    browser::session_remove_prefix(&prefix(user));
}
