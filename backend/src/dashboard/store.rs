//! Tickets, counted.
//!
//! What is written into the statements are numbers of ours. A caller sees a ticket for one or more reasons; each reason is
//! asked for by itself, as each follows an index of its own, and leaves out what those before it have counted.

use diesel::{QueryableByName, sql_query};
use shared::{accounts::Role, ids::UserId, tickets::Status};

use super::{
    calendar::QUARTER,
    rows::{Alike, Count, InQuarter, Took},
};
use crate::{
    db::{Conn, DbError, LoadAll, dialect},
    on_conn,
    tickets::{list::Reason, rows::status_code},
};

/// A minute, in microseconds.
const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// What took longer is told apart by days.
const MONTH: i64 = 30 * DAY;

/// Some of the tickets that a caller may see: those of one reason that no reason before it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// As a condition on `t`, the ticket.
    condition: String,
    /// Whether it is all there are.
    is_all: bool,
}

/// The tickets that a caller may see, in parts that have none in common.
pub fn parts(reasons: &[Reason]) -> Vec<Part> {
    let part = |(nth, reason): (usize, &Reason)| {
        let earlier = reasons.iter().take(nth).map(|reason| format!(" AND {}", without(*reason)));
        Part { condition: with(*reason) + &earlier.collect::<String>(), is_all: *reason == Reason::Any }
    };
    reasons.iter().enumerate().map(part).collect()
}

fn with(reason: Reason) -> String {
    match reason {
        Reason::Any => "1 = 1".to_owned(),
        Reason::Assignee(me) => format!("t.assignee_id = {}", me.0),
        Reason::Unassigned => "t.assignee_id IS NULL".to_owned(),
        Reason::Requester(me) => format!("t.requester_id = {}", me.0),
        Reason::Watcher(me) => {
            format!("t.id IN (SELECT w.ticket_id FROM ticket_watchers w WHERE w.user_id = {})", me.0)
        }
    }
}

fn without(reason: Reason) -> String {
    match reason {
        Reason::Any => "1 = 0".to_owned(),
        Reason::Assignee(me) => format!("(t.assignee_id IS NULL OR t.assignee_id <> {})", me.0),
        Reason::Unassigned => "t.assignee_id IS NOT NULL".to_owned(),
        Reason::Requester(me) => format!("t.requester_id <> {}", me.0),
        Reason::Watcher(me) => {
            format!("t.id NOT IN (SELECT w.ticket_id FROM ticket_watchers w WHERE w.user_id = {})", me.0)
        }
    }
}

/// The unfinished tickets, counted by all that a chart tells apart. Their age is the place of the first of these moments
/// at or after which they were opened, or the one behind the last.
pub async fn unfinished(conn: &mut Conn, parts: &[Part], ages: &[i64]) -> Result<Vec<Alike>, DbError> {
    let (whole, closed) = (dialect::whole(conn), status_code(Status::Closed));
    let steps = ages.iter().enumerate().map(|(place, from)| format!("WHEN t.created_at >= {from} THEN {place} "));
    let (steps, last) = (steps.collect::<String>(), ages.len());
    let ask = |part: &Part| {
        format!(
            "SELECT t.status AS status, t.priority AS priority, t.category_id AS category_id, \
             t.assignee_id AS assignee_id, CAST(CASE {steps}ELSE {last} END AS {whole}) AS age, COUNT(*) AS n \
             FROM tickets t WHERE {} AND t.status < {closed} GROUP BY 1, 2, 3, 4, 5",
            part.condition
        )
    };
    load(conn, parts.iter().map(ask)).await
}

/// How many tickets there are, in any state.
pub async fn total(conn: &mut Conn, parts: &[Part]) -> Result<i64, DbError> {
    let ask = |part: &Part| {
        // SQLite counts a whole table without reading its rows, if there is no condition at all.
        let condition = if part.is_all { String::new() } else { format!(" WHERE {}", part.condition) };
        format!("SELECT COUNT(*) AS n FROM tickets t{condition}")
    };
    let counts: Vec<Count> = load(conn, parts.iter().map(ask)).await?;
    Ok(counts.iter().map(|count| count.n).sum())
}

/// What was opened at or after a moment.
pub async fn opened(conn: &mut Conn, parts: &[Part], from: i64) -> Result<Vec<InQuarter>, DbError> {
    let quarter = dialect::quotient(conn, "t.created_at", QUARTER);
    let ask = |part: &Part| {
        // From an assignee an index leads to the day only through the state.
        let states = if part.is_all { "" } else { " AND t.status IN (0, 1, 2, 3)" };
        format!(
            "SELECT {quarter} AS quarter, COUNT(*) AS n FROM tickets t \
             WHERE {} AND t.created_at >= {from}{states} GROUP BY 1",
            part.condition
        )
    };
    load(conn, parts.iter().map(ask)).await
}

/// What was closed at or after a moment.
pub async fn closed_since(conn: &mut Conn, parts: &[Part], from: i64) -> Result<Vec<InQuarter>, DbError> {
    let quarter = dialect::quotient(conn, "t.closed_at", QUARTER);
    let ask = |part: &Part| {
        format!(
            "SELECT {quarter} AS quarter, COUNT(*) AS n FROM tickets t \
             WHERE {} AND t.closed_at >= {from}{} GROUP BY 1",
            part.condition,
            active_since(part, from)
        )
    };
    load(conn, parts.iter().map(ask)).await
}

/// How long first answers took that were given at or after `before`; those at or after `from` are recent.
pub async fn first_responses(conn: &mut Conn, parts: &[Part], before: i64, from: i64) -> Result<Vec<Took>, DbError> {
    took(conn, parts, "t.first_response_at", before, from).await
}

/// How long it took to close what was closed at or after `before`; what was at or after `from` is recent.
pub async fn resolutions(conn: &mut Conn, parts: &[Part], before: i64, from: i64) -> Result<Vec<Took>, DbError> {
    took(conn, parts, "t.closed_at", before, from).await
}

async fn took(conn: &mut Conn, parts: &[Part], moment: &str, before: i64, from: i64) -> Result<Vec<Took>, DbError> {
    let whole = dialect::whole(conn);
    // Above a day nobody asks for the minute, and each length that is told apart is a row to read.
    let took = format!("({moment} - t.created_at)");
    let [minutes, hours, days] = [MINUTE, HOUR, DAY].map(|unit| dialect::quotient(conn, &took, unit));
    let minutes = format!(
        "CAST(CASE WHEN {took} < {DAY} THEN {minutes} WHEN {took} < {MONTH} THEN {hours} * 60 \
         ELSE {days} * 1440 END AS {whole})"
    );
    let ask = |part: &Part| {
        format!(
            "SELECT CAST(CASE WHEN {moment} >= {from} THEN 1 ELSE 0 END AS {whole}) AS recent, {minutes} AS minutes, \
             COUNT(*) AS n FROM tickets t WHERE {} AND {moment} >= {before}{} GROUP BY 1, 2",
            part.condition,
            active_since(part, before)
        )
    };
    load(conn, parts.iter().map(ask)).await
}

/// Nothing happens to a ticket after its last activity: said, it bounds the ranges that are in the order of activity.
fn active_since(part: &Part, from: i64) -> String {
    if part.is_all { String::new() } else { format!(" AND t.status IN (0, 1, 2, 3) AND t.updated_at >= {from}") }
}

/// How many tickets wait for somebody, as the list's `waiting_for` understands it.
pub async fn waiting(conn: &mut Conn, me: UserId, role: Role) -> Result<i64, DbError> {
    let condition = if role.is_staff() {
        let closed = status_code(Status::Closed);
        format!("t.assignee_id = {} AND t.status < {closed} AND t.awaits_staff = TRUE", me.0)
    } else {
        format!("t.requester_id = {} AND t.status = {}", me.0, status_code(Status::Waiting))
    };
    let sql = format!("SELECT COUNT(*) AS n FROM tickets t WHERE {condition}");
    let counts: Vec<Count> = load(conn, std::iter::once(sql)).await?;
    Ok(counts.iter().map(|count| count.n).sum())
}

/// The rows of several statements, in one trip where the database is in the program.
async fn load<R>(conn: &mut Conn, statements: impl Iterator<Item = String>) -> Result<Vec<R>, DbError>
where
    R: QueryableByName<diesel::sqlite::Sqlite>
        + QueryableByName<diesel::pg::Pg>
        + QueryableByName<diesel::mysql::Mysql>
        + Send
        + 'static,
{
    let queries = statements.map(sql_query).collect();
    Ok(on_conn!(conn, |c| c.load_all(queries).await)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_leave_out_what_those_before_them_have() {
        let me = UserId(7);
        let parts = parts(&[Reason::Assignee(me), Reason::Unassigned, Reason::Requester(me)]);
        let conditions: Vec<&str> = parts.iter().map(|part| part.condition.as_str()).collect();
        assert_eq!(
            conditions,
            [
                "t.assignee_id = 7",
                "t.assignee_id IS NULL AND (t.assignee_id IS NULL OR t.assignee_id <> 7)",
                "t.requester_id = 7 AND (t.assignee_id IS NULL OR t.assignee_id <> 7) AND t.assignee_id IS NOT NULL",
            ]
        );
        assert!(parts.iter().all(|part| !part.is_all));
    }
}
