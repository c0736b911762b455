//! What is done in the list by keys, and by the names of the commands.

use std::collections::HashSet;

use leptos::{ev::KeyboardEvent, prelude::*};
use shared::ids::TicketId;

use super::{
    bulk::let_go,
    change::{can_take_back, take_back_last},
    choose,
    columns::{Column, Columns},
    rows::{go_to, is_nowhere, row_id},
    state::{List, Step},
};
use crate::{
    browser,
    commands::{Command, Sequence, is_pressed_by_space, offer_by_name, use_commands},
    i18n::{I18n, t_string, use_i18n},
    tickets::keys::is_free,
};

/// Listens to the keys of the page while it is shown.
pub fn listen(list: List, columns: Columns) {
    let (i18n, sequence) = (use_i18n(), Sequence::of(use_commands()));
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if undoes(&event) && can_take_back(list) && !is_typing() && !browser::has_modal() {
            event.prevent_default();
            return take_back_last(list, i18n);
        }
        if !is_free(&event) || (event.key() == " " && is_pressed_by_space()) {
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
        (Some(Command::ChooseRow), key) if columns.staff && is_capital(key) => choose_up_to(list, at),
        (Some(command), _) if columns.staff || command == Command::Peek => return act_on(list, at, command),
        // The row scrolled out of sight, and the focus with it.
        (None, "Enter") if !on_row() && !event.shift_key() => browser::click_id(&row_id(at)),
        _ => return false,
    }
    true
}

/// Does something with a row; false when it is nothing that is done with one.
fn act_on(list: List, at: TicketId, command: Command) -> bool {
    match command {
        Command::Peek => list.peek.update(|peek| *peek = !*peek),
        Command::ChooseRow => list.selection.toggle(at),
        Command::RowStatus => choose::open(list, at, Column::Status),
        Command::RowPriority => choose::open(list, at, Column::Priority),
        Command::RowAssignee => choose::open(list, at, Column::Assignee),
        _ => return false,
    }
    true
}

/// Offers by their names what can be done with the row under the cursor, while there is one.
#[component]
pub fn Offers(
    /// The list.
    list: List,
) -> impl IntoView {
    let on_row = Memo::new(move |_| {
        list.shown.track();
        list.at.get().is_some_and(|at| list.row(at).is_some())
    });
    let offer = move |command: Command| {
        let run = move |()| {
            if let Some(at) = list.at.get_untracked() {
                act_on(list, at, command);
            }
        };
        offer_by_name(command, Callback::new(run));
    };
    move || {
        if on_row.get() {
            let with_row = Command::OF_LIST.into_iter();
            with_row.filter(|command| !matches!(command, Command::NextRow | Command::PreviousRow)).for_each(offer);
        }
    }
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
    move || {
        let Some(peek) = commands.keys(Command::Peek) else { return t_string!(i18n, tickets.list.keys).to_owned() };
        let peek = peek.words(i18n);
        if staff { t_string!(i18n, views.keys_staff, peek = peek) } else { t_string!(i18n, views.keys, peek = peek) }
    }
}
