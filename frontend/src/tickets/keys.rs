//! Keys that work anywhere on a page.

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::browser;

/// Whether a key is for the page: not typed into a field, not part of a shortcut, and nothing lies over the page.
pub fn is_free(event: &KeyboardEvent) -> bool {
    let typed = || {
        browser::focused().is_some_and(|element| {
            matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || element.is_content_editable()
        })
    };
    let covered = || document().query_selector("dialog[open], [role=menu]").ok().flatten().is_some();
    !(event.default_prevented()
        || event.ctrl_key()
        || event.alt_key()
        || event.meta_key()
        || event.is_composing()
        || typed()
        || covered())
}
