//! Which build of the page the server carries. Another one than this means that a newer page may be there: `boot.js` looks, and
//! offers it, once an answer made no sense to this one.

use std::cell::{Cell, OnceCell};

use leptos::prelude::{document, window};
use web_sys::Event;

/// What `boot.js` listens for.
const EVENT: &str = "turno-other-build";

thread_local! {
    /// The build of this page.
    static OWN: OnceCell<String> = const { OnceCell::new() };
    /// The server carries another.
    static OTHER: Cell<bool> = const { Cell::new(false) };
}

/// Notes which build the server names; nothing when it names none.
pub fn heard(named: Option<&str>) {
    if let Some(named) = named {
        OTHER.set(OWN.with(|own| is_other(own.get_or_init(written), named)));
    }
}

/// The server and this page do not understand each other.
pub fn not_understood() {
    if OTHER.get()
        && let Ok(event) = Event::new(EVENT)
    {
        window().dispatch_event(&event).ok();
    }
}

/// A page for development is of no build.
fn is_other(own: &str, named: &str) -> bool {
    !own.is_empty() && own != named
}

/// What the build wrote into the page.
fn written() -> String {
    let meta = document().query_selector("meta[name='turno-build']").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_page_without_a_build_is_like_any() {
        assert!(is_other("a", "b"));
        assert!(!is_other("a", "a"));
        assert!(!is_other("", "a"));
    }
}
