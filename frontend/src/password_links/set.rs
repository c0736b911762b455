//! `/set-password/:token`: sets a password with a link.

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    components::A,
    hooks::{use_navigate, use_params_map},
};
use shared::{
    fields,
    password_links::{PasswordLinkInfo, ResetPassword},
    problem::{FieldErrors, ProblemCode},
};

use super::Door;
use crate::{
    api::{ClientError, password_links},
    i18n::{t, t_string, tu_string, use_i18n},
    session::use_session,
    ui::{Button, ButtonKind, LoadError, PasswordField, SkeletonRows, errors_of, focus_first_invalid, use_toasts},
};

/// What is known of the link.
#[derive(Debug, Clone, PartialEq)]
enum Link {
    /// The server has been asked.
    Asking,
    /// It is good.
    Good(PasswordLinkInfo),
    /// It is not, or no longer.
    Invalid,
    /// The server did not say.
    Unknown(ClientError),
}

impl Link {
    fn of(answer: Result<PasswordLinkInfo, ClientError>) -> Self {
        match answer {
            Ok(info) => Self::Good(info),
            Err(error) if error.code() == Some(ProblemCode::LinkInvalid) => Self::Invalid,
            Err(error) => Self::Unknown(error),
        }
    }
}

/// `/set-password/:token`.
#[component]
pub fn SetPasswordPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let link = RwSignal::new(Link::Asking);
    let ask = move || {
        let token = token.get_untracked();
        spawn_local(async move {
            let _ = link.try_set(Link::of(password_links::info(&token).await));
        });
    };
    Effect::new(move || {
        token.track();
        ask();
    });
    let title = move || {
        link.with(|link| match link {
            Link::Good(info) if info.first => t_string!(i18n, session.set_first_title),
            Link::Invalid => t_string!(i18n, session.set_invalid_title),
            _ => t_string!(i18n, session.set_title),
        })
    };
    view! {
        <Door page=move || t_string!(i18n, session.set_page) title>
            {move || match link.get() {
                Link::Asking => view! { <SkeletonRows rows=3/> }.into_any(),
                Link::Good(info) => view! { <SetForm token=token.get_untracked() info link/> }.into_any(),
                Link::Invalid => view! { <Invalid/> }.into_any(),
                Link::Unknown(error) => view! { <LoadError error retry=ask/> }.into_any(),
            }}
        </Door>
    }
    .into_any()
}

/// The link is of no use; the way to another.
#[component]
fn Invalid() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div role="alert"><p class="lead">{t!(i18n, session.set_invalid_text)}</p></div>
        <div class="door-form">
            <A href="/forgot" attr:class="btn btn-primary door-enter">{t!(i18n, session.set_ask_again)}</A>
        </div>
    }
}

/// The new password.
#[component]
fn SetForm(
    /// The link's token.
    token: String,
    /// Whose it is.
    info: PasswordLinkInfo,
    /// What is known of the link, in case that changes.
    link: RwSignal<Link>,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let password = RwSignal::new(String::new());
    let errors = RwSignal::new(FieldErrors::new());
    let trouble = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let kept = StoredValue::new((token.clone(), info.username.clone()));
    let refuse = move |found: FieldErrors| {
        errors.try_set(found);
        focus_first_invalid();
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let request = ResetPassword { password: password.get_untracked() };
        if busy.get_untracked() {
            return;
        }
        trouble.set(None);
        if let Err(found) = fields::check(&request) {
            return refuse(found);
        }
        errors.set(FieldErrors::new());
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let (token, username) = kept.get_value();
            match password_links::reset(&token, &request).await {
                Ok(()) => {
                    use_session().expect(username);
                    use_toasts().success(tu_string!(i18n, session.set_done));
                    navigate("/login", NavigateOptions { replace: true, ..NavigateOptions::default() });
                }
                Err(error) if error.code() == Some(ProblemCode::LinkInvalid) => drop(link.try_set(Link::Invalid)),
                Err(error) if error.field_errors().is_empty() => drop(trouble.try_set(Some(error.message(i18n)))),
                Err(error) => refuse(error.field_errors()),
            }
            busy.try_set(false);
        });
    };
    let (name, username) = (info.name, info.username.clone());
    view! {
        <p class="lead">{move || t_string!(i18n, session.set_for, name = name.clone(), username = username.clone())}</p>
        <form class="door-form" novalidate on:submit=submit>
            <div role="alert">{move || trouble.get().map(|words| view! { <p class="door-error">{words}</p> })}</div>
            // Password managers want to know whose password this is.
            <input type="text" name="username" autocomplete="username" hidden prop:value=info.username/>
            <PasswordField label=move || t_string!(i18n, session.set_password) value=password token=token
                errors=errors_of(errors, "password") autofocus=true/>
            <Button kind=ButtonKind::Primary busy class="door-enter">{t!(i18n, session.set_save)}</Button>
        </form>
    }
    .into_any()
}
