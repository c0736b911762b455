//! Files on their way to a ticket, for as long as they are.

use leptos::prelude::*;
use shared::ids::TicketId;

use super::{choose::ItemRow, tray::outgoing_tray};
use crate::i18n::{t, t_string, use_i18n};

/// What is being sent to a ticket, and what did not get there.
#[component]
pub fn Outgoing(
    /// The ticket.
    ticket: TicketId,
) -> impl IntoView {
    let i18n = use_i18n();
    let tray = outgoing_tray(ticket);
    view! {
        <Show when=move || !tray.is_empty()>
            <section class="attach-outgoing" aria-label=move || t_string!(i18n, attachments.outgoing)>
                <h2>{t!(i18n, attachments.outgoing)}</h2>
                <ul class="attach-list">
                    <For each=move || tray.items() key=|item| item.id let:item>
                        <ItemRow item tray/>
                    </For>
                </ul>
            </section>
        </Show>
    }
    .into_any()
}
