//! Reading rows in one trip.
//!
//! diesel-async hands a SQLite row from thread to thread as a copy of each of its values, and makes a trip for each
//! statement. For what a page asks all day both are most of the cost, so here the queries go over together and the rows
//! are decoded where they are read.

use diesel::{QueryResult, SqliteConnection, query_dsl::methods::LoadQuery};
use diesel_async::{AsyncMysqlConnection, AsyncPgConnection, RunQueryDsl, methods::LoadQuery as AsyncLoadQuery};
use futures_util::future::BoxFuture;

use super::{AsyncSqlite, Bounded};

/// A connection that answers several queries of one shape.
pub trait LoadAll<Q, U> {
    /// The rows of all the queries, one after the other.
    fn load_all<'c>(&'c mut self, queries: Vec<Q>) -> BoxFuture<'c, QueryResult<Vec<U>>>
    where
        Q: 'c,
        U: 'c;
}

impl<Q, U> LoadAll<Q, U> for AsyncSqlite
where
    Q: for<'q> LoadQuery<'q, SqliteConnection, U> + Send + 'static,
    U: Send + 'static,
{
    fn load_all<'c>(&'c mut self, queries: Vec<Q>) -> BoxFuture<'c, QueryResult<Vec<U>>>
    where
        Q: 'c,
        U: 'c,
    {
        self.spawn_blocking(move |connection| {
            let mut rows = Vec::new();
            for query in queries {
                for row in query.internal_load(connection)? {
                    rows.push(row?);
                }
            }
            Ok(rows)
        })
    }
}

macro_rules! over_the_network {
    ($connection:ty) => {
        impl<Q, U> LoadAll<Q, U> for $connection
        where
            Q: for<'q> AsyncLoadQuery<'q, Self, U> + Send,
            U: Send,
        {
            fn load_all<'c>(&'c mut self, queries: Vec<Q>) -> BoxFuture<'c, QueryResult<Vec<U>>>
            where
                Q: 'c,
                U: 'c,
            {
                Box::pin(async move {
                    let mut rows = Vec::new();
                    for query in queries {
                        rows.extend(RunQueryDsl::load::<U>(query, self).await?);
                    }
                    Ok(rows)
                })
            }
        }
    };
}

over_the_network!(Bounded<AsyncPgConnection>);
over_the_network!(Bounded<AsyncMysqlConnection>);
