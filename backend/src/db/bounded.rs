//! A connection to a server that is not waited for for ever.
//!
//! A server that is gone breaks its connections, and whoever waits is told at once. One that is frozen, or behind a network
//! that swallows what is sent, breaks nothing: its system goes on taking what is written to it. So each wait for it has an end
//! here. After that the connection is good for nothing, since its answer may still come: it says so to every further
//! statement without asking, and to its pool, which makes another.
//!
//! What is bounded is the silence, not the work: rows that keep coming may come for longer. How long in all, and what becomes
//! of what was given up, is the server's own to see to: see [`Bounds`].

use std::time::Duration;

use diesel::{
    ConnectionResult, QueryResult,
    connection::{CacheSize, Instrumentation},
    query_builder::{AsQuery, QueryFragment, QueryId},
    result::{DatabaseErrorKind, Error},
};
use diesel_async::{
    AnsiTransactionManager, AsyncConnection, AsyncConnectionCore, AsyncMysqlConnection, AsyncPgConnection,
    SimpleAsyncConnection, pooled_connection::PoolableConnection,
};
use futures_util::{
    Stream, StreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use tokio::time::timeout;

use super::{
    bounds::Bounds,
    pools::{connect_mysql, connect_postgres},
};

/// How long a server may keep silent while it owes an answer, unless told otherwise. What the program asks for takes seconds
/// at most; a statement that waits for others longer than this is better begun anew.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// The same for a command, whose work may be large (ten million tickets, and what the server reckons of them at their end),
/// and which whoever has given it may break off.
pub const UNHURRIED: Duration = Duration::from_hours(1);

/// A connection to a server whose silence has an end.
pub struct Bounded<C> {
    connection: C,
    silence: Silence,
}

/// What is known of a server's silence.
#[derive(Debug)]
struct Silence {
    /// How long it may last.
    patience: Duration,
    /// Whether it ever lasted longer.
    was_too_long: bool,
}

impl Silence {
    /// What a server answers, unless it takes too long or once did.
    async fn end<T>(&mut self, answer: impl Future<Output = QueryResult<T>>) -> QueryResult<T> {
        if self.was_too_long {
            return Err(no_answer());
        }
        let Ok(answer) = timeout(self.patience, answer).await else {
            self.was_too_long = true;
            return Err(no_answer());
        };
        answer
    }

    /// Rows, each of which may take so long: the first that takes longer is the last.
    fn between<'c, T: 'c>(
        &'c mut self,
        rows: impl Stream<Item = QueryResult<T>> + Unpin + Send + 'c,
    ) -> impl Stream<Item = QueryResult<T>> + Send + 'c {
        stream::unfold(Some((self, rows)), |state| async move {
            let (silence, mut rows) = state?;
            let Ok(row) = timeout(silence.patience, rows.next()).await else {
                silence.was_too_long = true;
                return Some((Err(no_answer()), None));
            };
            row.map(|row| (row, Some((silence, rows))))
        })
    }
}

/// The same as when the connection is gone: to whoever asked it makes no difference.
fn no_answer() -> Error {
    Error::DatabaseError(DatabaseErrorKind::ClosedConnection, Box::new("the database does not answer".to_owned()))
}

impl<C> Bounded<C> {
    /// A connection to a server that may keep silent for so long.
    pub fn new(connection: C, patience: Duration) -> Self {
        Self { connection, silence: Silence { patience, was_too_long: false } }
    }
}

impl<C: SimpleAsyncConnection + Send> SimpleAsyncConnection for Bounded<C> {
    async fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.silence.end(self.connection.batch_execute(query)).await
    }
}

macro_rules! bounded {
    ($connection:ty, $connect:path) => {
        impl AsyncConnectionCore for Bounded<$connection> {
            type ExecuteFuture<'conn, 'query> = BoxFuture<'conn, QueryResult<usize>>;
            type LoadFuture<'conn, 'query> = BoxFuture<'conn, QueryResult<Self::Stream<'conn, 'query>>>;
            type Stream<'conn, 'query> = BoxStream<'conn, QueryResult<Self::Row<'conn, 'query>>>;
            type Row<'conn, 'query> = <$connection as AsyncConnectionCore>::Row<'conn, 'query>;
            type Backend = <$connection as AsyncConnectionCore>::Backend;

            fn load<'conn, 'query, T>(&'conn mut self, source: T) -> Self::LoadFuture<'conn, 'query>
            where
                T: AsQuery + 'query,
                T::Query: QueryFragment<Self::Backend> + QueryId + 'query,
            {
                let Self { connection, silence } = self;
                let answer = <$connection as AsyncConnectionCore>::load(connection, source);
                Box::pin(async move {
                    let rows = silence.end(answer).await?;
                    Ok(silence.between(rows).boxed())
                })
            }

            fn execute_returning_count<'conn, 'query, T>(
                &'conn mut self,
                source: T,
            ) -> Self::ExecuteFuture<'conn, 'query>
            where
                T: QueryFragment<Self::Backend> + QueryId + 'query,
            {
                let Self { connection, silence } = self;
                let answer = <$connection as AsyncConnectionCore>::execute_returning_count(connection, source);
                Box::pin(silence.end(answer))
            }
        }

        impl AsyncConnection for Bounded<$connection> {
            type TransactionManager = AnsiTransactionManager;

            async fn establish(url: &str) -> ConnectionResult<Self> {
                let connecting = $connect(url.to_owned(), Some(Bounds::beyond(PATIENCE)));
                Ok(Self::new(connecting.await?, PATIENCE))
            }

            fn transaction_state(&mut self) -> &mut AnsiTransactionManager {
                self.connection.transaction_state()
            }

            fn instrumentation(&mut self) -> &mut dyn Instrumentation {
                self.connection.instrumentation()
            }

            fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
                self.connection.set_instrumentation(instrumentation);
            }

            fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
                self.connection.set_prepared_statement_cache_size(size);
            }
        }

        impl PoolableConnection for Bounded<$connection> {
            fn is_broken(&mut self) -> bool {
                self.silence.was_too_long || self.connection.is_broken()
            }
        }
    };
}

bounded!(AsyncPgConnection, connect_postgres);
bounded!(AsyncMysqlConnection, connect_mysql);

#[cfg(test)]
mod tests {
    use std::{
        future::{pending, ready},
        time::Instant,
    };

    use tokio::time::sleep;

    use super::*;
    use crate::db::dialect;

    /// Far from what a busy machine adds to a pause.
    const LONG: Duration = Duration::from_secs(2);
    const SHORT: Duration = Duration::from_millis(50);

    fn silence(patience: Duration) -> Silence {
        Silence { patience, was_too_long: false }
    }

    fn is_no_answer<T>(answer: &QueryResult<T>) -> bool {
        matches!(answer, Err(error) if dialect::is_connection_lost(error))
    }

    #[tokio::test]
    async fn an_answer_that_does_not_come_is_not_waited_for_and_nothing_more_is_asked() {
        let mut silence = silence(SHORT);
        assert_eq!(silence.end(ready(Ok(7))).await, Ok(7));
        assert!(!silence.was_too_long);
        let answer: QueryResult<()> = silence.end(pending()).await;
        assert!(is_no_answer(&answer), "{answer:?}");
        assert!(silence.was_too_long);
        // It would answer now, and what it says might be what was asked before.
        let asked = Instant::now();
        let answer: QueryResult<()> = silence.end(async { panic!("it was asked") }).await;
        assert!(is_no_answer(&answer), "{answer:?}");
        assert!(asked.elapsed() < LONG);
    }

    #[tokio::test]
    async fn an_error_is_an_answer() {
        let mut silence = silence(SHORT);
        let answer: QueryResult<()> = silence.end(ready(Err(Error::NotFound))).await;
        assert_eq!(answer, Err(Error::NotFound));
        assert!(!silence.was_too_long);
    }

    #[tokio::test]
    async fn rows_that_keep_coming_may_take_longer_than_any_one_of_them() {
        let mut silence = silence(LONG);
        let began = Instant::now();
        let rows = stream::iter(0..5).then(|row| async move {
            sleep(LONG / 4).await;
            Ok::<i32, Error>(row)
        });
        let rows: Vec<QueryResult<i32>> = silence.between(rows.boxed()).collect().await;
        assert_eq!(rows, (0..5).map(Ok).collect::<Vec<_>>());
        assert!(began.elapsed() > LONG, "they took {:?}", began.elapsed());
        assert!(!silence.was_too_long);
    }

    #[tokio::test]
    async fn rows_end_with_the_one_that_does_not_come() {
        let mut silence = silence(SHORT);
        let rows = stream::iter([Ok(1), Ok(2)]).chain(stream::pending::<QueryResult<i32>>());
        let rows: Vec<QueryResult<i32>> = silence.between(rows.boxed()).collect().await;
        assert!(matches!(rows.as_slice(), [Ok(1), Ok(2), last] if is_no_answer(last)), "{rows:?}");
        assert!(silence.was_too_long);
    }
}
