//! Attachments in the database.

use std::collections::HashSet;

use diesel::{
    dsl::{count_star, exists, not, sql},
    prelude::*,
    sql_types::BigInt,
};
use diesel_async::RunQueryDsl;
use shared::ids::{AttachmentId, CommentId, TicketId};

use super::rows::{AttachmentRow, BlobRow, FullAttachment, NewAttachment, NewBlob};
use crate::{
    db::{
        Conn, DbError, dialect,
        schema::{attachments, blobs, comments, desk_marks, message_files, users},
    },
    insert_for_id, on_conn,
};

/// Who wrote a comment, on what, when, for whom.
#[derive(Debug, Queryable)]
pub struct CommentFacts {
    pub ticket_id: i64,
    pub author_id: i64,
    pub visibility: i16,
    pub created_at: i64,
}

/// What attaching to a comment depends on.
pub async fn comment(conn: &mut Conn, id: CommentId) -> Result<Option<CommentFacts>, DbError> {
    Ok(on_conn!(conn, |c| {
        comments::table
            .find(id.0)
            .select((comments::ticket_id, comments::author_id, comments::visibility, comments::created_at))
            .first(c)
            .await
            .optional()
    })?)
}

/// The blob with this content, if there is one: from here to the end of the transaction nobody removes it.
pub async fn use_blob(conn: &mut Conn, hash: &str, now: i64) -> Result<Option<i64>, DbError> {
    // Looked for first and written by its number: to write where nothing is would lock a gap that others wait before.
    let found: Option<i64> = on_conn!(&mut *conn, |c| blobs::table
        .filter(blobs::hash.eq(hash))
        .select(blobs::id)
        .first(c)
        .await
        .optional())?;
    let Some(id) = found else { return Ok(None) };
    Ok(touch_blob(conn, id, now).await?.then_some(id))
}

/// The key of the blob with this content, if there is one.
pub async fn key_of(conn: &mut Conn, hash: &str) -> Result<Option<String>, DbError> {
    Ok(on_conn!(conn, |c| {
        blobs::table.filter(blobs::hash.eq(hash)).select(blobs::storage_key).first(c).await.optional()
    })?)
}

/// The key of a blob, if it is there.
pub async fn place_of(conn: &mut Conn, id: i64) -> Result<Option<String>, DbError> {
    Ok(on_conn!(conn, |c| blobs::table.find(id).select(blobs::storage_key).first(c).await.optional())?)
}

/// Says that a blob is kept elsewhere now; false when it was not where it is said to have been.
pub async fn replace_key(
    conn: &mut Conn,
    id: i64,
    lost: &str,
    key: &str,
    thumbnail: Option<&str>,
) -> Result<bool, DbError> {
    let blob = blobs::table.filter(blobs::id.eq(id)).filter(blobs::storage_key.eq(lost));
    let place = (blobs::storage_key.eq(key), blobs::thumbnail.eq(thumbnail));
    Ok(on_conn!(conn, |c| diesel::update(blob).set(place).execute(c).await)? > 0)
}

/// What this desk is called where its files are.
pub async fn desk_mark(conn: &mut Conn) -> Result<String, DbError> {
    Ok(on_conn!(conn, |c| desk_marks::table.select(desk_marks::mark).first(c).await)?)
}

/// Says that a blob is dealt with, and waits for whoever deals with it; whether it still is there.
pub async fn touch_blob(conn: &mut Conn, id: i64, now: i64) -> Result<bool, DbError> {
    let blob = blobs::table.find(id);
    Ok(on_conn!(conn, |c| diesel::update(blob).set(blobs::used_at.eq(now)).execute(c).await)? > 0)
}

/// Adds a blob.
pub async fn insert_blob(conn: &mut Conn, blob: &NewBlob<'_>) -> Result<i64, DbError> {
    Ok(insert_for_id!(conn, blobs, blob)?)
}

/// Removes a blob that no attachment and no message needs any more; whether it did.
pub async fn release_blob(conn: &mut Conn, id: i64, now: i64) -> Result<bool, DbError> {
    // Whoever is about to use it has written there before, and is waited for; whoever comes after finds it gone.
    touch_blob(conn, id, now).await?;
    let attached = attachments::table.filter(attachments::blob_id.eq(id));
    let sent = message_files::table.filter(message_files::blob_id.eq(id));
    let unused = blobs::table.filter(blobs::id.eq(id)).filter(not(exists(attached))).filter(not(exists(sent)));
    let removed = on_conn!(conn, |c| diesel::delete(unused).execute(c).await)?;
    Ok(removed > 0)
}

/// How many files are kept, and their bytes without their thumbnails.
pub async fn kept(conn: &mut Conn) -> Result<(i64, i64), DbError> {
    let whole = dialect::whole(conn);
    let bytes = || sql::<BigInt>(&format!("CAST(COALESCE(SUM(size), 0) AS {whole})"));
    Ok(on_conn!(conn, |c| blobs::table.select((count_star(), bytes())).first(c).await)?)
}

/// Which of these keys are of blobs.
pub async fn known_keys(conn: &mut Conn, keys: &[String]) -> Result<HashSet<String>, DbError> {
    let known: Vec<String> = on_conn!(conn, |c| {
        blobs::table.filter(blobs::storage_key.eq_any(keys)).select(blobs::storage_key).load(c).await
    })?;
    Ok(known.into_iter().collect())
}

/// Adds an attachment.
pub async fn insert(conn: &mut Conn, attachment: &NewAttachment<'_>) -> Result<AttachmentId, DbError> {
    Ok(AttachmentId(insert_for_id!(conn, attachments, attachment)?))
}

/// One attachment.
pub async fn find(conn: &mut Conn, id: AttachmentId) -> Result<Option<FullAttachment>, DbError> {
    Ok(on_conn!(conn, |c| {
        attachments::table
            .inner_join(blobs::table)
            .inner_join(users::table)
            .left_join(comments::table)
            .filter(attachments::id.eq(id.0))
            .select((
                AttachmentRow::as_select(),
                BlobRow::as_select(),
                (users::name, users::avatar_at),
                comments::visibility.nullable(),
            ))
            .first(c)
            .await
            .optional()
    })?)
}

/// The attachments of a ticket after one, oldest first; of comments only those that may be read up to this visibility.
pub async fn of_ticket(
    conn: &mut Conn,
    ticket: TicketId,
    most: i16,
    after: i64,
    limit: i64,
) -> Result<Vec<FullAttachment>, DbError> {
    Ok(on_conn!(conn, |c| {
        attachments::table
            .inner_join(blobs::table)
            .inner_join(users::table)
            .left_join(comments::table)
            .filter(attachments::ticket_id.eq(ticket.0))
            .filter(attachments::id.gt(after))
            .filter(attachments::comment_id.is_null().or(comments::visibility.le(most)))
            .order(attachments::id)
            .limit(limit)
            .select((
                AttachmentRow::as_select(),
                BlobRow::as_select(),
                (users::name, users::avatar_at),
                comments::visibility.nullable(),
            ))
            .load(c)
            .await
    })?)
}

/// What a person attached to a ticket under a name of their program, as far as it is still there, in its order.
pub async fn of_client(
    conn: &mut Conn,
    ticket: TicketId,
    uploader: i64,
    client_id: &str,
) -> Result<Vec<FullAttachment>, DbError> {
    Ok(on_conn!(conn, |c| {
        attachments::table
            .inner_join(blobs::table)
            .inner_join(users::table)
            .left_join(comments::table)
            .filter(attachments::uploader_id.eq(uploader))
            .filter(attachments::ticket_id.eq(ticket.0))
            .filter(attachments::client_id.eq(client_id))
            .order(attachments::client_nth)
            .select((
                AttachmentRow::as_select(),
                BlobRow::as_select(),
                (users::name, users::avatar_at),
                comments::visibility.nullable(),
            ))
            .load(c)
            .await
    })?)
}

/// Deletes an attachment; false when somebody else did.
pub async fn delete(conn: &mut Conn, id: AttachmentId) -> Result<bool, DbError> {
    Ok(on_conn!(conn, |c| diesel::delete(attachments::table.find(id.0)).execute(c).await)? > 0)
}
