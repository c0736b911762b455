//! What stands around every page: the rail, the header, the session's last minute.

mod finder;
mod header;
mod rail;
mod search;
mod warning;

use std::{cell::Cell, rc::Rc};

use leptos::{html, prelude::*};
use leptos_meta::Title;
use leptos_router::{components::Outlet, hooks::use_location};
use wasm_bindgen::JsCast;

use header::Header;
pub use header::ThemeMenu;
use rail::Rail;
pub use rail::{RailWidth, use_rail};
use warning::Warning;

use crate::{
    beside, browser,
    chat::Dock,
    commands::{Commands, KeysDialog, listen},
    desk::{Place, later, lies_aside, use_desk},
    i18n::{t, t_string, use_i18n},
    leaving::{Leaving, LeavingDialog},
    live::{OfflineBanner, use_live},
    session::{Phase, use_session},
    tickets::{self, CopyByHand},
    turn::InTurn,
    ui::{Button, ButtonKind, EmptyState},
    update,
};

/// The shell. Without a session it shows nothing of anybody's.
#[component]
pub fn Shell() -> impl IntoView {
    let session = use_session();
    // Another person's page is built anew; the same person's stays as it is whatever changes about them.
    let person = Memo::new(move |_| session.user().map(|user| user.id));
    let phase = Memo::new(move |_| session.phase());
    let path = use_location().pathname;
    move || match phase.get() {
        Phase::In => {
            person.track();
            // At the same time as the frame, and not after it.
            if lies_aside(&path.get_untracked()) {
                use_desk().fetch_aside();
            }
            later(Place::Frame)
        }
        Phase::Unreachable => view! { <Unreachable/> }.into_any(),
        Phase::Asking | Phase::Out(_) => ().into_any(),
    }
}

/// The rail, the header and, between them, the page of the moment.
#[component]
pub fn Frame() -> impl IntoView {
    let i18n = use_i18n();
    let width = RailWidth::follow();
    let main = NodeRef::<html::Main>::new();
    follow_navigation(main);
    Leaving::provide();
    beside::provide();
    listen(Commands::provide());
    use_live().watch();
    tickets::send_waiting(i18n);
    update::watch();
    view! {
        <a class="skip-link" href="#content" on:click=move |event| {
            event.prevent_default();
            focus_heading(main);
        }>{t!(i18n, common.skip)}</a>
        <Warning/>
        <OfflineBanner/>
        <div class="shell" class:narrow=move || width.is_narrow()>
            <Rail width/>
            <InTurn name="header"><Header/></InTurn>
            <main class="main" id="content" tabindex="-1" node_ref=main>
                <InTurn name="page"><Outlet/></InTurn>
            </main>
            <Dock/>
        </div>
        <InTurn name="dialogs">
            <KeysDialog/>
            <LeavingDialog/>
            <CopyByHand/>
        </InTurn>
    }
}

/// The server did not answer when the page asked who is logged in: the page came without a network, or before the server
/// did. It goes on by itself as soon as there is an answer ([`Session`](crate::session::Session) asks again).
#[component]
fn Unreachable() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <Title text=move || t_string!(i18n, session.unreachable_title)/>
        <main class="door">
            <EmptyState
                whole=true
                title=move || t_string!(i18n, session.unreachable_title)
                text=move || t_string!(i18n, session.away_text)
            >
                <Button kind=ButtonKind::Primary on_click=move |_| session.retry()>{t!(i18n, common.retry)}</Button>
            </EmptyState>
        </main>
    }
}

/// After each navigation the focus goes to the new page's heading, so that a screen reader begins to read there and
/// the keyboard goes on from there. Not at the first page: there the browser's own beginning is right.
fn follow_navigation(main: NodeRef<html::Main>) {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path) {
            let begun = Rc::new(Cell::new(false));
            // A page may have to load before it has a heading.
            for wait in [30, 250, 700, 1500] {
                let begun = begun.clone();
                set_timeout(move || settle_focus(main, &begun), std::time::Duration::from_millis(wait));
            }
        }
        path
    });
}

/// Moves the focus to the heading unless the person, or the page, has already put it elsewhere in the content. Once it was
/// there (`begun`) it is the person's: they may be back in the rail by now, and only what nothing has goes to the heading again.
fn settle_focus(main: NodeRef<html::Main>, begun: &Cell<bool>) {
    let Some(content) = main.try_get_untracked().flatten() else { return };
    let elsewhere = browser::focused().is_some_and(|focused| {
        let inside = content.contains(Some(&focused)) && focused.tag_name() != "MAIN";
        inside || begun.get() || focused.closest("dialog, form").ok().flatten().is_some()
    });
    if !elsewhere {
        begun.set(focus_heading(main));
    }
}

/// Moves the focus to the page's heading, or to the page where it has none; whether it has one.
fn focus_heading(main: NodeRef<html::Main>) -> bool {
    let Some(content) = main.try_get_untracked().flatten() else { return false };
    let heading =
        content.query_selector("h1").ok().flatten().and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    if let Some(heading) = heading {
        if !heading.has_attribute("tabindex") {
            heading.set_attribute("tabindex", "-1").ok();
        }
        heading.focus_with_options(&options).is_ok()
    } else {
        content.focus_with_options(&options).ok();
        false
    }
}
