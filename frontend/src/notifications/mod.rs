//! What a person is told of: the bell in the header, and a page with all of it.

pub mod alerts;
mod all;
mod arrive;
mod bell;
mod known;
mod row;
mod state;
mod told;
pub mod turn;

use leptos::prelude::*;
use leptos_meta::Title;
use shared::notifications::Notification;

use all::All;
pub use arrive::go_to;
pub use bell::BellMenu;
use row::Row;
use state::use_bell;

use crate::{
    i18n::{t, t_count, t_string, use_i18n},
    ui::{
        Button, EmptyState, LoadError, SkeletonRows,
        filter::{PillOption, PillSelect},
    },
};

/// `/notifications`.
#[component]
pub fn NotificationsPage() -> impl IntoView {
    let i18n = use_i18n();
    let all = All::new();
    let marking = RwSignal::new(false);
    let nothing_unread = Signal::derive(move || use_bell().unread() == 0);
    view! {
        <Title text=move || t_string!(i18n, notifications.title)/>
        <div class="notices-page">
            <div class="notices-head">
                <h1>{t!(i18n, notifications.title)}</h1>
                <span class="push">
                    <Button busy=marking disabled=nothing_unread on_click=move |_| {
                        all.lead_focus(None);
                        all.mark_all(i18n, marking);
                    }>
                        {t!(i18n, notifications.mark_all)}
                    </Button>
                </span>
            </div>
            <Bar all/>
            <Newer all/>
            <Body all/>
        </div>
    }
    .into_any()
}

/// What narrows the list.
#[component]
fn Bar(
    /// The list.
    all: All,
) -> impl IntoView {
    let i18n = use_i18n();
    let options = Signal::derive(move || {
        vec![
            PillOption::new("", t_string!(i18n, notifications.all)),
            PillOption::new("true", t_string!(i18n, notifications.unread)),
            PillOption::new("false", t_string!(i18n, notifications.read)),
        ]
    });
    let value = Signal::derive(move || all.unread.get().map(|unread| unread.to_string()));
    view! {
        <div class="tickets-bar">
            <PillSelect label=Signal::derive(move || t_string!(i18n, notifications.show).to_owned()) options value
                on_change=move |word: String| all.unread.set(word.parse().ok())/>
        </div>
    }
    .into_any()
}

/// What came since the list was read: it would push away what is being read, so it comes when the person wants it.
#[component]
fn Newer(
    /// The list.
    all: All,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| all.newer());
    let words = move || {
        let newer = count.get();
        t_count!(i18n, newer, notifications.newer, count = newer)
    };
    view! {
        <div class="notices-newer" role="status">
            <Show when=move || { count.get() > 0 }>
                <Button on_click=move |_| {
                    all.lead_focus(None);
                    all.reload();
                }>{words}</Button>
            </Show>
        </div>
    }
    .into_any()
}

/// The notifications, or what there is instead.
#[component]
fn Body(
    /// The list.
    all: All,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| all.pages.items.with(|items| items.as_ref().map(Vec::len)));
    move || match (count.get(), all.pages.error.get()) {
        (None | Some(0), Some(error)) => view! { <LoadError error retry=move || all.reload()/> }.into_any(),
        (None, None) => view! { <SkeletonRows/> }.into_any(),
        (Some(0), None) => {
            let text = move || t_string!(i18n, notifications.none_hint);
            view! { <EmptyState title=move || t_string!(i18n, notifications.none) text=text/> }.into_any()
        }
        (Some(_), _) => view! { <Rows all/> }.into_any(),
    }
}

/// The notifications, and the way to more.
#[component]
fn Rows(
    /// The list.
    all: All,
) -> impl IntoView {
    let i18n = use_i18n();
    let items = move || all.pages.items.get().unwrap_or_default();
    view! {
        {move || all.pages.error.get().map(|error| view! { <LoadError error retry=move || all.reload()/> })}
        <ul
            class="notices"
            class:stale=move || all.pages.loading.get()
            aria-label=move || t_string!(i18n, notifications.region)
            aria-busy=move || all.pages.loading.get().to_string()
        >
            <For each=items key=|notice: &Notification| notice.id let:notice>
                <Row notice all/>
            </For>
        </ul>
        <Show when=move || all.pages.next.with(Option::is_some)>
            <p class="tickets-more">
                <Button busy=all.pages.loading on_click=move |_| all.load_more()>{t!(i18n, common.more)}</Button>
            </p>
        </Show>
    }
    .into_any()
}
