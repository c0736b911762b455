//! The ranges of the list in the database: the same conditions, for its rows and for counting them.

use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{BigInt, Bool, Text},
};
use shared::{ids::UserId, tickets::TicketSort};

use super::{
    list::{Filter, Key, Piece, Reason},
    looked_for::LATEST,
    rows::{ListedTicket, TicketRow, status_code},
    store::{Shown, assignees, listed, requesters},
};
use crate::{
    db::{
        Conn, DbError, LoadAll, full_text,
        schema::{ticket_reads, ticket_watchers, tickets, users},
    },
    on_conn,
    text::like_pattern,
};

/// What full text is asked, in the words of the database.
struct Words {
    asked: full_text::Asked,
    before: &'static str,
    after: &'static str,
}

impl Words {
    fn of(conn: &Conn, filter: &Filter) -> Self {
        let (before, after) = full_text::tickets_condition(conn);
        Self { asked: full_text::Asked::of(conn, &filter.words), before, after }
    }
}

/// The conditions of one range, on a boxed query over the tickets, whatever else is joined to them.
macro_rules! narrowed {
    ($query:expr, $piece:expr, $filter:expr, $text:expr) => {{
        let (piece, filter, text): (&Piece, &Filter, &Words) = ($piece, $filter, $text);
        let statuses: Vec<i16> = piece.statuses.iter().map(|&status| status_code(status)).collect();
        let mut query = $query;
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
        query = match filter.priorities.as_slice() {
            [] => query,
            [priority] => query.filter(tickets::priority.eq(*priority)),
            _ => query.filter(tickets::priority.eq_any(filter.priorities.clone())),
        };
        match filter.category {
            Some(Some(category)) => query = query.filter(tickets::category_id.eq(category)),
            Some(None) => query = query.filter(tickets::category_id.is_null()),
            None => {}
        }
        if let Some(requester) = filter.requester {
            query = query.filter(tickets::requester_id.eq(requester.0));
        }
        if let Some(only) = filter.within {
            query = query.filter(tickets::id.eq(only.0));
        }
        if piece.by_number {
            query = query.filter(tickets::id.nullable().eq(filter.number.map(|id| id.0)));
        } else if !filter.words.is_empty() {
            if !text.asked.bound.is_empty() {
                query =
                    query.filter(sql::<Bool>(text.before).bind::<Text, _>(text.asked.bound.clone()).sql(text.after));
            }
            for word in &text.asked.left_out {
                let written = word.written.as_ref().unwrap_or(&word.folded);
                let (folded, written) = (like_pattern(&word.folded), like_pattern(written));
                let title = tickets::title_folded.like(folded.clone()).escape('!');
                let described =
                    tickets::description.like(folded).escape('!').or(tickets::description.like(written).escape('!'));
                query = if text.asked.bound.is_empty() {
                    // Nothing narrows, and all descriptions would be read.
                    let latest = format!("(SELECT COALESCE(MAX(id), 0) - {LATEST} FROM tickets)");
                    query.filter(title.or(tickets::id.gt(sql::<BigInt>(&latest)).and(described)))
                } else {
                    query.filter(title.or(described))
                };
            }
        }
        if let Some(awaits) = filter.awaits_staff {
            query = query.filter(tickets::awaits_staff.eq(awaits));
        }
        if let Some(moment) = filter.created_after {
            // Nothing changes before it is there: said, it bounds the orders by activity too.
            query = query.filter(tickets::created_at.ge(moment)).filter(tickets::updated_at.ge(moment));
        }
        if let Some(moment) = filter.created_before {
            query = query.filter(tickets::created_at.lt(moment));
        }
        if let Some(moment) = filter.closed_after {
            // Closing is activity.
            query = query.filter(tickets::closed_at.ge(moment)).filter(tickets::updated_at.ge(moment));
        }
        if let Some(moment) = filter.closed_before {
            query = query.filter(tickets::closed_at.lt(moment));
        }
        query
    }};
}

/// Ranges of the list, one after the other, each in its order, with how far somebody has read each ticket.
pub async fn list(
    conn: &mut Conn,
    pieces: &[Piece],
    filter: &Filter,
    me: UserId,
) -> Result<Vec<ListedTicket>, DbError> {
    let text = Words::of(conn, filter);
    let rows: Vec<(TicketRow, Shown, Shown, Option<i64>)> = on_conn!(conn, |c| {
        let range = |piece: &Piece| {
            // Left joins keep a planner from starting at the people.
            let query = tickets::table
                .left_join(requesters.on(requesters.field(users::id).eq(tickets::requester_id)))
                .left_join(assignees.on(assignees.field(users::id).nullable().eq(tickets::assignee_id)))
                .left_join(
                    ticket_reads::table.on(ticket_reads::ticket_id.eq(tickets::id).and(ticket_reads::user_id.eq(me.0))),
                )
                .select((
                    TicketRow::as_select(),
                    (requesters.field(users::name).nullable(), requesters.field(users::avatar_at).nullable()),
                    (assignees.field(users::name).nullable(), assignees.field(users::avatar_at).nullable()),
                    ticket_reads::comment_id.nullable(),
                ))
                .limit(filter.limit)
                .into_boxed::<Backend>();
            let mut query = narrowed!(query, piece, filter, &text);
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

/// How many tickets the ranges hold together, counted no further than `most`: no range is read beyond that.
pub async fn count(conn: &mut Conn, pieces: &[Piece], filter: &Filter, most: usize) -> Result<usize, DbError> {
    let text = Words::of(conn, filter);
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let mut ids: Vec<i64> = on_conn!(conn, |c| {
        let range = |piece: &Piece| {
            let query = tickets::table.select(tickets::id).limit(limit).into_boxed::<Backend>();
            narrowed!(query, piece, filter, &text)
        };
        c.load_all(pieces.iter().map(range).collect()).await
    })?;
    // One ticket may be seen for two reasons.
    ids.sort_unstable();
    ids.dedup();
    Ok(ids.len().min(most))
}
