//! `/`: the desk in numbers, for each role what it needs first.

mod cards;
mod charts;
mod rows;
mod start;
mod state;
mod tables;
mod times;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};
use shared::{
    accounts::Role,
    dashboard::{Dashboard, Period},
    permissions::DeskAction,
};

use cards::Cards;
use charts::{Charts, StaffCharts};
use rows::Rows;
use start::Start;
use state::{Board, BoardState};
use times::TimesCharts;

use crate::{
    i18n::{I18n, t, t_string, use_i18n},
    session::use_session,
    tickets::Categories,
    time,
    ui::{
        EmptyState, LoadError,
        filter::{PillOption, PillSelect},
    },
};

/// `/`.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let i18n = use_i18n();
    let state = BoardState::new();
    let categories = Categories::load();
    let guided = RwSignal::new(None::<bool>);
    // Without a ticket there is nothing to look back on, and the page below says how to open the first.
    let bare =
        Memo::new(move |_| state.board.with(|board| board.as_ref().is_some_and(|board| is_empty(&board.numbers))));
    view! {
        <Title text=move || t_string!(i18n, dashboard.title)/>
        <div class="board" aria-busy=move || state.loading.get().to_string()>
            <div class="board-head">
                <h1>{move || greeting(i18n)}</h1>
                <Show when=move || !bare.get()>
                    <PeriodPicker period=state.period/>
                    // On a phone the bar at the bottom has it.
                    <A href="/tickets/new" attr:class="btn btn-primary wide-only">{t!(i18n, dashboard.rows.new)}</A>
                </Show>
            </div>
            <Start board=state guides=guided/>
            <Body state categories guided/>
        </div>
    }
    .into_any()
}

/// What one says at this time of the day.
fn greeting(i18n: I18n) -> String {
    let name = use_session().user().map(|user| user.name).unwrap_or_default();
    let name = name.split_whitespace().next().unwrap_or_default().to_owned();
    match time::hour() {
        5..12 => t_string!(i18n, dashboard.greeting.morning, name = name),
        12..20 => t_string!(i18n, dashboard.greeting.afternoon, name = name),
        _ => t_string!(i18n, dashboard.greeting.evening, name = name),
    }
}

/// How far back to look; in the address, so that it can be kept and sent.
#[component]
fn PeriodPicker(
    /// What the address bar asks for.
    period: Memo<Period>,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let name = move |period: Period| match period {
        Period::Week => t_string!(i18n, dashboard.period.week),
        Period::FourWeeks => t_string!(i18n, dashboard.period.four_weeks),
        Period::Quarter => t_string!(i18n, dashboard.period.quarter),
        Period::Year => t_string!(i18n, dashboard.period.year),
    };
    let options = Signal::derive(move || {
        Period::ALL.into_iter().map(|period| PillOption::new(period.as_str(), name(period))).collect::<Vec<_>>()
    });
    let choose = Callback::new(move |word: String| {
        let path = if word == Period::default().as_str() { "/".to_owned() } else { format!("/?period={word}") };
        navigate(&path, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    view! {
        <PillSelect label=Signal::derive(move || t_string!(i18n, dashboard.period.label).to_owned()) options
            value=Signal::derive(move || Some(period.get().as_str().to_owned())) on_change=choose plain=true/>
    }
    .into_any()
}

/// What the dashboard is at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Face {
    Loading,
    Failed,
    Empty,
    Full,
}

/// The numbers, or what there is instead. They are built once, over signals: what comes later moves them.
#[component]
fn Body(
    /// The dashboard.
    state: BoardState,
    /// The names of the categories.
    categories: Categories,
    /// Whether the list of first steps is shown; none until that is known.
    guided: RwSignal<Option<bool>>,
) -> impl IntoView {
    let face = Memo::new(move |_| {
        let empty = state.board.with(|board| board.as_ref().map(|board| is_empty(&board.numbers)));
        match empty {
            None if state.error.with(Option::is_some) => Face::Failed,
            None => Face::Loading,
            Some(_) if guided.with(Option::is_none) => Face::Loading,
            Some(true) => Face::Empty,
            Some(false) => Face::Full,
        }
    });
    let trouble = move || state.error.get().map(|error| view! { <LoadError error retry=move || state.reload()/> });
    move || match face.get() {
        Face::Loading => view! { <Skeleton/> }.into_any(),
        Face::Failed => trouble.into_any(),
        Face::Empty => view! { <Nothing guided/> }.into_any(),
        Face::Full => {
            let Some(first) = state.board.get_untracked() else { return ().into_any() };
            // Once there are numbers there always are.
            let board = Memo::new(move |before: Option<&Board>| {
                state.board.get().unwrap_or_else(|| before.unwrap_or(&first).clone())
            });
            view! { {trouble} <Numbers board categories/> }.into_any()
        }
    }
}

/// Whether there is no ticket at all, in any state.
fn is_empty(numbers: &Dashboard) -> bool {
    numbers.by_status.iter().all(|group| group.count == 0)
}

/// All of it.
#[component]
fn Numbers(
    /// What is shown.
    board: Memo<Board>,
    /// The names of the categories.
    categories: Categories,
) -> impl IntoView {
    let numbers = Signal::derive(move || board.with(|board| board.numbers.clone()));
    let staff = use_session().user_untracked().is_some_and(|user| user.role.is_staff());
    view! {
        <Cards numbers/>
        // A user has few tickets and wants to see them; whoever answers sees first how things stand, then what waits for them,
        // how long things take, and only then what the others are like.
        {(!staff).then(|| view! { <Rows board categories/> })}
        <Charts numbers/>
        {staff.then(|| view! { <Rows board categories/> <TimesCharts numbers/> <StaffCharts numbers categories/> })}
    }
    .into_any()
}

/// Where the numbers will be.
#[component]
fn Skeleton() -> impl IntoView {
    let i18n = use_i18n();
    let card =
        |_| view! { <div class="stat"><span class="skeleton-line"></span><span class="skeleton-line"></span></div> };
    view! {
        <div role="status" aria-label=move || t_string!(i18n, common.loading)>
            <div class="stats" aria-hidden="true">{(0..4).map(card).collect_view()}</div>
            <div class="board-grid" aria-hidden="true">
                <div class="chart-card wide"></div>
                <div class="chart-card"></div>
            </div>
        </div>
    }
    .into_any()
}

/// There is no ticket yet.
#[component]
fn Nothing(
    /// Whether the list of first steps says already where to begin.
    guided: RwSignal<Option<bool>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let user = session.role() == Some(Role::User);
    let title = move || {
        if user { t_string!(i18n, dashboard.empty.user_title) } else { t_string!(i18n, dashboard.empty.staff_title) }
    };
    let text = move || {
        if user { t_string!(i18n, dashboard.empty.user_text) } else { t_string!(i18n, dashboard.empty.staff_text) }
    };
    view! {
        <EmptyState title text>
            <A
                href="/tickets/new"
                // The list of steps says what comes first.
                attr:class=move || if guided.get() == Some(true) { "btn btn-secondary" } else { "btn btn-primary" }
            >
                {t!(i18n, dashboard.rows.new)}
            </A>
            <Show when=move || guided.get() != Some(true)>
                {session.can(DeskAction::ManageUsers).then(|| view! {
                    <A href="/people" attr:class="btn btn-secondary">{t!(i18n, dashboard.empty.people)}</A>
                })}
                {session.can(DeskAction::ManageCategories).then(|| view! {
                    <A href="/categories" attr:class="btn btn-secondary">{t!(i18n, dashboard.empty.categories)}</A>
                })}
            </Show>
        </EmptyState>
    }
    .into_any()
}
