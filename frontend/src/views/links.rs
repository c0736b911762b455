//! The ways to the views: in the rail, and as pills over the list where there is no rail.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{
    accounts::Role,
    views::{BuiltInView, View},
};

use super::state::{Counted, use_views};
use crate::{
    commands::{Command, offer_choices},
    i18n::{I18n, t, t_string, use_i18n},
    session::use_session,
    tickets::{Filters, View as OfList, view_name},
    ui::{Icon, Symbol, filter::PillOption},
    unread::in_badge,
};

/// The built-in views of the rail, and what stands for them.
const STAFF: [(BuiltInView, Symbol); 4] = [
    (BuiltInView::Mine, Symbol::Inbox),
    (BuiltInView::Unassigned, Symbol::Unassigned),
    (BuiltInView::Waiting, Symbol::Clock),
    (BuiltInView::Urgent, Symbol::Urgent),
];

fn name_of(i18n: I18n, view: BuiltInView) -> &'static str {
    match view {
        BuiltInView::Unfinished => t_string!(i18n, tickets.list.unfinished),
        BuiltInView::Mine => t_string!(i18n, common.nav.mine),
        BuiltInView::Unassigned => t_string!(i18n, common.nav.unassigned),
        BuiltInView::Waiting => t_string!(i18n, views.waiting),
        BuiltInView::Urgent => t_string!(i18n, common.nav.urgent),
    }
}

/// The part of the rail with the views.
#[component]
pub fn ViewLinks() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let staff = Memo::new(move |_| session.role().is_some_and(Role::is_staff));
    offer_views(i18n, staff);
    let built_in = move || {
        let of_users = [(BuiltInView::Waiting, Symbol::Clock)];
        let all: &[(BuiltInView, Symbol)] = if staff.get() { &STAFF } else { &of_users };
        let link = |&(view, symbol): &(BuiltInView, Symbol)| {
            let href = Filters::of_view(&view.filters()).to_path();
            let name = Signal::derive(move || name_of(i18n, view).to_owned());
            view! { <ViewLink of=Counted::BuiltIn(view) href symbol name title=name/> }
        };
        all.iter().map(link).collect_view()
    };
    let key = |view: &View| (view.id, view.name.clone(), view.shared, Filters::of_view(&view.filters).to_path());
    let kept = move |view: View| {
        let me = session.user_untracked().map(|user| user.id);
        let href = Filters::of_view(&view.filters).to_path();
        let (name, owner) = (view.name.clone(), view.owner.name.clone());
        let foreign = me != Some(view.owner.id);
        let title = Signal::derive(move || {
            if foreign {
                format!("{name} · {}", t_string!(i18n, views.by, name = owner.clone()))
            } else {
                name.clone()
            }
        });
        let name = Signal::derive(move || view.name.clone());
        view! { <ViewLink of=Counted::Kept(view.id) href symbol=Symbol::Funnel name title/> }
    };
    view! {
        <h2 class="rail-head rail-word">{t!(i18n, views.heading)}</h2>
        {built_in}
        <For each=move || use_views().kept() key=key let:view>{kept(view)}</For>
    }
    .into_any()
}

/// Offers the ways to all views by their names: those of the list, and those that are kept.
fn offer_views(i18n: I18n, staff: Memo<bool>) {
    let of_list =
        move |&view: &OfList| PillOption::new(view.applied(&Filters::default()).to_path(), view_name(i18n, view));
    let kept = |view: View| PillOption::new(Filters::of_view(&view.filters).to_path(), view.name);
    let options = Signal::derive(move || {
        let all: &[OfList] = if staff.get() { &OfList::STAFF } else { &OfList::USER };
        all.iter().map(of_list).chain(use_views().kept().into_iter().map(kept)).collect::<Vec<_>>()
    });
    let navigate = use_navigate();
    let take = move |path: String| navigate(&path, NavigateOptions::default());
    offer_choices(Command::View, options, Callback::new(take));
}

/// The way to one view. Not in the bar at the bottom of a phone, which has no room for it: there the views are pills over
/// the list.
#[component]
fn ViewLink(
    /// Which.
    of: Counted,
    /// Where it is.
    href: String,
    /// What stands for it.
    symbol: Symbol,
    /// What it is called.
    name: Signal<String>,
    /// More about it.
    title: Signal<String>,
) -> impl IntoView {
    let here = Memo::new(move |_| use_views().shown() == Some(of));
    let count = use_views().count(of);
    view! {
        <a class="rail-link wide-only" class:on=here href=href title=move || title.get()
            aria-current=move || here.get().then_some("page")>
            <Icon symbol/>
            <span class="rail-word">{move || name.get()}</span>
            " "
            <ViewCount count spoken=true/>
        </a>
    }
    .into_any()
}

/// How many tickets a view has: nothing while there are none, or while it is not known.
#[component]
pub fn ViewCount(
    /// How many.
    count: Signal<Option<u32>>,
    /// Whether it is part of the name of what it stands on.
    #[prop(optional)]
    spoken: bool,
) -> impl IntoView {
    move || {
        let count = count.get().filter(|count| *count > 0)?;
        Some(view! { <span class="view-count" aria-hidden=(!spoken).then_some("true")>{in_badge(count)}</span> })
    }
}

/// The kept views as pills, where there is no room for them in the rail.
#[component]
pub fn ViewPills(
    /// What the address bar asks for.
    filters: Memo<Filters>,
) -> impl IntoView {
    let key = |view: &View| (view.id, view.name.clone(), Filters::of_view(&view.filters).to_path());
    let pill = move |view: View| {
        let own = Filters::of_view(&view.filters);
        let href = own.to_path();
        let on = Memo::new(move |_| filters.with(|filters| *filters == own));
        view! {
            <a
                href=href
                data-noscroll="true"
                class=move || if on.get() { "pill kept on" } else { "pill kept" }
                aria-current=move || on.get().then_some("true")
            >
                {view.name}
            </a>
        }
    };
    view! { <For each=move || use_views().kept() key=key let:view>{pill(view)}</For> }.into_any()
}
