//! How many characters are left, once it matters.

use leptos::prelude::*;

use crate::{
    i18n::{t_string, use_i18n},
    time,
};

/// The count under a field; silent until the text nears its limit.
#[component]
pub fn Count(
    /// The text.
    text: RwSignal<String>,
    /// The most it may have.
    max: usize,
) -> impl IntoView {
    let i18n = use_i18n();
    let used = move || text.with(|text| text.chars().count());
    move || {
        let used = used();
        // The last fifth, or the last thousand of a long text.
        let near = max.saturating_sub((max / 5).min(1000));
        (used >= near).then(|| {
            let over = used > max;
            let text = if over {
                t_string!(i18n, tickets.new.over, count = time::whole(i18n.get_locale(), used - max))
            } else {
                t_string!(i18n, tickets.new.left, count = time::whole(i18n.get_locale(), max - used))
            };
            view! { <span class="text-count" class:over=over aria-live="polite">{text}</span> }
        })
    }
}
