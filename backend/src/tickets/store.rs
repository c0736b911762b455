//! Tickets and comments in the database; the list is in [`super::ranges`].

use std::collections::HashMap;

use diesel::{
    dsl::{case_when, sql},
    prelude::*,
    sql_types::BigInt,
};
use diesel_async::RunQueryDsl;
use shared::{
    ids::{CategoryId, CommentId, TicketId, UserId},
    permissions::Relation,
    tickets::{Status, Visibility},
};

use super::{
    access::Standing,
    rows::{
        CommentRow, FullTicket, ListedTicket, NewComment, NewTicket, TicketChanges, TicketRow, status_code,
        visibility_code,
    },
    word::Word,
};
use crate::{
    accounts::rows::Face,
    db::{
        Conn, DbError, LoadAll, dialect,
        schema::{comments, ticket_clients, ticket_reads, ticket_watchers, tickets, users},
    },
    insert_for_id, on_conn,
};

diesel::alias!(users as requesters: Requesters, users as assignees: Assignees);

/// A person's name and when their picture was set, from a left join.
pub(super) type Shown = (Option<String>, Option<i64>);

pub(super) fn listed((row, requester, assignee, read_to): (TicketRow, Shown, Shown, Option<i64>)) -> ListedTicket {
    ListedTicket {
        row,
        requester_name: requester.0.unwrap_or_default(),
        requester_avatar: requester.1,
        assignee_name: assignee.0,
        assignee_avatar: assignee.1,
        read_to,
    }
}

/// One ticket with its text, and how a person stands to it.
pub async fn find(conn: &mut Conn, id: TicketId, me: UserId) -> Result<Option<FullTicket>, DbError> {
    type Found = (TicketRow, String, Shown, Shown, Option<i64>, Option<i64>);
    let found: Vec<Found> = on_conn!(conn, |c| {
        let query = tickets::table
            .left_join(requesters.on(requesters.field(users::id).eq(tickets::requester_id)))
            .left_join(assignees.on(assignees.field(users::id).nullable().eq(tickets::assignee_id)))
            .left_join(
                ticket_watchers::table
                    .on(ticket_watchers::ticket_id.eq(tickets::id).and(ticket_watchers::user_id.eq(me.0))),
            )
            .left_join(
                ticket_reads::table.on(ticket_reads::ticket_id.eq(tickets::id).and(ticket_reads::user_id.eq(me.0))),
            )
            .filter(tickets::id.eq(id.0))
            .select((
                TicketRow::as_select(),
                tickets::description,
                (requesters.field(users::name).nullable(), requesters.field(users::avatar_at).nullable()),
                (assignees.field(users::name).nullable(), assignees.field(users::avatar_at).nullable()),
                ticket_watchers::user_id.nullable(),
                ticket_reads::comment_id.nullable(),
            ));
        c.load_all(vec![query]).await
    })?;
    Ok(found.into_iter().next().map(|(row, description, requester, assignee, watcher, read_to)| FullTicket {
        relation: Relation {
            requester: row.requester_id == me.0,
            assignee: row.assignee_id == Some(me.0),
            watcher: watcher.is_some(),
            unassigned: row.assignee_id.is_none(),
        },
        listed: listed((row, requester, assignee, read_to)),
        description,
    }))
}

/// How people stand to a ticket.
pub async fn standing(conn: &mut Conn, id: TicketId) -> Result<Option<Standing>, DbError> {
    let found: Vec<(i64, Option<i64>, Option<i64>)> = on_conn!(conn, |c| {
        tickets::table
            .left_join(ticket_watchers::table.on(ticket_watchers::ticket_id.eq(tickets::id)))
            .filter(tickets::id.eq(id.0))
            .select((tickets::requester_id, tickets::assignee_id, ticket_watchers::user_id.nullable()))
            .load(c)
            .await
    })?;
    let [(requester, assignee, _), ..] = *found.as_slice() else { return Ok(None) };
    let watchers = found.iter().filter_map(|&(_, _, watcher)| watcher.map(UserId)).collect();
    Ok(Some(Standing { requester: UserId(requester), assignee: assignee.map(UserId), watchers }))
}

/// Whether there is no ticket at all.
pub async fn is_empty(conn: &mut Conn) -> Result<bool, DbError> {
    let first: Option<i64> = on_conn!(conn, |c| tickets::table.select(tickets::id).first(c).await.optional())?;
    Ok(first.is_none())
}

/// How many tickets there are.
pub async fn count(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(on_conn!(conn, |c| tickets::table.count().get_result(c).await)?)
}

/// Adds a ticket.
pub async fn insert(conn: &mut Conn, ticket: &NewTicket<'_>) -> Result<TicketId, DbError> {
    Ok(TicketId(insert_for_id!(conn, tickets, ticket)?))
}

/// Takes a name that a person's program gives to a ticket until the transaction ends: others who come with it wait. The ticket
/// that it has already, if there is one.
pub async fn take_name(conn: &mut Conn, author: i64, client_id: &str) -> Result<Option<TicketId>, DbError> {
    dialect::take_ticket_name(&mut *conn, author, client_id).await?;
    of_client(conn, author, client_id).await
}

/// What a person has opened under a name of their program.
pub async fn of_client(conn: &mut Conn, author: i64, client_id: &str) -> Result<Option<TicketId>, DbError> {
    let found: Option<Option<i64>> = on_conn!(conn, |c| {
        ticket_clients::table.find((author, client_id)).select(ticket_clients::ticket_id).first(c).await.optional()
    })?;
    Ok(found.flatten().map(TicketId))
}

/// Gives a ticket the name that was taken for it.
pub async fn set_name(conn: &mut Conn, author: i64, client_id: &str, ticket: TicketId) -> Result<(), DbError> {
    on_conn!(conn, |c| {
        diesel::update(ticket_clients::table.find((author, client_id)))
            .set(ticket_clients::ticket_id.eq(Some(ticket.0)))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Loads tickets and holds them as they are until the transaction ends, so that their versions still are the same when they
/// are changed.
macro_rules! load_held {
    ($conn:expr, $tickets:expr) => {
        match $conn {
            // The one writer needs no lock.
            Conn::Sqlite(c) => $tickets.load(&mut **c).await,
            Conn::Postgres(c) => $tickets.for_update().load(&mut **c).await,
            Conn::MySql(c) => $tickets.for_update().load(&mut **c).await,
        }
    };
}

/// The tickets of an assignee that are not closed, with their versions; held.
pub async fn unfinished_of(conn: &mut Conn, assignee: UserId) -> Result<Vec<(i64, i64)>, DbError> {
    let unfinished = tickets::table
        .filter(tickets::assignee_id.eq(assignee.0))
        .filter(tickets::status.ne(status_code(Status::Closed)))
        .order(tickets::id)
        .select((tickets::id, tickets::version));
    Ok(load_held!(conn, unfinished)?)
}

/// Some of the tickets of an assignee, the closed ones too, with their versions; held.
pub async fn of_assignee(conn: &mut Conn, assignee: UserId, limit: i64) -> Result<Vec<(i64, i64)>, DbError> {
    let theirs =
        tickets::table.filter(tickets::assignee_id.eq(assignee.0)).limit(limit).select((tickets::id, tickets::version));
    Ok(load_held!(conn, theirs)?)
}

/// Some of the tickets of a category, with their versions; held.
pub async fn of_category(conn: &mut Conn, category: CategoryId, limit: i64) -> Result<Vec<(i64, i64)>, DbError> {
    let inside =
        tickets::table.filter(tickets::category_id.eq(category.0)).limit(limit).select((tickets::id, tickets::version));
    Ok(load_held!(conn, inside)?)
}

/// Notes when a ticket was active: whoever had to wait for others takes nothing from what those noted. The list relies on it,
/// since nothing of a ticket is later than this.
macro_rules! active_at {
    ($now:expr) => {
        tickets::updated_at.eq(case_when(tickets::updated_at.gt($now), tickets::updated_at).otherwise($now))
    };
}

/// Changes a ticket that still is of a version; false when it no longer is.
pub async fn update(
    conn: &mut Conn,
    id: TicketId,
    version: i64,
    now: i64,
    changes: &TicketChanges,
) -> Result<bool, DbError> {
    Ok(on_conn!(conn, |c| {
        diesel::update(tickets::table.filter(tickets::id.eq(id.0)).filter(tickets::version.eq(version)))
            .set((changes, tickets::version.eq(version + 1), active_at!(now)))
            .execute(c)
            .await
    })? > 0)
}

/// Holds a ticket as it is until the transaction ends.
pub async fn hold(conn: &mut Conn, id: TicketId) -> Result<(), DbError> {
    let ticket = || tickets::table.find(id.0).select(tickets::id);
    let _: Option<i64> = match conn {
        // The one writer needs no lock.
        Conn::Sqlite(_) => None,
        Conn::Postgres(c) => ticket().for_update().first(&mut **c).await.optional()?,
        Conn::MySql(c) => ticket().for_update().first(&mut **c).await.optional()?,
    };
    Ok(())
}

/// Notes activity on a ticket that is no edit, with the word that it is, if it is a new one.
pub async fn touch(conn: &mut Conn, id: TicketId, now: i64, word: Option<Word>) -> Result<(), DbError> {
    let awaits_staff = word.map(|word| tickets::awaits_staff.eq(!word.answers));
    on_conn!(&mut *conn, |c| {
        diesel::update(tickets::table.find(id.0)).set((active_at!(now), awaits_staff)).execute(c).await
    })?;
    if word.is_some_and(|word| word.first) {
        on_conn!(conn, |c| {
            diesel::update(tickets::table.filter(tickets::id.eq(id.0)).filter(tickets::first_response_at.is_null()))
                .set(tickets::first_response_at.eq(now))
                .execute(c)
                .await
        })?;
    }
    Ok(())
}

/// Adds a comment.
pub async fn insert_comment(conn: &mut Conn, comment: &NewComment<'_>) -> Result<CommentId, DbError> {
    Ok(CommentId(insert_for_id!(conn, comments, comment)?))
}

/// One comment and what is shown of its author.
pub async fn find_comment(conn: &mut Conn, id: CommentId) -> Result<Option<(CommentRow, Face)>, DbError> {
    Ok(on_conn!(conn, |c| {
        comments::table
            .inner_join(users::table)
            .filter(comments::id.eq(id.0))
            .select((CommentRow::as_select(), (users::name, users::avatar_at)))
            .first(c)
            .await
            .optional()
    })?)
}

/// What a person wrote on a ticket under a name of their program.
pub async fn comment_of_client(
    conn: &mut Conn,
    ticket: TicketId,
    author: i64,
    client_id: &str,
) -> Result<Option<(CommentRow, Face)>, DbError> {
    Ok(on_conn!(conn, |c| {
        comments::table
            .inner_join(users::table)
            .filter(comments::author_id.eq(author))
            .filter(comments::ticket_id.eq(ticket.0))
            .filter(comments::client_id.eq(client_id))
            .select((CommentRow::as_select(), (users::name, users::avatar_at)))
            .first(c)
            .await
            .optional()
    })?)
}

/// The comments of a ticket after one, oldest first; internal notes only for those who may read them.
pub async fn comments_of(
    conn: &mut Conn,
    ticket: TicketId,
    internal: bool,
    after: i64,
    limit: i64,
) -> Result<Vec<(CommentRow, Face)>, DbError> {
    let most = readable(internal);
    Ok(on_conn!(conn, |c| {
        comments::table
            .inner_join(users::table)
            .filter(comments::ticket_id.eq(ticket.0))
            .filter(comments::id.gt(after))
            .filter(comments::visibility.le(most))
            .order(comments::id)
            .limit(limit)
            .select((CommentRow::as_select(), (users::name, users::avatar_at)))
            .load(c)
            .await
    })?)
}

/// What some comments say, by their numbers.
pub async fn comment_bodies(conn: &mut Conn, ids: Vec<i64>) -> Result<HashMap<i64, String>, DbError> {
    let bodies: Vec<(i64, String)> = on_conn!(conn, |c| {
        comments::table.filter(comments::id.eq_any(ids)).select((comments::id, comments::body)).load(c).await
    })?;
    Ok(bodies.into_iter().collect())
}

/// How long those comments are, in bytes.
pub async fn comment_sizes(
    conn: &mut Conn,
    ticket: TicketId,
    internal: bool,
    after: i64,
    limit: i64,
) -> Result<Vec<i64>, DbError> {
    let most = readable(internal);
    let whole = dialect::whole(conn);
    let size = || sql::<BigInt>(&format!("CAST(OCTET_LENGTH(body) AS {whole})"));
    Ok(on_conn!(conn, |c| {
        comments::table
            .filter(comments::ticket_id.eq(ticket.0))
            .filter(comments::id.gt(after))
            .filter(comments::visibility.le(most))
            .order(comments::id)
            .limit(limit)
            .select(size())
            .load(c)
            .await
    })?)
}

/// The comments up to which visibility somebody reads.
fn readable(internal: bool) -> i16 {
    visibility_code(if internal { Visibility::Internal } else { Visibility::Public })
}

/// Rewrites a comment.
pub async fn update_comment(conn: &mut Conn, id: CommentId, body: &str, now: i64) -> Result<(), DbError> {
    on_conn!(conn, |c| {
        diesel::update(comments::table.find(id.0))
            .set((comments::body.eq(body), comments::edited_at.eq(now)))
            .execute(c)
            .await
    })?;
    Ok(())
}
