//! What stands where there is nothing to show.

use leptos::prelude::*;

use super::given;

/// Why there is nothing, and what to do about it.
#[component]
pub fn EmptyState(
    /// What is the case.
    #[prop(into)]
    title: TextProp,
    /// More about it.
    #[prop(optional, into)]
    text: TextProp,
    /// Whether it is all that the page says: then its title is the page's heading.
    #[prop(optional)]
    whole: bool,
    /// What can be done: links and buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty" class:empty-whole=whole>
            <svg class="empty-art" viewBox="0 0 120 64" width="120" height="64" aria-hidden="true">
                <path d="M18 12h84v13a7 7 0 0 0 0 14v13H18V39a7 7 0 0 0 0-14z"></path>
                <path d="M40 12v40" stroke-dasharray="3 4"></path>
                <path d="M52 27h30M52 37h18"></path>
            </svg>
            {if whole {
                view! { <h1 class="empty-title">{move || title.get()}</h1> }.into_any()
            } else {
                view! { <h2 class="empty-title">{move || title.get()}</h2> }.into_any()
            }}
            {move || given(&text).then(|| view! { <p class="empty-text">{text.get()}</p> })}
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
}
