//! The bar over the list: the views one press away, and what narrows them.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};
use shared::{
    accounts::Role,
    tickets::{AssigneeFilter, CategoryFilter, Priority, TicketSort},
};

use super::{
    columns::{ColumnChoice, Columns},
    created::Spans,
    filters::{Filters, View},
    states::StateFilter,
};
use crate::{
    browser,
    commands::{Command, Offered, offer_change},
    i18n::{I18n, t, t_string, use_i18n},
    session::use_session,
    tickets::{
        staff::Staff,
        words::{self, Categories},
    },
    ui::{
        Icon, Symbol,
        filter::{Caret, PillOption, PillSelect},
    },
    views::{SaveView, ViewPills},
};

/// The whole bar.
#[component]
pub fn Bar(
    /// What the address bar asks for.
    filters: Memo<Filters>,
    /// The names of the categories.
    categories: Categories,
    /// The columns.
    columns: Columns,
    /// Those who answer.
    staff: Staff,
) -> impl IntoView {
    let i18n = use_i18n();
    // Only a phone has them behind a switch, which says how many there are.
    let open = RwSignal::new(false);
    let set = Memo::new(move |_| filters.with(how_many));
    let navigate = use_navigate();
    let change = Callback::new(move |next: Filters| {
        navigate(&next.to_path(), NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    let narrowed = move || filters.with(Filters::narrowed);
    // What takes a filter away is gone with it.
    let pressed = StoredValue::new(false);
    Effect::new(move || {
        filters.track();
        if pressed.get_value() {
            pressed.set_value(false);
            request_animation_frame(|| browser::refocus(".tickets-head .views a"));
        }
    });
    view! {
        <div class="tickets-bar">
            <button
                type="button"
                class="pill filter-switch"
                class:on=narrowed
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {t!(i18n, tickets.list.filters)}
                {move || Some(set.get()).filter(|set| *set > 0).map(|set| format!(" · {set}"))}
                <Caret/>
            </button>
            <div class="narrow" class:open=move || open.get() on:click=move |_| pressed.set_value(true)>
                <StateFilter filters change/>
                <Selects filters categories staff change/>
                <Words filters/>
                <Spans filters/>
                <div class="bar-own">
                    <Show when=narrowed>
                        <A
                            href=move || filters.with(|filters| filters.cleared().to_path())
                            attr:class="pill plain"
                            scroll=false
                        >
                            {t!(i18n, tickets.list.clear)}
                        </A>
                        <Offered
                            command=Command::ClearFilters
                            run=move |()| {
                                pressed.set_value(true);
                                change.run(filters.with_untracked(Filters::cleared));
                            }
                        />
                    </Show>
                    <SaveView filters/>
                </div>
                <div class="bar-end">
                    <Order filters change/>
                    <ColumnChoice columns/>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// How many things narrow the list. A span of days is one; states and a person are none where they make a quick view.
fn how_many(filters: &Filters) -> usize {
    let of_anyone = Filters { assignee: None, ..filters.clone() };
    let set = [
        filters.priority.is_some(),
        filters.category.is_some(),
        filters.requester.is_some(),
        filters.created_after.is_some() || filters.created_before.is_some(),
        filters.closed_after.is_some() || filters.closed_before.is_some(),
        !filters.q.trim().is_empty(),
        filters.assignee.is_some() && View::of(filters).is_none(),
        View::of(&of_anyone).is_none(),
    ];
    set.into_iter().filter(|set| *set).count()
}

/// The views one press away. They stand beside the heading where there is room, and over what narrows them where there is
/// none.
#[component]
pub fn Views(
    /// What the address bar asks for.
    filters: Memo<Filters>,
) -> impl IntoView {
    let i18n = use_i18n();
    let staff = use_session().user_untracked().is_some_and(|user| user.role.is_staff());
    let views: &'static [View] = if staff { &View::STAFF } else { &View::USER };
    let link = move |view: View| {
        let on = move || filters.with(View::of) == Some(view);
        view! {
            // Not the router's link: that one calls each of them the page, for all are on the same path.
            <a
                href=move || filters.with(|filters| view.applied(filters).to_path())
                data-noscroll="true"
                class=move || if on() { "pill on" } else { "pill" }
                aria-current=move || on().then_some("true")
            >
                {move || view_name(i18n, view)}
            </a>
        }
    };
    view! {
        <nav class="views" aria-label=move || t_string!(i18n, tickets.list.views)>
            {views.iter().copied().map(link).collect_view()}
            <ViewPills filters/>
        </nav>
    }
    .into_any()
}

/// What a view is called.
pub fn view_name(i18n: I18n, view: View) -> &'static str {
    match view {
        View::Unfinished => t_string!(i18n, tickets.list.unfinished),
        View::Mine => t_string!(i18n, tickets.list.mine),
        View::Unassigned => t_string!(i18n, tickets.list.unassigned),
        View::Waiting => t_string!(i18n, views.waiting),
        View::Closed => t_string!(i18n, tickets.list.closed),
        View::All => t_string!(i18n, tickets.list.all),
    }
}

/// The words looked for, which the header's field writes: here they can be seen, and taken away.
#[component]
fn Words(
    /// What the address bar asks for.
    filters: Memo<Filters>,
) -> impl IntoView {
    let i18n = use_i18n();
    let q = Memo::new(move |_| filters.with(|filters| filters.q.trim().to_owned()));
    view! {
        <Show when=move || !q.with(String::is_empty)>
            <A
                href=move || Filters { q: String::new(), ..filters.get() }.to_path()
                scroll=false
                attr:class="pill on words"
                attr:aria-label=move || t_string!(i18n, tickets.list.without_words, words = q.get())
            >
                <span class="word">{move || t_string!(i18n, tickets.list.words, words = q.get())}</span>
                <Icon symbol=Symbol::Cross/>
            </A>
        </Show>
    }
    .into_any()
}

/// What narrows the list to one of something.
#[component]
fn Selects(
    /// What the address bar asks for.
    filters: Memo<Filters>,
    /// The names of the categories.
    categories: Categories,
    /// Those who answer.
    staff: Staff,
    /// Takes the filters to be.
    change: Callback<Filters>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_admin = use_session().user_untracked().is_some_and(|user| user.role == Role::Admin);
    let priorities = Signal::derive(move || {
        let named = Priority::ALL.iter().rev().map(|&each| PillOption::new(each.as_str(), words::priority(i18n, each)));
        with_any(t_string!(i18n, tickets.list.any_priority), named.collect())
    });
    let named = Signal::derive(move || {
        let all = categories.all().into_iter().map(|each| PillOption::new(each.id.to_string(), each.name));
        let none = PillOption::new(CategoryFilter::NONE.to_word(), t_string!(i18n, tickets.side.no_category));
        with_any(t_string!(i18n, tickets.list.any_category), all.chain([none]).collect())
    });
    let priority = Signal::derive(move || filters.with(|all| all.priority.map(|each| each.as_str().to_owned())));
    let category = Signal::derive(move || filters.with(|all| all.category.map(CategoryFilter::to_word)));
    let set_priority = Callback::new(move |word: String| {
        change.run(Filters { priority: word.parse().ok(), ..filters.get_untracked() });
    });
    let set_category = Callback::new(move |word: String| {
        change.run(Filters { category: word.parse().ok(), ..filters.get_untracked() });
    });
    offer_change(Command::FilterPriority, priorities, priority, set_priority);
    offer_change(Command::FilterCategory, named, category, set_category);
    view! {
        <PillSelect
            label=Signal::derive(move || t_string!(i18n, tickets.list.priority).to_owned())
            options=priorities
            value=priority
            on_change=set_priority
        />
        <PillSelect
            label=Signal::derive(move || t_string!(i18n, tickets.list.category).to_owned())
            options=named
            value=category
            on_change=set_category
        />
        {is_admin.then(|| view! { <AssigneeSelect filters staff change/> })}
    }
    .into_any()
}

fn with_any(any: &str, mut options: Vec<PillOption>) -> Vec<PillOption> {
    options.insert(0, PillOption::new("", any));
    options
}

/// For an administrator: whose tickets.
#[component]
fn AssigneeSelect(
    /// What the address bar asks for.
    filters: Memo<Filters>,
    /// Those who answer.
    staff: Staff,
    /// Takes the filters to be.
    change: Callback<Filters>,
) -> impl IntoView {
    let i18n = use_i18n();
    let options = Signal::derive(move || {
        let mut options = vec![
            PillOption::new("me", t_string!(i18n, tickets.list.to_me)),
            PillOption::new("none", t_string!(i18n, tickets.list.to_nobody)),
        ];
        options.extend(staff.all().into_iter().map(|person| PillOption::new(person.id.to_string(), person.name)));
        with_any(t_string!(i18n, tickets.list.any_assignee), options)
    });
    let value = Signal::derive(move || filters.with(|all| all.assignee.map(AssigneeFilter::to_word)));
    let set = Callback::new(move |word: String| {
        change.run(Filters { assignee: word.parse().ok(), ..filters.get_untracked() });
    });
    offer_change(Command::FilterAssignee, options, value, set);
    view! {
        <PillSelect
            label=Signal::derive(move || t_string!(i18n, tickets.list.assignee).to_owned())
            options
            value
            on_change=set
        />
    }
    .into_any()
}

/// The order.
#[component]
fn Order(
    /// What the address bar asks for.
    filters: Memo<Filters>,
    /// Takes the filters to be.
    change: Callback<Filters>,
) -> impl IntoView {
    let i18n = use_i18n();
    let options = Signal::derive(move || {
        TicketSort::ALL.map(|sort| PillOption::new(sort.as_str(), sort_name(i18n, sort))).to_vec()
    });
    let value = Signal::derive(move || Some(filters.with(|all| all.sort.as_str().to_owned())));
    let set = Callback::new(move |word: String| {
        let sort = TicketSort::ALL.into_iter().find(|each| each.as_str() == word).unwrap_or_default();
        change.run(Filters { sort, ..filters.get_untracked() });
    });
    offer_change(Command::Order, options, value, set);
    view! {
        <div class="order">
            <PillSelect
                label=Signal::derive(move || t_string!(i18n, tickets.list.sort).to_owned())
                options
                value
                on_change=set
                plain=true
            />
        </div>
    }
    .into_any()
}

/// An order in words.
pub fn sort_name(i18n: I18n, sort: TicketSort) -> &'static str {
    match sort {
        TicketSort::UpdatedDesc => t_string!(i18n, tickets.list.sort_updated_desc),
        TicketSort::UpdatedAsc => t_string!(i18n, tickets.list.sort_updated_asc),
        TicketSort::CreatedDesc => t_string!(i18n, tickets.list.sort_created_desc),
        TicketSort::CreatedAsc => t_string!(i18n, tickets.list.sort_created_asc),
        TicketSort::PriorityDesc => t_string!(i18n, tickets.list.sort_priority_desc),
        TicketSort::PriorityAsc => t_string!(i18n, tickets.list.sort_priority_asc),
    }
}
