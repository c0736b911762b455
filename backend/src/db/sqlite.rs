//! SQLite behind an async face: how connections are set up and on which threads they run.

use std::{
    error::Error,
    path::Path,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use diesel::{Connection, ConnectionResult, QueryResult, SqliteConnection, connection::SimpleConnection};
use diesel_async::sync_connection_wrapper::{SpawnBlocking, SyncConnectionWrapper};
use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;

/// A SQLite connection that runs its statements where its [`Threads`] say.
pub type AsyncSqlite = SyncConnectionWrapper<SqliteConnection, Threads>;

/// Runs statements on tokio's blocking threads and, when a statement's future is dropped, waits for it to end; or, while
/// told so, right on the thread that asks.
///
/// A trip to another thread and back costs more than a statement that finds a row by its key, and stalls nobody longer
/// than the statement itself would. So what touches a handful of rows runs here, and what may wait (for the disk's flush,
/// for another process, for a scan) runs there.
///
/// diesel-async's own runtime waits with `block_in_place`, which panics on a current-thread runtime, and actix's workers
/// are such runtimes. Without any wait the connection would go back to its pool while another thread still uses it.
#[derive(Debug, Clone, Default)]
pub struct Threads {
    here: Arc<AtomicBool>,
}

impl Threads {
    /// From now on on the thread that asks, or on a blocking thread.
    pub fn run_here(&self, here: bool) {
        self.here.store(here, Ordering::Relaxed);
    }
}

impl SpawnBlocking for Threads {
    fn spawn_blocking<'a, R>(
        &mut self,
        task: impl FnOnce() -> R + Send + 'static,
    ) -> BoxFuture<'a, Result<R, Box<dyn Error + Send + Sync + 'static>>>
    where
        R: Send + 'static,
    {
        if self.here.load(Ordering::Relaxed) {
            return Box::pin(std::future::ready(Ok(task())));
        }
        let (alive, ended) = mpsc::channel();
        let handle = tokio::task::spawn_blocking(move || {
            // Dropped when the task returns or panics; the receiver then knows.
            let _alive: mpsc::Sender<()> = alive;
            task()
        });
        Box::pin(Running { handle, ended: Some(ended) })
    }

    fn get_runtime() -> Self {
        Self::default()
    }
}

struct Running<R> {
    handle: JoinHandle<R>,
    ended: Option<mpsc::Receiver<()>>,
}

impl<R> Future for Running<R> {
    type Output = Result<R, Box<dyn Error + Send + Sync + 'static>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = Pin::new(&mut self.handle).poll(context);
        if polled.is_ready() {
            self.ended = None;
        }
        polled.map_err(Into::into)
    }
}

impl<R> Drop for Running<R> {
    fn drop(&mut self) {
        if let Some(ended) = self.ended.take() {
            // Answers with an error as soon as the task has let go of its sender: that is what we wait for.
            let _ = ended.recv();
        }
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Refuses to write; statements run on blocking threads.
    Read,
    /// Refuses to write; statements run on the thread that asks.
    Lookup,
    /// The one writer; where its statements run is its lane's to say.
    Write,
}

/// A connection, and the say over where its statements run.
pub fn connect(path: &Path, access: Access) -> ConnectionResult<(AsyncSqlite, Threads)> {
    let threads = Threads::default();
    threads.run_here(access == Access::Lookup);
    Ok((AsyncSqlite::with_runtime(open(path, access)?, threads.clone()), threads))
}

/// Opens a file with the settings every connection of ours has.
///
/// `synchronous=FULL` makes a commit wait for the disk: what was acknowledged survives a power cut. `trusted_schema`
/// off keeps a doctored file from running functions.
pub fn open(path: &Path, access: Access) -> ConnectionResult<SqliteConnection> {
    #[cfg(unix)]
    make_private(path);
    let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
    let common = "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; \
                  PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -4000; \
                  PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 268435456;";
    let own = match access {
        Access::Read | Access::Lookup => "PRAGMA query_only = ON;",
        Access::Write => "PRAGMA journal_size_limit = 67108864;",
    };
    patiently(|| connection.batch_execute(common))
        .and_then(|()| connection.batch_execute(own))
        .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// Makes a file that is not there for its owner alone: the hashes of passwords are in it, and what people write to each
/// other. SQLite gives what it keeps beside it (`-wal`, `-shm`) the same mode. A file that is there keeps the one it has.
#[cfg(unix)]
fn make_private(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt;

    // What names no file is SQLite's to understand.
    if path.starts_with(":memory:") || path.to_string_lossy().starts_with("file:") {
        return;
    }
    // An empty file is an empty database. Where none can be made, SQLite says why when it opens it.
    let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

/// Tries again while another process turns a new file to WAL, which no `busy_timeout` waits for.
fn patiently(mut setup: impl FnMut() -> QueryResult<()>) -> QueryResult<()> {
    let started = Instant::now();
    loop {
        match setup() {
            Err(diesel::result::Error::DatabaseError(_, details))
                if started.elapsed() < Duration::from_secs(10) && details.message().contains("database is locked") =>
            {
                std::thread::sleep(Duration::from_millis(20));
            }
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "current_thread")]
    async fn dropping_a_statement_waits_for_it_to_end() {
        let done = Arc::new(AtomicBool::new(false));
        let (started, wait_for_start) = tokio::sync::oneshot::channel();
        let flag = done.clone();
        let mut statement = Threads::default().spawn_blocking(move || {
            let _ = started.send(());
            std::thread::sleep(Duration::from_millis(50));
            flag.store(true, Ordering::SeqCst);
        });
        tokio::select! {
            biased;
            _ = &mut statement => panic!("the statement ended first"),
            _ = wait_for_start => {}
        }
        drop(statement);
        assert!(done.load(Ordering::SeqCst));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_short_statement_runs_on_the_thread_that_asks() {
        let mut threads = Threads::default();
        let asker = std::thread::current().id();
        let ran_on = |threads: &mut Threads| threads.spawn_blocking(|| std::thread::current().id());
        assert_ne!(ran_on(&mut threads).await.unwrap(), asker);
        threads.run_here(true);
        assert_eq!(ran_on(&mut threads).await.unwrap(), asker);
    }
}
