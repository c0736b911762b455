//! One notification in words.

use leptos::prelude::*;
use leptos_router::components::A;
use shared::{
    notifications::{Notification, NotificationKind},
    tickets::Status,
};

use super::{
    all::{All, link_id},
    state::use_bell,
};
use crate::{
    i18n::{I18n, t, t_string, use_i18n},
    tickets::place,
    ui::{RelativeTime, status_label},
};

/// What happened: `Ana respondió`.
pub fn words(i18n: I18n, notice: &Notification) -> String {
    let name = || {
        let from = notice.from.as_ref().map(|from| from.name.clone());
        from.unwrap_or_else(|| t_string!(i18n, notifications.somebody).to_owned())
    };
    match (notice.kind, notice.status) {
        // Its category gave it.
        (NotificationKind::Assigned, _) if notice.from.is_none() => t_string!(i18n, notifications.received).to_owned(),
        (NotificationKind::Assigned, _) => t_string!(i18n, notifications.assigned, name = name()),
        (NotificationKind::Answered, _) => t_string!(i18n, notifications.answered, name = name()),
        (NotificationKind::Mentioned, _) => t_string!(i18n, notifications.mentioned, name = name()),
        (NotificationKind::StateChanged, Some(Status::Closed)) => t_string!(i18n, notifications.closed, name = name()),
        (NotificationKind::StateChanged, Some(Status::Open)) => t_string!(i18n, notifications.reopened, name = name()),
        (NotificationKind::StateChanged, status) => {
            let state = status.map(|status| status_label(i18n, status)).unwrap_or_default();
            t_string!(i18n, notifications.moved, name = name(), state = state)
        }
        (NotificationKind::Chat, _) => t_string!(i18n, notifications.chat, name = name()),
        (NotificationKind::Invited, _) => t_string!(i18n, notifications.invited, name = name()),
    }
}

/// Where it leads.
pub fn address(notice: &Notification) -> String {
    match (notice.ticket_id, &notice.from) {
        (Some(ticket), _) => place::address(ticket, notice.comment_id),
        (None, Some(from)) if notice.kind == NotificationKind::Chat => format!("/chat/{}", from.id),
        (None, _) => "/notifications".to_owned(),
    }
}

/// One notification of the page.
#[component]
pub fn Row(
    /// The notification.
    notice: Notification,
    /// The list.
    all: All,
) -> impl IntoView {
    let i18n = use_i18n();
    let (id, at) = (notice.id, notice.created_at);
    let unread = all.is_unread(id);
    let href = address(&notice);
    let ticket = notice.ticket_id.map(|ticket| ticket.0);
    let title = notice.title.clone().unwrap_or_default();
    let kept = StoredValue::new(notice);
    let said = move || kept.with_value(|notice| words(i18n, notice));
    let label = move || t_string!(i18n, notifications.mark_label, what = said());
    view! {
        <li class:unread=move || unread.get()>
            <A href=href attr:class="notice" attr:id=link_id(id) on:click=move |_| {
                if unread.get_untracked() {
                    use_bell().read(i18n, id, None);
                }
            }>
                <span class="notice-dot" aria-hidden="true"></span>
                <span class="notice-words">
                    <b>
                        <Show when=move || unread.get()>
                            <span class="visually-hidden">{t!(i18n, notifications.new)} ": "</span>
                        </Show>
                        {said}
                    </b>
                    <span>{ticket.map(|ticket| view! { <span class="turno">{ticket}</span> " " })} {title}</span>
                </span>
                <span class="notice-time"><RelativeTime at/></span>
            </A>
            <Show when=move || unread.get()>
                <button type="button" class="quiet-link" aria-label=label on:click=move |_| {
                    all.lead_focus(Some(id));
                    use_bell().read(i18n, id, Some(all));
                }>
                    {t!(i18n, notifications.mark)}
                </button>
            </Show>
        </li>
    }
    .into_any()
}
