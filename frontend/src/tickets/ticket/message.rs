//! One message of the conversation, and its being edited.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::{ev::KeyboardEvent, prelude::*};
use shared::{
    accounts::UserRef,
    ids::{CommentId, UserId},
    permissions::TicketAction,
    tickets::{COMMENT_EDIT_MINUTES, Comment, Visibility},
};

use super::{caution::CautionDialog, edit_message::Edit, prose::Prose, quote::QuoteButton, state::State};
use crate::{
    attachments::Attached,
    browser,
    drafts::is_kept,
    i18n::{t, t_string, use_i18n},
    session::use_session,
    ui::{Avatar, Button, ButtonKind, Icon, RelativeTime, Symbol},
};

/// The frame of every message: who, when, and the paper.
#[component]
pub fn Message(
    /// Who wrote it.
    author: UserRef,
    /// When.
    at: DateTime<Utc>,
    /// When it was last edited, where it was.
    #[prop(optional_no_strip)]
    edited_at: Option<DateTime<Utc>>,
    /// It is an internal note.
    #[prop(optional)]
    note: bool,
    /// What stands at the end of the first line.
    #[prop(optional, into)]
    aside: Option<Callback<(), AnyView>>,
    /// What is written.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = author.name.clone();
    view! {
        <article class="msg" class:note=note>
            <Avatar name=author.name.clone() url=author.avatar_url/>
            <div class="paper">
                <div class="by">
                    <span class="by-whom">
                        <strong>{name}</strong> " "
                        // The dot ends what it follows: it begins no line.
                        <span class="faint"><RelativeTime at clock=true/> {edited_at.map(|_| "\u{a0}·")}</span>
                        {edited_at.map(|at| view! {
                            " " <span class="faint edited">{t!(i18n, conversation.edited)} " " <RelativeTime at/></span>
                        })}
                    </span>
                    <span class="push">{aside.map(|aside| aside.run(()))}</span>
                    {note.then(|| view! {
                        <span class="cat-tag note-mark"><Icon symbol=Symbol::Lock/> {t!(i18n, tickets.message.note)}</span>
                    })}
                </div>
                {children()}
            </div>
        </article>
    }
    .into_any()
}

/// Where the draft of an edited comment is kept.
pub fn draft_key(id: CommentId) -> String {
    format!("comment.{id}.edit")
}

/// The id of the button that begins to edit a comment.
pub fn begin_id(id: CommentId) -> String {
    format!("comment-edit-{id}")
}

/// The id of the field that a comment is edited in.
fn field_id(id: CommentId) -> String {
    format!("comment-text-{id}")
}

/// A comment, which its author may edit for a while.
#[component]
pub fn CommentMessage(
    /// The comment.
    comment: Comment,
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    // A text that was being edited when the session ended is still there, even when it can no longer be saved: whoever
    // was away for too long finds their words, and what to do with them.
    let begun = || is_own(comment.author.id) && is_kept(draft_key(comment.id));
    let editing = RwSignal::from(state.editing(comment.id, begun));
    let Comment { author, created_at, edited_at, visibility, ref body_html, .. } = comment;
    let (id, note) = (comment.id, visibility == Visibility::Internal);
    let html = body_html.clone();
    let editable = still_editable(author.id, created_at);
    let (name, body) = (StoredValue::new(author.name.clone()), StoredValue::new(comment.body.clone()));
    // A field that comes later takes no focus of itself, and what was pressed makes way for it.
    let begin = move |_: web_sys::MouseEvent| {
        editing.set(true);
        request_animation_frame(move || browser::focus_id(&field_id(id)));
    };
    let aside = move |()| {
        view! {
            <Show when=move || state.may(TicketAction::Comment) && !editing.get()>
                <QuoteButton state name=name.get_value() body=Signal::derive(move || body.get_value()) note/>
            </Show>
            <Show when=move || editable.get() && !editing.get()>
                <button type="button" class="quiet-link" id=begin_id(id) on:click=begin>
                    {t!(i18n, tickets.message.edit)}
                </button>
            </Show>
        }
        .into_any()
    };
    let comment = StoredValue::new(Comment { author: author.clone(), ..comment });
    view! {
        <Message author at=created_at edited_at note aside>
            {move || {
                if editing.get() {
                    view! { <EditMessage comment=comment.get_value() state/> }.into_any()
                } else {
                    view! { <Prose html=html.clone()/> }.into_any()
                }
            }}
            <Attached comment=Some(id)/>
        </Message>
    }
    .into_any()
}

fn is_own(author: UserId) -> bool {
    use_session().user_untracked().is_some_and(|user| user.id == author)
}

/// How many milliseconds are left to edit a comment; none when it is negative.
pub fn time_left(created_at: DateTime<Utc>) -> f64 {
    let end = created_at + TimeDelta::minutes(COMMENT_EDIT_MINUTES);
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of this era fit a double")]
    let end = end.timestamp_millis() as f64;
    end - browser::now()
}

/// Whether the reader wrote it and the time to edit it is not over; turns false by itself.
fn still_editable(author: UserId, created_at: DateTime<Utc>) -> ReadSignal<bool> {
    let (own, left) = (is_own(author), time_left(created_at));
    let (editable, set) = signal(own && left > 0.0);
    if own && left > 0.0 {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and fifteen minutes")]
        let left = std::time::Duration::from_millis(left.min(3_600_000.0) as u64);
        if let Ok(handle) = set_timeout_with_handle(
            move || {
                let _ = set.try_set(false);
            },
            left,
        ) {
            on_cleanup(move || handle.clear());
        }
    }
    editable
}

/// The comment's text in a field.
#[component]
fn EditMessage(
    /// The comment.
    comment: Comment,
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let edit = Edit::new(&comment, state);
    let Edit { text, busy, trouble, unseen, .. } = edit;
    let key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if event.ctrl_key() || event.meta_key() => {
            event.prevent_default();
            edit.save();
        }
        "Escape" => edit.leave(),
        _ => {}
    };
    view! {
        <div class="edit-text">
            <textarea
                class="plain"
                id=field_id(comment.id)
                aria-label=move || t_string!(i18n, tickets.message.body)
                aria-invalid=move || trouble.with(Option::is_some).then_some("true")
                readonly=busy
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
                on:keydown=key
            ></textarea>
            <div class="foot">
                {move || trouble.get().map(|trouble| view! { <span class="trouble" role="alert">{trouble}</span> })}
                <Button kind=ButtonKind::Quiet on_click=move |_| edit.discard()>{t!(i18n, tickets.message.cancel)}</Button>
                <Button kind=ButtonKind::Primary busy on_click=move |_| edit.save()>{t!(i18n, tickets.message.save)}</Button>
            </div>
            <CautionDialog state unseen on_save=move |()| edit.send()/>
        </div>
    }
    .into_any()
}
