//! The tickets that the person looks at next.

use leptos::prelude::*;
use leptos_router::components::A;
use shared::{ids::TicketId, tickets::TicketSummary};

use super::state::Board;
use crate::{
    i18n::{t, t_string, use_i18n},
    session::use_session,
    tickets::{Categories, Filters},
    ui::{CategoryTag, PriorityMark, RelativeTime, StatusMark, Stub},
};

/// For staff, what waits for their answer; for a user, their own tickets.
#[component]
pub fn Rows(
    /// What is shown.
    board: Memo<Board>,
    /// The names of the categories.
    categories: Categories,
) -> impl IntoView {
    let i18n = use_i18n();
    let user = use_session().user_untracked();
    let staff = user.as_ref().is_some_and(|user| user.role.is_staff());
    let rows = Memo::new(move |_| {
        board.with(|board| if staff { board.numbers.waiting_for_me.tickets.clone() } else { board.own.clone() })
    });
    let more = Memo::new(move |_| {
        board.with(|board| {
            let waiting = &board.numbers.waiting_for_me;
            let shown = i64::try_from(waiting.tickets.len()).unwrap_or(i64::MAX);
            if staff { waiting.count > shown } else { board.has_more_own }
        })
    });
    let title =
        move || if staff { t_string!(i18n, dashboard.rows.waiting) } else { t_string!(i18n, dashboard.rows.own) };
    let none =
        move || if staff { t_string!(i18n, dashboard.rows.nothing) } else { t_string!(i18n, dashboard.rows.none_open) };
    // The list of just these: a technician has others too, and a user sees some of others.
    let requester = user.filter(|_| !staff).map(|user| user.id);
    let all = Filters { waiting: staff, requester, ..Filters::default() }.to_path();
    let keys = move || rows.with(|rows| rows.iter().map(|ticket| ticket.id).collect::<Vec<_>>());
    view! {
        <section class="board-rows" aria-labelledby="board-rows">
            <header>
                <h2 id="board-rows">{title}</h2>
                <Show when=move || more.get()>
                    <A href=all.clone() attr:class="link">{t!(i18n, dashboard.rows.all)}</A>
                </Show>
            </header>
            <Show when=move || rows.with(Vec::is_empty)><p class="panel board-none">{none}</p></Show>
            <Show when=move || !rows.with(Vec::is_empty)>
                <ul class="panel">
                    <For each=keys key=|id| *id let:id><li>{row(id, rows, categories, staff)}</li></For>
                </ul>
            </Show>
        </section>
    }
    .into_any()
}

fn row(id: TicketId, rows: Memo<Vec<TicketSummary>>, categories: Categories, staff: bool) -> AnyView {
    let i18n = use_i18n();
    let ticket = Memo::new(move |_| rows.with(|rows| rows.iter().find(|ticket| ticket.id == id).cloned()));
    (move || {
        ticket.get().map(|ticket| {
            let category = ticket.category_id;
            let category =
                move || category.and_then(|id| categories.of(id)).map(|category| view! { <CategoryTag category/> });
            let person = if staff { Some(ticket.requester) } else { ticket.assignee };
            let name = move || match &person {
                Some(person) => person.name.clone(),
                None => t_string!(i18n, dashboard.chart.nobody).to_owned(),
            };
            view! {
                <a class="board-row" href=format!("/tickets/{id}")>
                    <StatusMark status=ticket.status/>
                    <PriorityMark priority=ticket.priority/>
                    <Stub id/>
                    <span class="board-title">{ticket.title}</span>
                    <span class="board-tag">{category}</span>
                    <span class="board-who">{name}</span>
                    <span class="board-when"><RelativeTime at=ticket.updated_at/></span>
                </a>
            }
        })
    })
    .into_any()
}
