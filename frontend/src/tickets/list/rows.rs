//! The rows as a table: those on the screen are there, one of them is in the tab order, and the keyboard moves through all.

use std::{collections::HashSet, sync::Arc};

use leptos::{ev::KeyboardEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{
    ids::TicketId,
    tickets::{TicketSort, TicketSummary},
};

use super::{
    bulk::let_go,
    change::{can_take_back, take_back_last},
    choose::{self, Chooser},
    columns::{Column, Columns, column_name},
    filters::Filters,
    row::Row,
    state::{List, Step},
};
use crate::{
    api::Purpose,
    browser,
    commands::{Command, Sequence, use_commands},
    i18n::{I18n, t, t_string, use_i18n},
    tickets::{keys::is_free, staff::Staff},
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
fn is_nowhere() -> bool {
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

/// Listens to the keys of the page while it is shown.
pub fn listen(list: List, columns: Columns) {
    let (i18n, sequence) = (use_i18n(), Sequence::of(use_commands()));
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if undoes(&event) && can_take_back(list) && !is_typing() && !browser::has_modal() {
            event.prevent_default();
            return take_back_last(list, i18n);
        }
        if !is_free(&event) {
            return;
        }
        let command = sequence.take(&event, Command::OF_LIST);
        let step = match (command, event.key().as_str()) {
            (Some(Command::NextRow), _) => Step::Next,
            (Some(Command::PreviousRow), _) => Step::Previous,
            // Where something else has the focus, the arrows are its own.
            (None, "ArrowDown") if steps() => Step::Next,
            (None, "ArrowUp") if steps() => Step::Previous,
            (None, "Home") if on_row() => Step::First,
            (None, "End") if on_row() => Step::Last,
            (command, key) => {
                if act(list, columns, command, key, &event) {
                    event.prevent_default();
                }
                return;
            }
        };
        if let Some((place, id)) = list.neighbour(step) {
            event.prevent_default();
            if event.shift_key() && columns.staff && matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") {
                choose_on_the_way(list, id);
            }
            go_to(list, place, id);
        }
    });
    on_cleanup(move || handle.remove());
}

/// What a key does with the row under the cursor; false when it is none of ours.
fn act(list: List, columns: Columns, command: Option<Command>, key: &str, event: &KeyboardEvent) -> bool {
    if key == "Escape" {
        return leave(list);
    }
    let Some(at) = list.at.get_untracked().filter(|at| steps() && list.row(*at).is_some()) else { return false };
    match (command, key) {
        (None, " ") => list.peek.update(|peek| *peek = !*peek),
        (Some(Command::ChooseRow), key) if columns.staff && is_capital(key) => choose_up_to(list, at),
        (Some(Command::ChooseRow), _) if columns.staff => list.selection.toggle(at),
        (Some(Command::RowStatus), _) if columns.staff => choose::open(list, at, Column::Status),
        (Some(Command::RowPriority), _) if columns.staff => choose::open(list, at, Column::Priority),
        (Some(Command::RowAssignee), _) if columns.staff => choose::open(list, at, Column::Assignee),
        // The row scrolled out of sight, and the focus with it.
        (None, "Enter") if !on_row() && !event.shift_key() => browser::click_id(&row_id(at)),
        _ => return false,
    }
    true
}

/// Whether shift makes another letter of a key: that of a sign may take it anyway.
fn is_capital(key: &str) -> bool {
    key.chars().all(char::is_uppercase)
}

/// Leaves what lies over the list, or what was chosen in it; false when there is nothing to leave.
fn leave(list: List) -> bool {
    if list.peek.get_untracked() {
        list.peek.set(false);
        if let Some(at) = list.at.get_untracked() {
            browser::focus_id_in_place(&row_id(at));
        }
        return true;
    }
    let chosen = list.selection.any();
    let_go(list);
    chosen
}

/// Chooses all up to a row.
pub fn choose_up_to(list: List, id: TicketId) {
    list.shown.with_untracked(|shown| {
        list.selection.extend(shown.as_ref().map(|shown| shown.items.as_slice()).unwrap_or_default(), id);
    });
}

/// Chooses the row that is left, and the one that is reached.
fn choose_on_the_way(list: List, to: TicketId) {
    let both: HashSet<TicketId> = list.at.get_untracked().into_iter().chain([to]).collect();
    list.selection.add(both);
}

fn undoes(event: &KeyboardEvent) -> bool {
    (event.ctrl_key() || event.meta_key()) && !event.shift_key() && event.key() == "z"
}

fn is_typing() -> bool {
    browser::focused().is_some_and(|element| {
        let tag = element.tag_name();
        matches!(tag.as_str(), "TEXTAREA" | "SELECT") || (tag == "INPUT" && !element.class_list().contains("pick-box"))
    })
}

/// Whether the keys are for the row under the cursor.
fn steps() -> bool {
    on_row() || is_nowhere()
}

fn on_row() -> bool {
    browser::focused().is_some_and(|element| element.class_list().contains("ticket-link"))
}

/// What the keys of the list are.
pub fn keys_words(i18n: I18n, staff: bool) -> impl IntoView {
    let commands = use_commands();
    let words = if staff { t!(i18n, views.keys_staff).into_any() } else { t!(i18n, views.keys).into_any() };
    view! {
        {words} " "
        <button type="button" class="quiet-link" on:click=move |_| commands.listed.set(true)>{t!(i18n, commands.keys)}</button>
    }
}
