//! Files where they belong: under a message.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::{prelude::*, task::spawn_local};
use shared::{attachments::Attachment, ids::CommentId, permissions::can_delete_attachment};

use super::{choose::keep_focus, size, ticket_files::TicketFiles};
use crate::{
    browser,
    i18n::{t, t_string, tu_string, use_i18n},
    prefs::use_prefs,
    session::use_session,
    ui::{Icon, Symbol, use_toasts},
};

/// The files of a comment, or of the ticket itself.
#[component]
pub fn Attached(
    /// The comment; none for the ticket itself.
    comment: Option<CommentId>,
) -> impl IntoView {
    let i18n = use_i18n();
    let files = use_context::<TicketFiles>();
    let own = Memo::new(move |_| files.map(|files| files.of(comment)).unwrap_or_default());
    // Said once, where those of the ticket itself are.
    let trouble = move || files.filter(|_| comment.is_none()).and_then(TicketFiles::trouble);
    view! {
        {move || trouble().map(|error| view! {
            <p class="attach-trouble files-trouble" role="alert">
                {t!(i18n, attachments.unread)} " " {error.message(i18n)} " "
                <button type="button" class="quiet-link" on:click=move |_| files.map_or((), TicketFiles::retry)>
                    {t!(i18n, common.retry)}
                </button>
            </p>
        })}
        <Show when=move || own.with(|own| !own.is_empty())>
            <ul class="files" aria-label=move || t_string!(i18n, attachments.attached)>
                <For each=move || own.get() key=|file| file.id let:file>
                    <FileCard file/>
                </For>
            </ul>
        </Show>
    }
    .into_any()
}

/// One file: a picture of it or a sheet, its name, its size.
#[component]
fn FileCard(
    /// The file.
    file: Attachment,
) -> impl IntoView {
    let prefs = use_prefs();
    let Attachment { ref name, ref url, size: bytes, ref thumbnail_url, .. } = file;
    let picture = match thumbnail_url.clone() {
        Some(address) => view! { <img class="file-picture" src=address alt="" loading="lazy"/> }.into_any(),
        None => view! { <span class="file-picture" aria-hidden="true"><Icon symbol=Symbol::File/></span> }.into_any(),
    };
    view! {
        <li class="file">
            <a
                class="file-link"
                href=url.clone()
                download=name.clone()
                rel="external"
                // The server takes it for a request that somebody made, and puts off the end of the session.
                on:click=move |_| use_session().touched(browser::now())
            >
                {picture}
                <span class="file-name"><bdi>{name.clone()}</bdi></span>
                <span class="file-size">{move || size::in_words(bytes, prefs.locale())}</span>
            </a>
            {may_delete(&file).then(|| view! { <Delete file=file.clone()/> })}
        </li>
    }
    .into_any()
}

/// Whether the person at the screen may delete it now. When the time is over while they look, the server says so.
fn may_delete(file: &Attachment) -> bool {
    #[allow(clippy::cast_possible_truncation, reason = "milliseconds of this era")]
    let now = DateTime::<Utc>::from_timestamp_millis(browser::now() as i64).unwrap_or_default();
    use_session().user_untracked().is_some_and(|user| {
        let age = (now - file.created_at).max(TimeDelta::zero());
        can_delete_attachment(user.role, user.id == file.uploader.id, age)
    })
}

/// Deletes it, once the person has said so twice.
#[component]
fn Delete(
    /// The file.
    file: Attachment,
) -> impl IntoView {
    let i18n = use_i18n();
    let files = use_context::<TicketFiles>();
    let (sure, busy) = (RwSignal::new(false), RwSignal::new(false));
    let (id, name) = (file.id, file.name.clone());
    let delete = move |_| {
        let Some(files) = files.filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        let name = name.clone();
        spawn_local(async move {
            match files.remove(id).await {
                Ok(()) => {
                    use_toasts().success(tu_string!(i18n, attachments.deleted, name = name));
                    keep_focus();
                }
                Err(error) => {
                    let _ = busy.try_set(false);
                    let _ = sure.try_set(false);
                    use_toasts().error(error.message(i18n));
                }
            }
        });
    };
    let label = file.name.clone();
    // One button takes the place of another, and the focus with it.
    let ask = move |now: bool| {
        sure.set(now);
        request_animation_frame(move || {
            browser::focus_id(&if now { format!("file-sure-{id}") } else { format!("file-x-{id}") });
        });
    };
    view! {
        <Show
            when=move || sure.get()
            fallback=move || {
                let name = label.clone();
                view! {
                    <button
                        type="button"
                        id=format!("file-x-{id}")
                        class="btn btn-quiet btn-icon"
                        aria-label=move || t_string!(i18n, attachments.delete, name = name.clone())
                        on:click=move |_| ask(true)
                    >
                        <Icon symbol=Symbol::Cross/>
                    </button>
                }
            }
        >
            <span class="file-sure" role="group" aria-label=move || t_string!(i18n, attachments.sure)>
                <button type="button" id=format!("file-sure-{id}") class="quiet-link danger" aria-disabled=move || busy.get().then_some("true") on:click=delete.clone()>
                    {t!(i18n, attachments.delete_now)}
                </button>
                <button type="button" class="quiet-link" on:click=move |_| ask(false)>
                    {t!(i18n, common.cancel)}
                </button>
            </span>
        </Show>
    }
    .into_any()
}
