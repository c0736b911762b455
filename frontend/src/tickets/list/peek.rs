//! A look into a ticket beside the list, without leaving it: what it is about, the last that was said, how it stands.

use std::time::Duration;

use chrono::{DateTime, Utc};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::components::A;
use shared::{
    ids::TicketId,
    page::MAX_LIMIT,
    problem::ProblemCode,
    tickets::{Comment, PageQuery, Ticket, Visibility},
};

use super::{rows::row_id, state::List, viewport::PEEK};
use crate::{
    api::{ClientError, Purpose, tickets as api},
    beside, browser,
    i18n::{t, t_string, use_i18n},
    ui::{Avatar, CategoryTag, Icon, PriorityMark, RelativeTime, SkeletonRows, StatusMark, Stub, Symbol},
};

/// Whoever goes through the rows does not read each: so long the cursor stands still before a ticket is read.
const PAUSE: Duration = Duration::from_millis(120);
/// How many of the last messages are shown.
const LAST: usize = 3;

/// What is looked into, and what of its row says that something happened to it.
type Looked = (TicketId, Option<(i64, DateTime<Utc>)>);

/// What is known of a ticket.
#[derive(Debug, Clone)]
struct Seen {
    ticket: Ticket,
    last: Vec<Comment>,
    /// Where its last messages start, with those of a whole page before them; nothing stands for the beginning.
    from: Option<String>,
}

/// What is shown of a ticket: nothing until it comes, or cannot.
type Read = Option<Result<Seen, ClientError>>;

/// The sheet, while somebody looks into a ticket.
#[component]
pub fn Peek(
    /// The list.
    list: List,
) -> impl IntoView {
    let i18n = use_i18n();
    let looked = Memo::new(move |_| -> Option<Looked> {
        let id = list.peek.get().then(|| list.at.get()).flatten()?;
        let state = list.shown.with(|shown| {
            let row = shown.as_ref()?.items.iter().find(|row| row.id == id)?;
            Some((row.version, row.updated_at))
        });
        Some((id, state))
    });
    let id = Memo::new(move |_| looked.get().map(|(id, _)| id));
    let read = RwSignal::new(None::<(TicketId, Read)>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    // Counts the readings, and which of them is shown: an earlier one may come late.
    let readings = StoredValue::new((0_u32, 0_u32));
    let stop = move || {
        if let Some(handle) = timer.try_get_value().flatten() {
            handle.clear();
        }
    };
    on_cleanup(stop);
    Effect::new(move || {
        stop();
        let Some((id, _)) = looked.get() else { return read.set(None) };
        let follows = read.with_untracked(|read| read.as_ref().is_some_and(|(known, _)| *known == id));
        if !follows {
            read.set(Some((id, None)));
        }
        // What others do keeps no session alive.
        let purpose = if follows { Purpose::Background } else { Purpose::Deliberate };
        let number = readings.with_value(|readings| readings.0.wrapping_add(1));
        readings.update_value(|readings| readings.0 = number);
        let look = move || {
            spawn_local(async move {
                let from = read.try_with_untracked(|read| match read {
                    Some((known, Some(Ok(seen)))) if *known == id => seen.from.clone(),
                    _ => None,
                });
                let goes_on = move || id_of(looked) == Some(id);
                let answer = look_into(id, from.flatten(), purpose, goes_on).await;
                if readings.try_with_value(|readings| number > readings.1) != Some(true) {
                    return;
                }
                let _ = readings.try_update_value(|readings| readings.1 = number);
                read.try_update(|read| {
                    if let Some((_, place)) = read.as_mut().filter(|(known, _)| *known == id) {
                        take_over(place, answer);
                    }
                });
            });
        };
        timer.set_value(set_timeout_with_handle(look, PAUSE).ok());
    });
    // The row that is looked into stays in sight, whatever room is left to the list.
    let there = Memo::new(move |_| id.with(Option::is_some));
    Effect::new(move |before: Option<bool>| {
        let there = there.get();
        if there || before == Some(true) {
            request_animation_frame(move || show_row(list));
        }
        there
    });
    // Whoever listens goes through the rows: they hear which it is, and go on or look for the rest.
    let told = Memo::new(move |_| {
        read.with(|read| match read {
            Some((id, Some(Ok(seen)))) => format!("{id}: {}", seen.ticket.title),
            _ => String::new(),
        })
    });
    let sheet = NodeRef::<html::Aside>::new();
    let close = move |_| {
        list.peek.set(false);
        if let Some(at) = list.at.get_untracked() {
            browser::focus_id_in_place(&row_id(at));
        }
    };
    view! {
        <Show when=move || there.get()>
            {beside::stand(sheet, list.peek)}
            <aside class="peek" id=PEEK node_ref=sheet aria-label=move || t_string!(i18n, views.peek.label)>
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
                <p class="visually-hidden" role="status">{move || told.get()}</p>
                // Read by the keys, too: what is longer than the sheet scrolls, and may have nothing in it that takes the focus.
                <div class="peek-body" tabindex="0" role="group" aria-label=move || t_string!(i18n, views.peek.label)>
                    {move || match read.get() {
                        Some((_, Some(Ok(Seen { ticket, last, .. })))) => view! { <Sheet ticket last list/> }.into_any(),
                        Some((_, Some(Err(error)))) => view! { <p class="trouble" role="alert">{error.message(i18n)}</p> }.into_any(),
                        _ => view! { <SkeletonRows rows=5/> }.into_any(),
                    }}
                </div>
            </aside>
        </Show>
    }
    .into_any()
}

/// Scrolls to the row under the cursor as far as it is out of sight.
fn show_row(list: List) {
    let count = list.shown.try_with_untracked(|shown| shown.as_ref().map_or(0, |shown| shown.items.len()));
    if let Some(((place, _), count)) = list.current().zip(count) {
        list.viewport.reveal(place, count);
    }
}

/// What is looked into now; nothing once the page was left. Untracked.
fn id_of(looked: Memo<Option<Looked>>) -> Option<TicketId> {
    looked.try_get_untracked().flatten().map(|(id, _)| id)
}

/// Shows an answer in place of the one before. What was read once stays when only reading it again fails.
fn take_over(place: &mut Read, answer: Result<Seen, ClientError>) {
    let is_lost = |error: &ClientError| error.code() == Some(ProblemCode::NotFound);
    let stays = matches!((&*place, &answer), (Some(Ok(_)), Err(error)) if !is_lost(error));
    if !stays {
        *place = Some(answer);
    }
}

/// The ticket and the last of what was said, which is looked for from a place on for as long as somebody looks.
async fn look_into(
    id: TicketId,
    mut from: Option<String>,
    purpose: Purpose,
    goes_on: impl Fn() -> bool,
) -> Result<Seen, ClientError> {
    let ticket = api::read(id, purpose).await?;
    let (mut last, mut cursor) = (Vec::new(), from.clone());
    loop {
        let query = PageQuery { limit: Some(MAX_LIMIT), cursor: cursor.clone() };
        let page = api::comments(id, &query, Purpose::Background).await?;
        last.extend(page.items);
        last.drain(..last.len().saturating_sub(LAST));
        if page.next_cursor.is_none() || !goes_on() {
            return Ok(Seen { ticket, last, from });
        }
        // The last page may be short: next time it is read with the one before.
        from = cursor;
        cursor = page.next_cursor;
    }
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
