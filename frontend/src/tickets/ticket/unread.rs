//! Up to where the person has read: a line before the first message that is new to them, and a note to the desk of how far
//! they have come.

use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use leptos_router::hooks::use_location;
use shared::{
    ids::{CommentId, UserId},
    tickets::Comment,
};
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use super::{
    place,
    state::{State, Talk},
};
use crate::{
    api::tickets as api,
    i18n::{t, t_string},
    live::use_live,
    moves::is_seen,
    session::use_session,
};

/// What the line is called.
const LINE: &str = "unread-line";
/// A line above this part of the screen is seen without going there.
const SEEN: f64 = 0.6;

/// What is new to the person. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Unread {
    state: State,
    /// The first message that they had not read when they opened the ticket.
    pub first: RwSignal<Option<CommentId>>,
    /// Up to where the desk was told that they have read; none before it was told.
    told: StoredValue<Option<i64>>,
}

impl Unread {
    /// Follows what the person reads, for as long as the ticket is shown.
    pub fn follow(state: State) -> Self {
        let unread = Self { state, first: RwSignal::new(None), told: StoredValue::new(None) };
        let before = state.ticket.with_untracked(|ticket| ticket.read_to);
        // A link leads to a message of its own.
        let led = use_location().hash.with_untracked(|hash| hash.contains(place::BEFORE));
        let here = Memo::new(move |_| state.talk.with(|talk| *talk == Talk::Here));
        let last = Memo::new(move |_| state.comments.with(|run| run.items.last().map(|comment| comment.id)));
        Effect::new(move |looked: Option<bool>| {
            if looked == Some(true) || !here.get() {
                return looked.unwrap_or_default();
            }
            unread.look(before, !led);
            true
        });
        Effect::new(move || {
            last.track();
            if here.get() {
                unread.tell();
            }
        });
        let seen = window_event_listener_untyped("visibilitychange", move |_| {
            if here.try_get_untracked() == Some(true) {
                unread.tell();
            }
        });
        on_cleanup(move || seen.remove());
        unread
    }

    /// Finds the first message that is new. Whoever never opened the ticket finds all of it new, and no line in it.
    fn look(self, before: Option<CommentId>, lead: bool) {
        let me = use_session().user_untracked().map(|user| user.id);
        let first = self.state.comments.with_untracked(|run| first_new(&run.items, before, me));
        self.first.set(first);
        if first.is_some() && lead {
            spawn_local(async {
                // The line is on the page when this returns.
                tick().await;
                if !is_in_sight() {
                    lead_to_line();
                }
            });
        }
    }

    /// Tells the desk how far the person has read, once for each message that shows while they look.
    fn tell(self) {
        if !is_seen() {
            return;
        }
        let Some(last) = self.state.comments.try_with_untracked(|run| run.items.last().map(|comment| comment.id))
        else {
            return;
        };
        // With none here, all that was read is the beginning: without a number it would be whatever is there by then.
        let last = last.unwrap_or(CommentId(0));
        let number = last.0;
        if self.told.try_get_value().flatten().is_some_and(|told| told >= number) {
            return;
        }
        let _ = self.told.try_set_value(Some(number));
        let (told, id) = (self.told, self.state.id);
        spawn_local(async move {
            match api::mark_read(id, last).await {
                Ok(()) => use_live().has_read(),
                // With the next message it is tried again.
                Err(_) => _ = told.try_set_value(None),
            }
        });
    }
}

fn first_new(comments: &[Comment], before: Option<CommentId>, me: Option<UserId>) -> Option<CommentId> {
    let before = before?;
    comments.iter().find(|comment| comment.id > before && Some(comment.author.id) != me).map(|comment| comment.id)
}

fn is_in_sight() -> bool {
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    document().get_element_by_id(LINE).is_none_or(|line| {
        let top = line.get_bounding_client_rect().top();
        top >= 0.0 && top < height * SEEN
    })
}

fn lead_to_line() {
    if let Some(line) = document().get_element_by_id(LINE) {
        let middle = ScrollIntoViewOptions::new();
        middle.set_block(ScrollLogicalPosition::Center);
        line.scroll_into_view_with_scroll_into_view_options(&middle);
    }
}

/// The line, before the first message that is new.
#[component]
pub fn UnreadLine(
    /// What is new.
    unread: Unread,
    /// The message that follows.
    before: CommentId,
) -> impl IntoView {
    let i18n = unread.state.i18n;
    let here = Memo::new(move |_| unread.first.get() == Some(before));
    move || {
        here.get().then(|| {
            view! {
                <p class="unread-line" id=LINE><span>{t!(i18n, conversation.unread.line)}</span></p>
            }
        })
    }
}

/// The way to the line, in the ticket's head.
#[component]
pub fn UnreadJump(
    /// What is new.
    unread: Unread,
) -> impl IntoView {
    let i18n = unread.state.i18n;
    let lead = move |_| {
        if let Some(first) = unread.first.get_untracked() {
            place::show(first);
            lead_to_line();
        }
    };
    view! {
        <Show when=move || unread.first.with(Option::is_some)>
            <button type="button" class="quiet-link unread-jump" title=move || t_string!(i18n, conversation.unread.jump) on:click=lead>
                {t!(i18n, conversation.unread.jump)} " " <span aria-hidden="true">"↓"</span>
            </button>
        </Show>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use shared::{accounts::UserRef, ids::TicketId, tickets::Visibility};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn comment(id: i64, author: i64) -> Comment {
        Comment {
            id: CommentId(id),
            ticket_id: TicketId(1),
            author: UserRef { id: UserId(author), name: String::new(), avatar_url: None },
            body: String::new(),
            body_html: String::new(),
            visibility: Visibility::Public,
            created_at: DateTime::UNIX_EPOCH,
            edited_at: None,
            mentions: Vec::new(),
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn ones_own_words_are_not_new() {
        let comments = [comment(3, 2), comment(5, 1), comment(8, 2), comment(9, 2)];
        let first = |before| first_new(&comments, before, Some(UserId(1)));
        assert_eq!(first(Some(CommentId(0))), Some(CommentId(3)));
        assert_eq!(first(Some(CommentId(3))), Some(CommentId(8)));
        assert_eq!(first(Some(CommentId(9))), None);
        assert_eq!(first(None), None);
    }
}
