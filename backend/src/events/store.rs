//! The log's rows.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::ids::{EventId, TicketId};

use super::NewEvent;
use crate::{
    db::{
        Conn, DbError, dialect, now,
        schema::{events, users},
        to_micros,
    },
    on_conn,
};

#[derive(Insertable)]
#[diesel(table_name = events)]
struct EventRow<'a> {
    id: i64,
    at: i64,
    actor_id: Option<i64>,
    address: Option<&'a str>,
    kind: &'a str,
    ticket_id: Option<i64>,
    subject_id: Option<i64>,
    audience: i16,
    payload: &'a str,
}

/// Appends an event. The last statement of its transaction: from here to the commit other writers wait.
pub async fn append(conn: &mut Conn, event: &NewEvent<'_>) -> Result<(), DbError> {
    let payload = serde_json::to_string(&event.payload)
        .map_err(|error| DbError::Query(diesel::result::Error::SerializationError(error.into())))?;
    let id = dialect::next_event_id(conn).await?;
    let row = EventRow {
        id,
        at: to_micros(now()),
        actor_id: event.origin.actor.map(|user| user.0),
        address: event.origin.address.as_deref(),
        kind: event.kind.as_str(),
        ticket_id: event.ticket.map(|ticket| ticket.0),
        subject_id: event.subject,
        audience: event.audience.code(),
        payload: &payload,
    };
    on_conn!(conn, |c| diesel::insert_into(events::table).values(&row).execute(c).await)?;
    Ok(())
}

/// One row of a ticket's history, with its actor.
#[derive(Queryable)]
pub struct HistoryRow {
    /// The number.
    pub id: i64,
    /// When.
    pub at: i64,
    /// What.
    pub kind: String,
    /// JSON.
    pub payload: String,
    /// Who.
    pub actor_id: Option<i64>,
    /// Their name.
    pub actor_name: Option<String>,
    /// When their picture was set.
    pub actor_avatar: Option<i64>,
}

/// The events of a ticket after a number, oldest first; for staff also those about internal notes.
pub async fn ticket_history(
    conn: &mut Conn,
    ticket: TicketId,
    staff: bool,
    after: EventId,
    limit: i64,
) -> Result<Vec<HistoryRow>, DbError> {
    let audience = if staff { super::Audience::Staff } else { super::Audience::Ticket }.code();
    Ok(on_conn!(conn, |c| {
        events::table
            .left_join(users::table.on(users::id.nullable().eq(events::actor_id)))
            .filter(events::ticket_id.eq(ticket.0))
            .filter(events::id.gt(after.0))
            .filter(events::audience.le(audience))
            .order(events::id)
            .limit(limit)
            .select((
                events::id,
                events::at,
                events::kind,
                events::payload,
                events::actor_id,
                users::name.nullable(),
                users::avatar_at.nullable(),
            ))
            .load(c)
            .await
    })?)
}
