//! A newer page than this one is kept on the machine already (`sw.js`): this one says so, quietly, and goes on until the
//! person loads it again.

use leptos::{ev, prelude::*};

use crate::{
    browser,
    i18n::{tu_string, use_i18n},
    ui::use_toasts,
};

/// What `boot.js` leaves on `<html>`, and says, when there is one.
const MARK: &str = "data-update";
/// See [`MARK`].
const EVENT: &str = "turno-update";

/// Tells the person when there is one. Inside what lies behind the login: whoever is outside has nothing open to keep.
pub fn watch() {
    let i18n = use_i18n();
    let tell = move || {
        use_toasts().invite(tu_string!(i18n, common.update), tu_string!(i18n, common.update_now), browser::reload);
    };
    if document().document_element().is_some_and(|root| root.has_attribute(MARK)) {
        tell();
    }
    let listening = window_event_listener(ev::Custom::<web_sys::Event>::new(EVENT), move |_| tell());
    on_cleanup(move || listening.remove());
}
