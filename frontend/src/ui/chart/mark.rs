//! What stands before a name in a chart.

use leptos::prelude::*;

use super::Sign;
use crate::ui::{Avatar, PriorityMark, StatusMark};

/// A sign; the name beside it says the same, so screen readers pass over it.
pub fn draw(sign: Sign, class: &'static str) -> AnyView {
    let drawn = match sign {
        Sign::Nothing => return ().into_any(),
        Sign::Dot => view! { <i class=format!("chart-dot {class}")></i> }.into_any(),
        Sign::Status(status) => view! { <StatusMark status/> }.into_any(),
        Sign::Priority(priority) => view! { <PriorityMark priority/> }.into_any(),
        Sign::Person(person) => view! { <Avatar name=person.name url=person.avatar_url/> }.into_any(),
    };
    view! { <span class="chart-sign" aria-hidden="true">{drawn}</span> }.into_any()
}
