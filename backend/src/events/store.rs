//! The log's rows.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::ids::{EventId, TicketId};

use super::{NewEvent, chain::Link};
use crate::{
    db::{
        Conn, DbError, dialect, now,
        schema::{event_counter, events, users},
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
    hash: &'a [u8],
}

/// Appends an event. The last statement of its transaction: from here to the commit other writers wait.
pub async fn append(conn: &mut Conn, event: &NewEvent<'_>) -> Result<(), DbError> {
    let payload = serde_json::to_string(&event.payload)
        .map_err(|error| DbError::Query(diesel::result::Error::SerializationError(error.into())))?;
    let (last, previous) = dialect::lock_log(conn).await?;
    let link = Link {
        id: last + 1,
        at: to_micros(now()),
        actor_id: event.origin.actor.map(|user| user.0),
        address: event.origin.address.as_deref(),
        kind: event.kind.as_str(),
        ticket_id: event.ticket.map(|ticket| ticket.0),
        subject_id: event.subject,
        audience: event.audience.code(),
        payload: &payload,
    };
    let hash = link.hash(&previous);
    let Link { id, at, actor_id, address, kind, ticket_id, subject_id, audience, payload } = link;
    let row = EventRow { id, at, actor_id, address, kind, ticket_id, subject_id, audience, payload, hash: &hash };
    on_conn!(&mut *conn, |c| diesel::insert_into(events::table).values(&row).execute(c).await)?;
    set_end(conn, id, &hash).await
}

/// Notes which event is the last. Whoever calls it holds the log; see [`dialect::lock_log`].
pub async fn set_end(conn: &mut Conn, id: i64, hash: &[u8]) -> Result<(), DbError> {
    on_conn!(conn, |c| {
        diesel::update(event_counter::table)
            .set((event_counter::last_id.eq(id), event_counter::last_hash.eq(hash)))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// A row as it is kept, with all that is hashed.
#[derive(Queryable, Selectable)]
#[diesel(table_name = events, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct KeptRow {
    /// The number.
    pub id: i64,
    at: i64,
    actor_id: Option<i64>,
    address: Option<String>,
    kind: String,
    ticket_id: Option<i64>,
    subject_id: Option<i64>,
    audience: i16,
    payload: String,
    /// The hash.
    pub hash: Vec<u8>,
}

impl KeptRow {
    /// What of it is hashed.
    pub fn link(&self) -> Link<'_> {
        Link {
            id: self.id,
            at: self.at,
            actor_id: self.actor_id,
            address: self.address.as_deref(),
            kind: &self.kind,
            ticket_id: self.ticket_id,
            subject_id: self.subject_id,
            audience: self.audience,
            payload: &self.payload,
        }
    }
}

/// The events after a number, in their order.
pub async fn after(conn: &mut Conn, id: i64, limit: i64) -> Result<Vec<KeptRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        events::table
            .filter(events::id.gt(id))
            .order(events::id)
            .limit(limit)
            .select(KeptRow::as_select())
            .load(c)
            .await
    })?)
}

/// The number and the hash that the log ends with; none when even that is gone.
pub async fn end(conn: &mut Conn) -> Result<Option<(i64, Vec<u8>)>, DbError> {
    Ok(on_conn!(conn, |c| {
        event_counter::table.select((event_counter::last_id, event_counter::last_hash)).first(c).await.optional()
    })?)
}

/// The first event with a number that has not been given yet. Number and event are kept together, so whoever asks while
/// others write is told of none of theirs.
pub async fn beyond_the_end(conn: &mut Conn) -> Result<Option<i64>, DbError> {
    Ok(on_conn!(conn, |c| {
        events::table
            .inner_join(event_counter::table.on(events::id.gt(event_counter::last_id)))
            .order(events::id)
            .select(events::id)
            .first(c)
            .await
            .optional()
    })?)
}

/// Whether there is an event that is part of the chain.
pub async fn has_chained(conn: &mut Conn) -> Result<bool, DbError> {
    let first: Option<i64> = on_conn!(conn, |c| {
        events::table.filter(events::hash.ne(Vec::new())).select(events::id).first(c).await.optional()
    })?;
    Ok(first.is_some())
}

/// Makes an event part of the chain.
pub async fn set_hash(conn: &mut Conn, id: i64, hash: &[u8]) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::update(events::table.find(id)).set(events::hash.eq(hash)).execute(c).await)?;
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
