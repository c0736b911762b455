//! The door.

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::components::A;
use shared::session::LogIn;

use crate::{
    api::ClientError,
    brand::{BrandMark, use_brand},
    browser,
    desk::use_desk,
    i18n::{t, t_string, use_i18n},
    prefs::{language_name, language_tag, next_language, use_prefs},
    session::{EndReason, Phase, use_session},
    shell::ThemeMenu,
    ui::{Button, ButtonKind, PasswordField, TextField},
    vortex::Vortex,
};

/// `/login`: name and password. It says why the person is here when a session has just ended.
#[component]
pub fn LoginPage() -> impl IntoView {
    let i18n = use_i18n();
    let brand = use_brand();
    view! {
        <Title text=move || t_string!(i18n, session.page)/>
        <main class="door">
            <Vortex/>
            <div class="door-box">
                <div class="brand"><BrandMark/><span class="brand-name">{move || brand.name()}</span></div>
                <h1>{t!(i18n, session.title)}</h1>
                <Notice/>
                <LoginForm/>
                <footer class="door-foot">
                    <LanguageLink/>
                    <ThemeMenu/>
                </footer>
            </div>
        </main>
    }
}

/// Why the person is at the door.
#[component]
fn Notice() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let words = move || match session.phase() {
        Phase::Out(Some(EndReason::Expired)) => Some(t_string!(i18n, session.ended_expired)),
        Phase::Out(Some(EndReason::Revoked)) => Some(t_string!(i18n, session.ended_revoked)),
        Phase::Out(Some(EndReason::LoggedOut)) => Some(t_string!(i18n, session.ended_logged_out)),
        Phase::Unreachable => Some(t_string!(i18n, session.unreachable_text)),
        _ => None,
    };
    view! { <div class="door-notice" role="status">{move || words().map(|words| view! { <p>{words}</p> })}</div> }
}

/// What went wrong at the last try.
#[derive(Debug, Clone)]
enum Failure {
    /// A field was left empty.
    Missing,
    /// The server would not, or was not there.
    Refused(ClientError),
    /// Too many tries; the moment from which another is allowed.
    TooMany(f64),
}

#[component]
fn LoginForm() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let desk = use_desk();
    let login = RwSignal::new(session.last_username());
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let known = !login.with_untracked(String::is_empty);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let request = LogIn { login: login.get_untracked().trim().to_owned(), password: password.get_untracked() };
        if busy.get_untracked() {
            return;
        }
        if request.login.is_empty() || request.password.is_empty() {
            return failure.set(Some(Failure::Missing));
        }
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            match session.log_in(&request).await {
                // The guard takes the person where they were going, and this form is gone.
                Ok(()) => browser::refocus_on_heading(),
                Err(ClientError::Busy { seconds, .. }) => {
                    failure.try_set(Some(Failure::TooMany(browser::now() + f64::from(seconds) * 1000.0)));
                }
                Err(error) => {
                    failure.try_set(Some(Failure::Refused(error)));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        // Whoever types here is about to come in.
        <form class="door-form" novalidate on:submit=submit on:input=move |_| desk.fetch()>
            <FailureBox failure/>
            <TextField label=move || t_string!(i18n, session.login) value=login name="login" autocomplete="username" autofocus=!known/>
            <PasswordField label=move || t_string!(i18n, session.password) value=password rules=false autofocus=known/>
            <Button kind=ButtonKind::Primary busy class="door-enter">{t!(i18n, session.enter)}</Button>
            <A href="/forgot" attr:class="door-link">{t!(i18n, session.forgot)}</A>
        </form>
    }
}

/// Says what went wrong; with too many tries, counts down to the next.
#[component]
fn FailureBox(failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let i18n = use_i18n();
    let clock = RwSignal::new(browser::now());
    let ticking = set_interval_with_handle(move || clock.set(browser::now()), std::time::Duration::from_secs(1)).ok();
    on_cleanup(move || {
        if let Some(ticking) = ticking {
            ticking.clear();
        }
    });
    let words = move || {
        failure.get().and_then(|failure| match failure {
            Failure::Missing => Some(t_string!(i18n, session.missing).to_owned()),
            Failure::Refused(error) => Some(error.message(i18n)),
            Failure::TooMany(until) => {
                let seconds = ((until - clock.get()) / 1000.0).ceil();
                (seconds > 0.0).then(|| t_string!(i18n, common.busy.too_many_requests, seconds = seconds))
            }
        })
    };
    view! {
        <div role="alert">{move || words().map(|words| view! { <p class="door-error">{words}</p> })}</div>
    }
}

/// The other language, in its own words.
#[component]
pub fn LanguageLink() -> impl IntoView {
    let prefs = use_prefs();
    let other = move || next_language(prefs.locale());
    view! {
        <button
            type="button"
            class="btn btn-quiet"
            lang=move || language_tag(other())
            on:click=move |_| prefs.choose_locale(other())
        >
            {move || language_name(other())}
        </button>
    }
}
