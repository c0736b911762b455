//! Messages and conversations in the database.

use diesel::{
    dsl::{count_star, max, sql},
    prelude::*,
    sql_types::BigInt,
};
use diesel_async::RunQueryDsl;
use shared::ids::{MessageFileId, MessageId, UserId};

use super::rows::{ConversationRow, FileRow, FullFile, MessageRow, NewFile, NewMessage, Pair};
use crate::{
    attachments::BlobRow,
    db::{
        Conn, DbError, dialect,
        schema::{blobs, conversations, message_files, messages, users},
    },
    insert_for_id, on_conn,
    text::like_pattern,
};

/// Holds what two people wrote until the transaction ends: others who change any of it wait. False when they never wrote.
pub async fn lock(conn: &mut Conn, pair: Pair) -> Result<bool, DbError> {
    let row = || conversations::table.find((pair.low, pair.high)).select(conversations::unread);
    let found: Option<i32> = match conn {
        // The one writer needs no lock.
        Conn::Sqlite(c) => row().first(&mut **c).await.optional()?,
        Conn::Postgres(c) => row().for_update().first(&mut **c).await.optional()?,
        Conn::MySql(c) => row().for_update().first(&mut **c).await.optional()?,
    };
    Ok(found.is_some())
}

/// The same for two who may never have written.
pub async fn open(conn: &mut Conn, pair: Pair) -> Result<(), DbError> {
    if !lock(conn, pair).await? {
        dialect::open_conversation(conn, (pair.low, pair.high)).await?;
        dialect::open_conversation(conn, (pair.high, pair.low)).await?;
    }
    Ok(())
}

/// Whether two people have written to each other.
pub async fn have_written(conn: &mut Conn, pair: Pair) -> Result<bool, DbError> {
    let found: Option<i64> = on_conn!(conn, |c| {
        conversations::table
            .find((pair.low, pair.high))
            .filter(conversations::last_message_id.gt(0))
            .select(conversations::last_message_id)
            .first(c)
            .await
            .optional()
    })?;
    Ok(found.is_some())
}

/// Notes in both conversations of a pair that a message came last, and that it is unread.
pub async fn note_last(conn: &mut Conn, pair: Pair, id: i64, to: UserId) -> Result<(), DbError> {
    for (user, peer) in [(pair.low, pair.high), (pair.high, pair.low)] {
        let more = i32::from(user == to.0);
        on_conn!(&mut *conn, |c| {
            diesel::update(conversations::table.find((user, peer)))
                .set((conversations::last_message_id.eq(id), conversations::unread.eq(conversations::unread + more)))
                .execute(c)
                .await
        })?;
    }
    Ok(())
}

/// The message that a person's program has called so.
pub async fn find_by_client(
    conn: &mut Conn,
    from: UserId,
    to: UserId,
    client_id: &str,
) -> Result<Option<MessageId>, DbError> {
    let found: Option<i64> = on_conn!(conn, |c| {
        messages::table
            .filter(messages::from_id.eq(from.0))
            .filter(messages::to_id.eq(to.0))
            .filter(messages::client_id.eq(client_id))
            .select(messages::id)
            .first(c)
            .await
            .optional()
    })?;
    Ok(found.map(MessageId))
}

/// Adds a message.
pub async fn insert(conn: &mut Conn, message: &NewMessage<'_>) -> Result<MessageId, DbError> {
    Ok(MessageId(insert_for_id!(conn, messages, message)?))
}

/// Adds a file to a message.
pub async fn insert_file(conn: &mut Conn, file: &NewFile<'_>) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::insert_into(message_files::table).values(file).execute(c).await)?;
    Ok(())
}

/// One message.
pub async fn find(conn: &mut Conn, id: MessageId) -> Result<Option<MessageRow>, DbError> {
    Ok(on_conn!(conn, |c| messages::table.find(id.0).select(MessageRow::as_select()).first(c).await.optional())?)
}

/// Several messages, in the order they were written.
pub async fn find_all(conn: &mut Conn, ids: &[i64]) -> Result<Vec<MessageRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        messages::table
            .filter(messages::id.eq_any(ids.to_vec()))
            .order(messages::id)
            .select(MessageRow::as_select())
            .load(c)
            .await
    })?)
}

/// What two people wrote before a message, newest first; only what has all these folded words.
pub async fn page(
    conn: &mut Conn,
    pair: Pair,
    words: &[String],
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<MessageRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        let mut rows = messages::table
            .filter(messages::low_id.eq(pair.low))
            .filter(messages::high_id.eq(pair.high))
            .order(messages::id.desc())
            .limit(limit)
            .select(MessageRow::as_select())
            .into_boxed::<Backend>();
        for word in words {
            rows = rows.filter(messages::body_folded.like(like_pattern(word)).escape('!'));
        }
        if let Some(before) = before {
            rows = rows.filter(messages::id.lt(before));
        }
        rows.load(c).await
    })?)
}

/// The files of some messages, in their order.
pub async fn files_of(conn: &mut Conn, messages: Vec<i64>) -> Result<Vec<FullFile>, DbError> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_conn!(conn, |c| {
        message_files::table
            .inner_join(blobs::table)
            .filter(message_files::message_id.eq_any(messages))
            .order(message_files::id)
            .select((FileRow::as_select(), BlobRow::as_select()))
            .load(c)
            .await
    })?)
}

/// A file of a message.
pub async fn file(conn: &mut Conn, message: MessageId, id: MessageFileId) -> Result<Option<FullFile>, DbError> {
    Ok(on_conn!(conn, |c| {
        message_files::table
            .inner_join(blobs::table)
            .filter(message_files::id.eq(id.0))
            .filter(message_files::message_id.eq(message.0))
            .select((FileRow::as_select(), BlobRow::as_select()))
            .first(c)
            .await
            .optional()
    })?)
}

/// Takes the files of a message away.
pub async fn delete_files(conn: &mut Conn, message: MessageId) -> Result<(), DbError> {
    on_conn!(conn, |c| {
        diesel::delete(message_files::table.filter(message_files::message_id.eq(message.0))).execute(c).await
    })?;
    Ok(())
}

/// Rewrites a message.
pub async fn rewrite(
    conn: &mut Conn,
    id: MessageId,
    (body, folded): (&str, &str),
    edited_at: Option<i64>,
    deleted_at: Option<i64>,
) -> Result<(), DbError> {
    on_conn!(conn, |c| {
        diesel::update(messages::table.find(id.0))
            .set((
                messages::body.eq(body),
                messages::body_folded.eq(folded),
                messages::edited_at.eq(edited_at),
                messages::deleted_at.eq(deleted_at),
            ))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// A person's conversations before a place in their order, the one written in last first.
pub async fn conversations(
    conn: &mut Conn,
    me: UserId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<ConversationRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        let mut rows = conversations::table
            .inner_join(users::table.on(users::id.eq(conversations::peer_id)))
            .filter(conversations::user_id.eq(me.0))
            .filter(conversations::last_message_id.gt(0))
            .order(conversations::last_message_id.desc())
            .limit(limit)
            .select((
                conversations::last_message_id,
                conversations::unread,
                users::id,
                users::name,
                users::avatar_at,
                users::role,
                users::active,
            ))
            .into_boxed::<Backend>();
        if let Some(before) = before {
            rows = rows.filter(conversations::last_message_id.lt(before));
        }
        rows.load(c).await
    })?)
}

/// What was written last in one of a person's conversations, and how many of its messages they have not read; none when the
/// two never wrote.
pub async fn conversation(conn: &mut Conn, me: UserId, with: UserId) -> Result<Option<(i64, i32)>, DbError> {
    Ok(on_conn!(conn, |c| {
        conversations::table
            .find((me.0, with.0))
            .filter(conversations::last_message_id.gt(0))
            .select((conversations::last_message_id, conversations::unread))
            .first(c)
            .await
            .optional()
    })?)
}

/// How many messages a person has not read, in all conversations.
pub async fn unread(conn: &mut Conn, me: UserId) -> Result<i64, DbError> {
    let whole = dialect::whole(conn);
    let sum = || sql::<BigInt>(&format!("CAST(COALESCE(SUM(unread), 0) AS {whole})"));
    Ok(on_conn!(conn, |c| {
        conversations::table.filter(conversations::user_id.eq(me.0)).select(sum()).first(c).await
    })?)
}

/// The last of the messages that somebody wrote to a person and they have not read, up to one; none when they have all.
pub async fn last_unread(
    conn: &mut Conn,
    to: UserId,
    from: UserId,
    up_to: Option<MessageId>,
) -> Result<Option<i64>, DbError> {
    let up_to = up_to.map_or(i64::MAX, |id| id.0);
    Ok(on_conn!(conn, |c| {
        messages::table
            .filter(messages::to_id.eq(to.0))
            .filter(messages::from_id.eq(from.0))
            .filter(messages::read_at.is_null())
            .filter(messages::id.le(up_to))
            .order(messages::id.desc())
            .select(messages::id)
            .first(c)
            .await
            .optional()
    })?)
}

/// Notes that a person has read what somebody wrote, up to a message; what is read was delivered.
pub async fn set_read(conn: &mut Conn, to: UserId, from: UserId, last: i64, now: i64) -> Result<(), DbError> {
    set_delivered(conn, to, from, last, now).await?;
    on_conn!(conn, |c| {
        let unread = messages::table
            .filter(messages::to_id.eq(to.0))
            .filter(messages::from_id.eq(from.0))
            .filter(messages::read_at.is_null())
            .filter(messages::id.le(last));
        diesel::update(unread).set(messages::read_at.eq(Some(now))).execute(c).await
    })?;
    Ok(())
}

/// Who wrote what has not reached a person yet, each with the last of it, in the order of their numbers.
pub async fn undelivered(conn: &mut Conn, to: UserId) -> Result<Vec<(i64, Option<i64>)>, DbError> {
    Ok(on_conn!(conn, |c| {
        messages::table
            .filter(messages::to_id.eq(to.0))
            .filter(messages::delivered_at.is_null())
            .group_by(messages::from_id)
            .select((messages::from_id, max(messages::id)))
            .order(messages::from_id)
            .load(c)
            .await
    })?)
}

/// Notes that what somebody wrote has reached a person, up to a message; whether any of it had not.
pub async fn set_delivered(conn: &mut Conn, to: UserId, from: UserId, last: i64, now: i64) -> Result<bool, DbError> {
    Ok(on_conn!(conn, |c| {
        let undelivered = messages::table
            .filter(messages::to_id.eq(to.0))
            .filter(messages::from_id.eq(from.0))
            .filter(messages::delivered_at.is_null())
            .filter(messages::id.le(last));
        diesel::update(undelivered).set(messages::delivered_at.eq(Some(now))).execute(c).await
    })? > 0)
}

/// Counts anew how many of somebody's messages a person has not read. Whoever calls it holds the pair.
pub async fn recount(conn: &mut Conn, to: UserId, from: UserId) -> Result<(), DbError> {
    let unread: i64 = on_conn!(&mut *conn, |c| {
        messages::table
            .filter(messages::to_id.eq(to.0))
            .filter(messages::from_id.eq(from.0))
            .filter(messages::read_at.is_null())
            .filter(messages::deleted_at.is_null())
            .select(count_star())
            .first(c)
            .await
    })?;
    let unread = i32::try_from(unread).unwrap_or(i32::MAX);
    on_conn!(conn, |c| {
        diesel::update(conversations::table.find((to.0, from.0))).set(conversations::unread.eq(unread)).execute(c).await
    })?;
    Ok(())
}
