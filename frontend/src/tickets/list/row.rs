//! One row: a link over all of it, with what can be changed in place standing above the link.

use std::sync::Arc;

use leptos::prelude::*;
use shared::{accounts::UserRef, ids::TicketId, tickets::TicketSummary};

use super::{
    choose::{self, button_id, button_label},
    columns::{Column, Columns},
    keys::choose_up_to,
    rows::row_id,
    state::List,
};
use crate::{
    i18n::{t, t_string, use_i18n},
    ui::{CategoryTag, PriorityMark, RelativeTime, StatusMark, Stub},
};

/// One ticket.
#[component]
pub fn Row(
    /// Its place in the list.
    place: usize,
    /// The ticket.
    ticket: Arc<TicketSummary>,
    /// The list.
    list: List,
    /// The columns.
    columns: Columns,
    /// The row that Tab reaches.
    stop: Memo<Option<TicketId>>,
) -> impl IntoView {
    let id = ticket.id;
    let is_at = Memo::new(move |_| list.at.get() == Some(id));
    let reached = Memo::new(move |_| stop.get() == Some(id));
    let chosen = Memo::new(move |_| list.selection.contains(id));
    let left = Memo::new(move |_| list.moves.left.with(|left| left.contains(&id)));
    let changed = list.moves.has_changed(id);
    let unread = ticket.unread;
    let press = move |event: web_sys::MouseEvent| {
        if columns.staff && event.shift_key() {
            event.prevent_default();
            choose_up_to(list, id);
        }
    };
    let cell = move |column: Column| {
        view! {
            <span role="cell" class=format!("in-{}", column.as_str())>
                <Cell column ticket=Arc::clone(&ticket) list staff=columns.staff reached left/>
            </span>
        }
    };
    view! {
        <div
            role="row"
            class="ticket-row"
            class:at=move || is_at.get()
            class:left=move || left.get()
            class:chosen=move || chosen.get()
            class:changed-now=changed
            class:unread=unread
            aria-rowindex=(place + 2).to_string()
            on:click=press
        >
            {columns.staff.then(|| view! { <Pick id list reached chosen/> })}
            {move || columns.shown(list.viewport.layout.get()).into_iter().map(&cell).collect_view()}
        </div>
    }
    .into_any()
}

/// The box that chooses the row.
#[component]
fn Pick(
    /// The ticket.
    id: TicketId,
    /// The list.
    list: List,
    /// Whether Tab reaches the row.
    reached: Memo<bool>,
    /// Whether it is chosen.
    chosen: Memo<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let press = move |event: web_sys::MouseEvent| {
        event.stop_propagation();
        list.at.set(Some(id));
        if event.shift_key() {
            choose_up_to(list, id);
        } else {
            list.selection.toggle(id);
        }
    };
    view! {
        <span role="cell" class="pick-cell">
            <label class="pick-area">
                <input
                    type="checkbox"
                    class="pick-box"
                    id=format!("pick-{id}")
                    tabindex=move || if reached.get() { "0" } else { "-1" }
                    aria-label=move || t_string!(i18n, views.bulk.choose, id = id.to_string())
                    prop:checked=move || chosen.get()
                    on:click=press
                />
            </label>
        </span>
    }
    .into_any()
}

/// What a column shows of a ticket.
#[component]
fn Cell(
    /// The column.
    column: Column,
    /// The ticket.
    ticket: Arc<TicketSummary>,
    /// The list.
    list: List,
    /// Whether it can be changed in place.
    staff: bool,
    /// Whether Tab reaches the row.
    reached: Memo<bool>,
    /// Whether it no longer belongs where it stands.
    left: Memo<bool>,
) -> impl IntoView {
    match column {
        Column::Status | Column::Priority | Column::Assignee if staff => {
            view! { <Act column ticket list reached/> }.into_any()
        }
        Column::Status => view! { <StatusMark status=ticket.status/> }.into_any(),
        Column::Priority => view! { <PriorityMark priority=ticket.priority/> }.into_any(),
        Column::Number => view! { <Stub id=ticket.id/> }.into_any(),
        Column::Title => view! { <Link ticket list reached left/> }.into_any(),
        Column::Category => {
            let category = ticket.category_id;
            (move || category.and_then(|id| list.categories.of(id)).map(|category| view! { <CategoryTag category/> }))
                .into_any()
        }
        Column::Requester => ticket.requester.name.clone().into_any(),
        Column::Assignee => view! { <Assignee person=ticket.assignee.clone()/> }.into_any(),
        Column::Created => view! { <RelativeTime at=ticket.created_at/> }.into_any(),
        Column::Updated => view! { <RelativeTime at=ticket.updated_at/> }.into_any(),
    }
}

/// Who deals with it.
#[component]
fn Assignee(
    /// Who.
    person: Option<UserRef>,
) -> impl IntoView {
    let i18n = use_i18n();
    match person {
        Some(person) => person.name.into_any(),
        None => view! { <span class="nobody">{t!(i18n, tickets.list.unassigned_short)}</span> }.into_any(),
    }
}

/// The title, and the way to the ticket from anywhere on the row.
#[component]
fn Link(
    /// The ticket.
    ticket: Arc<TicketSummary>,
    /// The list.
    list: List,
    /// Whether Tab reaches the row.
    reached: Memo<bool>,
    /// Whether it no longer belongs where it stands.
    left: Memo<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = ticket.id;
    let late = Memo::new(move |_| list.moves.late.with(|late| late.contains(&id)));
    let begun = list.has_begun(id);
    view! {
        <a
            id=row_id(id)
            class="ticket-link"
            href=format!("/tickets/{id}")
            tabindex=move || if reached.get() { "0" } else { "-1" }
            on:focus=move |_| list.at.set(Some(id))
            on:click=move |_| list.at.set(Some(id))
        >
            {ticket.unread.then(|| view! {
                <span class="row-new"></span>
                <span class="visually-hidden">{t!(i18n, tickets.list.unread)} ": "</span>
            })}
            {begun.then(|| view! { <span class="row-begun">{t!(i18n, tickets.list.draft)}</span> " " })}
            {ticket.title.clone()}
            <Show when=move || late.get()>
                " " <span class="row-late">{t!(i18n, moves.list.late)}</span>
            </Show>
            <Show when=move || left.get()>
                <span class="visually-hidden">" · " {t!(i18n, moves.list.left)}</span>
            </Show>
        </a>
    }
    .into_any()
}

/// What a column shows, with a menu to change it.
#[component]
fn Act(
    /// The column.
    column: Column,
    /// The ticket.
    ticket: Arc<TicketSummary>,
    /// The list.
    list: List,
    /// Whether Tab reaches the row.
    reached: Memo<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = ticket.id;
    let open = Memo::new(move |_| {
        list.choosing.with(|open| open.as_ref().is_some_and(|open| open.id == id && open.column == column))
    });
    let shown = match column {
        Column::Status => view! { <StatusMark status=ticket.status/> }.into_any(),
        Column::Priority => view! { <PriorityMark priority=ticket.priority/> }.into_any(),
        _ => view! { <span class="act-name"><Assignee person=ticket.assignee.clone()/></span> }.into_any(),
    };
    let named = Arc::clone(&ticket);
    view! {
        <button
            type="button"
            class="row-act"
            id=button_id(id, column)
            tabindex=move || if reached.get() { "0" } else { "-1" }
            aria-haspopup="menu"
            aria-expanded=move || open.get().to_string()
            aria-label=move || button_label(i18n, column, &ticket)
            title=move || button_label(i18n, column, &named)
            on:click=move |event| {
                event.stop_propagation();
                choose::open(list, id, column);
            }
        >
            {shown}
        </button>
    }
    .into_any()
}
