//! The bar that changes all chosen rows together.

use leptos::prelude::*;
use shared::{
    accounts::{Role, UserRef},
    ids::TicketId,
    tickets::{Aspect, Priority, Status},
};

use super::{
    change::{Wish, change},
    rows,
    state::List,
};
use crate::{
    browser,
    i18n::{t, t_count, t_string, use_i18n},
    session::use_session,
    tickets::staff::Staff,
    ui::{Button, ButtonKind, Icon, Menu, MenuAction, PriorityMark, StatusMark, Symbol},
};

/// The bar, while rows are chosen.
#[component]
pub fn BulkBar(
    /// The list.
    list: List,
    /// Those whom tickets can be given to.
    staff: Staff,
) -> impl IntoView {
    let i18n = use_i18n();
    let any = Memo::new(move |_| list.selection.count() > 0);
    let act = Callback::new(move |wish: Wish| {
        let ids = chosen(list);
        change(list, i18n, &ids, wish);
    });
    // Whoever closes them is done with them.
    let close_all = Callback::new(move |()| {
        act.run(Wish::of(Aspect::Status(Status::Closed)));
        let_go(list);
    });
    view! {
        <Show when=move || any.get()>
            <div class="bulk-bar" role="region" aria-label=move || t_string!(i18n, views.bulk.bar)>
                <span class="bulk-count" role="status">
                    {move || {
                        let count = list.selection.count();
                        t_count!(i18n, count, views.bulk.chosen, count = count)
                    }}
                </span>
                <button
                    type="button"
                    class="btn btn-quiet btn-icon"
                    aria-label=move || t_string!(i18n, views.bulk.none)
                    title=move || t_string!(i18n, views.bulk.none)
                    on:click=move |_| let_go(list)
                >
                    <Icon symbol=Symbol::Cross/>
                </button>
                <div class="bulk-acts">
                    <States act/>
                    <Priorities act/>
                    <Kinds list act/>
                    <People act staff/>
                    <Button kind=ButtonKind::Primary on_click=move |_| close_all.run(())>
                        {t!(i18n, views.bulk.close)}
                    </Button>
                </div>
            </div>
        </Show>
    }
    .into_any()
}

/// Chooses none any more, which takes the bar away: whoever was in it is back at the row under the cursor.
pub fn let_go(list: List) {
    let inside = browser::focused().is_some_and(|element| element.closest(".bulk-bar").is_ok_and(|bar| bar.is_some()));
    list.selection.clear();
    if let Some((place, id)) = list.current().filter(|_| inside) {
        rows::go_to(list, place, id);
    }
}

/// The chosen rows, in their order.
fn chosen(list: List) -> Vec<TicketId> {
    list.shown.with_untracked(|shown| {
        list.selection.of(shown.as_ref().map(|shown| shown.items.as_slice()).unwrap_or_default())
    })
}

/// Another state.
#[component]
fn States(
    /// Takes the change.
    act: Callback<Wish>,
) -> impl IntoView {
    let i18n = use_i18n();
    let item = move |status: Status| {
        view! {
            <MenuAction on_click=move |()| act.run(Wish::of(Aspect::Status(status)))><StatusMark status label=true/></MenuAction>
        }
    };
    view! {
        <Menu label=move || t_string!(i18n, tickets.list.state) class="btn btn-secondary"
            trigger=move || t!(i18n, tickets.list.state)>
            {Status::ALL.iter().copied().map(item).collect_view()}
        </Menu>
    }
    .into_any()
}

/// Another priority.
#[component]
fn Priorities(
    /// Takes the change.
    act: Callback<Wish>,
) -> impl IntoView {
    let i18n = use_i18n();
    let item = move |priority: Priority| {
        view! {
            <MenuAction on_click=move |()| act.run(Wish::of(Aspect::Priority(priority)))>
                <PriorityMark priority label=true/>
            </MenuAction>
        }
    };
    view! {
        <Menu label=move || t_string!(i18n, tickets.list.priority) class="btn btn-secondary"
            trigger=move || t!(i18n, tickets.list.priority)>
            {Priority::ALL.iter().rev().copied().map(item).collect_view()}
        </Menu>
    }
    .into_any()
}

/// Another category.
#[component]
fn Kinds(
    /// The list.
    list: List,
    /// Takes the change.
    act: Callback<Wish>,
) -> impl IntoView {
    let i18n = use_i18n();
    let items = move || {
        let all = list.categories.all().into_iter().map(|category| {
            let id = category.id;
            view! {
                <MenuAction on_click=move |()| act.run(Wish::of(Aspect::Category(Some(id))))>{category.name}</MenuAction>
            }
        });
        all.collect_view()
    };
    view! {
        <Menu label=move || t_string!(i18n, tickets.list.category) class="btn btn-secondary"
            trigger=move || t!(i18n, tickets.list.category)>
            {items}
            <MenuAction on_click=move |()| act.run(Wish::of(Aspect::Category(None)))>
                <span class="faint">{t!(i18n, tickets.side.no_category)}</span>
            </MenuAction>
        </Menu>
    }
    .into_any()
}

/// Another person: for an administrator anyone on staff, for a technician themselves; or nobody.
#[component]
fn People(
    /// Takes the change.
    act: Callback<Wish>,
    /// Those whom tickets can be given to.
    staff: Staff,
) -> impl IntoView {
    let i18n = use_i18n();
    let me = use_session().user_untracked();
    let is_admin = me.as_ref().is_some_and(|me| me.role == Role::Admin);
    let me = me.map(|me| UserRef { id: me.id, name: me.name, avatar_url: me.avatar_url });
    let people = move || -> Vec<UserRef> { if is_admin { staff.all() } else { me.clone().into_iter().collect() } };
    let item = move |person: UserRef| {
        let name = person.name.clone();
        let person = StoredValue::new(person);
        view! { <MenuAction on_click=move |()| act.run(Wish::give(Some(person.get_value())))>{name}</MenuAction> }
    };
    let items = StoredValue::new(move || people().into_iter().map(item).collect_view());
    view! {
        <Menu label=move || t_string!(i18n, views.bulk.assign) class="btn btn-secondary"
            trigger=move || t!(i18n, views.bulk.assign)>
            {move || items.with_value(|items| items())}
            <MenuAction on_click=move |()| act.run(Wish::give(None))>
                <span class="faint">{t!(i18n, tickets.side.nobody)}</span>
            </MenuAction>
        </Menu>
    }
    .into_any()
}
