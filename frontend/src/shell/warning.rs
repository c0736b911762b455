//! The session's last minute.

use leptos::{html, prelude::*, task::spawn_local};

use crate::{
    browser,
    i18n::{t, t_string, use_i18n},
    session::use_session,
    ui::{Button, ButtonKind, Icon, Symbol, use_toasts},
};

/// Where somebody writes.
const FIELDS: &str = "textarea, input:not([type=checkbox], [type=radio])";

/// Says that the session is about to end and offers to go on. It does not take the cursor away from what a person is
/// writing; over another dialog it must, since nothing else could be reached there.
#[component]
pub fn Warning() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let node = NodeRef::<html::Dialog>::new();
    let ending = Memo::new(move |_| session.is_ending());
    let waved_away = RwSignal::new(false);
    let busy = RwSignal::new(false);
    // As it was when it came: under the pointer it does not move.
    let writing = RwSignal::new(false);
    Effect::new(move || {
        if !ending.get() {
            waved_away.set(false);
        }
    });
    let shown = Memo::new(move |_| ending.get() && !waved_away.get());
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        match (shown.get(), dialog.open()) {
            (true, false) => {
                writing.set(is_writing_below());
                open(&dialog);
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let keep = move |_| {
        busy.set(true);
        spawn_local(async move {
            if let Err(error) = session.extend().await {
                use_toasts().error(error.message(i18n));
            }
            busy.try_set(false);
        });
    };
    let time = Memo::new(move |_| session.time_left().unwrap_or_default());
    let words = move |time: String| {
        if session.can_extend() {
            t_string!(i18n, session.warning_text, time = time)
        } else {
            t_string!(i18n, session.warning_absolute, time = time)
        }
    };
    view! {
        <dialog class="warning" class:above=move || writing.get() node_ref=node aria-labelledby="warning-title"
            on:close=move |_| if ending.get_untracked() { waved_away.set(true) }>
            // Announced once, with the time as it was then; the ticking numbers are for the eye.
            <div class="visually-hidden" role="alert">{move || shown.get().then(|| words(time.get_untracked()))}</div>
            <Icon symbol=Symbol::Clock/>
            <div class="warning-words">
                <h2 id="warning-title">{t!(i18n, session.warning_title)}</h2>
                <p aria-hidden="true">{move || words(time.get())}</p>
            </div>
            <div class="warning-acts">
                {move || if session.can_extend() {
                    view! { <Button kind=ButtonKind::Primary busy on_click=keep>{t!(i18n, session.keep)}</Button> }.into_any()
                } else {
                    view! { <Button on_click=move |_| waved_away.set(true)>{t!(i18n, session.understood)}</Button> }.into_any()
                }}
            </div>
        </dialog>
    }
}

/// Opens it without taking the focus, unless another dialog has the page.
fn open(dialog: &web_sys::HtmlDialogElement) {
    if browser::has_modal() {
        dialog.show_modal().ok();
        return;
    }
    let before = browser::focused();
    dialog.show();
    match before {
        Some(before) => {
            before.focus().ok();
        }
        None => {
            if let Some(inside) = browser::focused() {
                inside.blur().ok();
            }
        }
    }
}

/// Whether somebody writes in the lower half of the window: there it does not stand at the foot.
fn is_writing_below() -> bool {
    let Some(field) = browser::focused().filter(|at| at.matches(FIELDS).unwrap_or(false)) else { return false };
    let field = field.get_bounding_client_rect();
    field.top() + field.bottom() > browser::window_size().1
}
