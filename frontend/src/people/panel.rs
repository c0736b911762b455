//! One person, beside the list: who they are, what they asked, and what can be done.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};
use shared::{accounts::User, ids::UserId, problem::ProblemCode};

use super::{Address, Desk, access::Access, form::Editing};
use crate::{
    api::users,
    i18n::{t, t_string, tu_string, use_i18n},
    session::use_session,
    time,
    ui::{Avatar, Button, ButtonKind, Dialog, RelativeTime, SkeletonRows, role_label, use_toasts},
};

/// The person that the address names, in a dialog.
#[component]
pub fn Panel(
    /// The page.
    desk: Desk,
    /// Who, if anybody.
    open: Memo<Option<UserId>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let people = desk.people;
    let close = Callback::new(move |()| {
        let path = people.filters.with_untracked(super::Filters::to_path);
        navigate(&path, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    Effect::new(move || {
        people.shown.set(None);
        let Some(id) = open.get() else { return };
        if let Some(person) = people.find(id) {
            return people.shown.set(Some(person));
        }
        spawn_local(async move {
            match users::read(id).await {
                Ok(person) if open.try_get_untracked() == Some(Some(id)) => {
                    let _ = people.shown.try_set(Some(person));
                }
                // Somebody else is shown by now, or nobody.
                _ if open.try_get_untracked() != Some(Some(id)) => {}
                Ok(_) => {}
                Err(error) => {
                    use_toasts().error(match error.code() {
                        Some(ProblemCode::NotFound) => tu_string!(i18n, people.panel.missing).to_owned(),
                        _ => error.message(i18n),
                    });
                    close.try_run(());
                }
            }
        });
    });
    // The name stays while the dialog closes.
    let name = Memo::new(move |before: Option<&String>| {
        people
            .shown
            .with(|person| person.as_ref().map(|person| person.name.clone()))
            .or_else(|| before.cloned())
            .unwrap_or_default()
    });
    // What comes next comes in a dialog of its own.
    let is_open =
        move || open.with(Option::is_some) && desk.editing.with(Option::is_none) && desk.asking.with(Option::is_none);
    view! {
        <Dialog open=Signal::derive(is_open) title=move || name.get() on_close=close>
            {move || match people.shown.get() {
                Some(person) => view! { <About person desk/> }.into_any(),
                None => view! { <SkeletonRows rows=4/> }.into_any(),
            }}
        </Dialog>
    }
    .into_any()
}

/// Who they are and what can be done.
#[component]
fn About(
    /// The person.
    person: User,
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let kept = StoredValue::new(person.clone());
    let id = person.id;
    let (active, staff) = (person.active, person.role.is_staff());
    let me = use_session().user_untracked().is_some_and(|user| user.id == id);
    let access = move || if active { t_string!(i18n, people.deactivate) } else { t_string!(i18n, people.reactivate) };
    view! {
        <div class="person-panel">
            <Facts person/>
            <p class="person-links">
                <A href=format!("/tickets?status=all&requester_id={id}") attr:class="link">{t!(i18n, people.panel.asked)}</A>
                {staff.then(|| view! {
                    <A href=format!("/tickets?assignee_id={id}") attr:class="link">{t!(i18n, people.panel.answers)}</A>
                })}
            </p>
            <div class="dialog-foot">
                {(!me).then(|| view! {
                    <Button kind=ButtonKind::Quiet on_click=move |_| desk.asking.set(kept.try_get_value().map(|person| Access { person }))>
                        {access}
                    </Button>
                })}
                <Button kind=ButtonKind::Primary on_click=move |_| desk.editing.set(kept.try_get_value().map(Editing::Person))>
                    {t!(i18n, people.edit)}
                </Button>
            </div>
        </div>
    }
    .into_any()
}

/// Who they are.
#[component]
fn Facts(
    /// The person.
    person: User,
) -> impl IntoView {
    let i18n = use_i18n();
    let User { name, username, email, role, active, locale, avatar_url, last_seen_at, created_at, .. } = person;
    let access = move || if active { t_string!(i18n, people.active) } else { t_string!(i18n, people.inactive) };
    let seen = move || match last_seen_at {
        Some(at) => view! { <RelativeTime at/> }.into_any(),
        None => view! { <span class="faint">{t!(i18n, people.never)}</span> }.into_any(),
    };
    let mail = format!("mailto:{email}");
    view! {
        <span class="picture-now"><Avatar name url=avatar_url/></span>
        <dl class="profile-facts">
            <dt>{t!(i18n, people.username)}</dt><dd>"@" {username}</dd>
            <dt>{t!(i18n, people.email)}</dt><dd><a class="link" href=mail><Address email/></a></dd>
            <dt>{t!(i18n, people.role)}</dt><dd>{move || role_label(i18n, role)}</dd>
            <dt>{t!(i18n, people.panel.access)}</dt><dd>{access}</dd>
            <dt>{t!(i18n, people.language)}</dt><dd lang=locale.as_str()>{locale.name()}</dd>
            <dt>{t!(i18n, people.last_seen)}</dt><dd>{seen}</dd>
            <dt>{t!(i18n, people.panel.created)}</dt><dd>{move || time::full(i18n.get_locale(), created_at)}</dd>
        </dl>
    }
    .into_any()
}
