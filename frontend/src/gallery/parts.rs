//! Tokens, and what is small: buttons, marks and faces.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use shared::{
    categories::{Category, Colour},
    ids::{CategoryId, TicketId},
    live::PresenceState,
    tickets::{Priority, Status},
};

use crate::{
    browser,
    ui::{
        Avatar, Button, ButtonKind, CategoryTag, Icon, Logo, PresenceMark, PriorityMark, RelativeTime, StatusMark,
        Stub, Symbol,
    },
};

/// Surfaces, inks, accents and states.
const COLOURS: [&str; 20] = [
    "paper",
    "sunken",
    "surface",
    "raised",
    "line",
    "line-strong",
    "line-control",
    "ink",
    "ink-2",
    "ink-3",
    "accent",
    "accent-strong",
    "accent-soft",
    "accent-text",
    "open",
    "progress",
    "waiting",
    "closed",
    "urgent",
    "note",
];

#[component]
pub fn Tokens() -> impl IntoView {
    let swatch = |name: &'static str| {
        view! { <span class="swatch"><i style:--swatch=format!("var(--t-{name})")></i>{name}</span> }
    };
    let sizes = (1..=7).map(|size| {
        view! { <span style:font-size=format!("var(--t-size-{size})")>{format!("Size {size}")}</span> }
    });
    view! {
        <div class="gallery-row">{COLOURS.map(swatch).collect_view()}</div>
        <div class="gallery-row">{sizes.collect_view()}</div>
    }
    .into_any()
}

#[component]
pub fn Presses() -> impl IntoView {
    let row = |busy: bool, disabled: bool| {
        let button = move |kind: ButtonKind| {
            view! {
                <Button kind busy=Signal::stored(busy) disabled=Signal::stored(disabled) on_click=move |_| ()>
                    {format!("{kind:?}")}
                </Button>
            }
        };
        view! { <div class="gallery-row" data-ui="button">{ButtonKind::ALL.map(button).collect_view()}</div> }
    };
    view! {
        {row(false, false)}
        {row(true, false)}
        {row(false, true)}
        <div class="gallery-row" data-ui="button">
            <Button kind=ButtonKind::Primary on_click=move |_| ()><Icon symbol=Symbol::Plus/>"With an icon"</Button>
            <Button kind=ButtonKind::Quiet class="btn-icon" label="Search" on_click=move |_| ()><Icon symbol=Symbol::Search/></Button>
            <button type="button" class="quiet-link">"Quiet link"</button>
        </div>
    }
    .into_any()
}

#[component]
pub fn Marks() -> impl IntoView {
    let status =
        |label: bool| Status::ALL.iter().map(move |&status| view! { <StatusMark status label/> }).collect_view();
    let priority = |label: bool| {
        Priority::ALL.iter().map(move |&priority| view! { <PriorityMark priority label/> }).collect_view()
    };
    let there = PresenceState::ALL.map(|state| view! { <PresenceMark state=Signal::stored(state)/> });
    // The older a moment is, the more coarsely it is told: minutes, hours, days, a date, and one of another year.
    let ages = [0, 3, 5 * 60, 26 * 60, 40 * 24 * 60, 500 * 24 * 60];
    view! {
        <div class="gallery-row" data-ui="mark">{status(true)}</div>
        <div class="gallery-row" data-ui="mark">{status(false)}</div>
        <div class="gallery-row" data-ui="mark">{priority(true)}</div>
        <div class="gallery-row" data-ui="mark">{priority(false)}</div>
        <div class="gallery-row" data-ui="presence">{there.collect_view()}</div>
        <div class="gallery-row" data-ui="stub"><Stub id=TicketId(7)/><Stub id=TicketId(1042)/></div>
        <div class="gallery-row" data-ui="relative_time">
            {ages.map(|minutes| view! { <RelativeTime at=moment(minutes)/> }).collect_view()}
            <RelativeTime at=moment(40 * 24 * 60) clock=true/>
        </div>
        <div class="gallery-row" data-ui="icon">
            <Logo/>
            {Symbol::ALL.map(|symbol| view! { <Icon symbol/> }).collect_view()}
        </div>
    }
    .into_any()
}

/// So many minutes ago.
fn moment(minutes: i64) -> DateTime<Utc> {
    #[allow(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
    let now = DateTime::from_timestamp_millis(browser::now() as i64).unwrap_or_default();
    now - TimeDelta::minutes(minutes)
}

/// A picture: one that needs no file.
const PICTURE: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 2 2'%3E%3Cpath fill='teal' d='M0 0h2v2H0z'/%3E%3Cpath fill='gold' d='M0 2l2-2v2z'/%3E%3C/svg%3E";

#[component]
pub fn Faces() -> impl IntoView {
    let people = ["Ana Ruiz", "Luis Peña", "Inés Soto", "Marco Díaz", "Jorge Paz", "Ñ"];
    let tag = |name: String, colour: Colour| {
        let category = Category { id: CategoryId(1), name, position: 1, colour, default_assignee_id: None };
        view! { <CategoryTag category/> }
    };
    let long = "A category with a name that is longer than there is room for".to_owned();
    view! {
        <div class="gallery-row" data-ui="avatar">
            {people.map(|name| view! { <Avatar name/> }).collect_view()}
            <Avatar name="Rosa Gil" url=Some(PICTURE.to_owned())/>
        </div>
        <div class="gallery-row" data-ui="category">
            {Colour::ALL.map(|colour| tag(format!("{colour:?}"), colour)).collect_view()}
            {tag(long, Colour::Teal)}
        </div>
    }
    .into_any()
}
