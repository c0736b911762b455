//! SQLite's one writer, with group commit.
//!
//! A durable commit waits for the disk, so committing each change alone bounds the whole desk to the disk's flushes a
//! second. Here every change runs in a savepoint of one open transaction, then stands in line again for the lane: by
//! the time its turn comes, all who stood in line before have added their changes to the same transaction, and one
//! flush commits them together. A change is acknowledged only after the commit that holds it.
//!
//! Opening a transaction may wait for another process and committing waits for the disk, so both run on a blocking
//! thread. What comes between finds and writes rows by their keys, and runs on the thread that asks: while one holds the
//! lane all others stand in line, and most of their wait would be for threads to hand it over.

use std::sync::Arc;

use diesel::QueryResult;
use diesel_async::SimpleAsyncConnection;
use tokio::sync::{Mutex, watch};

use super::{
    Conn, DbError, SqliteConn, WAIT,
    sqlite::{AsyncSqlite, Threads},
};

/// How a batch ended, once it has.
type Outcome = Option<Result<(), String>>;

/// The lane through which all writes to a SQLite file go, one at a time, first come first served.
pub struct Writer {
    lane: Mutex<Lane>,
}

struct Lane {
    /// The connection, in the shape store functions take; always SQLite's.
    conn: Conn,
    /// Where its statements run.
    threads: Threads,
    batch: Option<Batch>,
    /// Set while a change runs; still set when the next one comes only if that change panicked or was dropped.
    in_change: bool,
    reopen: Box<Open>,
}

/// Makes the writer's connection.
type Open = dyn Fn() -> Result<(AsyncSqlite, Threads), DbError> + Send + Sync;

/// An open transaction.
struct Batch {
    outcome: Arc<watch::Sender<Outcome>>,
}

impl Writer {
    /// A writer over a connection that `open` makes, now and whenever one had to be thrown away.
    pub fn new(
        open: impl Fn() -> Result<(AsyncSqlite, Threads), DbError> + Send + Sync + 'static,
    ) -> Result<Self, DbError> {
        let (connection, threads) = open()?;
        let conn = Conn::Sqlite(SqliteConn::Writer(Box::new(connection)));
        let lane = Lane { conn, threads, batch: None, in_change: false, reopen: Box::new(open) };
        Ok(Self { lane: Mutex::new(lane) })
    }

    /// Runs a change; returns when it is on the disk, or when it has left no trace.
    pub async fn write<T, E>(&self, change: impl AsyncFn(&mut Conn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DbError>,
    {
        let lane = tokio::time::timeout(WAIT, self.lane.lock()).await;
        let mut lane = lane.map_err(|_| DbError::Unavailable("the writer is busy".to_owned()))?;
        let (result, outcome) = lane.run(change).await?;
        drop(lane);
        // A refused change sees its batch to the end too: nobody else may, and an open transaction keeps the file locked.
        let committed = self.committed(&outcome).await;
        let value = result?;
        committed?;
        Ok(value)
    }

    /// Waits until the batch is committed: by somebody else, or by us when our turn comes and nobody has.
    async fn committed(&self, outcome: &Arc<watch::Sender<Outcome>>) -> Result<(), DbError> {
        let mut ended = outcome.subscribe();
        tokio::select! {
            biased;
            result = ended.wait_for(Option::is_some) => drop(result),
            mut lane = self.lane.lock() => lane.commit(outcome).await,
        }
        match &*outcome.borrow() {
            Some(Ok(())) => Ok(()),
            Some(Err(cause)) => Err(DbError::Lost(cause.clone())),
            None => Err(DbError::Lost("the batch did not end".to_owned())),
        }
    }
}

impl Lane {
    async fn run<T, E>(
        &mut self,
        change: impl AsyncFn(&mut Conn) -> Result<T, E>,
    ) -> Result<(Result<T, E>, Arc<watch::Sender<Outcome>>), E>
    where
        E: From<DbError>,
    {
        if self.in_change {
            self.start_over()?;
        }
        self.in_change = true;
        let outcome = self.begin().await.map_err(DbError::from)?;
        let result = change(&mut self.conn).await;
        let end = if result.is_ok() { "RELEASE change" } else { "ROLLBACK TO change; RELEASE change" };
        let ended = self.execute(end).await;
        self.in_change = false;
        if let Err(error) = ended {
            // Some errors (a full disk) roll the whole transaction back, with everybody's changes in it.
            self.fail(&error.to_string());
            self.start_over()?;
            return Err(result.err().unwrap_or_else(|| DbError::from(error).into()));
        }
        Ok((result, outcome))
    }

    /// Opens a savepoint, and a transaction around it unless one is open.
    async fn begin(&mut self) -> QueryResult<Arc<watch::Sender<Outcome>>> {
        if let Some(batch) = &self.batch {
            let outcome = batch.outcome.clone();
            self.execute("SAVEPOINT change").await?;
            return Ok(outcome);
        }
        self.execute("BEGIN IMMEDIATE; SAVEPOINT change").await?;
        self.threads.run_here(true);
        let outcome = Arc::new(watch::Sender::new(None));
        self.batch = Some(Batch { outcome: outcome.clone() });
        Ok(outcome)
    }

    /// Commits the open batch if it is this one; another one has other members to commit it.
    async fn commit(&mut self, outcome: &Arc<watch::Sender<Outcome>>) {
        if !self.batch.as_ref().is_some_and(|batch| Arc::ptr_eq(&batch.outcome, outcome)) {
            return;
        }
        if self.in_change {
            self.fail("a change of the same batch did not end");
            return;
        }
        self.in_change = true;
        self.threads.run_here(false);
        let result = self.execute("COMMIT").await;
        self.in_change = false;
        match result {
            Ok(()) => {
                self.batch = None;
                outcome.send_replace(Some(Ok(())));
            }
            Err(error) => {
                self.fail(&error.to_string());
                // Until it ends, no other process can write; and SQLite ends it by itself for some errors only.
                if let Err(rollback) = self.execute("ROLLBACK").await {
                    tracing::debug!(%rollback, "the batch had ended already");
                }
                // The next change opens a new connection all the same.
                self.in_change = true;
            }
        }
    }

    /// Tells the members of the open batch that their changes are gone.
    fn fail(&mut self, cause: &str) {
        if let Some(batch) = self.batch.take() {
            tracing::error!(cause, "a batch of changes was rolled back");
            batch.outcome.send_replace(Some(Err(cause.to_owned())));
        }
    }

    /// A new connection in place of one whose state is unknown; closing the old one rolls back what it left open.
    fn start_over(&mut self) -> Result<(), DbError> {
        self.fail("a change of the same batch did not end");
        let (connection, threads) = (self.reopen)()?;
        self.conn = Conn::Sqlite(SqliteConn::Writer(Box::new(connection)));
        self.threads = threads;
        self.in_change = false;
        Ok(())
    }

    async fn execute(&mut self, sql: &str) -> QueryResult<()> {
        match &mut self.conn {
            Conn::Sqlite(connection) => connection.batch_execute(sql).await,
            // Built as SQLite's and never anything else.
            _ => Err(diesel::result::Error::NotInTransaction),
        }
    }
}
