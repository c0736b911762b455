//! What processes tell each other, where the database passes it on: PostgreSQL by NOTIFY, MySQL by a table.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{Conn, DbError, listen::SIGNALS, schema::live_signals},
    on_conn,
};

/// How many letters are read at once.
const LETTERS: i64 = 1_000;

/// Has a letter passed on to all processes.
pub async fn post(conn: &mut Conn, letter: &str, at: i64) -> Result<(), DbError> {
    match conn {
        Conn::Sqlite(_) => {}
        Conn::Postgres(c) => {
            let notify = diesel::sql_query("SELECT pg_notify($1, $2)");
            let notify = notify.bind::<diesel::sql_types::Text, _>(SIGNALS).bind::<diesel::sql_types::Text, _>(letter);
            notify.execute(c).await?;
        }
        Conn::MySql(c) => {
            let row = (live_signals::at.eq(at), live_signals::letter.eq(letter));
            diesel::insert_into(live_signals::table).values(row).execute(c).await?;
        }
    }
    Ok(())
}

/// The number of the last letter.
pub async fn end(conn: &mut Conn) -> Result<i64, DbError> {
    let last: Option<i64> =
        on_conn!(conn, |c| live_signals::table.select(diesel::dsl::max(live_signals::id)).first(c).await)?;
    Ok(last.unwrap_or_default())
}

/// The letters after a number.
pub async fn after(conn: &mut Conn, id: i64) -> Result<Vec<(i64, String)>, DbError> {
    Ok(on_conn!(conn, |c| {
        live_signals::table
            .filter(live_signals::id.gt(id))
            .order(live_signals::id)
            .limit(LETTERS)
            .select((live_signals::id, live_signals::letter))
            .load(c)
            .await
    })?)
}

/// Removes the letters up to a number.
pub async fn tidy(conn: &mut Conn, up_to: i64) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::delete(live_signals::table.filter(live_signals::id.le(up_to))).execute(c).await)?;
    Ok(())
}
