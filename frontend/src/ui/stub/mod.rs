//! The stub: a ticket's number, torn from a roll.

use leptos::prelude::*;
use shared::ids::TicketId;

/// A ticket's number.
#[component]
pub fn Stub(
    /// The number.
    id: TicketId,
) -> impl IntoView {
    view! { <span class="stub">{id.to_string()}</span> }
}
