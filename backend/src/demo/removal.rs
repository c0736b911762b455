//! Taking the demo's rows out of the database: a few at a time, each with all that hangs on it.

use std::collections::BTreeSet;

use diesel::{
    dsl::{exists, select},
    prelude::*,
};
use diesel_async::RunQueryDsl;

use super::marks::Run;
use crate::{
    attachments,
    db::{
        Conn, DbError,
        schema::{
            attachments as files, avatars, categories, chat_digests, comment_mentions, comments, conversations, mails,
            message_files, messages, notification_choices, notifications, password_links, sessions, ticket_clients,
            ticket_reads, ticket_watchers, tickets, tokens, users,
        },
    },
    on_conn,
};

/// Removes the rows that a condition names.
macro_rules! remove {
    ($conn:expr, $table:ident, $condition:expr) => {
        on_conn!(&mut *$conn, |c| diesel::delete($table::table.filter($condition)).execute(c).await)?
    };
}

/// Removes the private messages that have a person in one of their two columns, which an index leads to, with their files;
/// adds what was in those to some blobs.
macro_rules! remove_messages {
    ($conn:expr, $column:ident, $id:expr, $blobs:expr) => {{
        let said = || messages::table.filter(messages::$column.eq($id)).select(messages::id);
        let sent = message_files::table.filter(message_files::message_id.eq_any(said()));
        let held: Vec<i64> = on_conn!(&mut *$conn, |c| sent.select(message_files::blob_id).distinct().load(c).await)?;
        $blobs.extend(held);
        remove!($conn, message_files, message_files::message_id.eq_any(said()));
        remove!($conn, messages, messages::$column.eq($id));
    }};
}

/// The next tickets of a run.
pub async fn tickets_of(conn: &mut Conn, (first, last): Run, limit: i64) -> Result<Vec<i64>, DbError> {
    let within = tickets::table.filter(tickets::id.between(first, last)).order(tickets::id).limit(limit);
    Ok(on_conn!(conn, |c| within.select(tickets::id).load(c).await)?)
}

/// The people of a run.
pub async fn people_of(conn: &mut Conn, (first, last): Run) -> Result<Vec<i64>, DbError> {
    let within = users::table.filter(users::id.between(first, last)).order(users::id);
    Ok(on_conn!(conn, |c| within.select(users::id).load(c).await)?)
}

/// The categories of a run, with their names.
pub async fn categories_of(conn: &mut Conn, (first, last): Run) -> Result<Vec<(i64, String)>, DbError> {
    let within = categories::table.filter(categories::id.between(first, last)).order(categories::id);
    Ok(on_conn!(conn, |c| within.select((categories::id, categories::name)).load(c).await)?)
}

/// Takes their access from the people of a run, except from one: nobody logs in as them, gives them a ticket or writes to
/// them while they go. Answers with those who had it.
pub async fn shut_out(conn: &mut Conn, (first, last): Run, except: i64) -> Result<Vec<i64>, DbError> {
    remove!(conn, sessions, sessions::user_id.between(first, last).and(sessions::user_id.ne(except)));
    remove!(conn, tokens, tokens::user_id.between(first, last).and(tokens::user_id.ne(except)));
    let people = || {
        users::table.filter(users::id.between(first, last)).filter(users::id.ne(except)).filter(users::active.eq(true))
    };
    let had: Vec<i64> = on_conn!(&mut *conn, |c| people().order(users::id).select(users::id).load(c).await)?;
    on_conn!(conn, |c| diesel::update(people()).set(users::active.eq(false)).execute(c).await)?;
    Ok(had)
}

/// Removes tickets with their comments, files, followers, notifications and mails, whoever made those.
pub async fn tickets(conn: &mut Conn, ids: &[i64], now: i64) -> Result<(), DbError> {
    let attached = files::table.filter(files::ticket_id.eq_any(ids)).select(files::blob_id).distinct();
    let blobs: Vec<i64> = on_conn!(&mut *conn, |c| attached.load(c).await)?;
    let written = || comments::table.filter(comments::ticket_id.eq_any(ids)).select(comments::id);
    remove!(conn, comment_mentions, comment_mentions::comment_id.eq_any(written()));
    remove!(conn, files, files::ticket_id.eq_any(ids));
    remove!(conn, comments, comments::ticket_id.eq_any(ids));
    remove!(conn, ticket_watchers, ticket_watchers::ticket_id.eq_any(ids));
    remove!(conn, ticket_reads, ticket_reads::ticket_id.eq_any(ids));
    remove!(conn, ticket_clients, ticket_clients::ticket_id.eq_any(ids));
    remove!(conn, notifications, notifications::ticket_id.eq_any(ids));
    remove!(conn, mails, mails::ticket_id.eq_any(ids));
    remove!(conn, tickets, tickets::id.eq_any(ids));
    release(conn, blobs, now).await
}

/// Removes the files that nobody needs any more; what the storage keeps of them is collected later.
async fn release(conn: &mut Conn, blobs: impl IntoIterator<Item = i64>, now: i64) -> Result<(), DbError> {
    for blob in blobs {
        attachments::release_blob(conn, blob, now).await?;
    }
    Ok(())
}

/// Whether something that stays names a person, so that they stay too: a ticket of theirs that somebody opened, a comment,
/// a file.
pub async fn is_needed(conn: &mut Conn, id: i64) -> Result<bool, DbError> {
    let asks = select(exists(tickets::table.filter(tickets::requester_id.eq(id))));
    let wrote = select(exists(comments::table.filter(comments::author_id.eq(id))));
    let attached = select(exists(files::table.filter(files::uploader_id.eq(id))));
    Ok(on_conn!(conn, |c| {
        asks.get_result::<bool>(c).await?
            || wrote.get_result::<bool>(c).await?
            || attached.get_result::<bool>(c).await?
    }))
}

/// Makes an account that nobody can log in to of one that stays; whether somebody gave it access meanwhile.
pub async fn disarm(conn: &mut Conn, id: i64) -> Result<bool, DbError> {
    let hash = users::password_hash.eq(None::<String>);
    on_conn!(&mut *conn, |c| diesel::update(users::table.find(id)).set(hash).execute(c).await)?;
    Ok(!shut_out(conn, (id, id), 0).await?.is_empty())
}

/// Removes a person who is not needed, with what they were told, and what they and others wrote to each other in private.
/// Their saved replies and views have gone by then.
pub async fn person(conn: &mut Conn, id: i64, now: i64) -> Result<(), DbError> {
    let mut blobs = BTreeSet::new();
    remove!(conn, sessions, sessions::user_id.eq(id));
    remove!(conn, tokens, tokens::user_id.eq(id));
    remove!(conn, avatars, avatars::user_id.eq(id));
    remove!(conn, password_links, password_links::user_id.eq(id));
    remove!(conn, notification_choices, notification_choices::user_id.eq(id));
    remove!(conn, notifications, notifications::user_id.eq(id));
    // What others were told stays as long as what it is about does.
    remove!(conn, notifications, notifications::actor_id.eq(id).and(notifications::ticket_id.is_null()));
    let of_others = notifications::table.filter(notifications::actor_id.eq(id));
    on_conn!(&mut *conn, |c| {
        diesel::update(of_others).set(notifications::actor_id.eq(None::<i64>)).execute(c).await
    })?;
    remove!(conn, mails, mails::user_id.eq(id));
    remove!(conn, ticket_watchers, ticket_watchers::user_id.eq(id));
    remove!(conn, ticket_reads, ticket_reads::user_id.eq(id));
    remove!(conn, ticket_clients, ticket_clients::author_id.eq(id));
    remove!(conn, comment_mentions, comment_mentions::user_id.eq(id));
    remove!(conn, conversations, conversations::user_id.eq(id));
    remove!(conn, conversations, conversations::peer_id.eq(id));
    remove_messages!(conn, low_id, id, blobs);
    remove_messages!(conn, high_id, id, blobs);
    remove!(conn, chat_digests, chat_digests::user_id.eq(id));
    remove!(conn, users, users::id.eq(id));
    release(conn, blobs, now).await
}

/// Removes a category that no ticket is in any more.
pub async fn category(conn: &mut Conn, id: i64) -> Result<(), DbError> {
    remove!(conn, categories, categories::id.eq(id));
    Ok(())
}
