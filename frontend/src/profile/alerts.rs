//! How the person is reached on this device while they do not look.

use leptos::{prelude::*, task::spawn_local};

use super::Part;
use crate::{
    i18n::{I18n, t, t_string, use_i18n},
    notifications::alerts::{Alert, Permission, ask, choose, permission, sound, wants},
    session::use_session,
    ui::{Button, ButtonKind},
};

/// The choices of this device.
#[component]
pub fn Alerts() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Part title=move || t_string!(i18n, moves.device.title) hint=move || t_string!(i18n, moves.device.hint)>
            <div class="alerts">
                <BrowserAlert/>
                <SoundAlert/>
            </div>
        </Part>
    }
}

/// Why the browser will not show any.
fn trouble(i18n: I18n, found: Permission, asked: bool) -> Option<&'static str> {
    match found {
        Permission::Denied => Some(t_string!(i18n, moves.device.denied)),
        Permission::Unsafe => Some(t_string!(i18n, moves.device.unsafe_page)),
        Permission::Unsupported => Some(t_string!(i18n, moves.device.unsupported)),
        Permission::Undecided if asked => Some(t_string!(i18n, moves.device.dismissed)),
        Permission::Undecided | Permission::Granted => None,
    }
}

/// The browser's notifications. The browser asks for itself, and only when the person asks for them.
#[component]
fn BrowserAlert() -> impl IntoView {
    let i18n = use_i18n();
    let me = use_session().user_untracked().map(|user| user.id);
    let found = RwSignal::new(permission());
    let asked = RwSignal::new(false);
    let on =
        RwSignal::new(found.get_untracked() == Permission::Granted && me.is_some_and(|me| wants(me, Alert::Browser)));
    let keep = move |wanted: bool| {
        let _ = on.try_set(wanted);
        if let Some(me) = me {
            choose(me, Alert::Browser, wanted);
        }
    };
    let turn = move |wanted: bool| {
        if !wanted {
            return keep(false);
        }
        on.set(true);
        // Some browsers ask only while the person clicks.
        let asked_now = ask();
        spawn_local(async move {
            let answer = asked_now.await;
            let _ = found.try_set(answer);
            let _ = asked.try_set(true);
            keep(answer == Permission::Granted);
        });
    };
    let off = move || matches!(found.get(), Permission::Unsafe | Permission::Unsupported | Permission::Denied);
    view! {
        <label class="alert-choice">
            <input
                type="checkbox"
                prop:checked=on
                disabled=off
                aria-describedby="alert-trouble"
                on:change:target=move |event| turn(event.target().checked())
            />
            <span>{t!(i18n, moves.device.show)}</span>
        </label>
        <p id="alert-trouble" class="alert-trouble" role="status">{move || trouble(i18n, found.get(), asked.get())}</p>
    }
    .into_any()
}

/// The sound, and a way to hear it.
#[component]
fn SoundAlert() -> impl IntoView {
    let i18n = use_i18n();
    let me = use_session().user_untracked().map(|user| user.id);
    let on = RwSignal::new(me.is_some_and(|me| wants(me, Alert::Sound)));
    let turn = move |wanted: bool| {
        on.set(wanted);
        if let Some(me) = me {
            choose(me, Alert::Sound, wanted);
        }
        if wanted {
            sound();
        }
    };
    view! {
        <div class="alert-line">
            <label class="alert-choice">
                <input type="checkbox" prop:checked=on on:change:target=move |event| turn(event.target().checked())/>
                <span>{t!(i18n, moves.device.sound)}</span>
            </label>
            <Button kind=ButtonKind::Quiet on_click=move |_| sound()>{t!(i18n, moves.device.listen)}</Button>
        </div>
    }
    .into_any()
}
