//! The log's rows.

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;
use shared::{
    audit::FIELDS,
    ids::{EventId, TicketId, UserId},
};

use super::{Audience, EventKind, NewEvent, chain::Link};
use crate::{
    db::{
        Conn, DbError, dialect, now,
        schema::{event_counter, events, users},
        to_micros,
    },
    on_conn,
};

/// Rows of one statement: times their columns, below what any of the three can bind.
const ROWS: usize = 1_000;

/// An event to append. Its number and its hash are given to it by then.
#[derive(Debug, PartialEq, Eq, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct EventRow {
    /// Given when it is appended.
    pub id: i64,
    /// When, in microseconds.
    pub at: i64,
    /// Who.
    pub actor_id: Option<i64>,
    /// The network address it came from.
    pub address: Option<String>,
    /// What.
    pub kind: &'static str,
    /// The ticket it is about.
    pub ticket_id: Option<i64>,
    /// What else it is about.
    pub subject_id: Option<i64>,
    /// Who may read it.
    pub audience: i16,
    /// JSON.
    pub payload: String,
    /// Given when it is appended.
    pub hash: Vec<u8>,
}

impl EventRow {
    fn link(&self) -> Link<'_> {
        Link {
            id: self.id,
            at: self.at,
            actor_id: self.actor_id,
            address: self.address.as_deref(),
            kind: self.kind,
            ticket_id: self.ticket_id,
            subject_id: self.subject_id,
            audience: self.audience,
            payload: &self.payload,
        }
    }
}

/// Appends an event. As [`append_all`], the last thing of its transaction.
pub async fn append(conn: &mut Conn, event: &NewEvent<'_>) -> Result<(), DbError> {
    append_all(conn, std::slice::from_ref(event)).await
}

/// Appends events, in this order. The last thing of their transaction: from here to the commit other writers wait, so
/// whoever changes many things does that first and tells of all of it here.
pub async fn append_all(conn: &mut Conn, events: &[NewEvent<'_>]) -> Result<(), DbError> {
    if events.is_empty() {
        return Ok(());
    }
    let payloads: Result<Vec<String>, _> = events.iter().map(|event| serde_json::to_string(&event.payload)).collect();
    let payloads = payloads.map_err(|error| DbError::Query(diesel::result::Error::SerializationError(error.into())))?;
    debug_assert!(
        events.iter().flat_map(|event| &event.payload.changes).all(|change| FIELDS.contains(&change.field.as_str())),
        "a field that no page has words for: {events:?}"
    );
    let end = dialect::lock_log(conn).await?;
    // Only now: a later number is never of an earlier moment.
    let at = to_micros(now());
    let row = |(event, payload): (&NewEvent<'_>, String)| EventRow {
        id: 0,
        at,
        actor_id: event.origin.actor.map(|user| user.0),
        // Only the audit tells from where, and it does not tell of what is between two people.
        address: event.origin.address.clone().filter(|_| event.audience != Audience::Pair),
        kind: event.kind.as_str(),
        ticket_id: event.ticket.map(|ticket| ticket.0),
        subject_id: event.subject,
        audience: event.audience.code(),
        payload,
        hash: Vec::new(),
    };
    let rows = events.iter().zip(payloads).map(row).collect();
    link(conn, end, rows).await
}

/// Appends events of other moments, in this order. As [`append_all`], the last thing of their transaction.
pub async fn append_rows(conn: &mut Conn, rows: Vec<EventRow>) -> Result<(), DbError> {
    let end = dialect::lock_log(conn).await?;
    link(conn, end, rows).await
}

/// Numbers events after the last one, chains them to it and keeps them.
async fn link(conn: &mut Conn, end: (i64, Vec<u8>), mut rows: Vec<EventRow>) -> Result<(), DbError> {
    let (mut last, mut hash) = end;
    for row in &mut rows {
        last += 1;
        row.id = last;
        hash = row.link().hash(&hash);
        row.hash.clone_from(&hash);
    }
    insert(conn, rows).await?;
    set_end(conn, last, &hash).await
}

/// diesel-async knows no INSERT of many rows for SQLite, so there they go to diesel itself, in one call.
async fn insert(conn: &mut Conn, rows: Vec<EventRow>) -> Result<(), DbError> {
    match conn {
        Conn::Sqlite(c) => {
            c.spawn_blocking(move |c| {
                rows.iter().try_for_each(|row| {
                    diesel::RunQueryDsl::execute(diesel::insert_into(events::table).values(row), c).map(drop)
                })
            })
            .await?;
        }
        Conn::Postgres(c) => {
            for rows in rows.chunks(ROWS) {
                diesel::insert_into(events::table).values(rows).execute(c).await?;
            }
        }
        Conn::MySql(c) => {
            for rows in rows.chunks(ROWS) {
                diesel::insert_into(events::table).values(rows).execute(c).await?;
            }
        }
    }
    Ok(())
}

/// Notes which event is the last. Whoever calls it holds the log; see [`dialect::lock_log`].
pub async fn set_end(conn: &mut Conn, id: i64, hash: &[u8]) -> Result<(), DbError> {
    Ok(dialect::set_log_end(conn, id, hash).await?)
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
    /// What.
    pub kind: String,
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

/// A ticket's last events, the latest first.
pub async fn last_of_ticket(conn: &mut Conn, ticket: TicketId, limit: i64) -> Result<Vec<KeptRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        events::table
            .filter(events::ticket_id.eq(ticket.0))
            .order(events::id.desc())
            .limit(limit)
            .select(KeptRow::as_select())
            .load(c)
            .await
    })?)
}

/// The tickets that events of a kind about somebody are about, and who did it; in their order.
pub async fn of_subject(
    conn: &mut Conn,
    kind: EventKind,
    subject: UserId,
) -> Result<Vec<(Option<i64>, Option<i64>)>, DbError> {
    Ok(on_conn!(conn, |c| {
        events::table
            .filter(events::subject_id.eq(subject.0))
            .filter(events::kind.eq(kind.as_str()))
            .order(events::id)
            .select((events::ticket_id, events::actor_id))
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

/// Whether the migration found a log that nobody has chained yet.
pub async fn awaits_chain(conn: &mut Conn) -> Result<bool, DbError> {
    let awaits: Option<bool> =
        on_conn!(conn, |c| event_counter::table.select(event_counter::unchained).first(c).await.optional())?;
    Ok(awaits.unwrap_or(false))
}

/// Whether any event is part of a chain.
pub async fn has_hashes(conn: &mut Conn) -> Result<bool, DbError> {
    let chained: Option<i64> = on_conn!(conn, |c| {
        events::table.filter(events::hash.ne(Vec::<u8>::new())).select(events::id).first(c).await.optional()
    })?;
    Ok(chained.is_some())
}

/// Notes that the log is chained from now on.
pub async fn set_chained(conn: &mut Conn) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::update(event_counter::table).set(event_counter::unchained.eq(false)).execute(c).await)?;
    Ok(())
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
    /// Who may read it.
    pub audience: i16,
}

impl HistoryRow {
    /// Whether only staff reads it.
    pub fn is_internal(&self) -> bool {
        self.audience != Audience::Ticket.code()
    }
}

/// The events of a ticket after a number, oldest first; for staff also those about internal notes.
pub async fn ticket_history(
    conn: &mut Conn,
    ticket: TicketId,
    staff: bool,
    after: EventId,
    limit: i64,
) -> Result<Vec<HistoryRow>, DbError> {
    let audience = readable(staff);
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
                events::audience,
            ))
            .load(c)
            .await
    })?)
}

/// How long those events are, in bytes: of what changed, they have the old text and the new one.
pub async fn history_sizes(
    conn: &mut Conn,
    ticket: TicketId,
    staff: bool,
    after: EventId,
    limit: i64,
) -> Result<Vec<i64>, DbError> {
    let audience = readable(staff);
    let whole = dialect::whole(conn);
    let size = || sql::<BigInt>(&format!("CAST(OCTET_LENGTH(payload) AS {whole})"));
    Ok(on_conn!(conn, |c| {
        events::table
            .filter(events::ticket_id.eq(ticket.0))
            .filter(events::id.gt(after.0))
            .filter(events::audience.le(audience))
            .order(events::id)
            .limit(limit)
            .select(size())
            .load(c)
            .await
    })?)
}

/// The events up to which audience somebody reads of a ticket.
fn readable(staff: bool) -> i16 {
    if staff { Audience::Staff } else { Audience::Ticket }.code()
}
