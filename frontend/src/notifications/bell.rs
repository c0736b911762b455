//! The bell in the header.

use leptos::prelude::*;
use shared::notifications::Notification;

use super::{
    arrive::follow,
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
    follow(bell, i18n);
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

/// The newest. Each is drawn once and stays while the bell is asked again: what is drawn over it in place would keep
/// the link of the one before.
#[component]
fn Latest() -> impl IntoView {
    let bell = use_bell();
    bell.look();
    view! {
        <For
            each=move || bell.latest().unwrap_or_default()
            key=|notice| (notice.id, notice.read_at.is_some())
            let:notice
        >
            <Item notice/>
        </For>
        <Nothing/>
    }
    .into_any()
}

/// Why there is none.
#[component]
fn Nothing() -> impl IntoView {
    let i18n = use_i18n();
    let bell = use_bell();
    move || match bell.latest() {
        Some(latest) if latest.is_empty() => {
            view! { <p class="bell-none" role="presentation">{t!(i18n, notifications.none)}</p> }.into_any()
        }
        Some(_) => ().into_any(),
        None if bell.error().is_some() => {
            let words = move || bell.error().map(|error| error.message(i18n)).unwrap_or_default();
            view! {
                <p class="bell-none" role="presentation">{words}</p>
                <button type="button" class="menu-item" role="menuitem" tabindex="-1" on:click=move |_| bell.look()>
                    {t!(i18n, common.retry)}
                </button>
            }
            .into_any()
        }
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
