//! `/tickets`: the list.

mod bar;
mod bulk;
mod change;
mod choose;
mod columns;
mod created;
mod export;
pub mod filters;
mod keys;
mod moves;
mod peek;
mod queue;
mod row;
mod rows;
#[cfg(test)]
mod sample;
mod select;
mod settle;
mod shown;
mod state;
mod states;
mod viewport;

pub use bar::{sort_name, view_name};

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_query_map};

use bar::{Bar, Views};
use bulk::BulkBar;
use columns::Columns;
use export::ExportMenu;
use filters::{Filters, View};
use keys::{Offers, keys_words, listen};
use moves::Arrivals;
use peek::Peek;
use rows::Rows;
use state::List;

use super::{keys::KeysHint, staff::Staff, words::Categories};
use crate::{
    api::{ClientError, Purpose},
    browser,
    hand_on::HandOn,
    i18n::{I18n, t, t_count, t_string, use_i18n},
    session::use_session,
    ui::{Button, EmptyState, LoadError, SkeletonRows},
    views::ViewHead,
};

/// `/tickets`: the list, with its filters in the address.
#[component]
pub fn TicketsPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_query_map();
    let filters = Memo::new(move |_| params.with(Filters::from_params));
    let categories = Categories::load();
    let list = List::new(filters, categories);
    let for_staff = use_session().user_untracked().is_some_and(|user| user.role.is_staff());
    let (columns, staff) = (Columns::load(for_staff, categories), Staff::load());
    listen(list, columns);
    moves::follow(list);
    view! {
        <Title text=move || t_string!(i18n, tickets.list.title)/>
        <div class="tickets-head">
            <h1>{t!(i18n, tickets.list.title)}</h1>
            <ViewHead filters/>
            <Views filters/>
            <div class="tickets-acts push">
                <ExportMenu filters/>
                // On a phone the bar at the bottom has it.
                <A href="/tickets/new" attr:class="btn btn-primary wide-only">{t!(i18n, tickets.list.new)}</A>
            </div>
        </div>
        <Bar filters categories columns staff/>
        <Told list/>
        <Body list columns staff/>
        <Offers list/>
        <BulkBar list staff/>
    }
    .into_any()
}

/// What became of the list, for those who hear the page: how many rows it shows, or why it has none. Of each question anew, for
/// the answer may be in the same words as the one before.
#[component]
fn Told(
    /// The list.
    list: List,
) -> impl IntoView {
    let i18n = use_i18n();
    let said = Memo::new(move |before: Option<&(u32, String)>| {
        let count = list.shown.with(|shown| shown.as_ref().map(|shown| shown.items.len()));
        let words = match count.filter(|_| !list.loading.get()) {
            None => return before.cloned().unwrap_or_default(),
            Some(0) => {
                let none_at_all = list.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.none_at_all));
                let (narrowed, view) = list.filters.with_untracked(|filters| (filters.narrowed(), View::of(filters)));
                words_for_nothing(i18n, narrowed, none_at_all, view).0.to_owned()
            }
            Some(count) => t_count!(i18n, count, tickets.list.shown, count = count),
        };
        (list.asked().unwrap_or_default(), words)
    });
    let words = move || Some(said.get()).filter(|(_, words)| !words.is_empty());
    view! {
        <p class="visually-hidden" role="status">
            <For each=words key=|said: &(u32, String)| said.clone() let:said>
                <span>{said.1}</span>
            </For>
        </p>
    }
    .into_any()
}

/// What the list is at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Face {
    Loading,
    Failed,
    Empty,
    Full,
}

/// The rows, or what there is instead.
#[component]
fn Body(
    /// The list.
    list: List,
    /// The columns.
    columns: Columns,
    /// Those whom tickets can be given to.
    staff: Staff,
) -> impl IntoView {
    let face = Memo::new(move |_| {
        let empty = list.shown.with(|shown| shown.as_ref().map(|shown| shown.items.is_empty()));
        match (empty, list.error.with(Option::is_some)) {
            (None, false) => Face::Loading,
            (None, true) => Face::Failed,
            (Some(true), failed) => {
                if failed {
                    Face::Failed
                } else {
                    Face::Empty
                }
            }
            (Some(false), _) => Face::Full,
        }
    });
    move || match face.get() {
        Face::Loading => view! { <Waiting/> }.into_any(),
        Face::Failed => view! { <Trouble list/> }.into_any(),
        Face::Empty => view! { <Nothing list/> }.into_any(),
        Face::Full => view! {
            <Arrivals list columns/>
            <Rows list columns staff/>
            // Whoever goes on from a row comes to what it shows first.
            <Peek list/>
            <More list columns/>
        }
        .into_any(),
    }
}

/// The rows are on their way.
#[component]
fn Waiting() -> impl IntoView {
    view! { <SkeletonRows/> }
}

/// The rows did not come.
#[component]
fn Trouble(
    /// The list.
    list: List,
) -> impl IntoView {
    move || list.error.get().map(|error| view! { <LoadError error retry=move || list.reload()/> })
}

/// No row: because nothing matches, because all is done, or because there is nothing at all.
#[component]
fn Nothing(
    /// The list.
    list: List,
) -> impl IntoView {
    let i18n = use_i18n();
    let filters = list.filters;
    let none_at_all = list.shown.with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.none_at_all));
    let narrowed = filters.with_untracked(Filters::narrowed);
    let words = Memo::new(move |_| words_for_nothing(i18n, narrowed, none_at_all, filters.with(View::of)));
    let title = Signal::derive(move || words.get().0.to_owned());
    let text = Signal::derive(move || words.get().1.to_owned());
    view! {
        <EmptyState title text>
            {if narrowed {
                view! {
                    // The rows take its place.
                    <A
                        href=move || filters.with(|filters| filters.cleared().to_path())
                        attr:class="btn btn-secondary"
                        on:click=|_| browser::refocus_on_heading()
                    >
                        {t!(i18n, tickets.list.clear)}
                    </A>
                }
                .into_any()
            } else {
                view! { <A href="/tickets/new" attr:class="btn btn-primary">{t!(i18n, tickets.list.new)}</A> }.into_any()
            }}
        </EmptyState>
    }
    .into_any()
}

fn words_for_nothing(
    i18n: I18n,
    narrowed: bool,
    none_at_all: bool,
    shown: Option<View>,
) -> (&'static str, &'static str) {
    let staff = use_session().user_untracked().is_some_and(|user| user.role.is_staff());
    match shown {
        _ if narrowed => (t_string!(i18n, tickets.list.no_match), t_string!(i18n, tickets.list.no_match_hint)),
        _ if none_at_all && staff => {
            (t_string!(i18n, tickets.list.none_yet), t_string!(i18n, tickets.list.none_staff_hint))
        }
        _ if none_at_all => (t_string!(i18n, tickets.list.none_yet), t_string!(i18n, tickets.list.none_yet_hint)),
        Some(View::Closed) => {
            (t_string!(i18n, tickets.list.none_closed), t_string!(i18n, tickets.list.none_closed_hint))
        }
        _ => (t_string!(i18n, tickets.list.all_done), t_string!(i18n, tickets.list.all_done_hint)),
    }
}

/// How many rows are shown, the way to more, and the keys.
#[component]
fn More(
    /// The list.
    list: List,
    /// The columns.
    columns: Columns,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = move || list.shown.with(|shown| shown.as_ref().map_or(0, |shown| shown.items.len()));
    let has_more = move || list.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.next.is_some()));
    let trouble = move || {
        list.error.get().map(|error: ClientError| {
            view! {
                <p class="tickets-more" role="alert">
                    <span class="trouble">{move || error.message(i18n)}</span>
                    <button type="button" class="quiet-link" on:click=move |_| list.reload()>
                        {t!(i18n, common.retry)}
                    </button>
                </p>
            }
        })
    };
    view! {
        {trouble}
        <p class="tickets-more">
            <span>{move || t_count!(i18n, count(), tickets.list.shown, count = count())}</span>
            <Show when=has_more>
                <HandOn within=".tickets-more" to=".table-body > :last-child .ticket-link"/>
                <Button busy=list.loading_more on_click=move |_| list.load_more(Purpose::Deliberate)>{t!(i18n, tickets.list.more)}</Button>
            </Show>
        </p>
        <KeysHint all=true>{keys_words(i18n, columns.staff)}</KeysHint>
    }
    .into_any()
}
