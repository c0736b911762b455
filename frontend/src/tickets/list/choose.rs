//! The menu of a row's state, priority or person: one for the whole list, opened where it is asked for.

use leptos::{ev, html, prelude::*};
use shared::{
    accounts::{Role, UserRef},
    ids::TicketId,
    tickets::{Aspect, Priority, Status, TicketSummary},
};
use wasm_bindgen::JsCast;

use super::{
    change::{Wish, change},
    columns::{Column, column_name},
    state::List,
};
use crate::{
    browser,
    i18n::{t, t_string, use_i18n},
    session::use_session,
    tickets::{staff::Staff, words},
    ui::{Avatar, Icon, MenuStep, PriorityMark, StatusMark, Symbol, menu_step},
};

/// How much room a menu needs below its button, in pixels; without it, it opens above.
const ROOM: f64 = 260.0;

/// A menu that is open on a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Choosing {
    /// On which.
    pub id: TicketId,
    /// For what.
    pub column: Column,
    /// Where, in pixels of the screen.
    left: f64,
    top: f64,
    above: bool,
}

/// What the button of a row's column is called.
pub fn button_id(id: TicketId, column: Column) -> String {
    format!("{}-{id}", column.as_str())
}

/// Opens the menu of a column, or closes it.
pub fn open(list: List, id: TicketId, column: Column) {
    let Some(button) = document().get_element_by_id(&button_id(id, column)) else { return };
    let same =
        list.choosing.with_untracked(|open| open.as_ref().is_some_and(|open| open.id == id && open.column == column));
    if same {
        return list.choosing.set(None);
    }
    let place = button.get_bounding_client_rect();
    let (width, height) = browser::window_size();
    let above = place.bottom() + ROOM > height && place.top() > ROOM;
    let top = if above { place.top() - 4.0 } else { place.bottom() + 4.0 };
    let left = place.left().min(width - 232.0).max(8.0);
    list.at.set(Some(id));
    list.choosing.set(Some(Choosing { id, column, left, top, above }));
}

/// The menu, while one is open.
#[component]
pub fn Chooser(
    /// The list.
    list: List,
    /// Those whom tickets can be given to.
    staff: Staff,
) -> impl IntoView {
    let pressed = window_event_listener(ev::pointerdown, move |event| {
        if list.choosing.with_untracked(Option::is_some) {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let inside = |target: web_sys::Element| target.closest(".row-menu, .row-act").ok().flatten().is_some();
            if !target.is_some_and(inside) {
                list.choosing.set(None);
            }
        }
    });
    // The button moves away from under it.
    let scrolled = window_event_listener_untyped("scroll", move |_| {
        if list.choosing.with_untracked(Option::is_some) {
            list.choosing.set(None);
        }
    });
    on_cleanup(move || {
        pressed.remove();
        scrolled.remove();
    });
    move || {
        let open = list.choosing.get()?;
        let ticket = list.row(open.id)?;
        Some(view! { <Choices list staff open ticket=TicketSummary::clone(&ticket)/> })
    }
}

/// One thing to choose.
struct Choice {
    wish: Wish,
    chosen: bool,
    shown: AnyView,
}

/// The things to choose.
#[component]
fn Choices(
    /// The list.
    list: List,
    /// Those whom tickets can be given to.
    staff: Staff,
    /// Which menu.
    open: Choosing,
    /// Of which ticket.
    ticket: TicketSummary,
) -> impl IntoView {
    let i18n = use_i18n();
    let menu = NodeRef::<html::Div>::new();
    let Choosing { id, column, left, top, above } = open;
    let close = move || {
        list.choosing.set(None);
        browser::focus_id_in_place(&button_id(id, column));
    };
    let keys = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => MenuStep::Next,
            "ArrowUp" => MenuStep::Previous,
            "Home" => MenuStep::First,
            "End" => MenuStep::Last,
            "Escape" => {
                event.prevent_default();
                event.stop_propagation();
                return close();
            }
            "Tab" => {
                event.prevent_default();
                return close();
            }
            _ => return,
        };
        event.prevent_default();
        menu_step(menu, step);
    };
    Effect::new(move || {
        if menu.get().is_some() {
            request_animation_frame(move || menu_step(menu, MenuStep::Start));
        }
    });
    let choice = move |Choice { wish, chosen, shown }: Choice| {
        let wish = StoredValue::new(wish);
        let act = move |_| {
            close();
            change(list, i18n, &[id], wish.get_value());
        };
        view! {
            <button type="button" class="menu-item" role="menuitemradio" aria-checked=chosen.to_string() tabindex="-1" on:click=act>
                {shown}
                {chosen.then(|| view! { <span class="menu-check"><Icon symbol=Symbol::Check/></span> })}
            </button>
        }
    };
    let choices = choices(column, &ticket, staff);
    view! {
        <div
            class="menu-list row-menu"
            class:above=above
            role="menu"
            node_ref=menu
            aria-label=move || column_name(i18n, column)
            style:left=format!("{left}px")
            style:top=format!("{top}px")
            on:keydown=keys
        >
            {choices.into_iter().map(choice).collect_view()}
        </div>
    }
    .into_any()
}

/// What a ticket can become.
fn choices(column: Column, ticket: &TicketSummary, staff: Staff) -> Vec<Choice> {
    match column {
        Column::Status => {
            let now = ticket.status;
            let reachable = Status::ALL.iter().copied().filter(|&next| next == now || now.can_become(next));
            let choice = |status| Choice {
                wish: Wish::of(Aspect::Status(status)),
                chosen: status == now,
                shown: view! { <StatusMark status label=true/> }.into_any(),
            };
            reachable.map(choice).collect()
        }
        Column::Priority => {
            let choice = |&priority: &Priority| Choice {
                wish: Wish::of(Aspect::Priority(priority)),
                chosen: priority == ticket.priority,
                shown: view! { <PriorityMark priority label=true/> }.into_any(),
            };
            Priority::ALL.iter().rev().map(choice).collect()
        }
        _ => {
            let now = ticket.assignee.as_ref().map(|person| person.id);
            let choice = |person: Option<UserRef>| Choice {
                chosen: person.as_ref().map(|person| person.id) == now,
                shown: shown_person(person.clone()),
                wish: Wish::give(person),
            };
            takers(ticket.assignee.as_ref(), staff).into_iter().map(choice).collect()
        }
    }
}

/// Whom somebody can give a ticket to: an administrator to anyone, a technician takes what nobody has and puts back their
/// own. Nobody comes first.
fn takers(now: Option<&UserRef>, staff: Staff) -> Vec<Option<UserRef>> {
    let Some(me) = use_session().user_untracked() else { return Vec::new() };
    let mut people: Vec<UserRef> = if me.role == Role::Admin {
        staff.all_untracked()
    } else {
        vec![UserRef { id: me.id, name: me.name, avatar_url: me.avatar_url }]
    };
    // Whoever has it now can be seen here even when they no longer could be chosen.
    if let Some(person) = now.filter(|now| people.iter().all(|person| person.id != now.id)) {
        people.insert(0, person.clone());
    }
    [None].into_iter().chain(people.into_iter().map(Some)).collect()
}

fn shown_person(person: Option<UserRef>) -> AnyView {
    let Some(person) = person else {
        let i18n = use_i18n();
        return view! { <span class="faint">{t!(i18n, tickets.side.nobody)}</span> }.into_any();
    };
    let name = person.name.clone();
    view! { <Avatar name=person.name url=person.avatar_url/> <span>{name}</span> }.into_any()
}

/// What a row's button is for and what it says now.
pub fn button_label(i18n: crate::i18n::I18n, column: Column, ticket: &TicketSummary) -> String {
    let now = match column {
        Column::Status => words::status(i18n, ticket.status).to_owned(),
        Column::Priority => words::priority(i18n, ticket.priority).to_owned(),
        _ => match &ticket.assignee {
            Some(person) => person.name.clone(),
            None => t_string!(i18n, tickets.side.nobody).to_owned(),
        },
    };
    format!("{}: {now}", column_name(i18n, column))
}
