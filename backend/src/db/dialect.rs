//! What the three databases say differently. Nowhere else does the program ask which one it talks to.

use diesel::{
    QueryResult,
    dsl::sql,
    prelude::*,
    result::{DatabaseErrorKind, Error},
    sql_types::{BigInt, Bool},
};
use diesel_async::RunQueryDsl;

use super::{
    Conn,
    listen::EVENTS,
    schema::{conversations, event_counter, events, ticket_clients},
};
use crate::on_conn;

diesel::define_sql_function! {
    /// The id that the last INSERT on this connection gave (MySQL and MariaDB).
    #[sql_name = "LAST_INSERT_ID"]
    fn last_insert_id_mysql() -> diesel::sql_types::BigInt;
}

/// How far the ids that one INSERT gives are apart (MySQL and MariaDB): more than one on a cluster.
pub fn id_step_mysql() -> diesel::expression::SqlLiteral<BigInt> {
    sql("CAST(@@auto_increment_increment AS SIGNED)")
}

diesel::define_sql_function! {
    /// The id that the last INSERT on this connection gave (SQLite).
    #[sql_name = "last_insert_rowid"]
    fn last_insert_id_sqlite() -> diesel::sql_types::BigInt;
}

/// Inserts a row and answers with the id it got: in one statement where `RETURNING` is known (SQLite, PostgreSQL), in two
/// where it is not (MySQL).
#[macro_export]
macro_rules! insert_for_id {
    ($conn:expr, $table:ident, $row:expr) => {{
        use $crate::db::{Conn, dialect};
        let insert = diesel::insert_into($table::table).values($row);
        match $conn {
            Conn::Sqlite(c) => insert.returning($table::id).get_result::<i64>(&mut **c).await,
            Conn::Postgres(c) => insert.returning($table::id).get_result::<i64>(c).await,
            Conn::MySql(c) => match insert.execute(c).await {
                Ok(_) => diesel::select(dialect::last_insert_id_mysql()).get_result::<i64>(c).await,
                Err(error) => Err(error),
            },
        }
    }};
}

/// The number and the hash of the event log's last event, locked until the transaction ends: numbers are committed in their
/// order, without gaps, each with the hash that follows from the one before, on all three. Ask for it last in a
/// transaction, so that the lock is held for the commit alone.
pub async fn lock_log(conn: &mut Conn) -> QueryResult<(i64, Vec<u8>)> {
    let last = event_counter::table.select((event_counter::last_id, event_counter::last_hash));
    match conn {
        // The one writer needs no lock.
        Conn::Sqlite(c) => last.first(&mut **c).await,
        Conn::Postgres(c) => last.for_update().first(&mut **c).await,
        Conn::MySql(c) => last.for_update().first(&mut **c).await,
    }
}

/// Begins a conversation, as the first of two people sees it, unless there is one; holds it until the transaction ends.
pub async fn open_conversation(conn: &mut Conn, (user, peer): (i64, i64)) -> QueryResult<()> {
    let row = (
        conversations::user_id.eq(user),
        conversations::peer_id.eq(peer),
        conversations::last_message_id.eq(0_i64),
        conversations::unread.eq(0),
    );
    let insert = diesel::insert_into(conversations::table).values(row);
    // Nothing is changed of one that is there, but it is held.
    let same = conversations::unread.eq(conversations::unread + 0);
    let place = (conversations::user_id, conversations::peer_id);
    match conn {
        Conn::Sqlite(c) => insert.on_conflict(place).do_update().set(same).execute(&mut **c).await,
        Conn::Postgres(c) => insert.on_conflict(place).do_update().set(same).execute(&mut **c).await,
        Conn::MySql(c) => insert.on_conflict(diesel::dsl::DuplicatedKeys).do_update().set(same).execute(&mut **c).await,
    }
    .map(drop)
}

/// Takes a name that a person's program gives to a ticket, unless it is taken; holds it until the transaction ends.
pub async fn take_ticket_name(conn: &mut Conn, author: i64, client_id: &str) -> QueryResult<()> {
    let row = (ticket_clients::author_id.eq(author), ticket_clients::client_id.eq(client_id));
    let insert = diesel::insert_into(ticket_clients::table).values(row);
    // Nothing is changed of one that is there, but it is held.
    let same = ticket_clients::ticket_id.eq(ticket_clients::ticket_id);
    let place = (ticket_clients::author_id, ticket_clients::client_id);
    match conn {
        Conn::Sqlite(c) => insert.on_conflict(place).do_update().set(same).execute(&mut **c).await,
        Conn::Postgres(c) => insert.on_conflict(place).do_update().set(same).execute(&mut **c).await,
        Conn::MySql(c) => insert.on_conflict(diesel::dsl::DuplicatedKeys).do_update().set(same).execute(&mut **c).await,
    }
    .map(drop)
}

/// What a whole number of 64 bits is called where one is cast.
pub fn whole(conn: &Conn) -> &'static str {
    if matches!(conn, Conn::MySql(_)) { "SIGNED" } else { "BIGINT" }
}

/// How many whole times a number goes into what an expression says.
pub fn quotient(conn: &Conn, expression: &str, divisor: i64) -> String {
    let operator = if matches!(conn, Conn::MySql(_)) { "DIV" } else { "/" };
    format!("({expression} {operator} {divisor})")
}

/// Notes which event is the log's last one, and has those who listen told, when the transaction is committed, that it has
/// grown: in the same statement, because others wait for the log. On MySQL they look by themselves, and a SQLite file has
/// one process.
pub async fn set_log_end(conn: &mut Conn, id: i64, hash: &[u8]) -> QueryResult<()> {
    let end = (event_counter::last_id.eq(id), event_counter::last_hash.eq(hash));
    let update = diesel::update(event_counter::table).set(end);
    match conn {
        Conn::Sqlite(c) => update.execute(&mut **c).await,
        Conn::Postgres(c) => {
            let notify = format!("pg_notify('{EVENTS}', '')::text");
            update.returning(sql::<diesel::sql_types::Text>(&notify)).execute(c).await
        }
        Conn::MySql(c) => update.execute(c).await,
    }
    .map(drop)
}

/// Whether a column of an event is kept as another type than it has, on SQLite, which allows that: read as a number the blob
/// `2` is 2, but no condition finds it, so such an event is hidden from whoever looks for it.
const DISGUISED: &str = "typeof(id) <> 'integer' OR typeof(at) <> 'integer' OR typeof(audience) <> 'integer' \
    OR typeof(actor_id) NOT IN ('integer', 'null') OR typeof(ticket_id) NOT IN ('integer', 'null') \
    OR typeof(subject_id) NOT IN ('integer', 'null') OR typeof(address) NOT IN ('text', 'null') \
    OR typeof(kind) <> 'text' OR typeof(payload) <> 'text' OR typeof(hash) <> 'blob'";

/// The number of the first event of which a column is kept as another type than it has. Servers keep none so.
pub async fn disguised_event(conn: &mut Conn) -> QueryResult<Option<i64>> {
    let Conn::Sqlite(c) = conn else { return Ok(None) };
    let number = || sql::<BigInt>("CAST(id AS INTEGER)");
    events::table.filter(sql::<Bool>(DISGUISED)).order(number()).select(number()).first(&mut **c).await.optional()
}

/// Whether that is so of what is noted of the log's end: nothing comes after a blob.
pub async fn is_log_end_disguised(conn: &mut Conn) -> QueryResult<bool> {
    let Conn::Sqlite(c) = conn else { return Ok(false) };
    let disguised = sql::<Bool>("typeof(last_id) <> 'integer' OR typeof(last_hash) <> 'blob'");
    let found: Option<i16> =
        event_counter::table.filter(disguised).select(event_counter::id).first(&mut **c).await.optional()?;
    Ok(found.is_some())
}

/// What has to be said before a transaction begins that reads one state of the data. SQLite's transactions all do.
pub async fn before_snapshot(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        // It holds for the next transaction alone.
        Conn::MySql(c) => {
            diesel::sql_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").execute(c).await.map(drop)
        }
        Conn::Sqlite(_) | Conn::Postgres(_) => Ok(()),
    }
}

/// What has to be said when it has begun.
pub async fn in_snapshot(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Postgres(c) => {
            diesel::sql_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").execute(c).await?;
            // Who reads in a snapshot may take long with what was read, and holds no lock that anybody waits for.
            diesel::sql_query("SET LOCAL idle_in_transaction_session_timeout = 0").execute(c).await.map(drop)
        }
        Conn::Sqlite(_) | Conn::MySql(_) => Ok(()),
    }
}

/// Whether an error means that the server, or the way to it, failed, and not the statement: it is gone, takes no changes for
/// now, or broke the statement off.
pub fn is_connection_lost(error: &Error) -> bool {
    match error {
        Error::BrokenTransactionManager
        | Error::DatabaseError(
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::ReadOnlyTransaction,
            _,
        ) => true,
        Error::DatabaseError(DatabaseErrorKind::Unknown, details) => {
            // diesel-async gives these no kind of their own, and hides the codes that say it in no language. See `in_english`
            // of `pools` for who speaks which.
            let message = details.message();
            [
                "connection closed",
                "Connection to the server is closed",
                "Input/output error",
                "Packet out of order",
                "Broken pipe",
                "terminating connection",
                "the database system is shutting down",
                "the database system is starting up",
                "Server shutdown in progress",
                "Connection was killed",
                "disconnected by the server because of inactivity",
                "read-only option so it cannot execute",
                "Lock wait timeout exceeded",
                "Query execution was interrupted",
                "canceling statement due to",
                "terminando la conexión",
                "el sistema de base de datos está apagándose",
                "el sistema de base de datos está iniciándose",
                "cancelando la sentencia debido a",
                "database is locked",
                "unable to open database file",
                "disk I/O error",
                "database or disk is full",
            ]
            .iter()
            .any(|sign| message.contains(sign))
        }
        _ => false,
    }
}

/// Whether an error means that another transaction was in the way (a deadlock, a serialization failure).
pub fn is_conflict(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        Error::DatabaseError(_, details) => {
            let message = details.message();
            ["Deadlock found", "deadlock detected", "se ha detectado un deadlock", "Record has changed since last read"]
                .iter()
                .any(|sign| message.contains(sign))
        }
        _ => false,
    }
}

/// What the database says of the unique index that already has a value: its name, on SQLite its columns. Without the value
/// itself, which is anybody's to choose.
pub fn violated_index(error: &Error) -> Option<&str> {
    let Error::DatabaseError(DatabaseErrorKind::UniqueViolation, details) = error else { return None };
    // PostgreSQL names it apart from its text. "UNIQUE constraint failed: …", "Duplicate entry … for key …"
    details.constraint_name().or_else(|| {
        let message = details.message();
        [" for key ", "constraint "].iter().find_map(|before| message.rsplit_once(before)).map(|(_, index)| index)
    })
}

/// Asks the database for a sign of life.
pub async fn ping(conn: &mut Conn) -> QueryResult<()> {
    on_conn!(conn, |c| diesel::sql_query("SELECT 1").execute(c).await).map(drop)
}

#[cfg(test)]
mod tests {
    use diesel::result::DatabaseErrorInformation;

    use super::*;

    /// What PostgreSQL says, in Spanish, of a value that is there already.
    struct Taken;

    impl DatabaseErrorInformation for Taken {
        fn message(&self) -> &'static str {
            "llave duplicada viola restricción de unicidad «users_email_key»"
        }

        fn details(&self) -> Option<&str> {
            None
        }

        fn hint(&self) -> Option<&str> {
            None
        }

        fn table_name(&self) -> Option<&str> {
            Some("users")
        }

        fn column_name(&self) -> Option<&str> {
            None
        }

        fn constraint_name(&self) -> Option<&str> {
            Some("users_email_key")
        }

        fn statement_position(&self) -> Option<i32> {
            None
        }
    }

    fn error(kind: DatabaseErrorKind, message: &str) -> Error {
        Error::DatabaseError(kind, Box::new(message.to_owned()))
    }

    #[test]
    fn what_the_server_will_not_do_for_now_is_no_fault_of_the_statement() {
        for message in [
            "The MariaDB server is running with the --read-only option so it cannot execute this statement",
            "The MySQL server is running with the --super-read-only option so it cannot execute this statement",
            "Lock wait timeout exceeded; try restarting transaction",
            "Query execution was interrupted (max_statement_time exceeded)",
            "canceling statement due to statement timeout",
            "canceling statement due to lock timeout",
            "terminating connection due to idle-in-transaction timeout",
            "The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for \
             configuring this behavior.",
            "terminando la conexión debido a una orden del administrador",
            "terminando la conexión debido a una falla en otro proceso servidor",
            "cancelando la sentencia debido a que se agotó el tiempo de espera de candados (locks)",
            "cancelando la sentencia debido a un conflicto con la recuperación",
            "el sistema de base de datos está apagándose",
            "el sistema de base de datos está iniciándose",
        ] {
            assert!(is_connection_lost(&error(DatabaseErrorKind::Unknown, message)), "{message}");
        }
        let standby = error(DatabaseErrorKind::ReadOnlyTransaction, "cannot execute UPDATE in a read-only transaction");
        assert!(is_connection_lost(&standby));
        for message in ["syntax error at or near \"SELEC\"", "Data too long for column 'title' at row 1"] {
            assert!(!is_connection_lost(&error(DatabaseErrorKind::Unknown, message)), "{message}");
        }
        assert!(!is_connection_lost(&error(DatabaseErrorKind::UniqueViolation, "canceling statement due to nothing")));
    }

    #[test]
    fn two_that_wait_for_each_other_are_told_in_each_language() {
        for message in [
            "Deadlock found when trying to get lock; try restarting transaction",
            "Record has changed since last read in table 'tickets'",
            "deadlock detected",
            "se ha detectado un deadlock",
        ] {
            assert!(is_conflict(&error(DatabaseErrorKind::Unknown, message)), "{message}");
        }
        assert!(!is_conflict(&error(DatabaseErrorKind::Unknown, "error de sintaxis en o cerca de «SELEC»")));
    }

    #[test]
    fn the_index_that_has_a_value_is_named() {
        let taken = |message| error(DatabaseErrorKind::UniqueViolation, message);
        let told_apart = Error::DatabaseError(DatabaseErrorKind::UniqueViolation, Box::new(Taken));
        assert_eq!(violated_index(&told_apart), Some("users_email_key"));
        assert_eq!(violated_index(&taken("UNIQUE constraint failed: users.email")), Some("failed: users.email"));
        let message = "Duplicate entry 'constraint users_email' for key 'users_username'";
        assert_eq!(violated_index(&taken(message)), Some("'users_username'"));
        assert_eq!(violated_index(&error(DatabaseErrorKind::Unknown, message)), None);
    }
}
