//! What a server gives up by itself: what it was asked by a program that has given it up, or is gone.

use std::time::Duration;

use backend::{
    db::{Db, dialect},
    on_conn,
};
use diesel::{dsl::sql, sql_types::BigInt};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use crate::support::Kind;

/// An integer that the database answers on one of the program's own connections.
pub async fn ask(db: &Db, expression: &str) -> i64 {
    let mut conn = db.read().await.unwrap();
    on_conn!(&mut conn, |c| diesel::select(sql::<BigInt>(expression)).get_result::<i64>(c).await).unwrap()
}

/// When the database gives up by itself, on a connection of the program's: how long it waits for a lock, for the next
/// statement of a transaction, and for the end of a statement, each as it says it itself.
async fn bounds(db: &Db, kind: Kind) -> Vec<i64> {
    let is_mariadb = kind == Kind::Mysql && is_mariadb(db).await;
    let expressions = match kind {
        Kind::Sqlite => vec!["(SELECT timeout FROM pragma_busy_timeout)"],
        Kind::Postgres => vec![
            "(SELECT setting::bigint FROM pg_settings WHERE name = 'lock_timeout' AND unit = 'ms')",
            "(SELECT setting::bigint FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout' AND unit = 'ms')",
            "(SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout' AND unit = 'ms')",
        ],
        Kind::Mysql if is_mariadb => vec![
            "CAST(@@SESSION.innodb_lock_wait_timeout AS SIGNED)",
            "CAST(@@SESSION.lock_wait_timeout AS SIGNED)",
            "CAST(@@SESSION.idle_transaction_timeout AS SIGNED)",
            "CAST(@@SESSION.max_statement_time AS SIGNED)",
        ],
        Kind::Mysql => vec![
            "CAST(@@SESSION.innodb_lock_wait_timeout AS SIGNED)",
            "CAST(@@SESSION.lock_wait_timeout AS SIGNED)",
            "CAST(@@SESSION.wait_timeout AS SIGNED)",
            "CAST(@@SESSION.max_execution_time AS SIGNED)",
        ],
    };
    let mut found = Vec::new();
    for expression in expressions {
        found.push(ask(db, expression).await);
    }
    found
}

async fn is_mariadb(db: &Db) -> bool {
    ask(db, "CAST(VERSION() LIKE '%MariaDB%' AS SIGNED)").await == 1
}

on_each_database! {
    async fn the_server_is_told_when_to_give_up(app: TestApp) {
        let kind = app.database.kind;
        let is_mariadb = kind == Kind::Mysql && is_mariadb(&app.state.db).await;
        let found = bounds(&app.state.db, kind).await;
        assert_eq!(found, match kind {
            Kind::Sqlite => vec![10_000],
            Kind::Postgres => vec![35_000, 35_000, 60_000],
            Kind::Mysql if is_mariadb => vec![35, 35, 35, 60],
            Kind::Mysql => vec![35, 35, 300, 60_000],
        });
        // What a command asks for may take its time.
        let found = bounds(&Db::open(&app.database.parsed()).await.unwrap(), kind).await;
        assert_eq!(found, match kind {
            Kind::Sqlite => vec![10_000],
            Kind::Postgres => vec![4_200_000, 4_200_000, 7_200_000],
            Kind::Mysql if is_mariadb => vec![4_200, 4_200, 4_200, 7_200],
            Kind::Mysql => vec![4_200, 4_200, 36_000, 7_200_000],
        });
    }

    /// As it is left by a program behind a network that swallows what is sent: the connection stays, and nothing more comes.
    except(sqlite)
    async fn a_transaction_in_which_nothing_more_comes_is_undone(app: TestApp) {
        let ana = app.user().await;
        let first = app.ticket(&ana, "Ratón").await;
        let gone = Db::open_with(&app.database.parsed(), Duration::from_secs(2)).await.unwrap();
        let mut left = gone.read().await.unwrap();
        // Whoever changes anything waits for this lock.
        let take = "BEGIN; UPDATE event_counter SET last_id = last_id + 100";
        on_conn!(&mut left, |c| c.batch_execute(take).await).unwrap();
        // It is opened although nobody lets go: sooner than anybody here would give up.
        let second = app.ticket(&ana, "Teclado").await;
        assert_eq!(ana.get("/tickets").await.expect(200).ids(), [second, first]);
        let events = app.numbers("SELECT id AS n FROM events ORDER BY id").await;
        assert!(events.windows(2).all(|pair| pair[1] == pair[0] + 1), "what was left is kept: {events:?}");
        let told = on_conn!(&mut left, |c| c.batch_execute("COMMIT").await).unwrap_err();
        assert!(dialect::is_connection_lost(&told), "{told}");
    }
}
