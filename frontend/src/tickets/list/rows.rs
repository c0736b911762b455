//! The rows as a table: those on the screen are there, one of them is in the tab order, and the keyboard moves through all.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{
    ids::TicketId,
    tickets::{TicketSort, TicketSummary},
};

use super::{
    choose::Chooser,
    columns::{Column, Columns, column_name},
    filters::Filters,
    row::Row,
    state::List,
};
use crate::{
    api::Purpose,
    browser,
    i18n::{t_string, use_i18n},
    tickets::staff::Staff,
    ui::PriorityMark,
};

/// How many rows are left below the screen when more are read.
const AHEAD: usize = 12;

/// The rows of the list.
#[component]
pub fn Rows(
    /// The list.
    list: List,
    /// The columns.
    columns: Columns,
    /// Those whom tickets can be given to.
    staff: Staff,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| list.shown.with(|shown| shown.as_ref().map_or(0, |shown| shown.items.len())));
    let more = Memo::new(move |_| list.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.next.is_some())));
    let view = list.viewport;
    view.follow(count.into());
    // Whoever is about to reach the end finds more.
    Effect::new(move || {
        let near = view.range.with(|range| range.end) + AHEAD >= count.get();
        if near && more.get() && !list.loading.get() && !list.loading_more.get() && list.error.with(Option::is_none) {
            list.load_more(Purpose::Background);
        }
    });
    go_back(list, count);
    let drawn = move || {
        let range = view.range.get();
        list.shown.with(|shown| {
            let items = shown.as_ref().map(|shown| shown.items.as_slice()).unwrap_or_default();
            // By their places: what stands above is not gone through, however much that is.
            let rows = items.get(range.start..range.end.min(items.len())).unwrap_or_default();
            (range.start..).zip(rows.iter().cloned()).collect::<Vec<(usize, Arc<TicketSummary>)>>()
        })
    };
    let key = |(place, ticket): &(usize, Arc<TicketSummary>)| {
        let assignee = ticket.assignee.as_ref().map(|person| person.id);
        (
            *place,
            ticket.id,
            ticket.version,
            ticket.updated_at,
            ticket.status,
            ticket.priority,
            ticket.category_id,
            assignee,
            ticket.unread,
        )
    };
    // With no row under the cursor, or none that is drawn, the first is the one that Tab reaches.
    let stop = Memo::new(move |_| {
        let rows = drawn();
        let at = list.at.get().filter(|at| rows.iter().any(|(_, row)| row.id == *at));
        at.or_else(|| rows.first().map(|(_, row)| row.id))
    });
    let choosing = Memo::new(move |_| list.selection.count() > 0);
    let gap = move |rows: usize| {
        #[allow(clippy::cast_precision_loss, reason = "a list has fewer rows than a double can count")]
        let pixels = rows as f64 * view.layout.get().row();
        format!("{pixels}px")
    };
    view! {
        <div
            class="tickets-table"
            class:stale=move || list.loading.get()
            class:choosing-rows=choosing
            role="table"
            aria-label=move || t_string!(i18n, tickets.list.region)
            aria-busy=move || list.loading.get().to_string()
            aria-rowcount=move || if more.get() { "-1".to_owned() } else { (count.get() + 1).to_string() }
            style=("--columns", move || columns.template(view.layout.get()))
            style=("--row", move || format!("{}px", view.layout.get().row()))
        >
            <Head list columns count/>
            <div
                class="table-body"
                role="rowgroup"
                node_ref=view.body
                style:padding-top=move || gap(view.range.with(|range| range.start))
                style:padding-bottom=move || gap(count.get().saturating_sub(view.range.with(|range| range.end)))
            >
                <For each=drawn key=key let:row>
                    <Row place=row.0 ticket=row.1 list columns stop/>
                </For>
            </div>
        </div>
        <Chooser list staff/>
    }
    .into_any()
}

/// The names of the columns; those that order the list are buttons.
#[component]
fn Head(
    /// The list.
    list: List,
    /// The columns.
    columns: Columns,
    /// How many rows there are.
    count: Memo<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let all = Memo::new(move |_| count.get() > 0 && list.selection.count() >= count.get());
    let some = move || list.selection.count() > 0 && !all.get();
    let choose_all = move |_| {
        list.shown.with_untracked(|shown| {
            list.selection.toggle_all(shown.as_ref().map(|shown| shown.items.as_slice()).unwrap_or_default());
        });
    };
    view! {
        <div class="table-head" role="rowgroup">
            <div role="row" class="head-row" aria-rowindex="1">
                {columns.staff.then(|| view! {
                    <span role="columnheader" class="pick-cell">
                        <label class="pick-area" title=move || t_string!(i18n, views.bulk.choose_all)>
                            <input
                                type="checkbox"
                                class="pick-all"
                                aria-label=move || t_string!(i18n, views.bulk.choose_all)
                                prop:checked=move || all.get()
                                prop:indeterminate=some
                                on:change=choose_all
                            />
                        </label>
                    </span>
                })}
                {move || {
                    let shown = columns.shown(list.viewport.layout.get());
                    shown.into_iter().map(|column| view! { <HeadCell column list/> }).collect_view()
                }}
            </div>
        </div>
    }
    .into_any()
}

/// The name of a column.
#[component]
fn HeadCell(
    /// Which.
    column: Column,
    /// The list.
    list: List,
) -> impl IntoView {
    let i18n = use_i18n();
    let class = format!("head-cell in-{}", column.as_str());
    let name = move || column_name(i18n, column);
    let Some((first, second)) = column.sorts() else {
        let inner = if column == Column::Status {
            view! { <span class="visually-hidden">{name}</span> }.into_any()
        } else {
            name.into_any()
        };
        return view! { <span role="columnheader" class=class>{inner}</span> }.into_any();
    };
    let sort = Memo::new(move |_| list.filters.with(|filters| filters.sort));
    let order = move || match sort.get() {
        sort if sort == first => "descending",
        sort if sort == second => "ascending",
        _ => "none",
    };
    let navigate = use_navigate();
    let turn = move |_| {
        let next = if sort.get_untracked() == first { second } else { first };
        let filters = Filters { sort: next, ..list.filters.get_untracked() };
        navigate(&filters.to_path(), NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    view! {
        <span role="columnheader" class=class aria-sort=order>
            <button type="button" class="head-act" aria-label=name title=name on:click=turn>
                {if column == Column::Priority {
                    view! { <span aria-hidden="true"><PriorityMark priority=shared::tickets::Priority::High/></span> }.into_any()
                } else {
                    name.into_any()
                }}
                <span class="head-arrow" aria-hidden="true">{move || arrow(sort.get(), first, second)}</span>
            </button>
        </span>
    }
    .into_any()
}

fn arrow(sort: TicketSort, first: TicketSort, second: TicketSort) -> &'static str {
    match sort {
        sort if sort == first => "↓",
        sort if sort == second => "↑",
        _ => "",
    }
}

/// What begins the name of every row's link.
const ROW: &str = "ticket-";

/// What a row's link is called.
pub fn row_id(id: TicketId) -> String {
    format!("{ROW}{id}")
}

/// Goes back to where the list was left, once the rows are there.
fn go_back(list: List, count: Memo<usize>) {
    Effect::new(move || {
        if count.get() > 0
            && list.viewport.body.get().is_some()
            && let Some((at, scroll)) = list.back_to()
        {
            // The router goes to the top of every new page; after that, back to where it was.
            request_animation_frame(move || {
                request_animation_frame(move || {
                    window().scroll_to_with_x_and_y(0.0, scroll);
                    if let Some(count) = count.try_get_untracked() {
                        list.viewport.measure(count);
                    }
                    if let Some(at) = at {
                        request_animation_frame(move || {
                            // Unless the person is already somewhere else.
                            if is_nowhere() {
                                browser::focus_id_in_place(&row_id(at));
                            }
                        });
                    }
                });
            });
        }
    });
}

/// Whether nothing has the focus but the page: its main part and its heading have it after a navigation only so that
/// screen readers start there.
pub fn is_nowhere() -> bool {
    browser::focused().is_none_or(|element| matches!(element.tag_name().as_str(), "MAIN" | "H1"))
}

/// Puts the cursor on the row of a place, wherever that is.
pub fn go_to(list: List, place: usize, id: TicketId) {
    let count = list.shown.with_untracked(|shown| shown.as_ref().map_or(0, |shown| shown.items.len()));
    list.at.set(Some(id));
    list.viewport.reveal(place, count);
    // At once where it can be: the next key may be Enter, which is for what has the focus.
    let has_it = browser::focus_id_in_place(&row_id(id));
    request_animation_frame(move || {
        // What has just been changed is drawn anew, and its row has lost it again.
        let lost = !has_it || browser::focused().is_none();
        if lost && list.at.try_get_untracked().flatten() == Some(id) {
            browser::focus_id_in_place(&row_id(id));
        }
    });
}
