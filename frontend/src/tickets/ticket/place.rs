//! The message that a link leads to: `/tickets/42#comment-7`.
//!
//! It is looked for until it is there: what is not loaded yet is loaded, and what was written since is read.

use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use leptos_router::hooks::use_location;
use shared::ids::{CommentId, TicketId};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::state::{State, Talk};
use crate::{i18n::t_string, ui::use_toasts};

/// What begins the name of every message's place.
pub const BEFORE: &str = "comment-";
/// What shows which one was meant.
const FOUND: &str = "found";

/// Where a message of a ticket is.
pub fn address(ticket: TicketId, comment: Option<CommentId>) -> String {
    match comment {
        Some(comment) => format!("/tickets/{ticket}#{}", name(comment)),
        None => format!("/tickets/{ticket}"),
    }
}

/// What the element of a message is called.
pub fn name(comment: CommentId) -> String {
    format!("{BEFORE}{comment}")
}

/// Leads to the message that the address names, now and whenever it names another one.
pub fn follow(state: State) {
    let hash = use_location().hash;
    let here = Memo::new(move |_| state.talk.with(|talk| *talk == Talk::Here));
    Effect::new(move || {
        let meant = hash.with(|hash| hash.trim_start_matches('#').strip_prefix(BEFORE)?.parse().ok());
        if let Some(comment) = meant
            && here.get()
        {
            spawn_local(lead_to(state, comment));
        }
    });
}

async fn lead_to(state: State, comment: CommentId) {
    let mut refreshed = false;
    loop {
        // What was read is on the page when this returns.
        tick().await;
        if show(comment) {
            return;
        }
        let rest = [
            state.comments.try_with_untracked(|run| run.next.is_some()),
            state.history.try_with_untracked(|run| run.next.is_some()),
        ];
        match rest {
            [Some(false), Some(false)] if refreshed => {
                return use_toasts().error(t_string!(state.i18n, common.problem.not_found));
            }
            [Some(false), Some(false)] => {
                refreshed = true;
                state.refresh().await;
            }
            [Some(_), Some(_)] => {
                if let Err(error) = state.load_more().await {
                    return use_toasts().error(error.message(state.i18n));
                }
            }
            // The page is another one by now.
            _ => return,
        }
    }
}

/// Brings a message into view and gives it the focus; false when it is not there.
pub fn show(comment: CommentId) -> bool {
    let Some(element) = document().get_element_by_id(&name(comment)) else { return false };
    if let Ok(Some(before)) = document().query_selector(&format!(".{FOUND}")) {
        before.class_list().remove_1(FOUND).ok();
    }
    element.class_list().add_1(FOUND).ok();
    let middle = ScrollIntoViewOptions::new();
    middle.set_block(ScrollLogicalPosition::Center);
    element.scroll_into_view_with_scroll_into_view_options(&middle);
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        element.focus().ok();
    }
    true
}
