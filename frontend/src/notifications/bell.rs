//! The bell in the header.

use leptos::{prelude::*, task::spawn_local};
use shared::{ids::NotificationId, notifications::Notification};

use super::{
    arrive::follow,
    known::held,
    row::{address, words},
    state::{is_all, use_bell},
};
use crate::{
    browser,
    commands::{Command, Offered},
    i18n::{t, t_count, t_string, use_i18n},
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
        <Show when=move || { bell.unread() > 0 }>
            <Offered command=Command::ReadAll run=move |()| spawn_local(async move { _ = bell.read_all(i18n).await })/>
        </Show>
        <span class="bell">
            <Menu label class="btn btn-quiet btn-icon" trigger=trigger>
                <Latest/>
                <MenuLink href="/notifications">{t!(i18n, notifications.see_all)}</MenuLink>
            </Menu>
        </span>
    }
    .into_any()
}

/// The newest as the bell was opened. Each is drawn once and stays where it is, under the pointer and under the focus, while
/// the bell is asked again; what comes meanwhile waits for whoever wants it, in a place that is there from the beginning.
#[component]
fn Latest() -> impl IntoView {
    let i18n = use_i18n();
    let bell = use_bell();
    bell.look();
    let (shown, came) = (RwSignal::new(None::<Vec<Notification>>), RwSignal::new(0_usize));
    Effect::new(move || {
        if let Some(latest) = bell.latest() {
            let (rows, count) =
                shown.with_untracked(|shown| held(shown.as_deref(), shown.as_deref().is_some_and(is_all), &latest));
            shown.set(Some(rows));
            came.set(count);
        }
    });
    let words = move || {
        let count = came.get();
        t_count!(i18n, count, notifications.newer, count = count)
    };
    let bring = move |_| {
        let latest = untrack(|| bell.latest());
        let first = latest.as_ref().and_then(|latest| latest.first()).map(|notice| item_id(notice.id));
        came.set(0);
        shown.set(latest);
        if let Some(first) = first {
            request_animation_frame(move || browser::focus_id(&first));
        }
    };
    view! {
        <div class="bell-head" role="presentation">
            <b>{t!(i18n, notifications.title)}</b>
            <Show when=move || { came.get() > 0 }>
                <button type="button" class="menu-item bell-newer" role="menuitem" tabindex="-1" on:click=bring>{words}</button>
            </Show>
        </div>
        <For each=move || shown.get().unwrap_or_default() key=|notice| notice.id let:notice>
            <Item notice shown/>
        </For>
        <Nothing/>
    }
    .into_any()
}

/// The name of a row.
fn item_id(id: NotificationId) -> String {
    format!("bell-{id}")
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
fn Item(
    /// The notification.
    notice: Notification,
    /// All rows, as they are now.
    shown: RwSignal<Option<Vec<Notification>>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (id, at) = (notice.id, notice.created_at);
    let is = move |rows: &Vec<Notification>| rows.iter().any(|one| one.id == id && one.read_at.is_none());
    let unread = Memo::new(move |_| shown.with(|rows| rows.as_ref().is_some_and(is)));
    let href = address(&notice);
    let title = match (notice.ticket_id, &notice.title) {
        (Some(ticket), Some(title)) => format!("#{ticket} · {title}"),
        _ => String::new(),
    };
    let kept = StoredValue::new(notice);
    let said = move || kept.with_value(|notice| words(i18n, notice));
    let open = move |()| {
        if unread.get_untracked() {
            use_bell().read(i18n, id, None);
        }
    };
    view! {
        <MenuLink href on_click=open attr:id=item_id(id)>
            <span class="notice-dot" class:on=move || unread.get() aria-hidden="true"></span>
            <span class="bell-words">
                <b>
                    <Show when=move || unread.get()>
                        <span class="visually-hidden">{t!(i18n, notifications.new)} ": "</span>
                    </Show>
                    {said}
                </b>
                <span>{title}</span>
                <span><RelativeTime at/></span>
            </span>
        </MenuLink>
    }
    .into_any()
}
