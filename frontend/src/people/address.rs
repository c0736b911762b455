//! An e-mail address to be read.

use leptos::prelude::*;

/// An e-mail address; one that takes two lines breaks before its `@`, and not within a word.
#[component]
pub fn Address(
    /// The address.
    email: String,
) -> impl IntoView {
    let (before, domain) = email.split_at(email.rfind('@').unwrap_or_default());
    let (before, domain) = (before.to_owned(), domain.to_owned());
    view! { {before} <wbr/> {domain} }.into_any()
}
