//! What happened to a ticket: its events, in the caller's eyes.

use shared::{
    ids::{EventId, TicketId},
    page::Page,
    permissions::TicketAction,
    tickets::{HistoryEntry, HistoryKind, PageQuery},
};

use super::access;
use crate::{
    accounts::rows::user_ref,
    auth::caller::Caller,
    db::{Db, from_micros},
    error::AppError,
    events::{self, HistoryRow, Payload},
    web::paging,
};

/// A ticket's history, oldest first. A page of long texts that were changed ends before its limit.
pub async fn list(db: &Db, caller: &Caller, id: TicketId, query: &PageQuery) -> Result<Page<HistoryEntry>, AppError> {
    let limit = paging::limit(query.limit)?;
    let scope = paging::scope("history", &id)?;
    let after = paging::decode::<i64>(&scope, query.cursor.as_deref())?.unwrap_or(0);
    let mut conn = db.read().await?;
    let ticket = access::visible(&mut conn, caller, id).await?;
    let staff = access::may(caller, &ticket, TicketAction::Note);
    let sizes = events::history_sizes(&mut conn, id, staff, EventId(after), paging::one_more(limit)).await?;
    let limit = paging::fitting(&sizes, limit);
    let rows = events::ticket_history(&mut conn, id, staff, EventId(after), paging::one_more(limit)).await?;
    drop(conn);
    let page = paging::page(&scope, rows, limit, |row| row.id, entry)?;
    Ok(Page { items: page.items.into_iter().flatten().collect(), next_cursor: page.next_cursor })
}

/// None for a kind that this program does not know.
fn entry(row: HistoryRow) -> Option<HistoryEntry> {
    let kind: HistoryKind = row.kind.parse().ok()?;
    let internal = row.is_internal();
    let Payload { changes, comment_id, .. } = serde_json::from_str(&row.payload).unwrap_or_default();
    Some(HistoryEntry {
        id: EventId(row.id),
        at: from_micros(row.at),
        actor: row.actor_id.zip(row.actor_name).map(|(id, name)| user_ref(id, name, row.actor_avatar)),
        kind,
        comment_id,
        internal,
        changes,
    })
}
