//! Where the focus goes from what is gone.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::browser;

/// Hands the focus on when what this stands in goes and takes it along, as the way to more of a list does once the last of it has
/// come.
#[component]
pub fn HandOn(
    /// What the focus has to be in, as a selector.
    within: &'static str,
    /// What has it then: the first that matches.
    to: &'static str,
) -> impl IntoView {
    on_cleanup(move || {
        let had = browser::focused().is_some_and(|focused| focused.closest(within).is_ok_and(|found| found.is_some()));
        if had {
            request_animation_frame(move || take(to));
        }
    });
    ().into_any()
}

/// Gives the focus to the first that matches, and shows it, unless something has it.
fn take(to: &str) {
    let found = document().query_selector(to).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok())
        && browser::is_focus_free()
    {
        element.focus().ok();
    }
}
