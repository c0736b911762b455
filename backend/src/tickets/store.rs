//! Tickets and comments in the database.

use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Text},
};
use diesel_async::RunQueryDsl;
use shared::{
    ids::{CommentId, TicketId, UserId},
    permissions::Relation,
    tickets::{Status, TicketSort},
};

use super::{
    access::Standing,
    list::{Filter, Key, Piece, Reason},
    rows::{
        CommentRow, FullTicket, ListedTicket, NewComment, NewTicket, TicketChanges, TicketRow, status_code,
        visibility_code,
    },
};
use crate::{
    accounts::rows::Face,
    db::{
        Conn, DbError, LoadAll, full_text,
        schema::{comments, ticket_watchers, tickets, users},
    },
    insert_for_id, on_conn,
    text::like_pattern,
};

diesel::alias!(users as requesters: Requesters, users as assignees: Assignees);

/// Ranges of the list, one after the other, each in its order.
pub async fn list(conn: &mut Conn, pieces: &[Piece], filter: &Filter) -> Result<Vec<ListedTicket>, DbError> {
    let (asked, (before, after)) = (full_text::Asked::of(conn, &filter.words), full_text::tickets_condition(conn));
    let rows: Vec<(TicketRow, Shown, Shown)> = on_conn!(conn, |c| {
        let range = |piece: &Piece| {
            let statuses: Vec<i16> = piece.statuses.iter().map(|&status| status_code(status)).collect();
            // Left joins keep a planner from starting at the people.
            let mut query = tickets::table
                .left_join(requesters.on(requesters.field(users::id).eq(tickets::requester_id)))
                .left_join(assignees.on(assignees.field(users::id).nullable().eq(tickets::assignee_id)))
                .select((
                    TicketRow::as_select(),
                    (requesters.field(users::name).nullable(), requesters.field(users::avatar_at).nullable()),
                    (assignees.field(users::name).nullable(), assignees.field(users::avatar_at).nullable()),
                ))
                .limit(filter.limit)
                .into_boxed::<Backend>();
            query = match piece.reason {
                Reason::Any => query,
                Reason::Assignee(me) => query.filter(tickets::assignee_id.eq(me.0)),
                Reason::Unassigned => query.filter(tickets::assignee_id.is_null()),
                Reason::Requester(me) => query.filter(tickets::requester_id.eq(me.0)),
                Reason::Watcher(me) => query.filter(tickets::id.eq_any(
                    ticket_watchers::table.filter(ticket_watchers::user_id.eq(me.0)).select(ticket_watchers::ticket_id),
                )),
            };
            query = match statuses.as_slice() {
                [] => query,
                [status] => query.filter(tickets::status.eq(*status)),
                _ => query.filter(tickets::status.eq_any(statuses)),
            };
            match filter.assignee {
                Some(Some(id)) => query = query.filter(tickets::assignee_id.eq(id.0)),
                Some(None) => query = query.filter(tickets::assignee_id.is_null()),
                None => {}
            }
            if let Some(priority) = filter.priority {
                query = query.filter(tickets::priority.eq(priority));
            }
            if let Some(category) = filter.category {
                query = query.filter(tickets::category_id.eq(category));
            }
            if let Some(requester) = filter.requester {
                query = query.filter(tickets::requester_id.eq(requester.0));
            }
            if piece.by_number {
                query = query.filter(tickets::id.nullable().eq(filter.number.map(|id| id.0)));
            } else if !filter.words.is_empty() {
                if !asked.bound.is_empty() {
                    query = query.filter(sql::<Bool>(before).bind::<Text, _>(asked.bound.clone()).sql(after));
                }
                for word in &asked.left_out {
                    let title = tickets::title_folded.like(like_pattern(&word.folded)).escape('!');
                    query = if asked.bound.is_empty() {
                        // Nothing narrows, and all descriptions would be read.
                        query.filter(title)
                    } else {
                        let written = word.written.as_ref().unwrap_or(&word.folded);
                        let (folded, written) = (like_pattern(&word.folded), like_pattern(written));
                        query.filter(
                            title
                                .or(tickets::description.like(folded).escape('!'))
                                .or(tickets::description.like(written).escape('!')),
                        )
                    };
                }
            }
            if let Some(moment) = filter.created_after {
                // Nothing changes before it is there: said, it bounds the orders by activity too.
                query = query.filter(tickets::created_at.ge(moment)).filter(tickets::updated_at.ge(moment));
            }
            if let Some(moment) = filter.created_before {
                query = query.filter(tickets::created_at.lt(moment));
            }
            // The first condition alone bounds the index range; the second cuts off what the cursor has shown.
            if let Some(Key(priority, at, id)) = filter.after {
                query = match filter.sort {
                    TicketSort::UpdatedDesc => query
                        .filter(tickets::updated_at.le(at))
                        .filter(tickets::updated_at.lt(at).or(tickets::id.lt(id))),
                    TicketSort::UpdatedAsc => query
                        .filter(tickets::updated_at.ge(at))
                        .filter(tickets::updated_at.gt(at).or(tickets::id.gt(id))),
                    TicketSort::CreatedDesc => query
                        .filter(tickets::created_at.le(at))
                        .filter(tickets::created_at.lt(at).or(tickets::id.lt(id))),
                    TicketSort::CreatedAsc => query
                        .filter(tickets::created_at.ge(at))
                        .filter(tickets::created_at.gt(at).or(tickets::id.gt(id))),
                    TicketSort::PriorityDesc => query.filter(tickets::priority.le(priority)).filter(
                        tickets::priority
                            .lt(priority)
                            .or(tickets::updated_at.lt(at))
                            .or(tickets::updated_at.eq(at).and(tickets::id.lt(id))),
                    ),
                    TicketSort::PriorityAsc => query.filter(tickets::priority.ge(priority)).filter(
                        tickets::priority
                            .gt(priority)
                            .or(tickets::updated_at.gt(at))
                            .or(tickets::updated_at.eq(at).and(tickets::id.gt(id))),
                    ),
                };
            }
            match filter.sort {
                TicketSort::UpdatedDesc => query.order((tickets::updated_at.desc(), tickets::id.desc())),
                TicketSort::UpdatedAsc => query.order((tickets::updated_at, tickets::id)),
                TicketSort::CreatedDesc => query.order((tickets::created_at.desc(), tickets::id.desc())),
                TicketSort::CreatedAsc => query.order((tickets::created_at, tickets::id)),
                TicketSort::PriorityDesc => {
                    query.order((tickets::priority.desc(), tickets::updated_at.desc(), tickets::id.desc()))
                }
                TicketSort::PriorityAsc => query.order((tickets::priority, tickets::updated_at, tickets::id)),
            }
        };
        c.load_all(pieces.iter().map(range).collect()).await
    })?;
    Ok(rows.into_iter().map(listed).collect())
}

/// A person's name and when their picture was set, from a left join.
type Shown = (Option<String>, Option<i64>);

fn listed((row, requester, assignee): (TicketRow, Shown, Shown)) -> ListedTicket {
    ListedTicket {
        row,
        requester_name: requester.0.unwrap_or_default(),
        requester_avatar: requester.1,
        assignee_name: assignee.0,
        assignee_avatar: assignee.1,
    }
}

/// One ticket with its text, and how a person stands to it.
pub async fn find(conn: &mut Conn, id: TicketId, me: UserId) -> Result<Option<FullTicket>, DbError> {
    type Found = (TicketRow, String, Shown, Shown, Option<i64>);
    let found: Vec<Found> = on_conn!(conn, |c| {
        let query = tickets::table
            .left_join(requesters.on(requesters.field(users::id).eq(tickets::requester_id)))
            .left_join(assignees.on(assignees.field(users::id).nullable().eq(tickets::assignee_id)))
            .left_join(
                ticket_watchers::table
                    .on(ticket_watchers::ticket_id.eq(tickets::id).and(ticket_watchers::user_id.eq(me.0))),
            )
            .filter(tickets::id.eq(id.0))
            .select((
                TicketRow::as_select(),
                tickets::description,
                (requesters.field(users::name).nullable(), requesters.field(users::avatar_at).nullable()),
                (assignees.field(users::name).nullable(), assignees.field(users::avatar_at).nullable()),
                ticket_watchers::user_id.nullable(),
            ));
        c.load_all(vec![query]).await
    })?;
    Ok(found.into_iter().next().map(|(row, description, requester, assignee, watcher)| FullTicket {
        relation: Relation {
            requester: row.requester_id == me.0,
            assignee: row.assignee_id == Some(me.0),
            watcher: watcher.is_some(),
            unassigned: row.assignee_id.is_none(),
        },
        listed: listed((row, requester, assignee)),
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

/// The tickets of an assignee that are not closed, with their versions.
pub async fn unfinished_of(conn: &mut Conn, assignee: UserId) -> Result<Vec<(i64, i64)>, DbError> {
    Ok(on_conn!(conn, |c| {
        tickets::table
            .filter(tickets::assignee_id.eq(assignee.0))
            .filter(tickets::status.ne(status_code(Status::Closed)))
            .order(tickets::id)
            .select((tickets::id, tickets::version))
            .load(c)
            .await
    })?)
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
            .set((changes, tickets::version.eq(version + 1), tickets::updated_at.eq(now)))
            .execute(c)
            .await
    })? > 0)
}

/// Notes activity on a ticket that is no edit: a comment, and perhaps the first answer.
pub async fn touch(conn: &mut Conn, id: TicketId, now: i64, first_response: bool) -> Result<(), DbError> {
    on_conn!(&mut *conn, |c| {
        diesel::update(tickets::table.find(id.0)).set(tickets::updated_at.eq(now)).execute(c).await
    })?;
    if first_response {
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

/// The comments of a ticket after one, oldest first; internal notes only for those who may read them.
pub async fn comments_of(
    conn: &mut Conn,
    ticket: TicketId,
    internal: bool,
    after: i64,
    limit: i64,
) -> Result<Vec<(CommentRow, Face)>, DbError> {
    let most = visibility_code(if internal {
        shared::tickets::Visibility::Internal
    } else {
        shared::tickets::Visibility::Public
    });
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
