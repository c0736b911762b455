//! People, for administrators.

mod access;
mod address;
mod form;
mod import;
mod lines;
mod panel;
mod reset;
mod state;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    components::A,
    hooks::{use_navigate, use_query_map},
};
use shared::accounts::{Role, User};

use access::{Access, Ask};
pub use address::Address;
use form::{Editing, PersonDialog};
use import::ImportDialog;
use panel::Panel;
use reset::ResetDialog;
use state::{Filters, People, role_of};

use crate::{
    browser,
    hand_on::HandOn,
    i18n::{t, t_string, use_i18n},
    session::use_session,
    ui::{
        Avatar, Button, ButtonKind, EmptyState, LoadError, PresenceDot, RelativeTime, SkeletonRows,
        filter::{FindBox, PillOption, PillSelect},
        role_label,
    },
};

/// What the page can open.
#[derive(Debug, Clone, Copy)]
struct Desk {
    people: People,
    editing: RwSignal<Option<Editing>>,
    asking: RwSignal<Option<Access>>,
    resetting: RwSignal<Option<User>>,
}

/// `/people`: the list, with making, changing and deactivating people.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_query_map();
    let people = People::new(Memo::new(move |_| params.with(Filters::from_params)));
    let desk =
        Desk { people, editing: RwSignal::new(None), asking: RwSignal::new(None), resetting: RwSignal::new(None) };
    let importing = RwSignal::new(false);
    let shown = Memo::new(move |_| params.with(|params| params.get("person")).and_then(|id| id.parse().ok()));
    view! {
        <Title text=move || t_string!(i18n, people.title)/>
        <div class="people-head">
            <h1>{t!(i18n, people.title)}</h1>
            <span class="push">
                <Button on_click=move |_| importing.set(true)>{t!(i18n, people.import.open)}</Button>
                <Button kind=ButtonKind::Primary on_click=move |_| desk.editing.set(Some(Editing::New))>
                    {t!(i18n, people.new)}
                </Button>
            </span>
        </div>
        <Bar people/>
        <Body desk/>
        <PersonDialog people editing=desk.editing resetting=desk.resetting/>
        <Ask people asking=desk.asking/>
        <Panel desk open=shown/>
        <ImportDialog people open=importing/>
        <ResetDialog resetting=desk.resetting/>
    }
    .into_any()
}

/// What narrows the list.
#[component]
fn Bar(
    /// The list.
    people: People,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let filters = people.filters;
    let change = Callback::new(move |next: Filters| {
        navigate(&next.to_path(), NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    let roles = Signal::derive(move || {
        let mut roles = vec![PillOption::new("", t_string!(i18n, people.any_role))];
        roles.extend(Role::ALL.map(|role| PillOption::new(role.as_str(), role_label(i18n, role))));
        roles
    });
    let states = Signal::derive(move || {
        vec![
            PillOption::new("", t_string!(i18n, people.any_state)),
            PillOption::new("true", t_string!(i18n, people.active)),
            PillOption::new("false", t_string!(i18n, people.inactive)),
        ]
    });
    let role = Signal::derive(move || filters.with(|all| all.role.map(|role| role.as_str().to_owned())));
    let active = Signal::derive(move || filters.with(|all| all.active.map(|active| active.to_string())));
    let narrowed = move || filters.with(|filters| *filters != Filters::default());
    view! {
        <div class="tickets-bar">
            <FindBox
                label=Signal::derive(move || t_string!(i18n, people.search).to_owned())
                text=Signal::derive(move || filters.with(|all| all.q.clone()))
                on_text=move |q| change.run(Filters { q, ..filters.get_untracked() })
            />
            <PillSelect
                label=Signal::derive(move || t_string!(i18n, people.role).to_owned())
                options=roles
                value=role
                on_change=move |word: String| change.run(Filters { role: role_of(&word), ..filters.get_untracked() })
            />
            <PillSelect
                label=Signal::derive(move || t_string!(i18n, people.state).to_owned())
                options=states
                value=active
                on_change=move |word: String| change.run(Filters { active: word.parse().ok(), ..filters.get_untracked() })
            />
            <Show when=narrowed>
                <A href="/people" scroll=false attr:class="pill plain" on:click=|_| browser::refocus_on_heading()>
                    {t!(i18n, people.clear)}
                </A>
            </Show>
        </div>
    }
    .into_any()
}

/// The people, or what there is instead.
#[component]
fn Body(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let people = desk.people;
    let count = Memo::new(move |_| people.pages.items.with(|items| items.as_ref().map(Vec::len)));
    let narrowed = move || people.filters.with(|filters| *filters != Filters::default());
    move || {
        match (count.get(), people.pages.error.get()) {
        (None | Some(0), Some(error)) => view! { <LoadError error retry=move || people.reload()/> }.into_any(),
        (None, None) => view! { <SkeletonRows/> }.into_any(),
        (Some(0), None) if narrowed() => view! {
            <EmptyState title=move || t_string!(i18n, people.no_match) text=move || t_string!(i18n, people.no_match_hint)>
                <A href="/people" attr:class="btn btn-secondary" on:click=|_| browser::refocus_on_heading()>
                    {t!(i18n, people.clear)}
                </A>
            </EmptyState>
        }
        .into_any(),
        (Some(0), None) => {
            let text = move || t_string!(i18n, people.none_yet_hint);
            view! { <EmptyState title=move || t_string!(i18n, people.none_yet) text=text/> }.into_any()
        }
        (Some(_), _) => view! { <Rows desk/> }.into_any(),
    }
    }
}

/// The people, and the way to more.
#[component]
fn Rows(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let people = desk.people;
    let items = move || people.pages.items.get().unwrap_or_default();
    // Every field that a row shows, so that a change shows.
    let key = |person: &User| {
        let User { id, name, username, email, role, active, avatar_url, last_seen_at, .. } = person;
        (*id, name.clone(), username.clone(), email.clone(), *role, *active, avatar_url.clone(), *last_seen_at)
    };
    view! {
        {move || people.pages.error.get().map(|error| view! { <LoadError error retry=move || people.reload()/> })}
        <ul
            class="people-rows"
            class:stale=move || people.pages.loading.get()
            aria-label=move || t_string!(i18n, people.region)
            aria-busy=move || people.pages.loading.get().to_string()
        >
            <For each=items key=key let:person>
                <Row person desk/>
            </For>
        </ul>
        <Show when=move || people.pages.next.with(Option::is_some)>
            <HandOn within=".tickets-more" to=".people-rows > :last-child a"/>
            <p class="tickets-more">
                <Button busy=people.pages.loading on_click=move |_| people.load_more()>{t!(i18n, people.more)}</Button>
            </p>
        </Show>
    }
    .into_any()
}

/// One person.
#[component]
fn Row(
    /// The person.
    person: User,
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let me = use_session().user_untracked().is_some_and(|user| user.id == person.id);
    let active = person.active;
    let role = person.role;
    let seen = move || match person.last_seen_at {
        Some(at) => view! { <RelativeTime at/> }.into_any(),
        None => view! { <span class="faint">{t!(i18n, people.never)}</span> }.into_any(),
    };
    let name = person.name.clone();
    let label = move || t_string!(i18n, people.edit_name, name = name.clone());
    let kept = StoredValue::new(person.clone());
    let id = person.id;
    // The row is drawn anew when they have been changed: by these names the focus finds back.
    let (edit_id, access_id) = (format!("person-edit-{id}"), format!("person-access-{id}"));
    let address = move || desk.people.filters.with(|filters| filters.to_path_with(id));
    view! {
        <li class:off=!active>
            <span class="face present">
                <Avatar name=person.name.clone() url=person.avatar_url/>
                {(active && !me).then(|| view! { <PresenceDot user=id/> })}
            </span>
            <span class="name">
                <b><A href=address scroll=false>{person.name}</A> {me.then(|| view! { " (" {t!(i18n, people.you)} ")" })}</b>
                <span>
                    "@" {person.username}
                    {(!active).then(|| view! { "\u{a0}· " {t!(i18n, people.inactive)} })}
                </span>
            </span>
            <span class="mail">{person.email}</span>
            <span class="role">{move || role_label(i18n, role)}</span>
            <span class="seen"><small>{t!(i18n, people.last_seen)}</small> " " {seen}</span>
            <span class="tools">
                <button
                    type="button"
                    class="quiet-link"
                    id=edit_id
                    aria-label=label
                    on:click=move |_| desk.editing.set(Some(Editing::Person(kept.get_value())))
                >
                    {t!(i18n, people.edit)}
                </button>
                <Show when=move || !me>
                    <button
                        type="button"
                        class="quiet-link"
                        id=access_id.clone()
                        on:click=move |_| desk.asking.set(Some(Access { person: kept.get_value() }))
                    >
                        {move || if active { t_string!(i18n, people.deactivate) } else { t_string!(i18n, people.reactivate) }}
                        <span class="visually-hidden">": " {kept.with_value(|person| person.name.clone())}</span>
                    </button>
                </Show>
            </span>
        </li>
    }
    .into_any()
}
