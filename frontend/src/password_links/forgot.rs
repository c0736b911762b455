//! `/forgot`: asks for a link by mail.

use leptos::{ev, prelude::*, task::spawn_local};
use shared::password_links::PasswordResetAsked;

use super::Door;
use crate::{
    api::password_links,
    i18n::{t, t_string, tu_string, use_i18n},
    session::use_session,
    ui::{Button, ButtonKind, TextField, focus_first_invalid},
};

/// `/forgot`.
#[component]
pub fn ForgotPage() -> impl IntoView {
    let i18n = use_i18n();
    let sent = RwSignal::new(None::<PasswordResetAsked>);
    let title = move || match sent.get() {
        None => t_string!(i18n, session.forgot_title),
        Some(asked) if asked.mailed => t_string!(i18n, session.forgot_sent_title),
        Some(_) => t_string!(i18n, session.forgot_unmailed_title),
    };
    view! {
        <Door page=move || t_string!(i18n, session.forgot_page) title>
            {move || match sent.get() {
                Some(asked) => view! { <Sent asked/> }.into_any(),
                None => view! { <Ask sent/> }.into_any(),
            }}
        </Door>
    }
    .into_any()
}

/// What to do next. The same whether or not there is such an account.
#[component]
fn Sent(
    /// What the server says to everybody.
    asked: PasswordResetAsked,
) -> impl IntoView {
    let i18n = use_i18n();
    if !asked.mailed {
        return view! { <div role="status"><p class="lead">{t!(i18n, session.forgot_unmailed_text)}</p></div> }
            .into_any();
    }
    view! {
        <div role="status">
            <p class="lead">{t!(i18n, session.forgot_sent_text)}</p>
            <p class="lead">{t!(i18n, session.forgot_sent_hint)}</p>
        </div>
    }
    .into_any()
}

/// The form.
#[component]
fn Ask(
    /// Set when the link was asked for.
    sent: RwSignal<Option<PasswordResetAsked>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let login = RwSignal::new(use_session().last_username());
    let busy = RwSignal::new(false);
    let missing = RwSignal::new(None::<String>);
    let trouble = RwSignal::new(None::<String>);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let wanted = login.get_untracked().trim().to_owned();
        if busy.get_untracked() {
            return;
        }
        trouble.set(None);
        if wanted.is_empty() {
            missing.set(Some(tu_string!(i18n, session.forgot_missing).to_owned()));
            return focus_first_invalid();
        }
        missing.set(None);
        busy.set(true);
        spawn_local(async move {
            match password_links::request(wanted).await {
                Ok(asked) => drop(sent.try_set(Some(asked))),
                Err(error) => drop(trouble.try_set(Some(error.message(i18n)))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <p class="lead">{t!(i18n, session.forgot_lead)}</p>
        <form class="door-form" novalidate on:submit=submit>
            <div role="alert">{move || trouble.get().map(|words| view! { <p class="door-error">{words}</p> })}</div>
            <TextField label=move || t_string!(i18n, session.login) value=login error=missing name="login"
                autocomplete="username" autofocus=true/>
            <Button kind=ButtonKind::Primary busy class="door-enter">{t!(i18n, session.forgot_send)}</Button>
        </form>
    }
    .into_any()
}
