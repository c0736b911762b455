//! The bell in the header.

use leptos::prelude::*;
use shared::notifications::Notification;

use super::{
    row::{address, words},
    state::use_bell,
};
use crate::{
    i18n::{t, t_string, use_i18n},
    ui::{Icon, Menu, MenuLink, RelativeTime, Symbol},
};

/// The most the bell counts aloud.
const MOST: u32 = 99;

/// The bell: how many are unread, and the newest of them in a menu.
#[component]
pub fn BellMenu() -> impl IntoView {
    let i18n = use_i18n();
    let bell = use_bell();
    bell.watch();
    let count = move || match bell.unread() {
        count if count > MOST => format!("{MOST}+"),
        count => count.to_string(),
    };
    let label = move || {
        if bell.unread() == 0 {
            t_string!(i18n, notifications.title).to_owned()
        } else {
            t_string!(i18n, notifications.bell, count = count())
        }
    };
    let trigger = move || {
        view! {
            <Icon symbol=Symbol::Bell/>
            {move || (bell.unread() > 0).then(|| view! { <span class="bell-count" aria-hidden="true">{count()}</span> })}
        }
    };
    view! {
        <span class="bell">
            <Menu label class="btn btn-quiet btn-icon" trigger=trigger>
                <Latest/>
                <MenuLink href="/notifications">{t!(i18n, notifications.see_all)}</MenuLink>
            </Menu>
        </span>
    }
    .into_any()
}

/// The newest.
#[component]
fn Latest() -> impl IntoView {
    let i18n = use_i18n();
    let bell = use_bell();
    bell.look();
    move || match bell.latest() {
        Some(latest) if latest.is_empty() => {
            view! { <p class="bell-none" role="presentation">{t!(i18n, notifications.none)}</p> }.into_any()
        }
        Some(latest) => latest.into_iter().map(|notice| view! { <Item notice/> }).collect_view().into_any(),
        None => view! { <p class="bell-none" role="presentation">{t!(i18n, common.loading)}</p> }.into_any(),
    }
}

#[component]
fn Item(notice: Notification) -> impl IntoView {
    let i18n = use_i18n();
    let (id, unread, at) = (notice.id, notice.read_at.is_none(), notice.created_at);
    let href = address(&notice);
    let title = match (notice.ticket_id, &notice.title) {
        (Some(ticket), Some(title)) => format!("#{ticket} · {title}"),
        _ => String::new(),
    };
    let kept = StoredValue::new(notice);
    let said = move || kept.with_value(|notice| words(i18n, notice));
    let open = move |()| {
        if unread {
            use_bell().read(i18n, id, None);
        }
    };
    view! {
        <MenuLink href on_click=open>
            <span class="notice-dot" class:on=unread aria-hidden="true"></span>
            <span class="bell-words">
                <b>
                    {unread.then(|| view! { <span class="visually-hidden">{t!(i18n, notifications.new)} ": "</span> })}
                    {said}
                </b>
                <span>{title}</span>
                <span><RelativeTime at/></span>
            </span>
        </MenuLink>
    }
    .into_any()
}
