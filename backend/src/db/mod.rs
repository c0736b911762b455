//! The database: one of three, chosen by URL, behind one type.
//!
//! [`Db`] gives connections; a store function takes `&mut Conn` and writes its diesel query once, inside
//! [`on_conn!`](crate::on_conn), which type-checks it for SQLite, PostgreSQL and MySQL. What those three say
//! differently lives in [`dialect`].

mod bounded;
mod bounds;
pub mod dialect;
pub mod facts;
pub mod full_text;
pub mod listen;
mod load;
pub mod migrate;
mod pools;
pub mod schema;
mod sqlite;
mod time;
mod url;
pub mod verify;
mod writer;

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    time::Duration,
};

use deadpool::managed::Object;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel_async::{
    AsyncConnection, AsyncMysqlConnection, AsyncPgConnection, TransactionManager,
    pooled_connection::{AsyncDieselConnectionManager, RecyclingMethod, deadpool::Pool},
};
use futures_util::{FutureExt, TryFutureExt};
use rand::Rng;
use thiserror::Error;
use tokio::sync::watch;

pub use self::{
    bounded::{Bounded, PATIENCE, UNHURRIED},
    load::LoadAll,
    sqlite::AsyncSqlite,
    time::{from_micros, now, to_micros},
    url::{DatabaseUrl, DatabaseUrlError},
};
use self::{
    bounds::Bounds,
    pools::{cause, connect_mysql, connect_postgres, lend, pool, rustls_config, sqlite_pool, unavailable},
    sqlite::Access,
    writer::Writer,
};

/// How long a request waits for a connection before it is told to come back later.
const WAIT: Duration = Duration::from_secs(5);
/// Connections that read a SQLite file at the same time.
const SQLITE_READERS: usize = 4;
/// Connections to a SQLite file for lookups: each is taken, asked and given back without a wait in between.
const SQLITE_LOOKUPS: usize = 4;
/// Connections to a database server.
const SERVER_CONNECTIONS: usize = 16;
/// How often a change is tried that the server broke off because another one was in its way.
const ATTEMPTS: u32 = 5;
/// How long it waits at most before the second try; longer before each that follows.
const APART: Duration = Duration::from_millis(20);
/// How often connections that nobody uses are looked for.
const TIDY: Duration = Duration::from_secs(30);

/// A connection to one of the three.
#[allow(clippy::large_enum_variant, reason = "one lives on the stack of each request that asks the database")]
pub enum Conn {
    /// SQLite.
    Sqlite(SqliteConn),
    /// PostgreSQL.
    Postgres(Object<AsyncDieselConnectionManager<Bounded<AsyncPgConnection>>>),
    /// MySQL or MariaDB.
    MySql(Object<AsyncDieselConnectionManager<Bounded<AsyncMysqlConnection>>>),
}

/// A connection to a SQLite file: one of the readers, lent by their pool, or the writer.
pub enum SqliteConn {
    /// Refuses to write.
    Reader(Object<AsyncDieselConnectionManager<AsyncSqlite>>),
    /// The one that writes.
    Writer(Box<AsyncSqlite>),
}

impl Deref for SqliteConn {
    type Target = AsyncSqlite;

    fn deref(&self) -> &AsyncSqlite {
        match self {
            Self::Reader(lent) => lent,
            Self::Writer(own) => own,
        }
    }
}

impl DerefMut for SqliteConn {
    fn deref_mut(&mut self) -> &mut AsyncSqlite {
        match self {
            Self::Reader(lent) => lent,
            Self::Writer(own) => own,
        }
    }
}

/// Runs one diesel query on whichever database a [`Conn`] is to: the body is compiled for each, with `$c` as its
/// connection and `Backend` as its type.
#[macro_export]
macro_rules! on_conn {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite(connection) => {
                #[allow(unused, reason = "only queries that are boxed name it")]
                type Backend = diesel::sqlite::Sqlite;
                let $c: &mut $crate::db::AsyncSqlite = &mut *connection;
                $body
            }
            $crate::db::Conn::Postgres(connection) => {
                #[allow(unused, reason = "only queries that are boxed name it")]
                type Backend = diesel::pg::Pg;
                let $c: &mut $crate::db::Bounded<diesel_async::AsyncPgConnection> = &mut *connection;
                $body
            }
            $crate::db::Conn::MySql(connection) => {
                #[allow(unused, reason = "only queries that are boxed name it")]
                type Backend = diesel::mysql::Mysql;
                let $c: &mut $crate::db::Bounded<diesel_async::AsyncMysqlConnection> = &mut *connection;
                $body
            }
        }
    };
}

/// Why the database did not do what was asked.
#[derive(Debug, Error)]
pub enum DbError {
    /// No connection could be had.
    #[error("no connection to the database: {0}")]
    Unavailable(String),
    /// A change ran, but whether it was kept is not known or it was not.
    #[error("the change was not committed: {0}")]
    Lost(String),
    /// A statement failed.
    #[error(transparent)]
    Query(#[from] DieselError),
}

impl DbError {
    /// Whether it is worth coming back in a moment.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Unavailable(_) | Self::Lost(_) => true,
            Self::Query(error) => dialect::is_connection_lost(error) || dialect::is_conflict(error),
        }
    }

    /// Whether a row that was asked for is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Query(DieselError::NotFound))
    }

    /// Whether another change was in its way: it left no trace and may be tried again. So it may when a row was deleted between
    /// the look at it and the reference to it: the next look finds that it is gone, and says so.
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Query(error) if dialect::is_conflict(error) || is_foreign_key_violation(error))
    }
}

/// An error of a change that may hide a database error.
pub trait ChangeError: From<DbError> {
    /// The database error, if that is what it is.
    fn database(&self) -> Option<&DbError>;
}

impl ChangeError for DbError {
    fn database(&self) -> Option<&DbError> {
        Some(self)
    }
}

/// The database, as the rest of the program holds it: cheap to clone.
#[derive(Clone)]
pub struct Db {
    backend: Arc<Backend>,
    /// How long a server may keep silent while it owes an answer.
    patience: Duration,
    /// How many changes this process has committed.
    commits: Arc<watch::Sender<u64>>,
}

#[allow(clippy::large_enum_variant, reason = "there is one")]
enum Backend {
    Sqlite { readers: Pool<AsyncSqlite>, lookups: Pool<AsyncSqlite>, writer: Writer },
    Postgres(Pool<Bounded<AsyncPgConnection>>),
    MySql(Pool<Bounded<AsyncMysqlConnection>>),
}

impl Db {
    /// Connects, for a command: no statement of it is in a hurry. The schema must be there already; see [`migrate`].
    pub async fn open(url: &DatabaseUrl) -> Result<Self, DbError> {
        Self::open_with(url, UNHURRIED).await
    }

    /// Connects; a server that keeps silent for so long while it owes an answer counts as away, and a little later gives up
    /// by itself what it was asked. For requests that is [`PATIENCE`].
    pub async fn open_with(url: &DatabaseUrl, patience: Duration) -> Result<Self, DbError> {
        let bounds = Some(Bounds::beyond(patience));
        let backend = match url {
            DatabaseUrl::Sqlite(path) => {
                let readers = sqlite_pool(path, SQLITE_READERS, Access::Read)?;
                let lookups = sqlite_pool(path, SQLITE_LOOKUPS, Access::Lookup)?;
                let path = path.clone();
                let writer = Writer::new(move || {
                    sqlite::connect(&path, Access::Write).map_err(|error| DbError::Unavailable(error.to_string()))
                })?;
                Backend::Sqlite { readers, lookups, writer }
            }
            DatabaseUrl::Postgres(url) => {
                let setup = move |url| connect_postgres(url, bounds).map_ok(move |c| Bounded::new(c, patience)).boxed();
                Backend::Postgres(pool(url, SERVER_CONNECTIONS, RecyclingMethod::Verified, setup)?)
            }
            DatabaseUrl::MySql(url) => {
                let setup = move |url| connect_mysql(url, bounds).map_ok(move |c| Bounded::new(c, patience)).boxed();
                Backend::MySql(pool(url, SERVER_CONNECTIONS, RecyclingMethod::Verified, setup)?)
            }
        };
        let db = Self { backend: Arc::new(backend), patience, commits: Arc::new(watch::Sender::new(0)) };
        drop(db.read().await?);
        Ok(db)
    }

    /// A connection to read with. Hold it for one request and not across other waits.
    pub async fn read(&self) -> Result<Conn, DbError> {
        Ok(match &*self.backend {
            Backend::Sqlite { readers, .. } => {
                Conn::Sqlite(SqliteConn::Reader(readers.get().await.map_err(|e| unavailable(&e))?))
            }
            Backend::Postgres(pool) => Conn::Postgres(lend(pool, self.patience).await?),
            Backend::MySql(pool) => Conn::MySql(lend(pool, self.patience).await?),
        })
    }

    /// A connection for statements that an index leads to a handful of rows, whatever the size of the desk. On SQLite they
    /// run on the thread that asks; anything that may read more belongs to [`Self::read`].
    pub async fn lookup(&self) -> Result<Conn, DbError> {
        match &*self.backend {
            Backend::Sqlite { lookups, .. } => {
                Ok(Conn::Sqlite(SqliteConn::Reader(lookups.get().await.map_err(|e| unavailable(&e))?)))
            }
            Backend::Postgres(_) | Backend::MySql(_) => self.read().await,
        }
    }

    /// Reads several times from one state of the data: what others change meanwhile is not seen. It holds a connection,
    /// and on SQLite keeps the log from being folded, so it never waits for a client; and, like [`Self::write`], it must
    /// not be dropped half-way.
    pub async fn snapshot<T, E: From<DbError>>(
        &self,
        read: impl AsyncFnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = self.read().await?;
        dialect::before_snapshot(&mut conn).await.map_err(DbError::from)?;
        on_conn!(&mut conn, |c| begin(c).await).map_err(DbError::from)?;
        let result = match dialect::in_snapshot(&mut conn).await {
            Ok(()) => read(&mut conn).await,
            Err(error) => Err(DbError::from(error).into()),
        };
        // Nothing was changed: this only lets go.
        if let Err(rollback) = on_conn!(&mut conn, |c| rollback(c).await) {
            tracing::warn!(%rollback, "could not end a snapshot");
        }
        result
    }

    /// Runs a change in a transaction: all of it is kept, or nothing when it answers with an error. It may be run more
    /// than once, when another change was in its way, so it touches nothing but the connection.
    ///
    /// It must not be dropped half-way: the server runs whole requests as tasks of their own, so that a client that
    /// hangs up breaks nothing off.
    pub async fn write<T, E: ChangeError>(&self, change: impl AsyncFn(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let result = self.committed_write(change).await;
        if result.is_ok() {
            self.commits.send_modify(|commits| *commits = commits.wrapping_add(1));
        }
        result
    }

    /// Gives back what an idle desk does not need, for as long as the program runs.
    pub async fn rest(&self) {
        let Backend::Sqlite { readers, lookups, .. } = &*self.backend else { return };
        let mut every = tokio::time::interval(TIDY);
        loop {
            every.tick().await;
            [readers, lookups].into_iter().for_each(pools::rest);
        }
    }

    /// Changes whenever this process has committed something: whoever follows the log looks again. What other processes
    /// commit it does not tell.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    async fn committed_write<T, E: ChangeError>(
        &self,
        change: impl AsyncFn(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        if let Backend::Sqlite { writer, .. } = &*self.backend {
            return writer.write(change).await;
        }
        let mut attempt = 1;
        loop {
            let mut conn = self.read().await?;
            match transaction(&mut conn, &change).await {
                Err(error) if attempt < ATTEMPTS && error.database().is_some_and(DbError::is_conflict) => {}
                result => return result,
            }
            drop(conn);
            // Those that were in each other's way must not meet again.
            let pause = APART.mul_f64(f64::from(attempt) * rand::rng().random_range(0.0..1.0));
            tokio::time::sleep(pause).await;
            attempt += 1;
        }
    }
}

/// One transaction on a server's connection.
async fn transaction<T, E: From<DbError>>(
    conn: &mut Conn,
    change: &impl AsyncFn(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    on_conn!(&mut *conn, |c| begin(c).await).map_err(DbError::from)?;
    match change(conn).await {
        Ok(value) => {
            on_conn!(&mut *conn, |c| commit(c).await).map_err(DbError::from)?;
            Ok(value)
        }
        Err(error) => {
            // The connection may be what failed; the first error says more than this one.
            if let Err(rollback) = on_conn!(&mut *conn, |c| rollback(c).await) {
                tracing::warn!(%rollback, "could not roll back");
            }
            Err(error)
        }
    }
}

async fn begin<C: AsyncConnection>(connection: &mut C) -> diesel::QueryResult<()> {
    C::TransactionManager::begin_transaction(connection).await
}

async fn commit<C: AsyncConnection>(connection: &mut C) -> diesel::QueryResult<()> {
    C::TransactionManager::commit_transaction(connection).await
}

async fn rollback<C: AsyncConnection>(connection: &mut C) -> diesel::QueryResult<()> {
    C::TransactionManager::rollback_transaction(connection).await
}

/// Whether an error says that a unique index already has that value.
pub fn is_unique_violation(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
}

/// Whether an error says that a row named by a foreign key does not exist, or is still in use.
pub fn is_foreign_key_violation(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _))
}
