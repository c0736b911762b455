//! Changing one's password.

use leptos::{ev, prelude::*, task::spawn_local};
use shared::{
    accounts::ChangePassword,
    fields,
    problem::{FieldCode, FieldErrors},
};

use super::Part;
use crate::{
    api::account,
    i18n::{t, t_string, use_i18n},
    session::use_session,
    ui::{Button, ButtonKind, PasswordField, errors_of, focus_first_invalid, use_toasts},
};

/// The present password and the new one.
#[component]
pub fn ChangePasswordForm() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let errors = RwSignal::new(FieldErrors::new());
    let busy = RwSignal::new(false);
    let about = Signal::derive(move || {
        session.user().map(|user| vec![user.username, user.name, user.email]).unwrap_or_default()
    });
    let refuse = move |found: FieldErrors| {
        errors.set(found);
        focus_first_invalid();
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let request = ChangePassword { current_password: current.get_untracked(), new_password: new.get_untracked() };
        let mut found = fields::check(&request).err().unwrap_or_default();
        if request.current_password.is_empty() {
            found.insert("current_password".to_owned(), vec![FieldCode::Required]);
        }
        if !found.is_empty() {
            return refuse(found);
        }
        errors.set(FieldErrors::new());
        busy.set(true);
        spawn_local(async move {
            match account::change_password(&request).await {
                Ok(()) => {
                    current.try_set(String::new());
                    new.try_set(String::new());
                    use_toasts().success(t_string!(i18n, profile.password_changed));
                }
                Err(error) if error.field_errors().is_empty() => use_toasts().error(error.message(i18n)),
                Err(error) => refuse(error.field_errors()),
            }
            busy.try_set(false);
        });
    };
    let username = move || session.user().map(|user| user.username).unwrap_or_default();
    view! {
        <Part title=move || t_string!(i18n, profile.password_title)>
            <form class="profile-form" novalidate on:submit=submit>
                // Password managers want to know whose password this is.
                <input type="text" name="username" autocomplete="username" hidden prop:value=username/>
                <PasswordField label=move || t_string!(i18n, profile.current_password) value=current rules=false
                    name="current_password" errors=errors_of(errors, "current_password")/>
                <PasswordField label=move || t_string!(i18n, profile.new_password) value=new about
                    name="new_password" errors=errors_of(errors, "new_password")/>
                <Button kind=ButtonKind::Primary busy>{t!(i18n, profile.change_password)}</Button>
            </form>
        </Part>
    }
}
