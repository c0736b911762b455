//! The event log, asked by the audit.
//!
//! No single index leads to "this person did it, or it was done to them" or to several kinds in the order of time. So the
//! log is asked in pieces, each of them one range of one index that reads no more rows than a page has; see
//! [`super::service`].

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;

use crate::{
    db::{Conn, DbError, LoadAll, dialect, schema::events},
    events::{Audience, EventKind},
    on_conn,
};

/// A row of the log.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = events, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct EntryRow {
    pub id: i64,
    pub at: i64,
    pub actor_id: Option<i64>,
    pub address: Option<String>,
    pub kind: String,
    pub ticket_id: Option<i64>,
    pub subject_id: Option<i64>,
    pub payload: String,
    pub hash: Vec<u8>,
}

/// What every piece is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub actor: Option<i64>,
    pub ticket: Option<i64>,
    pub address: Option<String>,
    /// In microseconds; the first moment that counts, and the first that no longer does.
    pub from: Option<i64>,
    pub to: Option<i64>,
    /// The moment and the number of the entry that the page comes after.
    pub after: Option<(i64, i64)>,
    pub limit: i64,
}

/// What one piece is narrowed by besides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Piece<'a> {
    pub kind: Option<&'a str>,
    /// For whom it is, unless the kind says so.
    pub audience: Option<Audience>,
    /// Who did it.
    pub by: Option<i64>,
    /// The person it was done to: one of the kinds that are about people.
    pub to: Option<(i64, &'a [EventKind])>,
}

/// Where a row is in the order of the log, and how long it is.
#[derive(Debug, Queryable)]
pub struct Place {
    pub at: i64,
    pub id: i64,
    /// In bytes.
    pub size: i64,
}

/// Some rows, in no order.
pub async fn find_all(conn: &mut Conn, ids: Vec<i64>) -> Result<Vec<EntryRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        events::table.filter(events::id.eq_any(ids)).select(EntryRow::as_select()).load(c).await
    })?)
}

/// Where the rows of all pieces are, each newest first.
pub async fn list(conn: &mut Conn, pieces: &[Piece<'_>], filter: &Filter) -> Result<Vec<Place>, DbError> {
    let whole = dialect::whole(conn);
    let size = || sql::<BigInt>(&format!("CAST(OCTET_LENGTH(payload) AS {whole})"));
    Ok(on_conn!(conn, |c| {
        let range = |piece: &Piece| {
            let mut query = events::table
                .select((events::at, events::id, size()))
                .order((events::at.desc(), events::id.desc()))
                .limit(filter.limit)
                .into_boxed::<Backend>();
            if let Some(kind) = piece.kind {
                query = query.filter(events::kind.eq(kind.to_owned()));
            }
            if let Some(audience) = piece.audience {
                query = query.filter(events::audience.eq(audience.code()));
            }
            if let Some(person) = piece.by {
                query = query.filter(events::actor_id.eq(person));
            }
            if let Some((person, kinds)) = piece.to {
                let kinds: Vec<&'static str> = kinds.iter().map(|kind| kind.as_str()).collect();
                query = query.filter(events::subject_id.eq(person)).filter(events::kind.eq_any(kinds));
            }
            if let Some(actor) = filter.actor {
                query = query.filter(events::actor_id.eq(actor));
            }
            if let Some(ticket) = filter.ticket {
                query = query.filter(events::ticket_id.eq(ticket));
            }
            if let Some(address) = &filter.address {
                query = query.filter(events::address.eq(address.clone()));
            }
            if let Some(from) = filter.from {
                query = query.filter(events::at.ge(from));
            }
            if let Some(to) = filter.to {
                query = query.filter(events::at.lt(to));
            }
            if let Some((at, id)) = filter.after {
                query = query.filter(events::at.le(at)).filter(events::at.lt(at).or(events::id.lt(id)));
            }
            query
        };
        c.load_all(pieces.iter().map(range).collect()).await
    })?)
}
