//! The rows: real links, one of them in the tab order, moved through with the keyboard.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use shared::{ids::TicketId, tickets::TicketSummary};

use super::state::{List, Step};
use crate::{
    browser,
    i18n::{t, t_string, use_i18n},
    session::use_session,
    tickets::{keys::is_free, words::Categories},
    ui::{CategoryTag, PriorityMark, RelativeTime, StatusMark, Stub},
};

/// The rows of the list.
#[component]
pub fn Rows(
    /// The list.
    list: List,
    /// The names of the categories.
    categories: Categories,
) -> impl IntoView {
    let i18n = use_i18n();
    Effect::new(move || {
        if list.shown.with(|shown| shown.as_ref().is_some_and(|shown| !shown.items.is_empty()))
            && let Some(id) = list.back_to.get_value()
        {
            list.back_to.set_value(None);
            request_animation_frame(move || go_back_to(id));
        }
    });
    let items = move || list.shown.with(|shown| shown.as_ref().map(|shown| shown.items.clone()).unwrap_or_default());
    let key = |ticket: &TicketSummary| (ticket.id, ticket.version, ticket.updated_at);
    view! {
        <ul
            class="tickets-rows"
            class:stale=move || list.loading.get()
            aria-label=move || t_string!(i18n, tickets.list.region)
            aria-busy=move || list.loading.get().to_string()
        >
            <For each=items key=key let:ticket>
                <li><Row ticket list categories/></li>
            </For>
        </ul>
    }
    .into_any()
}

/// What begins the name of every row's element.
const ROW: &str = "ticket-";

fn row_id(id: TicketId) -> String {
    format!("{ROW}{id}")
}

/// Whether an element of this name is a row.
pub fn is_row_id(name: &str) -> bool {
    name.strip_prefix(ROW).is_some_and(|id| id.parse::<TicketId>().is_ok())
}

/// One ticket.
#[component]
fn Row(
    /// The ticket.
    ticket: TicketSummary,
    /// The list.
    list: List,
    /// The names of the categories.
    categories: Categories,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = ticket.id;
    let is_at = move || list.at.get() == Some(id);
    // With no row under the cursor, the first is the one that Tab reaches.
    let tab_index = move || {
        let first = || list.shown.with(|shown| shown.as_ref().and_then(|shown| shown.items.first().map(|row| row.id)));
        let here = list.at.get().filter(|at| {
            list.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.items.iter().any(|row| row.id == *at)))
        });
        if here.or_else(first) == Some(id) { "0" } else { "-1" }
    };
    let category = ticket.category_id;
    let category = move || category.and_then(|id| categories.of(id)).map(|category| view! { <CategoryTag category/> });
    let for_staff = use_session().user_untracked().is_some_and(|user| user.role.is_staff());
    let person = if for_staff { Some(ticket.requester) } else { ticket.assignee };
    let nobody = person.is_none();
    let left = move || list.moves.left.with(|left| left.contains(&id));
    let changed = list.moves.changed.with_value(|changed| changed.contains(&id));
    let name = move || match &person {
        Some(person) => person.name.clone(),
        None => t_string!(i18n, tickets.list.unassigned_short).to_owned(),
    };
    view! {
        <a
            id=row_id(id)
            class="ticket-row"
            class:at=is_at
            class:left=left
            class:changed-now=changed
            href=format!("/tickets/{id}")
            tabindex=tab_index
            on:focus=move |_| list.at.set(Some(id))
            on:click=move |_| list.at.set(Some(id))
        >
            <span class="cell"><StatusMark status=ticket.status/></span>
            <span class="cell"><PriorityMark priority=ticket.priority/></span>
            <span class="stub-cell"><Stub id/></span>
            <span class="ttl">
                {ticket.title}
                <Show when=left>
                    <span class="visually-hidden">" · " {t!(i18n, moves.list.left)}</span>
                </Show>
            </span>
            <span class="tag-cell">{category}</span>
            <span class="who" class:nobody=nobody>{name}</span>
            <span class="when"><RelativeTime at=ticket.updated_at/></span>
        </a>
    }
    .into_any()
}

/// Puts the cursor back where it was, unless the person is already somewhere else.
fn go_back_to(id: TicketId) {
    if is_nowhere() {
        focus(id);
    }
}

/// Whether nothing has the focus but the page: its main part and its heading have it after a navigation only so that
/// screen readers start there.
fn is_nowhere() -> bool {
    browser::focused().is_none_or(|element| matches!(element.tag_name().as_str(), "MAIN" | "H1"))
}

/// Puts the cursor on a row.
pub fn focus(id: TicketId) {
    browser::focus_id(&row_id(id));
}

/// Listens to the keys of the page while it is shown.
pub fn listen(list: List) {
    let navigate = use_navigate();
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if !is_free(&event) {
            return;
        }
        let step = match event.key().as_str() {
            "n" => {
                event.prevent_default();
                return navigate("/tickets/new", leptos_router::NavigateOptions::default());
            }
            "j" | "J" => Step::Next,
            "k" | "K" => Step::Previous,
            // Where something else has the focus, the arrows are its own.
            "ArrowDown" if steps() => Step::Next,
            "ArrowUp" if steps() => Step::Previous,
            "Home" if on_row() => Step::First,
            "End" if on_row() => Step::Last,
            _ => return,
        };
        if let Some(id) = list.neighbour(step) {
            event.prevent_default();
            list.at.set(Some(id));
            focus(id);
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether the arrows go from row to row.
fn steps() -> bool {
    on_row() || is_nowhere()
}

fn on_row() -> bool {
    browser::focused().is_some_and(|element| element.class_list().contains("ticket-row"))
}
