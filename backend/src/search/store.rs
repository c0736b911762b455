//! The three full-text indexes, asked in their three languages.
//!
//! A text of the person's own is bound, never written into a statement; what is written into one are numbers of ours.

use std::{collections::HashMap, fmt::Write as _};

use diesel::{
    QueryableByName,
    prelude::*,
    sql_query,
    sql_types::{BigInt, Double, Nullable, SmallInt, Text},
};
use diesel_async::RunQueryDsl;
use shared::{
    accounts::UserRef,
    ids::{TicketId, UserId},
    tickets::{AssigneeFilter, Priority, Status, Visibility},
};

use super::{
    asked::Asked,
    index::{
        FTS5_COMMENTS, FTS5_TICKETS, FULLTEXT_COMMENTS, FULLTEXT_TICKETS, GIN_COMMENTS, GIN_TICKETS, Index, Matching,
    },
};
use crate::{
    accounts::rows::{Face, user_ref},
    db::{
        Conn, DbError, LoadAll,
        full_text::{self, Stem, Word},
        schema::{comments, tickets, users},
    },
    on_conn,
    text::like_pattern,
    tickets::{
        list::Reason,
        rows::{priority_code, status_code, visibility_code},
    },
};

/// A ticket or a comment that was found.
#[derive(Debug, QueryableByName)]
pub struct Found {
    /// The ticket, or the one the comment is on.
    #[diesel(sql_type = BigInt)]
    pub ticket_id: i64,
    /// The comment.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub comment_id: Option<i64>,
    /// The ticket's title.
    #[diesel(sql_type = Text)]
    pub title: String,
    /// How well it matches.
    #[diesel(sql_type = Double)]
    pub score: f64,
}

/// A person that was found.
#[derive(Debug, Queryable)]
pub struct FoundPerson {
    /// The number.
    pub id: i64,
    /// The name.
    pub name: String,
    /// The user name.
    pub username: String,
    /// The address.
    pub email: String,
}

/// What a hit says of its ticket beside its words.
#[derive(Debug, Queryable)]
pub struct TicketFacts {
    /// The number.
    pub id: i64,
    /// Where it stands.
    pub status: i16,
    /// When something last happened to it, in microseconds.
    pub updated_at: i64,
    /// Who has the problem.
    pub requester_id: i64,
    /// What is shown of them.
    pub requester: Face,
}

/// A ticket that shares a word with a title.
#[derive(Debug, QueryableByName)]
pub struct Alike {
    /// The number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Its title.
    #[diesel(sql_type = Text)]
    pub title: String,
    /// The beginning of its description.
    #[diesel(sql_type = Text)]
    pub body: String,
    /// Where it stands.
    #[diesel(sql_type = SmallInt)]
    pub status: i16,
    /// When something last happened to it, in microseconds.
    #[diesel(sql_type = BigInt)]
    pub updated_at: i64,
}

/// Which tickets may be found: those the caller may see, narrowed by what they asked for.
pub struct Within(String);

impl Within {
    /// As a condition on `t`, the ticket.
    pub fn new(reasons: &[Reason], asked: &Asked, me: UserId) -> Self {
        let mut condition = String::from("(");
        for (nth, reason) in reasons.iter().enumerate() {
            let or = if nth == 0 { "" } else { " OR " };
            // Writing to a String does not fail; the numbers are ours.
            let _ = match reason {
                Reason::Any => write!(condition, "{or}1 = 1"),
                Reason::Assignee(me) => write!(condition, "{or}t.assignee_id = {}", me.0),
                Reason::Unassigned => write!(condition, "{or}t.assignee_id IS NULL"),
                Reason::Requester(me) => write!(condition, "{or}t.requester_id = {}", me.0),
                Reason::Watcher(me) => write!(
                    condition,
                    "{or}EXISTS (SELECT 1 FROM ticket_watchers w WHERE w.ticket_id = t.id AND w.user_id = {})",
                    me.0
                ),
            };
        }
        condition.push(')');
        if let Some(ticket) = asked.within {
            let _ = write!(condition, " AND t.id = {}", ticket.0);
        }
        if !asked.statuses.is_empty() {
            let _ = write!(
                condition,
                " AND t.status IN ({})",
                codes(&asked.statuses, |&status: &Status| status_code(status))
            );
        }
        if !asked.priorities.is_empty() {
            let _ = write!(
                condition,
                " AND t.priority IN ({})",
                codes(&asked.priorities, |&priority: &Priority| priority_code(priority))
            );
        }
        let _ = match asked.assignee {
            None => Ok(()),
            Some(AssigneeFilter::Nobody) => write!(condition, " AND t.assignee_id IS NULL"),
            Some(AssigneeFilter::Me) => write!(condition, " AND t.assignee_id = {}", me.0),
            Some(AssigneeFilter::Id(id)) => write!(condition, " AND t.assignee_id = {}", id.0),
        };
        Self(condition)
    }
}

fn codes<T>(values: &[T], code: impl Fn(&T) -> i16) -> String {
    values.iter().map(|value| code(value).to_string()).collect::<Vec<_>>().join(", ")
}

/// Tickets whose title or description holds all the words, best first.
pub async fn tickets(conn: &mut Conn, words: &[Word], within: &Within, limit: i64) -> Result<Vec<Found>, DbError> {
    let asked = full_text::Asked::of(conn, words);
    let (index, from) = tickets_index(conn);
    let Matching { condition, score, texts } = index.matching(&asked, conn);
    let sql = format!(
        "SELECT t.id AS ticket_id, CAST(NULL AS {number}) AS comment_id, t.title AS title, \
         {score} AS score FROM {from} WHERE {condition} AND {} ORDER BY score DESC, t.id DESC LIMIT {limit}",
        within.0,
        number = number(conn),
    );
    load(conn, sql, texts).await
}

/// The latest tickets whose title or description holds any of some words, in any of their forms, best first.
pub async fn alike(
    conn: &mut Conn,
    stems: &[Stem],
    within: &Within,
    except: Option<TicketId>,
    limit: i64,
) -> Result<Vec<Alike>, DbError> {
    let bound = full_text::any_of(conn, stems);
    if bound.is_empty() {
        return Ok(Vec::new());
    }
    let (index, from) = tickets_index(conn);
    let Matching { condition, score, texts } = index.latest(&bound, conn);
    let sql = format!(
        "SELECT t.id AS id, t.title AS title, SUBSTR(t.description, 1, {LOOKED_AT}) AS body, t.status AS status, \
         t.updated_at AS updated_at, {score} AS score FROM {from} WHERE {condition} AND {} AND t.id <> {} \
         ORDER BY score DESC, t.id DESC LIMIT {limit}",
        within.0,
        except.map_or(0, |ticket| ticket.0),
    );
    load(conn, sql, texts).await
}

/// The index of tickets, and what a statement selects from to use it.
fn tickets_index(conn: &Conn) -> (Index, &'static str) {
    match conn {
        Conn::Sqlite(_) => (FTS5_TICKETS, "tickets_search JOIN tickets t ON t.id = tickets_search.rowid"),
        Conn::Postgres(_) => (GIN_TICKETS, "tickets t"),
        Conn::MySql(_) => (FULLTEXT_TICKETS, "tickets t"),
    }
}

/// Comments that hold all the words, best first; internal notes only for those who may read them.
pub async fn comments(
    conn: &mut Conn,
    words: &[Word],
    within: &Within,
    internal: bool,
    limit: i64,
) -> Result<Vec<Found>, DbError> {
    let most = visibility_code(if internal { Visibility::Internal } else { Visibility::Public });
    let asked = full_text::Asked::of(conn, words);
    let (index, from) = match conn {
        Conn::Sqlite(_) => (FTS5_COMMENTS, "comments_search JOIN comments c ON c.id = comments_search.rowid"),
        Conn::Postgres(_) => (GIN_COMMENTS, "comments c"),
        Conn::MySql(_) => (FULLTEXT_COMMENTS, "comments c"),
    };
    let Matching { condition, score, texts } = index.matching(&asked, conn);
    let sql = format!(
        "SELECT t.id AS ticket_id, c.id AS comment_id, t.title AS title, {score} AS score \
         FROM {from} JOIN tickets t ON t.id = c.ticket_id \
         WHERE {condition} AND c.visibility <= {most} AND {} ORDER BY score DESC, c.id DESC LIMIT {limit}",
        within.0,
    );
    load(conn, sql, texts).await
}

/// A ticket by its number.
pub async fn numbered(conn: &mut Conn, id: i64, within: &Within) -> Result<Vec<Found>, DbError> {
    let sql = format!(
        "SELECT t.id AS ticket_id, CAST(NULL AS {number}) AS comment_id, t.title AS title, \
         {zero} AS score FROM tickets t WHERE t.id = {id} AND {}",
        within.0,
        number = number(conn),
        zero = zero(conn),
    );
    load(conn, sql, Vec::new()).await
}

/// What is said of some tickets, by their numbers: of those that are shown alone, however many have the words.
pub async fn facts(conn: &mut Conn, ids: Vec<i64>) -> Result<HashMap<i64, TicketFacts>, DbError> {
    let facts: Vec<TicketFacts> = on_conn!(conn, |c| {
        tickets::table
            .inner_join(users::table.on(users::id.eq(tickets::requester_id)))
            .filter(tickets::id.eq_any(ids))
            .select((
                tickets::id,
                tickets::status,
                tickets::updated_at,
                tickets::requester_id,
                (users::name, users::avatar_at),
            ))
            .load(c)
            .await
    })?;
    Ok(facts.into_iter().map(|ticket| (ticket.id, ticket)).collect())
}

/// Who wrote some comments, by the comments' numbers.
pub async fn authors(conn: &mut Conn, ids: Vec<i64>) -> Result<HashMap<i64, UserRef>, DbError> {
    let authors: Vec<(i64, i64, Face)> = on_conn!(conn, |c| {
        comments::table
            .inner_join(users::table)
            .filter(comments::id.eq_any(ids))
            .select((comments::id, comments::author_id, (users::name, users::avatar_at)))
            .load(c)
            .await
    })?;
    let named = |(comment, id, face): (i64, i64, Face)| (comment, user_ref(id, face.name, face.avatar_at));
    Ok(authors.into_iter().map(named).collect())
}

/// The descriptions of some tickets, by their numbers.
pub async fn descriptions(conn: &mut Conn, ids: Vec<i64>) -> Result<HashMap<i64, String>, DbError> {
    let texts: Vec<(i64, String)> = on_conn!(conn, |c| {
        tickets::table.filter(tickets::id.eq_any(ids)).select((tickets::id, tickets::description)).load(c).await
    })?;
    Ok(texts.into_iter().collect())
}

/// What some comments say, by their numbers.
pub async fn bodies(conn: &mut Conn, ids: Vec<i64>) -> Result<HashMap<i64, String>, DbError> {
    let texts: Vec<(i64, String)> = on_conn!(conn, |c| {
        comments::table.filter(comments::id.eq_any(ids)).select((comments::id, comments::body)).load(c).await
    })?;
    Ok(texts.into_iter().collect())
}

/// People whose name, user name or address holds all the words; by name.
pub async fn people(conn: &mut Conn, words: &[Word], limit: i64) -> Result<Vec<FoundPerson>, DbError> {
    Ok(on_conn!(conn, |c| {
        let mut query = users::table
            .filter(users::active.eq(true))
            .select((users::id, users::name, users::username, users::email))
            .order((users::name_folded, users::id))
            .limit(limit)
            .into_boxed::<Backend>();
        for word in words {
            let pattern = like_pattern(&word.folded);
            query = query.filter(
                users::name_folded
                    .like(pattern.clone())
                    .escape('!')
                    .or(users::username_folded.like(pattern.clone()).escape('!'))
                    .or(users::email_folded.like(pattern).escape('!')),
            );
        }
        c.load_all(vec![query]).await
    })?)
}

/// What a number without a value is called.
fn number(conn: &Conn) -> &'static str {
    if matches!(conn, Conn::MySql(_)) { "SIGNED" } else { "BIGINT" }
}

/// The score of what has none.
fn zero(conn: &Conn) -> &'static str {
    if matches!(conn, Conn::Postgres(_)) { "0::float8" } else { "0e0" }
}

/// So much of a description is compared, in characters.
const LOOKED_AT: u32 = 2_000;

async fn load<T>(conn: &mut Conn, sql: String, texts: Vec<String>) -> Result<Vec<T>, DbError>
where
    T: QueryableByName<diesel::sqlite::Sqlite>
        + QueryableByName<diesel::pg::Pg>
        + QueryableByName<diesel::mysql::Mysql>
        + Send
        + 'static,
{
    Ok(on_conn!(conn, |c| {
        let mut query = sql_query(sql).into_boxed::<Backend>();
        for text in texts {
            query = query.bind::<Text, _>(text);
        }
        query.load(c).await
    })?)
}
