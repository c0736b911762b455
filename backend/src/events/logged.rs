//! What is read from the log.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use shared::{
    ids::{EventId, TicketId, UserId},
    tickets::{Change, HistoryKind},
};

use super::{Audience, EventKind, Payload, store};
use crate::db::{Conn, DbError, from_micros, to_micros};

/// An event as the log has it.
#[derive(Debug, Clone)]
pub struct LoggedEvent {
    /// The number; later events have larger ones, without gaps.
    pub id: EventId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it; none when the program did.
    pub actor: Option<UserId>,
    /// What, by its name in the log.
    pub kind: String,
    /// What; none that only a later version of the program knows.
    pub known: Option<EventKind>,
    /// The ticket it is about.
    pub ticket: Option<TicketId>,
    /// What else it is about; see [`NewEvent::subject`].
    pub subject: Option<i64>,
    /// Who may see it; nobody, when a later version of the program wrote it.
    pub audience: Option<Audience>,
    /// The rest.
    pub payload: Payload,
}

impl From<store::KeptRow> for LoggedEvent {
    fn from(row: store::KeptRow) -> Self {
        let link = row.link();
        Self {
            id: EventId(link.id),
            at: from_micros(link.at),
            actor: link.actor_id.map(UserId),
            ticket: link.ticket_id.map(TicketId),
            subject: link.subject_id,
            audience: Audience::of_code(link.audience),
            payload: serde_json::from_str(link.payload).unwrap_or_default(),
            known: EventKind::of_name(&row.kind),
            kind: row.kind,
        }
    }
}

/// The events after a number, in their order, at most so many.
pub async fn after(conn: &mut Conn, id: EventId, limit: i64) -> Result<Vec<LoggedEvent>, DbError> {
    Ok(store::after(conn, id.0, limit).await?.into_iter().map(LoggedEvent::from).collect())
}

/// The last change of a field.
#[derive(Debug, Clone)]
pub struct LastChange {
    /// Who did it; none when the program did.
    pub actor: Option<UserId>,
    /// When, in microseconds.
    pub at: i64,
    /// From what to what.
    pub change: Change,
}

/// How many of a ticket's last events are looked through for a change.
const LAST: i64 = 50;

/// The last change of a field of a ticket, when it is among the last things that happened to it.
pub async fn last_change(conn: &mut Conn, ticket: TicketId, field: &str) -> Result<Option<LastChange>, DbError> {
    let rows = store::last_of_ticket(conn, ticket, LAST).await?;
    Ok(rows.into_iter().map(LoggedEvent::from).find_map(|event| {
        let change = event.payload.changes.into_iter().find(|change| change.field == field)?;
        Some(LastChange { actor: event.actor, at: to_micros(event.at), change })
    }))
}

/// The tickets that somebody began to follow by themselves, and was not invited to since.
pub async fn chose_to_follow(conn: &mut Conn, person: UserId) -> Result<HashSet<TicketId>, DbError> {
    let mut chosen = HashSet::new();
    for (ticket, actor) in store::of_subject(conn, EventKind::Ticket(HistoryKind::WatcherAdded), person).await? {
        let Some(ticket) = ticket.map(TicketId) else { continue };
        if actor == Some(person.0) {
            chosen.insert(ticket);
        } else {
            chosen.remove(&ticket);
        }
    }
    Ok(chosen)
}

/// How many events there are: the number of the last one.
pub async fn count(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(store::end(conn).await?.map_or(0, |(last, _)| last))
}
