//! Up to where each person has read a ticket: their own business, so that neither the log nor anybody else is told.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::{
    ids::{CommentId, TicketId, UserId},
    permissions::TicketAction,
    tickets::{Status, TicketSummary, Visibility},
};

use super::{
    access,
    rows::{ListedTicket, visibility_code},
};
use crate::{
    auth::caller::Caller,
    db::{
        Conn, Db, DbError, LoadAll, now,
        schema::{comments, ticket_reads},
        to_micros,
    },
    error::AppError,
    on_conn,
};

/// Notes that the caller has read a ticket up to a comment, or to its end. What they had read further stays read.
pub async fn mark(db: &Db, caller: &Caller, id: TicketId, upto: Option<CommentId>) -> Result<(), AppError> {
    let mut conn = db.read().await?;
    let ticket = access::visible(&mut conn, caller, id).await?;
    let internal = access::may(caller, &ticket, TicketAction::Note);
    let last = last_comment(&mut conn, id, internal, upto).await?;
    let known = read_to(&mut conn, id, caller.id()).await?;
    drop(conn);
    if known.is_some_and(|known| known >= last) {
        return Ok(());
    }
    let at = to_micros(now());
    let noted: Result<(), DbError> = db.write(async |conn| advance(conn, id, caller.id(), last, at).await).await;
    Ok(noted?)
}

/// The last comment that somebody sees, up to one; 0 when there is none.
async fn last_comment(
    conn: &mut Conn,
    ticket: TicketId,
    internal: bool,
    upto: Option<CommentId>,
) -> Result<i64, DbError> {
    let most = most_visible(internal);
    let last: Option<i64> = on_conn!(conn, |c| {
        comments::table
            .filter(comments::ticket_id.eq(ticket.0))
            .filter(comments::visibility.le(most))
            .filter(comments::id.le(upto.map_or(i64::MAX, |upto| upto.0)))
            .order(comments::id.desc())
            .select(comments::id)
            .first(c)
            .await
            .optional()
    })?;
    Ok(last.unwrap_or(0))
}

/// Up to which comment somebody has read a ticket: 0 for its description alone, none when they never saw it.
pub async fn read_to(conn: &mut Conn, ticket: TicketId, person: UserId) -> Result<Option<i64>, DbError> {
    Ok(on_conn!(conn, |c| {
        ticket_reads::table.find((person.0, ticket.0)).select(ticket_reads::comment_id).first(c).await.optional()
    })?)
}

/// Moves the mark forward, never back: two tabs may tell of it in any order.
async fn advance(conn: &mut Conn, ticket: TicketId, person: UserId, last: i64, at: i64) -> Result<(), DbError> {
    let row = (
        ticket_reads::user_id.eq(person.0),
        ticket_reads::ticket_id.eq(ticket.0),
        ticket_reads::comment_id.eq(last),
        ticket_reads::read_at.eq(at),
    );
    let added = match conn {
        Conn::Sqlite(c) => diesel::insert_or_ignore_into(ticket_reads::table).values(row).execute(&mut **c).await,
        Conn::Postgres(c) => {
            diesel::insert_into(ticket_reads::table).values(row).on_conflict_do_nothing().execute(c).await
        }
        Conn::MySql(c) => diesel::insert_or_ignore_into(ticket_reads::table).values(row).execute(c).await,
    }?;
    if added > 0 {
        return Ok(());
    }
    on_conn!(conn, |c| {
        diesel::update(ticket_reads::table.find((person.0, ticket.0)).filter(ticket_reads::comment_id.lt(last)))
            .set((ticket_reads::comment_id.eq(last), ticket_reads::read_at.eq(at)))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Tickets as a list shows them: with whether each holds something that the caller has not read; see
/// [`TicketSummary::unread`].
pub async fn noted(db: &Db, caller: &Caller, tickets: Vec<ListedTicket>) -> Result<Vec<TicketSummary>, DbError> {
    let me = caller.id();
    // Of the others it does not matter what was written.
    let asked = tickets.iter().filter(|ticket| ticket.read_to.is_some() || ticket.row.requester_id == me.0);
    let asked: Vec<i64> = asked.map(|ticket| ticket.row.id).collect();
    let written = if asked.is_empty() {
        HashMap::new()
    } else {
        latest_by_others(&mut db.read().await?, me, caller.role().is_staff(), asked).await?
    };
    let noted = |listed: ListedTicket| {
        let (last, read) = (written.get(&listed.row.id), listed.read_to);
        let ticket = TicketSummary::from(listed);
        let unread = match read {
            Some(read) => last.is_some_and(|&last| last > read),
            None if ticket.status == Status::Closed => false,
            None => {
                ticket.assignee.as_ref().is_some_and(|person| person.id == me)
                    || (ticket.requester.id == me && last.is_some())
            }
        };
        TicketSummary { unread, ..ticket }
    };
    Ok(tickets.into_iter().map(noted).collect())
}

/// The last comment on each of some tickets that somebody else wrote.
async fn latest_by_others(
    conn: &mut Conn,
    person: UserId,
    internal: bool,
    tickets: Vec<i64>,
) -> Result<HashMap<i64, i64>, DbError> {
    let most = most_visible(internal);
    let latest: Vec<(i64, Option<i64>)> = on_conn!(conn, |c| {
        let query = comments::table
            .filter(comments::ticket_id.eq_any(tickets))
            .filter(comments::visibility.le(most))
            .filter(comments::author_id.ne(person.0))
            .group_by(comments::ticket_id)
            .select((comments::ticket_id, diesel::dsl::max(comments::id)));
        c.load_all(vec![query]).await
    })?;
    Ok(latest.into_iter().filter_map(|(ticket, last)| Some((ticket, last?))).collect())
}

fn most_visible(internal: bool) -> i16 {
    visibility_code(if internal { Visibility::Internal } else { Visibility::Public })
}
