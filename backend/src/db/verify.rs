//! `turno verify-schema`: is the live database what the migrations make of an empty one?
//!
//! For each of the three there is in `describe/` a query that describes a database, one row for each table and for each
//! thing of a table, and what it says of one that has just been migrated. A test holds the two together, and writes the
//! second anew after a new migration: see `backend/tests/it/schema.rs`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Display},
};

use diesel::{QueryResult, QueryableByName, sql_types::Text};
use diesel_async::RunQueryDsl;

use super::Conn;
use crate::on_conn;

/// Where diesel notes which migrations have run. What else is in that table is its own.
const MIGRATIONS: &str = "__diesel_schema_migrations";
const TABLE: &str = "table";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    says: String,
}

/// A table, or something of one: a column, an index, a foreign key, a check, a trigger, a migration that has run.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    table: String,
    what: String,
    /// Empty for the table itself. That of a foreign key is its columns.
    name: String,
}

impl Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, what, name } = self;
        match what.as_str() {
            TABLE => write!(f, "table {table}"),
            "column" => write!(f, "column {table}.{name}"),
            "migration" => write!(f, "migration {name}"),
            _ => write!(f, "{what} {name} on {table}"),
        }
    }
}

/// The parts of a database, and what is said of each: a column's type, an index's columns.
type Description = BTreeMap<Part, String>;

/// The differences, one line each, from the live schema to the expected one; none when they agree.
pub async fn differences(conn: &mut Conn) -> QueryResult<Vec<String>> {
    let expected = parsed(match conn {
        Conn::Sqlite(_) => include_str!("describe/sqlite.txt"),
        Conn::Postgres(_) => include_str!("describe/postgres.txt"),
        Conn::MySql(_) => include_str!("describe/mysql.txt"),
    });
    let live = described(conn).await?;
    let parts: BTreeSet<&Part> = expected.keys().chain(live.keys()).collect();
    let differs = |part: &Part| match (expected.get(part), live.get(part)) {
        (Some(expected), Some(live)) => (expected != live).then(|| format!("{part} is {live}, not {expected}")),
        (Some(_), None) => has_table_of(&live, part).then(|| format!("{part} is missing")),
        (None, _) => has_table_of(&expected, part).then(|| format!("{part} is not expected")),
    };
    Ok(parts.into_iter().filter_map(differs).collect())
}

/// The live schema, a line for each of its parts: as `describe/` holds it of a database that has just been migrated.
pub async fn description(conn: &mut Conn) -> QueryResult<String> {
    let line = |(Part { table, what, name }, says): (Part, String)| format!("{table}|{what}|{name}|{says}\n");
    Ok(described(conn).await?.into_iter().map(line).collect())
}

/// Whether something can be said of a part beyond that its whole table is missing or unexpected.
fn has_table_of(description: &Description, part: &Part) -> bool {
    let table = Part { table: part.table.clone(), what: TABLE.to_owned(), name: String::new() };
    *part == table || description.contains_key(&table)
}

fn parsed(text: &str) -> Description {
    let part = |line: &str| {
        let mut fields = line.splitn(4, '|').map(str::to_owned);
        Some((Part { table: fields.next()?, what: fields.next()?, name: fields.next()? }, fields.next()?))
    };
    text.lines().filter_map(part).collect()
}

async fn described(conn: &mut Conn) -> QueryResult<Description> {
    let query = match conn {
        Conn::Sqlite(_) => include_str!("describe/sqlite.sql"),
        Conn::Postgres(_) => include_str!("describe/postgres.sql"),
        Conn::MySql(_) => include_str!("describe/mysql.sql"),
    };
    let mut rows = ask(conn, query.to_owned()).await?;
    if rows.iter().any(|row| row.what == TABLE && row.table_name == MIGRATIONS) {
        let ran = format!(
            "SELECT '{MIGRATIONS}' AS table_name, 'migration' AS what, version AS name, '' AS says FROM {MIGRATIONS}"
        );
        rows.extend(ask(conn, ran).await?);
    }
    // How a statement was broken into lines says nothing.
    let part = |Row { table_name: table, what, name, says }: Row| {
        (Part { table, what, name }, says.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    Ok(rows.into_iter().map(part).collect())
}

async fn ask(conn: &mut Conn, query: String) -> QueryResult<Vec<Row>> {
    on_conn!(conn, |c| diesel::sql_query(query).load(c).await)
}
