//! Who waits for what, and who was told, in the database.

use diesel::{
    dsl::{count_star, max},
    prelude::*,
};
use diesel_async::RunQueryDsl;
use shared::ids::UserId;

use super::Bounds;
use crate::{
    db::{
        Conn, DbError,
        schema::{chat_digests, conversations, messages, users},
    },
    on_conn,
};

/// When somebody was told of messages, and of which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// When, in microseconds.
    pub at: i64,
    /// The last message they were told of, of those before which none can come any more.
    pub last: i64,
}

/// What somebody wrote that was not read.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Waiting {
    /// Who.
    pub from_id: i64,
    /// How many messages.
    pub count: i64,
}

/// Somebody who is to be told of messages.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// Who.
    pub person: UserId,
    /// When they were last told, if they were.
    pub told: Option<Told>,
}

/// People after a number, in the order of their numbers, who are away, may be told now, and have not read a message that they
/// were not told of and that has waited for long enough.
pub async fn due(conn: &mut Conn, bounds: Bounds, after: i64, limit: i64) -> Result<Vec<Due>, DbError> {
    let rows: Vec<(i64, Option<i64>, Option<i64>)> = on_conn!(conn, |c| {
        let theirs = messages::to_id.eq(conversations::user_id).and(messages::from_id.eq(conversations::peer_id));
        let more = chat_digests::told_at.le(bounds.told).and(chat_digests::last_message_id.lt(messages::id));
        conversations::table
            .inner_join(users::table.on(users::id.eq(conversations::user_id)))
            .inner_join(messages::table.on(theirs))
            .left_join(chat_digests::table.on(chat_digests::user_id.eq(conversations::user_id)))
            .filter(conversations::unread.gt(0))
            .filter(conversations::user_id.gt(after))
            .filter(users::active.eq(true))
            .filter(users::last_seen_at.is_null().or(users::last_seen_at.lt(bounds.seen)))
            .filter(messages::read_at.is_null())
            .filter(messages::deleted_at.is_null())
            .filter(messages::created_at.le(bounds.written))
            .filter(chat_digests::user_id.nullable().is_null().or(more.nullable()))
            .order(conversations::user_id)
            .limit(limit)
            .select((
                conversations::user_id,
                chat_digests::told_at.nullable(),
                chat_digests::last_message_id.nullable(),
            ))
            .distinct()
            .load(c)
            .await
    })?;
    let due = |(person, at, last): (i64, Option<i64>, Option<i64>)| Due {
        person: UserId(person),
        told: at.zip(last).map(|(at, last)| Told { at, last }),
    };
    Ok(rows.into_iter().map(due).collect())
}

/// When the first message after one was written that a person has not read.
pub async fn oldest_after(conn: &mut Conn, person: UserId, after: i64) -> Result<Option<i64>, DbError> {
    Ok(on_conn!(conn, |c| {
        messages::table
            .filter(messages::to_id.eq(person.0))
            .filter(messages::read_at.is_null())
            .filter(messages::deleted_at.is_null())
            .filter(messages::id.gt(after))
            .order(messages::id)
            .select(messages::created_at)
            .first(c)
            .await
            .optional()
    })?)
}

/// What waits for a person, by who wrote it.
pub async fn waiting(conn: &mut Conn, person: UserId) -> Result<Vec<Waiting>, DbError> {
    Ok(on_conn!(conn, |c| {
        messages::table
            .filter(messages::to_id.eq(person.0))
            .filter(messages::read_at.is_null())
            .filter(messages::deleted_at.is_null())
            .group_by(messages::from_id)
            .order(messages::from_id)
            .select((messages::from_id, count_star()))
            .load(c)
            .await
    })?)
}

/// The last message that was written to a person until a moment and that they have not read.
pub async fn last_until(conn: &mut Conn, person: UserId, moment: i64) -> Result<Option<i64>, DbError> {
    Ok(on_conn!(conn, |c| {
        messages::table
            .filter(messages::to_id.eq(person.0))
            .filter(messages::read_at.is_null())
            .filter(messages::deleted_at.is_null())
            .filter(messages::created_at.le(moment))
            .select(max(messages::id))
            .first(c)
            .await
    })?)
}

/// Notes that a person is told now; false when somebody else has told them since they were told last. Of two who tell somebody
/// for the first time one hits upon the other's row.
pub async fn claim(conn: &mut Conn, person: UserId, before: Option<Told>, now: Told) -> Result<bool, DbError> {
    let claimed = if let Some(before) = before {
        let unchanged =
            chat_digests::table.filter(chat_digests::user_id.eq(person.0)).filter(chat_digests::told_at.eq(before.at));
        let told = (chat_digests::told_at.eq(now.at), chat_digests::last_message_id.eq(now.last));
        on_conn!(conn, |c| diesel::update(unchanged).set(told).execute(c).await)?
    } else {
        let row = (
            chat_digests::user_id.eq(person.0),
            chat_digests::told_at.eq(now.at),
            chat_digests::last_message_id.eq(now.last),
        );
        on_conn!(conn, |c| diesel::insert_into(chat_digests::table).values(row).execute(c).await)?
    };
    Ok(claimed > 0)
}
