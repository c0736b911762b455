//! `turno verify-schema`: does the live database have the tables, columns and indexes this program works with?
//!
//! [`tables`] says it once for all three; a test holds it against freshly migrated databases of each kind.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{QueryResult, QueryableByName, sql_types::Text};
use diesel_async::RunQueryDsl;

use super::{
    Conn,
    expected::{
        Kind::{self, Bytes, Number, Text as Words},
        SQLITE_TRIGGERS, tables,
    },
};

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    data_type: String,
    #[diesel(sql_type = Text)]
    nullable: String,
}

#[derive(QueryableByName)]
struct IndexRow {
    #[diesel(sql_type = Text)]
    index_name: String,
}

/// The differences, one line each, from the live schema to the expected one; none when they agree.
pub async fn differences(conn: &mut Conn) -> QueryResult<Vec<String>> {
    let columns = live_columns(conn).await?;
    let indexes: BTreeSet<String> = live_indexes(conn).await?.into_iter().map(|row| row.index_name).collect();
    let on_sqlite = matches!(conn, Conn::Sqlite(_));
    let mut live: BTreeMap<&str, BTreeMap<&str, &ColumnRow>> = BTreeMap::new();
    for row in &columns {
        live.entry(&row.table_name).or_default().insert(&row.column_name, row);
    }
    let mut found = Vec::new();
    for table in tables() {
        let Some(columns) = live.get(table.name) else {
            found.push(format!("table {} is missing", table.name));
            continue;
        };
        for &(name, kind, nullable) in table.columns {
            match columns.get(name) {
                None => found.push(format!("column {}.{name} is missing", table.name)),
                Some(row) => found.extend(column_differences(table.name, row, kind, nullable)),
            }
        }
        let expected: BTreeSet<&str> = table.columns.iter().map(|&(name, ..)| name).collect();
        for name in columns.keys().filter(|name| !expected.contains(*name)) {
            found.push(format!("column {}.{name} is not expected", table.name));
        }
        for &index in table.indexes.iter().filter(|&&index| !indexes.contains(index)) {
            found.push(format!("index {index} on {} is missing", table.name));
        }
    }
    for &trigger in SQLITE_TRIGGERS.iter().filter(|&&trigger| on_sqlite && !indexes.contains(trigger)) {
        found.push(format!("trigger {trigger} is missing"));
    }
    Ok(found)
}

fn column_differences(table: &str, row: &ColumnRow, kind: Kind, nullable: bool) -> Vec<String> {
    let mut found = Vec::new();
    let data_type = row.data_type.to_ascii_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| data_type.contains(word));
    let live = match (holds(&["char", "text"]), holds(&["blob", "bytea", "binary"])) {
        (true, _) => Words,
        (_, true) => Bytes,
        _ => Number,
    };
    if live != kind {
        found.push(format!("column {table}.{} is of type {data_type}", row.column_name));
    }
    if nullable != (row.nullable == "YES") {
        let word = if nullable { "does not take" } else { "takes" };
        found.push(format!("column {table}.{} {word} NULL", row.column_name));
    }
    found
}

async fn live_columns(conn: &mut Conn) -> QueryResult<Vec<ColumnRow>> {
    match conn {
        Conn::Sqlite(c) => {
            diesel::sql_query(
                "SELECT m.name AS table_name, c.name AS column_name, c.type AS data_type, \
                 CASE WHEN c.\"notnull\" = 0 AND c.pk = 0 THEN 'YES' ELSE 'NO' END AS nullable \
                 FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'",
            )
            .load(&mut **c)
            .await
        }
        Conn::Postgres(c) => {
            diesel::sql_query(
                "SELECT table_name::text, column_name::text, data_type::text, is_nullable::text AS nullable \
                 FROM information_schema.columns WHERE table_schema = current_schema() AND data_type <> 'tsvector'",
            )
            .load(&mut **c)
            .await
        }
        Conn::MySql(c) => {
            diesel::sql_query(
                "SELECT table_name AS table_name, column_name AS column_name, data_type AS data_type, \
                 is_nullable AS nullable FROM information_schema.columns WHERE table_schema = DATABASE() \
                 AND COALESCE(generation_expression, '') = ''",
            )
            .load(&mut **c)
            .await
        }
    }
}

async fn live_indexes(conn: &mut Conn) -> QueryResult<Vec<IndexRow>> {
    match conn {
        Conn::Sqlite(c) => {
            // Full text is a table of its own there, and triggers write it.
            diesel::sql_query(
                "SELECT name AS index_name FROM sqlite_master WHERE type IN ('index', 'table', 'trigger')",
            )
            .load(&mut **c)
            .await
        }
        Conn::Postgres(c) => {
            diesel::sql_query(
                "SELECT indexname::text AS index_name FROM pg_indexes WHERE schemaname = current_schema()",
            )
            .load(&mut **c)
            .await
        }
        Conn::MySql(c) => {
            diesel::sql_query(
                "SELECT DISTINCT index_name AS index_name FROM information_schema.statistics \
                 WHERE table_schema = DATABASE()",
            )
            .load(&mut **c)
            .await
        }
    }
}
