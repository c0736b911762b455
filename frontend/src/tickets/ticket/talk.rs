//! The conversation: the description, then messages and changes in the order of time.

use leptos::{prelude::*, task::spawn_local};
use shared::permissions::TicketAction;

use super::{
    changes::ChangesLine,
    edit::EditText,
    message::{CommentMessage, Message},
    place,
    prose::Prose,
    quote::QuoteButton,
    state::{State, Talk as Come},
    timeline::{Entry, merge},
    unread::{Unread, UnreadJump, UnreadLine},
    wish::Wish,
};
use crate::{
    attachments::Attached,
    browser,
    commands::{Command, Offered},
    i18n::{t, t_string, tu_string},
    tickets::words,
    ui::{Button, Icon, StatusMark, Stub, Symbol, use_toasts},
};

/// Number, state, title, and what can be done with the whole ticket.
#[component]
pub fn Head(
    /// The page.
    state: State,
    /// Whether the text is being edited.
    editing: RwSignal<bool>,
    /// What is new to the person.
    unread: Unread,
) -> impl IntoView {
    let i18n = state.i18n;
    let status = Memo::new(move |_| state.ticket.with(|ticket| ticket.status));
    let closed = move || status.get() == shared::tickets::Status::Closed;
    view! {
        <header class="talk-head">
            <div class="line">
                <Stub id=state.id/>
                {move || view! { <StatusMark status=status.get() label=true/> }}
                <UnreadJump unread/>
                <span class="push">
                    <Show when=move || state.may(TicketAction::EditText) && !editing.get()>
                        <button type="button" class="btn btn-quiet edit-begin" on:click=move |_| editing.set(true)>
                            <Icon symbol=Symbol::Pencil/>
                            {t!(i18n, tickets.ticket.edit)}
                        </button>
                        <Offered command=Command::EditText run=move |()| editing.set(true)/>
                    </Show>
                    <Show when=move || closed() && state.may(TicketAction::Reopen)>
                        <Button on_click=move |_| turn(state, Wish::Reopen)>{t!(i18n, tickets.ticket.reopen)}</Button>
                    </Show>
                    <Show when=move || !closed() && state.may(TicketAction::Close)>
                        <Button on_click=move |_| turn(state, Wish::Close)>{t!(i18n, tickets.ticket.close)}</Button>
                    </Show>
                </span>
            </div>
            <h1 tabindex="-1">{move || state.ticket.with(|ticket| ticket.title.clone())}</h1>
        </header>
    }
    .into_any()
}

/// Closes or reopens, and says so.
fn turn(state: State, wish: Wish) {
    let i18n = state.i18n;
    let closes = matches!(wish, Wish::Close);
    let id = state.id.to_string();
    spawn_local(async move {
        match state.fulfil(wish).await {
            // Somebody else changed it: the page asks, or says that it is out of reach.
            Ok(false) => {}
            Ok(true) if closes => use_toasts().success(tu_string!(i18n, views.bulk.done.closed.numbered, id = id)),
            Ok(true) => use_toasts().success(tu_string!(i18n, tickets.ticket.reopened_toast, id = id)),
            Err(error) => use_toasts().error(state.unchanged(&error)),
        }
        // The button that was pressed has made way for its opposite, if for any. Until that was there the heading may have taken
        // the focus over, as it does for a while on a page that has just come.
        request_animation_frame(|| {
            let at_heading = |at: &web_sys::HtmlElement| at.matches(".talk-head h1").unwrap_or(false);
            if let Some(heading) = browser::focused().filter(at_heading) {
                heading.blur().ok();
            }
            browser::refocus(".talk-head .push .btn:not(.edit-begin), .talk-head h1");
        });
    });
}

/// Everything said and done.
#[component]
pub fn Talk(
    /// The page.
    state: State,
    /// Whether the text is being edited.
    editing: RwSignal<bool>,
    /// What is new to the person.
    unread: Unread,
) -> impl IntoView {
    let i18n = state.i18n;
    place::follow(state);
    let entries = Memo::new(move |_| {
        let ticket = state.ticket.get();
        state.comments.with(|comments| {
            state.history.with(|history| {
                let comments = (comments.items.as_slice(), comments.next.is_none());
                merge(&ticket, comments, (history.items.as_slice(), history.next.is_none()))
            })
        })
    });
    let entry = move |entry: Entry| {
        let place = entry.place();
        let shown = match entry {
            Entry::Message(comment) => view! {
                <UnreadLine unread before=comment.id/>
                <CommentMessage comment state/>
            }
            .into_any(),
            Entry::Changes(line) => view! { <ChangesLine line state/> }.into_any(),
        };
        view! { <li id=place tabindex="-1">{shown}</li> }
    };
    view! {
        <ol class="talk-list" aria-label=move || t_string!(i18n, tickets.ticket.conversation)>
            <li><Description state editing/></li>
            <For each=move || entries.get() key=Entry::key let:item>
                {entry(item)}
            </For>
        </ol>
        <Rest state/>
    }
    .into_any()
}

/// The first message: the description, or the form that edits it.
#[component]
fn Description(
    /// The page.
    state: State,
    /// Whether the text is being edited.
    editing: RwSignal<bool>,
) -> impl IntoView {
    let requester = Memo::new(move |_| state.ticket.with(|ticket| ticket.requester.clone()));
    let at = state.ticket.with_untracked(|ticket| ticket.created_at);
    let description = Signal::derive(move || state.ticket.with(|ticket| ticket.description.clone()));
    let html = Memo::new(move |_| state.ticket.with(|ticket| ticket.description_html.clone()));
    move || {
        let author = requester.get();
        let name = author.name.clone();
        let aside = move |()| {
            let name = name.clone();
            view! {
                <Show when=move || state.may(TicketAction::Comment) && !editing.get()>
                    <QuoteButton state name=name.clone() body=description/>
                </Show>
            }
            .into_any()
        };
        view! {
            <Message author at aside>
                {move || {
                    if editing.get() {
                        view! { <EditText state editing/> }.into_any()
                    } else {
                        view! { <Prose html=html.get()/> }.into_any()
                    }
                }}
                <Attached comment=None/>
            </Message>
        }
    }
}

/// What is still to be read, or could not be.
#[component]
fn Rest(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let busy = RwSignal::new(false);
    let unread = move || {
        state.comments.with(|comments| comments.next.is_some()) || state.history.with(|history| history.next.is_some())
    };
    let more = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let before = document().query_selector_all(".talk-list > li").map_or(0, |entries| entries.length());
        spawn_local(async move {
            let read = state.load_more().await;
            let _ = busy.try_set(false);
            // After the last of them the button is gone: whoever pressed it goes on with the first that came.
            let first = format!(".talk-list > li:nth-child({})", before + 1);
            request_animation_frame(move || browser::refocus(&first));
            if let Err(error) = read
                && !state.is_lost(&error)
            {
                use_toasts().error(error.message(i18n));
            }
        });
    };
    move || match state.talk.get() {
        Come::Loading => view! {
            <p class="changed" role="status">{t!(i18n, tickets.ticket.loading_talk)}</p>
        }
        .into_any(),
        Come::Failed(error) => view! {
            <div class="changed" role="alert">
                <span>
                    {t!(i18n, tickets.ticket.talk_failed)} ". " {move || error.message(i18n)} " "
                    <button type="button" class="quiet-link" on:click=move |_| state.load_talk()>
                        {t!(i18n, tickets.ticket.retry)}
                    </button>
                </span>
            </div>
        }
        .into_any(),
        Come::Gone => ().into_any(),
        Come::Here => view! {
            <Show when=unread>
                <div class="talk-more">
                    <Button busy on_click=move |_| more()>{t!(i18n, tickets.ticket.more)}</Button>
                </div>
            </Show>
        }
        .into_any(),
    }
}

/// The title of the window.
pub fn window_title(state: State) -> String {
    let title = state.ticket.with(|ticket| ticket.title.clone());
    let status = words::status(state.i18n, state.ticket.with(|ticket| ticket.status));
    format!("{} {title} · {status}", state.id)
}
