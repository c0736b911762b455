//! `/profile`: what a person keeps about themselves.

mod alerts;
mod avatar;
mod crop;
mod device;
mod fresh;
mod looks;
mod notices;
mod password;
mod sessions;
mod tokens;

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_meta::Title;
use shared::{
    accounts::{UpdateMe, User},
    fields,
    problem::FieldErrors,
};

use alerts::Alerts;
use avatar::Picture;
use looks::Looks;
use notices::Notices;
use password::ChangePasswordForm;
use sessions::Sessions;
use tokens::PersonalTokens;

use crate::{
    api::account,
    i18n::{t, t_string, use_i18n},
    people::Address,
    session::use_session,
    ui::{Button, ButtonKind, TextField, errors_of, focus_first_invalid, role_label, use_toasts},
};

/// `/profile`.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <Title text=move || t_string!(i18n, profile.page)/>
        <div class="profile">
            <h1>{t!(i18n, profile.page)}</h1>
            {session.user_untracked().map(|user| view! { <About user/> })}
            <Looks/>
            <Notices/>
            <Alerts/>
            <ChangePasswordForm/>
            <Sessions/>
            <PersonalTokens/>
        </div>
    }
}

/// One part of the page.
#[component]
pub(super) fn Part(
    /// Its heading.
    #[prop(into)]
    title: TextProp,
    /// What it is for.
    #[prop(optional, into)]
    hint: TextProp,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let id = crate::ui::fresh_id("part");
    let labelled_by = id.clone();
    view! {
        <section class="profile-part" aria-labelledby=labelled_by>
            <div class="profile-side">
                <h2 id=id>{move || title.get()}</h2>
                <p>{move || hint.get()}</p>
            </div>
            <div class="profile-body">{children()}</div>
        </section>
    }
}

/// The name, and what only an administrator changes.
#[component]
fn About(user: User) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let name = RwSignal::new(user.name.clone());
    let errors = RwSignal::new(FieldErrors::new());
    let busy = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let change = UpdateMe { name: Some(name.get_untracked().trim().to_owned()), ..UpdateMe::default() };
        if let Err(found) = fields::check(&change) {
            errors.set(found);
            return focus_first_invalid();
        }
        errors.set(FieldErrors::new());
        busy.set(true);
        spawn_local(async move {
            match account::update_me(&change).await {
                Ok(user) => {
                    session.set_user(user);
                    use_toasts().success(t_string!(i18n, common.saved));
                }
                Err(error) => {
                    errors.try_set(error.field_errors());
                    if error.field_errors().is_empty() {
                        use_toasts().error(error.message(i18n));
                    }
                }
            }
            busy.try_set(false);
        });
    };
    let role = user.role;
    view! {
        <Part title=move || t_string!(i18n, profile.about) hint=move || t_string!(i18n, profile.fixed_hint)>
            <Picture/>
            <form class="profile-form" novalidate on:submit=submit>
                <TextField label=move || t_string!(i18n, profile.name) value=name errors=errors_of(errors, "name") name="name" autocomplete="name"/>
                <dl class="profile-facts">
                    <dt>{t!(i18n, profile.username)}</dt><dd>{user.username}</dd>
                    <dt>{t!(i18n, profile.email)}</dt><dd><Address email=user.email/></dd>
                    <dt>{t!(i18n, profile.role)}</dt><dd>{move || role_label(i18n, role)}</dd>
                </dl>
                <Button kind=ButtonKind::Primary busy>{t!(i18n, common.save)}</Button>
            </form>
        </Part>
    }
}
