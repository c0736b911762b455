//! Migrations: run at start-up, before any worker, by one process at a time.
//!
//! SQLite and PostgreSQL run all that is pending in one transaction. MySQL commits at every CREATE and ALTER, so there
//! each migration is small enough to be finished by hand, and the log says which one it was.

use std::collections::BTreeSet;

use diesel::{
    Connection,
    backend::Backend,
    connection::SimpleConnection,
    dsl::sql,
    migration::{Migration, MigrationSource},
    sql_types::{BigInt, Nullable, Text},
};
use diesel_async::{
    AsyncMysqlConnection, AsyncPgConnection, RunQueryDsl, async_connection_wrapper::AsyncConnectionWrapper,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use thiserror::Error;

use super::{
    DatabaseUrl, DatabaseUrlError, Db, DbError, connect_mysql, connect_postgres,
    sqlite::{self, Access},
};
use crate::events;

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");
const MYSQL: EmbeddedMigrations = embed_migrations!("../migrations/mysql");

/// Names the lock that keeps two starting processes from migrating at once, on PostgreSQL.
const LOCK: i64 = 0x0074_7572_6e6f;
/// How long one waits for the other, on MySQL, in seconds.
const LOCK_WAIT: u32 = 600;

/// Why the schema could not be brought up to date.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// The URL cannot be used.
    #[error(transparent)]
    Url(#[from] DatabaseUrlError),
    /// No connection.
    #[error("cannot connect to the database: {0}")]
    Connect(#[from] diesel::ConnectionError),
    /// The schema is newer than this program.
    #[error("the database was migrated by a newer turno (it has {0}); start that one, or a newer one")]
    Newer(String),
    /// The database keeps texts in an encoding that lacks most scripts.
    #[error(
        "the database's encoding is {0}, and turno needs UTF8: make one with CREATE DATABASE turno TEMPLATE template0 ENCODING \
         'UTF8'"
    )]
    Encoding(String),
    /// Another process has been migrating for all of the time that this one waits.
    #[error("another turno has been migrating this database for ten minutes; start this one when that is done")]
    Busy,
    /// A migration failed.
    #[error("migration failed: {0}")]
    Failed(String),
    /// The log that was there before it was a chain could not be made one.
    #[error("the audit log could not be chained: {0}")]
    Chain(DbError),
}

impl From<diesel::result::Error> for MigrateError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Brings the schema up to date; answers with the names of the migrations that were run.
pub async fn migrate(url: &DatabaseUrl) -> Result<Vec<String>, MigrateError> {
    url.check_folder()?;
    let ran = migrate_schema(url).await?;
    chain_old_log(url.clone()).await?;
    Ok(ran)
}

/// On a runtime of its own: a change's future stays on its thread, and whoever migrates may be on any.
async fn chain_old_log(url: DatabaseUrl) -> Result<(), MigrateError> {
    blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| MigrateError::Failed(error.to_string()))?;
        let chained = runtime.block_on(async { events::verify::chain_old_log(&Db::open(&url).await?).await });
        chained.map_err(MigrateError::Chain)
    })
    .await
}

/// Without bounds: a table of ten million rows is altered for as long as that takes, and whoever starts second waits for the
/// first.
async fn migrate_schema(url: &DatabaseUrl) -> Result<Vec<String>, MigrateError> {
    match url.clone() {
        DatabaseUrl::Sqlite(path) => {
            blocking(move || {
                let mut connection = sqlite::open(&path, Access::Write)?;
                connection.immediate_transaction(|c| run(c, SQLITE))
            })
            .await
        }
        DatabaseUrl::Postgres(url) => {
            let mut connection = connect_postgres(url, None).await?;
            require_utf8(&mut connection).await?;
            blocking(move || {
                let mut connection = AsyncConnectionWrapper::<_>::from(connection);
                connection.transaction(|c| {
                    c.batch_execute(&format!("SELECT pg_advisory_xact_lock({LOCK})"))?;
                    run(c, POSTGRES)
                })
            })
            .await
        }
        DatabaseUrl::MySql(url) => {
            let mut connection = connect_mysql(url, None).await?;
            // It goes with the connection.
            lock_mysql(&mut connection).await?;
            blocking(move || run(&mut AsyncConnectionWrapper::<_>::from(connection), MYSQL)).await
        }
    }
}

/// Refuses what would keep some texts and not others.
async fn require_utf8(connection: &mut AsyncPgConnection) -> Result<(), MigrateError> {
    let encoding: String =
        diesel::select(sql::<Text>("current_setting('server_encoding')")).get_result(connection).await?;
    if encoding == "UTF8" { Ok(()) } else { Err(MigrateError::Encoding(encoding)) }
}

/// Waits until nobody else migrates this database. A lock's name is one for the whole server, and has at most 64 characters.
async fn lock_mysql(connection: &mut AsyncMysqlConnection) -> Result<(), MigrateError> {
    let lock = format!("CAST(GET_LOCK(CONCAT('turno-', SHA1(COALESCE(DATABASE(), ''))), {LOCK_WAIT}) AS SIGNED)");
    let taken: Option<i64> = diesel::select(sql::<Nullable<BigInt>>(&lock)).get_result(connection).await?;
    if taken == Some(1) { Ok(()) } else { Err(MigrateError::Busy) }
}

/// diesel's migrations are synchronous, and its async wrapper blocks: neither may happen on an async thread.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MigrateError> + Send + 'static,
) -> Result<T, MigrateError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| MigrateError::Failed(error.to_string()))?
}

fn run<C, B>(connection: &mut C, source: EmbeddedMigrations) -> Result<Vec<String>, MigrateError>
where
    B: Backend,
    C: Connection<Backend = B> + MigrationHarness<B>,
    EmbeddedMigrations: MigrationSource<B>,
{
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| MigrateError::Failed(error.to_string());
    let ours: Vec<Box<dyn Migration<B>>> = source.migrations().map_err(failed)?;
    let known: BTreeSet<String> = ours.iter().map(|migration| migration.name().version().to_string()).collect();
    let applied = connection.applied_migrations().map_err(failed)?;
    if let Some(newer) = applied.iter().map(ToString::to_string).find(|version| !known.contains(version)) {
        return Err(MigrateError::Newer(newer));
    }
    let ran = connection.run_pending_migrations(source).map_err(failed)?;
    Ok(ran.iter().map(ToString::to_string).collect())
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// diesel knows a migration by its number alone: of two with the same, one would never run.
    #[test]
    fn each_migration_has_a_number_of_its_own_and_stands_in_every_folder() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
        let names = |folder: &str| -> BTreeSet<String> {
            let found = fs::read_dir(root.join(folder)).expect("a folder");
            found.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
        };
        let here = names("sqlite");
        let numbers: BTreeSet<&str> = here.iter().filter_map(|name| name.split('_').next()).collect();
        assert!(!here.is_empty());
        assert_eq!(numbers.len(), here.len(), "{here:?}");
        assert_eq!(names("postgres"), here);
        assert_eq!(names("mysql"), here);
    }
}
