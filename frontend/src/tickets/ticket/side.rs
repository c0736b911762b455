//! What the ticket is beside its conversation: state, priority, category and people, changed where they stand.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::{
    accounts::UserRef,
    ids::CategoryId,
    permissions::TicketAction,
    tickets::{Priority, Status, UpdateTicket},
};

use super::{alike::Alike, state::State, watchers::Watchers, wish::Wish};
use crate::{
    browser,
    commands::{Command, offer_change},
    i18n::{t, t_string},
    session::use_session,
    tickets::{staff::Staff, words},
    time,
    ui::{
        Avatar, Button, CategoryTag, Icon, PresenceDot, PriorityMark, RelativeTime, StatusMark, Symbol,
        filter::{Caret, PillOption},
    },
};

/// The panel.
#[component]
pub fn Side(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    view! {
        <aside class="side" aria-label=move || t_string!(i18n, tickets.ticket.properties)>
            <section>
                <dl>
                    <dt>{t!(i18n, tickets.side.state)}</dt>
                    <dd><StateProp state/></dd>
                    <dt>{t!(i18n, tickets.side.priority)}</dt>
                    <dd><PriorityProp state/></dd>
                    <dt>{t!(i18n, tickets.side.category)}</dt>
                    <dd><CategoryProp state/></dd>
                    <dt>{t!(i18n, tickets.side.assignee)}</dt>
                    <dd class="who"><AssigneeProp state/></dd>
                </dl>
            </section>
            <section><Facts state/></section>
            <Watchers state/>
            <Alike state/>
            <button type="button" class="quiet-link print" on:click=move |_| browser::print()>
                <Icon symbol=Symbol::File/>
                {t!(i18n, commands.print)}
            </button>
        </aside>
    }
    .into_any()
}

/// A property that is chosen from a list, where the caller may: here, or by the name of the command.
#[component]
fn Prop(
    /// What chooses it.
    command: Command,
    /// What it is.
    #[prop(into)]
    label: Signal<String>,
    /// Whether the caller may change it.
    #[prop(into)]
    may: Signal<bool>,
    /// What can be chosen.
    #[prop(into)]
    options: Signal<Vec<PillOption>>,
    /// What is chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Takes the choice.
    #[prop(into)]
    on_change: Callback<String>,
    /// How it is shown.
    children: ChildrenFn,
) -> impl IntoView {
    let option = move |PillOption { value: own, text }: PillOption| {
        let sent = own.clone();
        view! { <option value=sent prop:selected=move || value.with(|value| *value == own)>{text}</option> }
    };
    let shown = StoredValue::new(children);
    let now = Signal::derive(move || Some(value.get()));
    move || {
        if may.get() {
            offer_change(command, options, now, on_change);
            view! {
                <span class="prop">
                    {shown.with_value(|shown| shown())}
                    <select aria-label=move || label.get() on:change=move |event| on_change.run(event_target_value(&event))>
                        {move || options.get().into_iter().map(option).collect_view()}
                    </select>
                    <Caret/>
                </span>
            }
            .into_any()
        } else {
            shown.with_value(|shown| shown()).into_any()
        }
    }
}

fn triage(state: State) -> Signal<bool> {
    Signal::derive(move || state.may(TicketAction::Triage))
}

/// Where it stands. Staff move it along; closing and reopening have buttons too.
#[component]
fn StateProp(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let now = Memo::new(move |_| state.ticket.with(|ticket| ticket.status));
    let options = Signal::derive(move || {
        let reachable = Status::ALL.iter().copied().filter(|&next| next == now.get() || now.get().can_become(next));
        reachable.map(|each| PillOption::new(each.as_str(), words::status(i18n, each))).collect::<Vec<_>>()
    });
    let change = move |word: String| {
        if let Ok(next) = word.parse()
            && next != now.get_untracked()
        {
            state.wish(Wish::for_status(now.get_untracked(), next));
        }
    };
    view! {
        <Prop
            command=Command::RowStatus
            label=Signal::derive(move || t_string!(i18n, tickets.side.state).to_owned())
            may=triage(state)
            options
            value=Signal::derive(move || now.get().as_str().to_owned())
            on_change=change
        >
            {move || view! { <StatusMark status=now.get() label=true/> }}
        </Prop>
    }
    .into_any()
}

/// How soon.
#[component]
fn PriorityProp(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let now = Memo::new(move |_| state.ticket.with(|ticket| ticket.priority));
    let options = Signal::derive(move || {
        let all = Priority::ALL.iter().rev().copied();
        all.map(|each| PillOption::new(each.as_str(), words::priority(i18n, each))).collect::<Vec<_>>()
    });
    let change = move |word: String| {
        state.wish(Wish::Update(UpdateTicket { priority: word.parse().ok(), ..UpdateTicket::default() }));
    };
    view! {
        <Prop
            command=Command::RowPriority
            label=Signal::derive(move || t_string!(i18n, tickets.side.priority).to_owned())
            may=triage(state)
            options
            value=Signal::derive(move || now.get().as_str().to_owned())
            on_change=change
        >
            {move || view! { <PriorityMark priority=now.get() label=true/> }}
        </Prop>
    }
    .into_any()
}

/// What it is about.
#[component]
fn CategoryProp(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let now = Memo::new(move |_| state.ticket.with(|ticket| ticket.category_id));
    let none = move || t_string!(i18n, tickets.side.no_category).to_owned();
    let options = Signal::derive(move || {
        let mut options = vec![PillOption::new("", none())];
        let all = state.categories.all().into_iter();
        options.extend(all.map(|each| PillOption::new(each.id.to_string(), each.name)));
        options
    });
    let change = move |word: String| {
        let category: Option<CategoryId> = word.parse().ok();
        state.wish(Wish::Update(UpdateTicket { category_id: Some(category), ..UpdateTicket::default() }));
    };
    view! {
        <Prop
            command=Command::TicketCategory
            label=Signal::derive(move || t_string!(i18n, tickets.side.category).to_owned())
            may=triage(state)
            options
            value=Signal::derive(move || now.get().map(|id| id.to_string()).unwrap_or_default())
            on_change=change
        >
            {move || match now.get().and_then(|id| state.categories.of(id)) {
                Some(category) => view! { <CategoryTag category/> }.into_any(),
                None => view! { <span>{none}</span> }.into_any(),
            }}
        </Prop>
    }
    .into_any()
}

/// Who deals with it: an administrator chooses, a technician takes it or puts it back.
#[component]
fn AssigneeProp(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let now = Memo::new(move |_| state.ticket.with(|ticket| ticket.assignee.clone()));
    let staff = Staff::load();
    let options = Signal::derive(move || {
        let mut options = vec![PillOption::new("", t_string!(i18n, tickets.side.nobody))];
        let mut people = staff.all();
        // Whoever has it now can be seen here even when they no longer could be chosen.
        if let Some(person) = now.get().filter(|person| people.iter().all(|other| other.id != person.id)) {
            people.insert(0, person);
        }
        options.extend(people.into_iter().map(|person| PillOption::new(person.id.to_string(), person.name)));
        options
    });
    let change = move |word: String| {
        let person = staff.all_untracked().into_iter().find(|person| person.id.to_string() == word);
        if word.is_empty() || person.is_some() {
            state.wish(Wish::Assign(person));
        }
    };
    view! {
        <Prop
            command=Command::RowAssignee
            label=Signal::derive(move || t_string!(i18n, tickets.side.assignee).to_owned())
            may=Signal::derive(move || state.may(TicketAction::Assign))
            options
            value=Signal::derive(move || now.get().map(|person| person.id.to_string()).unwrap_or_default())
            on_change=change
        >
            {move || match now.get() {
                Some(person) => view! { <Person person told=true/> }.into_any(),
                None => view! { <span class="faint">{t!(i18n, tickets.side.nobody)}</span> }.into_any(),
            }}
        </Prop>
        <Take state now/>
    }
    .into_any()
}

/// Takes the ticket, or puts one's own back.
#[component]
fn Take(
    /// The page.
    state: State,
    /// Who has it.
    now: Memo<Option<UserRef>>,
) -> impl IntoView {
    let i18n = state.i18n;
    let me = use_session().user_untracked().map(|user| UserRef {
        id: user.id,
        name: user.name,
        avatar_url: user.avatar_url,
    });
    let my_id = me.as_ref().map(|me| me.id);
    let mine = Memo::new(move |_| now.get().is_some_and(|person| Some(person.id) == my_id));
    let pressed = StoredValue::new(false);
    let take = Callback::new(move |()| {
        pressed.set_value(true);
        state.wish(Wish::Assign(me.clone()));
    });
    let put_back = move || {
        pressed.set_value(true);
        state.wish(Wish::Assign(None));
    };
    // What was pressed makes way for its opposite, or for the list.
    Effect::new(move || {
        now.track();
        if pressed.get_value() {
            pressed.set_value(false);
            request_animation_frame(|| browser::refocus(".side .who button, .side .who select"));
        }
    });
    view! {
        <Show when=move || state.may(TicketAction::Take) && now.with(Option::is_none)>
            <Button on_click=move |_| take.run(())>{t!(i18n, tickets.side.take)}</Button>
        </Show>
        // An administrator puts it back with the list.
        <Show when=move || state.may(TicketAction::Take) && !state.may(TicketAction::Assign) && mine.get()>
            <button type="button" class="quiet-link" on:click=move |_| put_back()>{t!(i18n, tickets.side.put_back)}</button>
        </Show>
    }
    .into_any()
}

/// A person, small.
#[component]
fn Person(
    /// Who.
    person: UserRef,
    /// Whether the reader is told if they are there: of staff everybody is, of others only staff.
    told: bool,
) -> impl IntoView {
    let (id, name) = (person.id, person.name.clone());
    // Nobody is told of themselves.
    let told = told && use_session().user_untracked().is_some_and(|user| user.id != id);
    view! {
        <span class="person">
            <span class="present">
                <Avatar name=person.name url=person.avatar_url/>
                {told.then(|| view! { <PresenceDot user=id/> })}
            </span>
            <span>{name}</span>
        </span>
    }
}

/// What nobody changes by hand.
#[component]
fn Facts(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let told = use_session().user_untracked().is_some_and(|user| user.role.is_staff());
    let requester = Memo::new(move |_| state.ticket.with(|ticket| ticket.requester.clone()));
    let created = Memo::new(move |_| state.ticket.with(|ticket| ticket.created_at));
    let updated = Memo::new(move |_| state.ticket.with(|ticket| ticket.updated_at));
    let closed = Memo::new(move |_| state.ticket.with(|ticket| ticket.closed_at));
    let answered = move || state.ticket.with(|ticket| ticket.first_response_at.map(|at| at - ticket.created_at));
    let answered = move || match answered() {
        Some(length) => time::length_in_words(i18n.get_locale(), length.num_minutes()),
        None => t_string!(i18n, tickets.side.no_response).to_owned(),
    };
    let time = move |at: DateTime<Utc>| view! { <RelativeTime at/> };
    view! {
        <dl>
            <dt>{t!(i18n, tickets.side.requester)}</dt>
            <dd>{move || view! { <Person person=requester.get() told/> }}</dd>
            <dt>{t!(i18n, tickets.side.opened)}</dt>
            <dd>{move || time(created.get())}</dd>
            <dt>{t!(i18n, tickets.side.first_response)}</dt>
            <dd>{answered}</dd>
            <dt>{t!(i18n, tickets.side.updated)}</dt>
            <dd>{move || time(updated.get())}</dd>
            {move || {
                closed.get().map(|at| view! {
                    <dt>{t!(i18n, tickets.side.closed)}</dt>
                    <dd>{time(at)}</dd>
                })
            }}
        </dl>
    }
    .into_any()
}
