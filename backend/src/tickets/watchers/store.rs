//! Who follows what, in the database.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::ids::{TicketId, UserId};

use crate::{
    db::{
        Conn, DbError,
        schema::{ticket_watchers, users},
    },
    on_conn,
};

/// The active people who follow a ticket, after one of them: number, name, picture, since when.
pub async fn list(
    conn: &mut Conn,
    ticket: TicketId,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, String, Option<i64>, i64)>, DbError> {
    Ok(on_conn!(conn, |c| {
        ticket_watchers::table
            .inner_join(users::table)
            .filter(ticket_watchers::ticket_id.eq(ticket.0))
            .filter(ticket_watchers::user_id.gt(after))
            .filter(users::active.eq(true))
            .order(ticket_watchers::user_id)
            .limit(limit)
            .select((users::id, users::name, users::avatar_at, ticket_watchers::created_at))
            .load(c)
            .await
    })?)
}

/// Notes that a person follows a ticket; false when they did already, or do so at this moment through another request.
pub async fn add(conn: &mut Conn, ticket: TicketId, person: UserId, now: i64) -> Result<bool, DbError> {
    let row = (
        ticket_watchers::ticket_id.eq(ticket.0),
        ticket_watchers::user_id.eq(person.0),
        ticket_watchers::created_at.eq(now),
    );
    let added = match conn {
        Conn::Sqlite(c) => diesel::insert_or_ignore_into(ticket_watchers::table).values(row).execute(&mut **c).await,
        Conn::Postgres(c) => {
            diesel::insert_into(ticket_watchers::table).values(row).on_conflict_do_nothing().execute(c).await
        }
        Conn::MySql(c) => diesel::insert_or_ignore_into(ticket_watchers::table).values(row).execute(c).await,
    }?;
    Ok(added > 0)
}

/// Notes that a person follows a ticket no more; false when they did not.
pub async fn remove(conn: &mut Conn, ticket: TicketId, person: UserId) -> Result<bool, DbError> {
    Ok(on_conn!(conn, |c| {
        diesel::delete(
            ticket_watchers::table
                .filter(ticket_watchers::ticket_id.eq(ticket.0))
                .filter(ticket_watchers::user_id.eq(person.0)),
        )
        .execute(c)
        .await
    })? > 0)
}
