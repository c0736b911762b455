//! An e-mail address to be read.

use leptos::prelude::*;

/// An e-mail address; one that takes two lines breaks before its `@`, and not within a word.
#[component]
pub fn Address(
    /// The address.
    email: String,
) -> impl IntoView {
    let mut before = email;
    let domain = before.split_off(before.rfind('@').unwrap_or_default());
    view! { {before} <wbr/> {domain} }.into_any()
}
