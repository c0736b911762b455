//! A look into a ticket beside the list, without leaving it: what it is about, the last that was said, how it stands.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;
use shared::{
    ids::TicketId,
    page::MAX_LIMIT,
    tickets::{Comment, PageQuery, Ticket, Visibility},
};

use super::{rows::row_id, state::List};
use crate::{
    api::{ClientError, Purpose, tickets as api},
    browser,
    i18n::{t, t_string, use_i18n},
    ui::{Avatar, CategoryTag, Icon, PriorityMark, RelativeTime, SkeletonRows, StatusMark, Stub, Symbol},
};

/// Whoever goes through the rows does not read each: so long the cursor stands still before a ticket is read.
const PAUSE: Duration = Duration::from_millis(120);
/// How many of the last messages are shown.
const LAST: usize = 3;
/// How many pages of messages are read to find the last ones.
const PAGES: usize = 5;

/// What is known of the ticket.
type Read = Option<Result<(Ticket, Vec<Comment>), ClientError>>;

/// The sheet, while somebody looks into a ticket.
#[component]
pub fn Peek(
    /// The list.
    list: List,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = Memo::new(move |_| list.peek.get().then(|| list.at.get()).flatten());
    let read = RwSignal::new(None::<(TicketId, Read)>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(handle) = timer.try_get_value().flatten() {
            handle.clear();
        }
    };
    on_cleanup(stop);
    Effect::new(move || {
        stop();
        let Some(id) = id.get() else { return read.set(None) };
        if read.with_untracked(|read| read.as_ref().is_some_and(|(known, _)| *known == id)) {
            return;
        }
        read.set(Some((id, None)));
        let look = move || {
            spawn_local(async move {
                let answer = look_into(id).await;
                read.try_update(|read| {
                    if let Some((_, place)) = read.as_mut().filter(|(known, _)| *known == id) {
                        *place = Some(answer);
                    }
                });
            });
        };
        timer.set_value(set_timeout_with_handle(look, PAUSE).ok());
    });
    let close = move |_| {
        list.peek.set(false);
        if let Some(at) = list.at.get_untracked() {
            browser::focus_id_in_place(&row_id(at));
        }
    };
    view! {
        <Show when=move || id.with(Option::is_some)>
            <aside class="peek" aria-label=move || t_string!(i18n, views.peek.label)>
                <div class="peek-head">
                    {move || id.get().map(|id| view! {
                        <Stub id/>
                        <A href=format!("/tickets/{id}") attr:class="btn btn-secondary">{t!(i18n, views.peek.open)}</A>
                    })}
                    <button type="button" class="btn btn-quiet btn-icon" aria-label=move || t_string!(i18n, common.close)
                        title=move || t_string!(i18n, common.close) on:click=close>
                        <Icon symbol=Symbol::Cross/>
                    </button>
                </div>
                <div class="peek-body" aria-live="polite">
                    {move || match read.get() {
                        Some((_, Some(Ok((ticket, last))))) => view! { <Sheet ticket last list/> }.into_any(),
                        Some((_, Some(Err(error)))) => view! { <p class="trouble" role="alert">{error.message(i18n)}</p> }.into_any(),
                        _ => view! { <SkeletonRows rows=5/> }.into_any(),
                    }}
                </div>
            </aside>
        </Show>
    }
    .into_any()
}

/// The ticket and the last of what was said.
async fn look_into(id: TicketId) -> Result<(Ticket, Vec<Comment>), ClientError> {
    let ticket = api::read(id, Purpose::Deliberate).await?;
    let (mut last, mut cursor) = (Vec::new(), None);
    for _ in 0..PAGES {
        let page = api::comments(id, &PageQuery { limit: Some(MAX_LIMIT), cursor }, Purpose::Background).await?;
        last.extend(page.items);
        last.drain(..last.len().saturating_sub(LAST));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok((ticket, last))
}

/// What is shown of the ticket.
#[component]
fn Sheet(
    /// The ticket.
    ticket: Ticket,
    /// The last of what was said.
    last: Vec<Comment>,
    /// The list.
    list: List,
) -> impl IntoView {
    let i18n = use_i18n();
    let category = ticket.category_id;
    let category = move || match category.and_then(|id| list.categories.of(id)) {
        Some(category) => view! { <CategoryTag category/> }.into_any(),
        None => t!(i18n, tickets.side.no_category).into_any(),
    };
    let requester = ticket.requester.clone();
    let assignee = ticket.assignee.map(|person| person.name);
    let quiet = last.is_empty();
    view! {
        <h2>{ticket.title}</h2>
        <dl>
            <dt>{t!(i18n, tickets.side.state)}</dt>
            <dd><StatusMark status=ticket.status label=true/></dd>
            <dt>{t!(i18n, tickets.side.priority)}</dt>
            <dd><PriorityMark priority=ticket.priority label=true/></dd>
            <dt>{t!(i18n, tickets.side.category)}</dt>
            <dd>{category}</dd>
            <dt>{t!(i18n, tickets.side.assignee)}</dt>
            <dd>{move || assignee.clone().unwrap_or_else(|| t_string!(i18n, tickets.side.nobody).to_owned())}</dd>
        </dl>
        <div class="peek-said">
            <p class="peek-by">
                <Avatar name=requester.name.clone() url=requester.avatar_url/>
                <b>{requester.name}</b> <span class="faint"><RelativeTime at=ticket.created_at/></span>
            </p>
            <div class="prose" inner_html=ticket.description_html></div>
        </div>
        <h3>{t!(i18n, views.peek.last)}</h3>
        {quiet.then(|| view! { <p class="faint">{t!(i18n, views.peek.quiet)}</p> })}
        {last.into_iter().map(said).collect_view()}
    }
    .into_any()
}

fn said(comment: Comment) -> impl IntoView {
    let note = comment.visibility == Visibility::Internal;
    let name = comment.author.name.clone();
    view! {
        <div class="peek-said" class:note=note>
            <p class="peek-by">
                <Avatar name=comment.author.name url=comment.author.avatar_url/>
                <b>{name}</b> <span class="faint"><RelativeTime at=comment.created_at/></span>
                {note.then(|| view! { <Icon symbol=Symbol::Lock/> })}
            </p>
            <div class="prose" inner_html=comment.body_html></div>
        </div>
    }
}
