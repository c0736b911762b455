//! A number that changes.

use leptos::prelude::*;

/// A number, or words around one: what comes in its place rises into it.
#[component]
pub fn Moving(
    /// What it says.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let text = Memo::new(move |_| text.get());
    let turns = Memo::new(move |before: Option<&u32>| {
        text.track();
        before.map_or(0, |turns| turns.wrapping_add(1))
    });
    // An animation runs again only under another name.
    let class = move || match turns.get() {
        0 => "moving",
        odd if odd % 2 == 1 => "moving moved-a",
        _ => "moving moved-b",
    };
    view! { <span class=class>{text}</span> }
}
