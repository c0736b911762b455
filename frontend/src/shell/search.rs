//! The header's search: what matches shows while one types, what can be done and what was found.

use leptos::{ev, html, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use shared::{
    ids::TicketId,
    search::{SearchHit, SearchKind},
};

use super::finder::{Finder, Row, Taken, row_id};
use crate::{
    browser,
    commands::{Command, Shown, offer, use_commands},
    i18n::{I18n, t, t_count, t_string, use_i18n},
    search::symbol,
    ui::{Icon, StatusMark, Stub, Symbol},
};

/// Finds tickets, comments and, for staff, people while one types, and offers what can be done; Enter takes the row that is
/// chosen, or leads to the page of all that was found. Ctrl+K comes here from anywhere, and then Enter does the first thing
/// that is called so; where something is to be chosen for it, the box asks. Escape takes back what is typed; from an empty box
/// it leads back to where one was.
#[component]
pub fn Search() -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let location = use_location();
    let commands = use_commands();
    let state = Finder::new(i18n, commands);
    let field = NodeRef::<html::Input>::new();
    // Where the focus was before Ctrl+K.
    let from = StoredValue::new_local(None::<web_sys::HtmlElement>);
    // The box shows what the list or the whole desk was searched for, and is empty on other pages.
    let (pathname, query) = (location.pathname, location.query);
    let searched = move || {
        let words = query.with(|query| query.get("q")).unwrap_or_default();
        let is_here = matches!(pathname.get().as_str(), "/tickets" | "/search");
        if is_here { words } else { String::new() }
    };
    Effect::new(move || {
        state.words.set(searched());
        state.close();
    });
    let go = move || {
        let focused = browser::focused();
        if let Some(field) = field.get_untracked() {
            let own: &web_sys::HtmlElement = &field;
            // Whoever is there already came from somewhere else.
            if focused.as_ref() != Some(own) {
                from.set_value(focused);
            }
            field.focus().ok();
            field.select();
        }
    };
    offer(Command::Search, go);
    offer(Command::Palette, move || {
        // Whoever is asked something wants something else done.
        if commands.asking.with_untracked(Option::is_some) {
            state.close();
        }
        go();
        state.hurry();
    });
    Effect::new(move || {
        if commands.asking.with(Option::is_some) {
            go();
            state.ask();
        }
    });
    let shortcut = window_event_listener(ev::keydown, move |event| {
        let held = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
        let keys = commands.keys_untracked(Command::Palette);
        if held && keys.is_some_and(|keys| keys.are_held(&event.key())) {
            event.prevent_default();
            // What lies under a dialog is out of reach.
            if !browser::has_modal() {
                commands.run(Command::Palette);
            }
        }
    });
    on_cleanup(move || {
        shortcut.remove();
        state.stop();
    });
    let back = move || {
        let before = from.get_value().filter(|element| element.is_connected());
        from.set_value(None);
        if let Some(element) = before {
            element.focus().ok();
        } else {
            // Where one was on nothing, keys are the page's again.
            drop(field.get_untracked().map(|field| field.blur()));
            browser::refocus("#content");
        }
    };
    // The box says again what the page was searched for.
    let leave = move || {
        state.close();
        state.words.set(untrack(searched));
        back();
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        match state.enter() {
            Taken::Place(target) => navigate(&target, NavigateOptions::default()),
            Taken::Done => back(),
            Taken::Asks => {}
        }
    };
    view! {
        <form class="find" role="search" on:submit=submit>
            <Icon symbol=Symbol::Search/>
            <Field state field leave/>
            {move || {
                commands.keys(Command::Palette).map(|keys| view! { <kbd aria-hidden="true">{keys.words(i18n)}</kbd> })
            }}
            {move || state.rows().map(|rows| view! { <Rows state rows back/> })}
            <span class="visually-hidden" role="status">
                {move || state.rows().map(|rows| {
                    let found = t_count!(i18n, rows.len(), common.nav.search_found, count = rows.len());
                    match state.asked_for() {
                        Some(asked) => format!("{asked}. {found}"),
                        None => found,
                    }
                })}
            </span>
        </form>
    }
}

#[component]
fn Field(
    state: Finder,
    field: NodeRef<html::Input>,
    /// Leaves the box for where one was.
    leave: impl Fn() + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        direction @ ("ArrowDown" | "ArrowUp") if untrack(|| state.is_open()) => {
            event.prevent_default();
            state.step(direction == "ArrowDown");
        }
        "Backspace" if state.step_back() => event.prevent_default(),
        "Escape" => {
            event.prevent_default();
            if !state.clear() {
                leave();
            }
        }
        _ => {}
    };
    let room = RwSignal::new(Room::now());
    let resized = window_event_listener(ev::resize, move |_| room.set(Room::now()));
    on_cleanup(move || resized.remove());
    let hint = move || state.asked_for().unwrap_or_else(|| usual_hint(i18n, room.get()).to_owned());
    let what = move || state.asked_for().is_none().then(|| t_string!(i18n, common.nav.search_where));
    let label = move || state.asked_for().unwrap_or_else(|| t_string!(i18n, common.nav.search).to_owned());
    let commands = use_commands();
    let keys = move || commands.keys(Command::Palette).and_then(|keys| keys.told());
    view! {
        <input
            type="search"
            name="q"
            node_ref=field
            role="combobox"
            autocomplete="off"
            aria-autocomplete="list"
            aria-controls="search-hits"
            aria-expanded=move || state.is_open().to_string()
            aria-activedescendant=move || state.active().map(row_id)
            aria-label=label
            aria-keyshortcuts=keys
            placeholder=hint
            title=what
            prop:value=state.words
            on:input:target=move |event| state.typed(event.target().value())
            on:keydown=key
            on:blur=move |_| state.close()
        />
    }
}

/// How wide the box is, which must not cut what it says while it is empty.
#[derive(Debug, Clone, Copy)]
enum Room {
    /// It has room for a word.
    Phone,
    /// Beside the menu there is room for a few.
    Tablet,
    /// It has room for all that is searched.
    Desk,
}

impl Room {
    fn now() -> Self {
        if browser::matches("(max-width: 480px)") {
            Self::Phone
        } else if browser::matches("(max-width: 1023px)") {
            Self::Tablet
        } else {
            Self::Desk
        }
    }
}

fn usual_hint(i18n: I18n, room: Room) -> &'static str {
    match room {
        Room::Phone => t_string!(i18n, common.nav.search_hint_short),
        Room::Tablet => t_string!(i18n, common.nav.search_hint_middle),
        Room::Desk => t_string!(i18n, common.nav.search_hint),
    }
}

#[component]
fn Rows(
    state: Finder,
    rows: Vec<Row>,
    /// Leads back to where one was.
    back: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    if rows.is_empty() {
        return view! { <p class="find-none" id="search-hits">{t!(i18n, common.nav.search_none)}</p> }.into_any();
    }
    let label = move || state.asked_for().unwrap_or_else(|| t_string!(i18n, common.nav.search).to_owned());
    let rows = rows.into_iter().enumerate().map(move |(at, row)| view! { <Line state at row back/> }).collect_view();
    view! {
        // What can be scrolled would be a stop of the keyboard, and would be gone when it is reached.
        <ul class="find-hits" id="search-hits" role="listbox" tabindex="-1" aria-label=label>{rows}</ul>
    }
    .into_any()
}

#[component]
fn Line(
    state: Finder,
    at: usize,
    row: Row,
    /// Leads back to where one was.
    back: impl Fn() + 'static,
) -> impl IntoView {
    let navigate = use_navigate();
    let is_now = matches!(&row, Row::Choice(option) if state.is_now(option));
    let content = match &row {
        Row::Command(command) => view! { <Offered command=*command/> }.into_any(),
        Row::Hit(hit) => view! { <Hit hit=hit.clone()/> }.into_any(),
        Row::Choice(option) => {
            let tick = is_now.then(|| view! { " " <Icon symbol=Symbol::Check/> });
            view! { <span class="find-choice">{option.text.clone()} {tick}</span> }.into_any()
        }
    };
    let take = move |event: ev::MouseEvent| {
        // Before the field loses the focus, which would close the list.
        event.prevent_default();
        match state.take(row.clone()) {
            Taken::Place(target) => navigate(&target, NavigateOptions::default()),
            Taken::Done => back(),
            Taken::Asks => {}
        }
    };
    view! {
        <li
            role="option"
            id=row_id(at)
            aria-selected=move || (state.at.get() == Some(at)).to_string()
            aria-current=is_now.then_some("true")
            on:mousedown=take
        >
            {content}
        </li>
    }
    .into_any()
}

#[component]
fn Offered(command: Command) -> impl IntoView {
    let i18n = use_i18n();
    let keys = use_commands().keys_untracked(command);
    view! {
        <Icon symbol=command.symbol()/>
        <span class="find-offer">{move || command.words(i18n)}</span>
        <span class="find-key" aria-hidden="true">{keys.map(|keys| view! { <Shown keys/> })}</span>
    }
}

#[component]
fn Hit(hit: SearchHit) -> impl IntoView {
    let ticket = (hit.kind != SearchKind::Person).then(|| hit.ticket_id.unwrap_or(TicketId(hit.id)));
    view! {
        <Icon symbol=symbol(hit.kind)/>
        {ticket.map(|id| view! { <Stub id/> })}
        // The server has escaped everything but its own marks.
        <span class="find-title" inner_html=hit.title></span>
        {hit.status.map(|status| view! { <span class="find-state"><StatusMark status label=true/></span> })}
        <span class="find-snippet" inner_html=hit.snippet></span>
    }
}
