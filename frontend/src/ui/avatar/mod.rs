//! A person's picture, or their initials.

use leptos::prelude::*;

/// The first letters of the first and the last word of a name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// A person, small and round. The letters are drawn by the style: they are a picture, not words of a label. The name stands beside it wherever it matters, so screen readers pass over it.
#[allow(clippy::needless_pass_by_value, reason = "a component owns what it is given")]
#[component]
pub fn Avatar(
    /// The person's name.
    #[prop(into)]
    name: String,
    /// Where their picture is.
    #[prop(optional_no_strip, into)]
    url: Option<String>,
) -> impl IntoView {
    // The same person has the same colour everywhere.
    let tone = name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % 4;
    let class = match tone {
        0 => "avatar",
        1 => "avatar avatar-b",
        2 => "avatar avatar-c",
        _ => "avatar avatar-d",
    };
    match url {
        Some(url) => view! { <img class="avatar" src=url alt="" width="28" height="28" loading="lazy"/> }.into_any(),
        None => view! { <span class=class aria-hidden="true" data-initials=initials(&name)></span> }.into_any(),
    }
}
