//! Settings in the database: one row, and the desk's own pictures.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::rows::{SettingsChanges, SettingsRow};
use crate::{
    db::{
        Conn, DbError,
        schema::{settings, settings_pictures},
    },
    on_conn,
};

/// The row's number.
const ROW: i16 = 1;

/// The settings.
pub async fn find(conn: &mut Conn) -> Result<SettingsRow, DbError> {
    Ok(on_conn!(conn, |c| settings::table.find(ROW).select(SettingsRow::as_select()).first(c).await)?)
}

/// The same, locked until the transaction ends.
pub async fn lock(conn: &mut Conn) -> Result<SettingsRow, DbError> {
    let row = settings::table.find(ROW);
    Ok(match conn {
        // The one writer needs no lock.
        Conn::Sqlite(c) => row.select(SettingsRow::as_select()).first(&mut **c).await,
        Conn::Postgres(c) => row.select(SettingsRow::as_select()).for_update().first(&mut **c).await,
        Conn::MySql(c) => row.select(SettingsRow::as_select()).for_update().first(&mut **c).await,
    }?)
}

/// Changes the settings, which whoever calls this holds ([`lock`]).
pub async fn update(conn: &mut Conn, version: i64, now: i64, changes: &SettingsChanges) -> Result<(), DbError> {
    on_conn!(conn, |c| {
        diesel::update(settings::table.find(ROW))
            .set((changes, settings::version.eq(version), settings::updated_at.eq(now)))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// A picture.
pub async fn picture(conn: &mut Conn, name: &str) -> Result<Option<Vec<u8>>, DbError> {
    Ok(on_conn!(conn, |c| {
        settings_pictures::table.find(name).select(settings_pictures::content).first(c).await.optional()
    })?)
}

/// Takes a picture away, if it is there.
pub async fn delete_picture(conn: &mut Conn, name: &str) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::delete(settings_pictures::table.find(name)).execute(c).await)?;
    Ok(())
}

/// Adds a picture.
pub async fn insert_picture(conn: &mut Conn, name: &str, content: &[u8]) -> Result<(), DbError> {
    let row = (settings_pictures::name.eq(name), settings_pictures::content.eq(content));
    on_conn!(conn, |c| diesel::insert_into(settings_pictures::table).values(row).execute(c).await)?;
    Ok(())
}
