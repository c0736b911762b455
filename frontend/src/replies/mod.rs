//! Saved replies, for staff: the page that keeps them, and what the answer box needs of them.

mod form;
mod remove;
pub mod state;

use leptos::prelude::*;
use leptos_meta::Title;
use shared::replies::{Piece, SavedReply, pieces};

use form::{Editing, ReplyDialog, placeholder_name};
use remove::Ask;
use state::{Replies, matching, one_line};

use crate::{
    i18n::{I18n, t, t_string, use_i18n},
    session::use_session,
    ui::{Button, ButtonKind, EmptyState, Icon, LoadError, SkeletonRows, Symbol, filter::FindBox},
};

/// What the page can open.
#[derive(Debug, Clone, Copy)]
struct Desk {
    replies: Replies,
    editing: RwSignal<Option<Editing>>,
    removing: RwSignal<Option<SavedReply>>,
    /// The words looked for.
    words: RwSignal<String>,
}

/// `/replies`: the list, with making, changing and deleting.
#[component]
pub fn RepliesPage() -> impl IntoView {
    let i18n = use_i18n();
    let replies = Replies::new();
    replies.load();
    let desk = Desk {
        replies,
        editing: RwSignal::new(None),
        removing: RwSignal::new(None),
        words: RwSignal::new(String::new()),
    };
    view! {
        <Title text=move || t_string!(i18n, replies.title)/>
        <div class="replies">
            <div class="people-head">
                <h1>{t!(i18n, replies.title)}</h1>
                <span class="push">
                    <Button kind=ButtonKind::Primary on_click=move |_| desk.editing.set(Some(Editing::New))>
                        {t!(i18n, replies.new)}
                    </Button>
                </span>
            </div>
            <p class="lead">{t!(i18n, replies.lead)}</p>
            <Body desk/>
        </div>
        <ReplyDialog replies editing=desk.editing/>
        <Ask replies removing=desk.removing/>
    }
    .into_any()
}

/// The list, or what there is instead.
#[component]
fn Body(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| desk.replies.items.with(|items| items.as_ref().map(Vec::len)));
    move || match (count.get(), desk.replies.error.get()) {
        (_, Some(error)) => view! { <LoadError error retry=move || desk.replies.load()/> }.into_any(),
        (None, None) => view! { <SkeletonRows rows=5/> }.into_any(),
        (Some(0), None) => view! {
            <EmptyState
                title=move || t_string!(i18n, replies.none_yet)
                text=move || t_string!(i18n, replies.none_yet_hint)
            >
                <Button on_click=move |_| desk.editing.set(Some(Editing::New))>{t!(i18n, replies.first)}</Button>
            </EmptyState>
        }
        .into_any(),
        (Some(_), None) => view! { <Found desk/> }.into_any(),
    }
}

/// Those that match the words looked for.
#[component]
fn Found(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let words = desk.words;
    let found = Memo::new(move |_| {
        words.with(|words| desk.replies.items.with(|items| matching(items.iter().flatten(), words)))
    });
    // Every field that a row shows, so that a change shows.
    let key = |reply: &SavedReply| (reply.id, reply.updated_at);
    view! {
        <div class="tickets-bar">
            <FindBox
                label=Signal::derive(move || t_string!(i18n, replies.search).to_owned())
                text=words
                on_text=move |text| words.set(text)
            />
        </div>
        <Show
            when=move || found.with(|found| !found.is_empty())
            fallback=move || view! { <EmptyState title=move || t_string!(i18n, replies.no_match)/> }
        >
            <ol class="reply-rows" aria-label=move || t_string!(i18n, replies.region)>
                <For each=move || found.get() key=key let:reply>
                    <li><Row reply desk/></li>
                </For>
            </ol>
        </Show>
    }
    .into_any()
}

/// A text with its placeholders as they are called, not as they are written.
pub fn named(i18n: I18n, text: &str) -> String {
    let words = |piece: Piece<'_>| match piece {
        Piece::Known(placeholder, _) => format!("‹{}›", placeholder_name(i18n, placeholder)),
        Piece::Text(written) | Piece::Unknown(written) => written.to_owned(),
    };
    pieces(text).into_iter().map(words).collect()
}

/// One saved reply and what can be done with it.
#[component]
fn Row(
    /// The saved reply.
    reply: SavedReply,
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let own = use_session().user_untracked().is_some_and(|user| user.id == reply.author.id);
    let SavedReply { title, shared, author, editable, .. } = reply.clone();
    // The row is drawn anew when it has been changed: by this name the focus finds back.
    let edit_id = format!("reply-edit-{}", reply.id);
    let kept = StoredValue::new(reply);
    let line = move || kept.with_value(|reply| one_line(&named(i18n, &reply.body)));
    let title_of = move || kept.with_value(|reply| reply.title.clone());
    let whose = move || match (shared, own) {
        (true, true) => t_string!(i18n, replies.of_all).to_owned(),
        (true, false) => t_string!(i18n, replies.of_all_by, name = author.name.clone()),
        (false, _) => t_string!(i18n, replies.of_me).to_owned(),
    };
    let tools = editable.then(|| {
        view! {
            <span class="tools">
                <button
                    type="button"
                    class="quiet-link"
                    id=edit_id
                    aria-label=move || t_string!(i18n, replies.edit_name, name = title_of())
                    on:click=move |_| desk.editing.set(Some(Editing::Reply(kept.get_value())))
                >
                    {t!(i18n, replies.edit)}
                </button>
                <button
                    type="button"
                    class="quiet-link"
                    aria-label=move || t_string!(i18n, replies.remove_name, name = title_of())
                    on:click=move |_| desk.removing.set(Some(kept.get_value()))
                >
                    {t!(i18n, replies.remove)}
                </button>
            </span>
        }
    });
    view! {
        <div class="what">
            <strong>{title}</strong>
            <p>{line}</p>
            <span class="whose">{(!shared).then(|| view! { <Icon symbol=Symbol::Lock/> })} {whose}</span>
        </div>
        {tools}
    }
    .into_any()
}
