//! What a database says of itself.

use diesel::{
    QueryResult, QueryableByName,
    sql_types::{BigInt, Text},
};
use diesel_async::RunQueryDsl;
use shared::about::DatabaseKind;

use super::{Conn, DbError};
use crate::on_conn;

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    t: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

async fn words(conn: &mut Conn, sql: &str) -> QueryResult<String> {
    on_conn!(conn, |c| diesel::sql_query(sql).get_result::<Words>(c).await).map(|row| row.t)
}

async fn number(conn: &mut Conn, sql: &str) -> QueryResult<i64> {
    on_conn!(conn, |c| diesel::sql_query(sql).get_result::<Number>(c).await).map(|row| row.n)
}

/// Which database it is, and its version in its own words.
pub async fn kind_and_version(conn: &mut Conn) -> Result<(DatabaseKind, String), DbError> {
    let (kind, sql) = match conn {
        Conn::Sqlite(_) => (DatabaseKind::Sqlite, "SELECT sqlite_version() AS t"),
        Conn::Postgres(_) => (DatabaseKind::Postgres, "SELECT current_setting('server_version') AS t"),
        Conn::MySql(_) => (DatabaseKind::Mysql, "SELECT VERSION() AS t"),
    };
    let version = words(conn, sql).await?;
    let kind = if version.contains("MariaDB") { DatabaseKind::Mariadb } else { kind };
    Ok((kind, version))
}

/// How much room it takes, in bytes.
pub async fn size(conn: &mut Conn) -> Result<i64, DbError> {
    let sql = match conn {
        Conn::Sqlite(_) => "SELECT page_count * page_size AS n FROM pragma_page_count(), pragma_page_size()",
        Conn::Postgres(_) => "SELECT pg_database_size(current_database()) AS n",
        Conn::MySql(_) => {
            "SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS SIGNED) AS n \
             FROM information_schema.tables WHERE table_schema = DATABASE()"
        }
    };
    Ok(number(conn, sql).await?)
}

/// The last migration that was run.
pub async fn schema_version(conn: &mut Conn) -> Result<String, DbError> {
    Ok(words(conn, "SELECT MAX(version) AS t FROM __diesel_schema_migrations").await?)
}
