//! What can be done with the ticket that is shown, by name and by key.

use leptos::{prelude::*, task::spawn_local};
use shared::{accounts::UserRef, permissions::TicketAction};

use super::{state::State, wish::Wish};
use crate::{
    browser,
    commands::{Command, Offered, offer},
    i18n::tu_string,
    session::use_session,
    ui::use_toasts,
};

/// Offers what the person may do with the ticket, for as long as they may.
#[component]
pub fn Offers(
    /// The page.
    state: State,
) -> impl IntoView {
    let me = use_session().user_untracked().map(|user| UserRef {
        id: user.id,
        name: user.name,
        avatar_url: user.avatar_url,
    });
    let my_id = me.as_ref().map(|me| me.id);
    let assignee = Memo::new(move |_| state.ticket.with(|ticket| ticket.assignee.as_ref().map(|person| person.id)));
    offer(Command::CopyLink, move || copy_link(state));
    offer(Command::Print, browser::print);
    let take = Callback::new(move |()| state.wish(Wish::Assign(me.clone())));
    view! {
        <Show when=move || state.may(TicketAction::Take) && assignee.get().is_none()>
            <Offered command=Command::Take run=take/>
        </Show>
        <Show when=move || state.may(TicketAction::Take) && assignee.get().is_some() && assignee.get() == my_id>
            <Offered command=Command::PutBack run=move |()| state.wish(Wish::Assign(None))/>
        </Show>
        <Show when=move || state.may(TicketAction::Close)>
            <Offered command=Command::Close run=move |()| state.wish(Wish::Close)/>
        </Show>
        <Show when=move || state.may(TicketAction::Reopen)>
            <Offered command=Command::Reopen run=move |()| state.wish(Wish::Reopen)/>
        </Show>
    }
    .into_any()
}

fn copy_link(state: State) {
    spawn_local(async move {
        let address = window().location().href().unwrap_or_default();
        if browser::copy(&address).await {
            use_toasts().success(tu_string!(state.i18n, commands.copied));
        } else {
            use_toasts().error(tu_string!(state.i18n, commands.not_copied));
        }
    });
}
