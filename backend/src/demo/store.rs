//! Many rows at once, on three databases.
//!
//! diesel-async knows no INSERT of many rows for SQLite, so there a batch goes to diesel itself, in one call on the
//! connection's own thread; the servers get statements of many rows, as each of those is a trip over the network.

use std::{collections::HashSet, sync::Arc};

use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use crate::{
    db::{
        Conn, DbError, dialect,
        schema::{categories, comments, conversations, messages, replies, tickets, users},
    },
    insert_for_id, on_conn,
    text::fold,
};

/// Rows of one statement: times the columns of the widest table, below what any of the three can bind.
const ROWS: usize = 1_000;

/// A person to add.
#[derive(Debug, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
pub struct UserRow {
    pub username: String,
    pub username_folded: String,
    pub name: String,
    pub name_folded: String,
    pub email: String,
    pub email_folded: String,
    pub role: i16,
    pub active: bool,
    pub locale: &'static str,
    pub theme: &'static str,
    pub password_hash: Option<String>,
    pub last_seen_at: Option<i64>,
    pub created_at: i64,
}

/// A ticket to add.
#[derive(Debug, PartialEq, Eq, Insertable)]
#[diesel(table_name = tickets, treat_none_as_default_value = false)]
pub struct TicketRow {
    pub status: i16,
    pub priority: i16,
    pub category_id: Option<i64>,
    pub requester_id: i64,
    pub assignee_id: Option<i64>,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub first_response_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub title: String,
    pub title_folded: String,
    pub description: String,
    pub awaits_staff: bool,
}

/// A comment to add.
#[derive(Debug, PartialEq, Eq, Insertable)]
#[diesel(table_name = comments, treat_none_as_default_value = false)]
pub struct CommentRow {
    pub ticket_id: i64,
    pub author_id: i64,
    pub visibility: i16,
    pub created_at: i64,
    pub body: String,
}

/// A message to add.
#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = messages, treat_none_as_default_value = false)]
pub struct MessageRow {
    pub low_id: i64,
    pub high_id: i64,
    pub from_id: i64,
    pub to_id: i64,
    pub created_at: i64,
    pub delivered_at: Option<i64>,
    pub read_at: Option<i64>,
    pub body: String,
    pub body_folded: String,
}

/// A saved reply to add.
#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = replies, treat_none_as_default_value = false)]
pub struct ReplyRow {
    pub author_id: i64,
    pub shared: bool,
    pub created_at: i64,
    pub updated_at: i64,
    pub title: String,
    pub title_folded: String,
    pub body: String,
}

/// What is kept of a conversation for one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = conversations)]
pub struct ConversationRow {
    pub user_id: i64,
    pub peer_id: i64,
    pub last_message_id: i64,
    pub unread: i32,
}

/// Adds rows to a table whose numbers the database gives; answers with the numbers, in the rows' order.
macro_rules! insert_numbered {
    ($conn:expr, $table:ident, $rows:expr) => {{
        let rows = Arc::new($rows);
        let mut ids: Vec<i64> = Vec::with_capacity(rows.len());
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        match $conn {
            Conn::Sqlite(c) => {
                let rows = Arc::clone(&rows);
                let last: i64 = c
                    .spawn_blocking(move |c| {
                        for row in rows.iter() {
                            diesel::RunQueryDsl::execute(diesel::insert_into($table::table).values(row), c)?;
                        }
                        diesel::RunQueryDsl::get_result(diesel::select(dialect::last_insert_id_sqlite()), c)
                    })
                    .await?;
                // Nobody else writes meanwhile, so the numbers follow one by one.
                ids.extend(last + 1 - count..=last);
            }
            Conn::Postgres(c) => {
                for rows in rows.chunks(ROWS) {
                    let insert = diesel::insert_into($table::table).values(rows).returning($table::id);
                    ids.extend(insert.get_results::<i64>(c).await?);
                }
            }
            Conn::MySql(c) => {
                for rows in rows.chunks(ROWS) {
                    diesel::insert_into($table::table).values(rows).execute(c).await?;
                    // The first number of the statement. On a cluster they do not follow one by one, and those between
                    // may be of rows that somebody else adds at another machine: they are reckoned, not looked for.
                    let first: i64 = diesel::select(dialect::last_insert_id_mysql()).get_result(c).await?;
                    let step: i64 = diesel::select(dialect::id_step_mysql()).get_result(c).await?;
                    ids.extend((0_i64..).zip(rows).map(|(place, _)| first + place * step));
                }
            }
        }
        if ids.len() == rows.len() { Ok(ids) } else { Err(DbError::Query(diesel::result::Error::NotFound)) }
    }};
}

/// Adds people.
pub async fn insert_users(conn: &mut Conn, rows: Vec<UserRow>) -> Result<Vec<i64>, DbError> {
    insert_numbered!(conn, users, rows)
}

/// Adds tickets.
pub async fn insert_tickets(conn: &mut Conn, rows: Vec<TicketRow>) -> Result<Vec<i64>, DbError> {
    insert_numbered!(conn, tickets, rows)
}

/// Adds comments.
pub async fn insert_comments(conn: &mut Conn, rows: Vec<CommentRow>) -> Result<Vec<i64>, DbError> {
    insert_numbered!(conn, comments, rows)
}

/// Adds messages.
pub async fn insert_messages(conn: &mut Conn, rows: Vec<MessageRow>) -> Result<Vec<i64>, DbError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    insert_numbered!(conn, messages, rows)
}

/// Adds saved replies.
pub async fn insert_replies(conn: &mut Conn, rows: Vec<ReplyRow>) -> Result<Vec<i64>, DbError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    insert_numbered!(conn, replies, rows)
}

/// Adds what is kept of conversations; there are few.
pub async fn insert_conversations(conn: &mut Conn, rows: &[ConversationRow]) -> Result<(), DbError> {
    for row in rows {
        on_conn!(&mut *conn, |c| diesel::insert_into(conversations::table).values(row).execute(c).await)?;
    }
    Ok(())
}

/// The user names that are taken, folded.
pub async fn user_names(conn: &mut Conn) -> Result<HashSet<String>, DbError> {
    let names: Vec<String> = on_conn!(conn, |c| users::table.select(users::username_folded).load(c).await)?;
    Ok(names.into_iter().collect())
}

/// The categories: folded names and numbers.
pub async fn categories(conn: &mut Conn) -> Result<Vec<(String, i64)>, DbError> {
    Ok(on_conn!(conn, |c| categories::table.select((categories::name_folded, categories::id)).load(c).await)?)
}

/// The titles of the saved replies that all of staff has, folded.
pub async fn reply_titles(conn: &mut Conn) -> Result<HashSet<String>, DbError> {
    let shared = replies::table.filter(replies::shared.eq(true));
    let titles: Vec<String> = on_conn!(conn, |c| shared.select(replies::title_folded).load(c).await)?;
    Ok(titles.into_iter().collect())
}

/// Adds a category after the others, in the colour of its place.
pub async fn insert_category(conn: &mut Conn, name: &str, place: i32) -> Result<i64, DbError> {
    let colour = i16::try_from(1 + place.rem_euclid(8)).unwrap_or(1);
    let values = (
        categories::name.eq(name),
        categories::name_folded.eq(fold(name)),
        categories::position.eq(place),
        categories::colour.eq(colour),
    );
    Ok(insert_for_id!(conn, categories, values)?)
}

/// The last place of a category.
pub async fn last_category(conn: &mut Conn) -> Result<i32, DbError> {
    let last: Option<i32> =
        on_conn!(conn, |c| categories::table.select(diesel::dsl::max(categories::position)).first(c).await)?;
    Ok(last.unwrap_or(0))
}

/// What SQLite's full text is written by, row for row.
const SEARCH_TRIGGERS: &str = "type = 'trigger' AND name IN ('tickets_search_insert', 'comments_search_insert')";

#[derive(QueryableByName)]
struct Trigger {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    sql: String,
}

/// What [`narrow`] puts back.
pub struct Widened {
    triggers: Vec<Trigger>,
}

/// Readies SQLite's writer for a flood: more of the file stays in memory than a desk in its daily work needs, and the full
/// text, which costs several times as much row for row, is left for the end. The servers need nothing of the kind.
pub async fn widen(conn: &mut Conn) -> Result<Widened, DbError> {
    let Conn::Sqlite(c) = conn else { return Ok(Widened { triggers: Vec::new() }) };
    c.batch_execute("PRAGMA cache_size = -262144").await?;
    let select = format!("SELECT name, sql FROM sqlite_master WHERE {SEARCH_TRIGGERS}");
    let triggers: Vec<Trigger> = diesel::sql_query(select).load(&mut **c).await?;
    for trigger in &triggers {
        c.batch_execute(&format!("DROP TRIGGER {}", trigger.name)).await?;
    }
    Ok(Widened { triggers })
}

/// Puts everything back and writes the full text of all there is.
pub async fn narrow(conn: &mut Conn, widened: &Widened) -> Result<(), DbError> {
    let Conn::Sqlite(c) = conn else { return Ok(()) };
    for trigger in &widened.triggers {
        c.batch_execute(&trigger.sql).await?;
    }
    c.batch_execute(
        "INSERT INTO tickets_search (tickets_search) VALUES ('rebuild');
         INSERT INTO comments_search (comments_search) VALUES ('rebuild');
         PRAGMA cache_size = -4000",
    )
    .await?;
    Ok(())
}

/// Tells the database's planner how much there is now: it would find out by itself, but later.
pub async fn analyze(conn: &mut Conn) -> Result<(), DbError> {
    match conn {
        // SQLite's planner needs no numbers for queries as plain as ours.
        Conn::Sqlite(_) => {}
        Conn::Postgres(c) => c.batch_execute("ANALYZE").await?,
        Conn::MySql(c) => {
            c.batch_execute("ANALYZE TABLE users, tickets, comments, events, messages").await?;
        }
    }
    Ok(())
}
