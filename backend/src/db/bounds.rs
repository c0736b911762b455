//! What a server is told when a connection is made: when to give up by itself.
//!
//! When [`Bounded`](super::Bounded) gives up a server that keeps silent, the server does not know of it. It goes on with the
//! statement, whose answer nobody reads; and behind a network that swallows what is sent it keeps the transaction open, with
//! all its locks, until its system misses the other end: hours later, by the defaults of TCP's keepalive. Meanwhile everybody
//! else waits for those locks. So each of these has an end there too, a little later than here: what people are told is the
//! program's own answer, and the server's end cleans up behind it.
//!
//! A migration is told nothing (`ALTER TABLE` takes what it takes), and neither is the connection that listens, which has no
//! transactions and asks nothing that could wait. SQLite has no server; there `busy_timeout` says how long a lock is waited
//! for.

use std::time::Duration;

/// When a server gives up by itself, on one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// How long a lock is waited for, and how long a transaction stays open between two statements. The program waits for
    /// no client while it has one open, so that such a pause means that the program, or the way to it, is gone. What is read in
    /// a snapshot may be written to a file between two statements: on PostgreSQL it has no such end (`dialect.rs`), and for
    /// MariaDB an export reads no more at once than it writes well before.
    ///
    /// PostgreSQL: `lock_timeout`, `idle_in_transaction_session_timeout`. MySQL and MariaDB: `innodb_lock_wait_timeout` for a
    /// row's lock (50 s by default), `lock_wait_timeout` for a table's (metadata lock; a day by default on MariaDB, a year on
    /// MySQL). MariaDB: `idle_transaction_timeout`.
    wait: Duration,
    /// How long a statement takes in all, until its last row is sent: longer than the wait for its first row, since rows may
    /// come slowly. Nothing the program asks for comes near.
    ///
    /// PostgreSQL: `statement_timeout`. MariaDB: `max_statement_time`, in seconds. MySQL: `max_execution_time`, in milliseconds
    /// and of SELECT alone; of other statements only the wait for locks has an end there.
    statement: Duration,
    /// How long a connection on which nothing is asked is kept, on MySQL: it has no word for one that has a transaction open
    /// (`wait_timeout`, 8 hours by default). Those of a pool that rest end with it, so it is longer; the pool tries each before
    /// it is lent, and makes another.
    rest: Duration,
}

impl Bounds {
    /// The bounds of a connection whose server may keep silent for so long: none is reached before that.
    pub fn beyond(patience: Duration) -> Self {
        Self { wait: patience * 7 / 6, statement: patience * 2, rest: patience * 10 }
    }

    /// As PostgreSQL takes them, in milliseconds.
    pub fn postgres(self) -> String {
        let Self { wait, statement, .. } = self;
        format!(
            "SET lock_timeout = {wait}; SET idle_in_transaction_session_timeout = {wait}; SET statement_timeout = {statement}",
            wait = wait.as_millis(),
            statement = statement.as_millis(),
        )
    }

    /// As MySQL and MariaDB take them, whichever it is. To each of them what only the other knows is a comment: MySQL passes
    /// over all that begins with `/*M!`, and MariaDB over what names a version of MySQL from 5.7 on ("executable comments" in
    /// MariaDB's manual).
    pub fn mysql(self) -> String {
        let Self { wait, statement, rest } = self;
        format!(
            "SET SESSION innodb_lock_wait_timeout = {wait}, SESSION lock_wait_timeout = {wait} \
             /*M!100300 , SESSION idle_transaction_timeout = {wait}, SESSION max_statement_time = {statement} */ \
             /*!50708 , SESSION wait_timeout = {rest}, SESSION max_execution_time = {statement_ms} */",
            wait = seconds(wait),
            statement = seconds(statement),
            rest = seconds(rest),
            statement_ms = statement.as_millis(),
        )
    }
}

/// Whole seconds, never fewer: 0 would mean without end.
fn seconds(time: Duration) -> u128 {
    time.as_millis().div_ceil(1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{PATIENCE, UNHURRIED};

    #[test]
    fn the_program_gives_up_before_the_server_does() {
        for patience in [Duration::from_millis(300), PATIENCE, UNHURRIED] {
            let Bounds { wait, statement, rest } = Bounds::beyond(patience);
            assert!(patience < wait && wait < statement && statement < rest, "{patience:?}");
        }
    }

    #[test]
    fn a_part_of_a_second_is_a_whole_one() {
        assert_eq!(seconds(Duration::from_millis(1)), 1);
        assert_eq!(seconds(Duration::from_secs(35)), 35);
        assert_eq!(seconds(Duration::from_millis(35_001)), 36);
    }
}
