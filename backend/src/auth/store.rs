//! Sessions in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::{
    ids::{SessionId, UserId},
    session::DeviceSession,
};

use super::secrets::SessionKey;
use crate::{
    accounts::rows::UserRow,
    db::{
        Conn, DbError, LoadAll, from_micros,
        schema::{sessions, users},
        to_micros,
    },
    insert_for_id, on_conn,
};

/// A session.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct SessionRow {
    /// The number.
    pub id: i64,
    /// Whose.
    pub user_id: i64,
    /// When it began, in microseconds.
    pub created_at: i64,
    /// When it was last used.
    pub last_used_at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// From where.
    pub address: String,
    /// With what.
    pub user_agent: String,
}

impl SessionRow {
    /// As its owner sees it.
    pub fn into_device(self, current: SessionId) -> DeviceSession {
        DeviceSession {
            id: SessionId(self.id),
            current: self.id == current.0,
            address: self.address,
            user_agent: self.user_agent,
            created_at: from_micros(self.created_at),
            last_used_at: from_micros(self.last_used_at),
            expires_at: from_micros(self.expires_at),
        }
    }
}

/// A session to begin.
#[derive(Insertable)]
#[diesel(table_name = sessions)]
pub struct NewSession<'a> {
    /// Whose.
    pub user_id: i64,
    /// When it begins, in microseconds.
    pub created_at: i64,
    /// The same.
    pub last_used_at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// From where.
    pub address: &'a str,
    /// With what.
    pub user_agent: &'a str,
}

/// Begins a session.
pub async fn insert(conn: &mut Conn, session: &NewSession<'_>) -> Result<SessionId, DbError> {
    Ok(SessionId(insert_for_id!(conn, sessions, session)?))
}

/// A session that has not ended, with its active owner.
pub async fn find(
    conn: &mut Conn,
    session: SessionKey,
    now: DateTime<Utc>,
) -> Result<Option<(SessionRow, UserRow)>, DbError> {
    let found: Vec<_> = on_conn!(conn, |c| {
        let query = sessions::table
            .inner_join(users::table)
            .filter(sessions::id.eq(session.id.0))
            .filter(sessions::created_at.eq(session.began_at))
            .filter(sessions::expires_at.gt(to_micros(now)))
            .filter(users::active.eq(true))
            .select((SessionRow::as_select(), UserRow::as_select()));
        c.load_all(vec![query]).await
    })?;
    Ok(found.into_iter().next())
}

/// Moves a session's end, unless it has ended meanwhile. A later request may have come before: what that one said stays.
/// Answers with the end, if it has not ended.
pub async fn extend(
    conn: &mut Conn,
    id: SessionId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, DbError> {
    let now = to_micros(now);
    let alive = || sessions::table.filter(sessions::id.eq(id.0)).filter(sessions::expires_at.gt(now));
    let moved = on_conn!(&mut *conn, |c| {
        diesel::update(alive().filter(sessions::last_used_at.le(now)))
            .set((sessions::last_used_at.eq(now), sessions::expires_at.eq(to_micros(expires_at))))
            .execute(c)
            .await
    })? > 0;
    if moved {
        return Ok(Some(expires_at));
    }
    let end: Option<i64> = on_conn!(conn, |c| alive().select(sessions::expires_at).first(c).await.optional())?;
    Ok(end.map(from_micros))
}

/// Notes when a session was used, and leaves its end.
pub async fn note_use(conn: &mut Conn, id: SessionId, now: DateTime<Utc>) -> Result<(), DbError> {
    let now = to_micros(now);
    on_conn!(conn, |c| {
        diesel::update(sessions::table.filter(sessions::id.eq(id.0)).filter(sessions::last_used_at.lt(now)))
            .set(sessions::last_used_at.eq(now))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// A person's sessions that have not ended, latest use first.
pub async fn of_user(conn: &mut Conn, user: UserId, now: DateTime<Utc>) -> Result<Vec<SessionRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        sessions::table
            .filter(sessions::user_id.eq(user.0))
            .filter(sessions::expires_at.gt(to_micros(now)))
            .order((sessions::last_used_at.desc(), sessions::id.desc()))
            .limit(100)
            .select(SessionRow::as_select())
            .load(c)
            .await
    })?)
}

/// Ends a person's session; false when it is not theirs or has ended.
pub async fn delete(conn: &mut Conn, user: UserId, id: SessionId) -> Result<bool, DbError> {
    Ok(on_conn!(conn, |c| {
        diesel::delete(sessions::table.filter(sessions::id.eq(id.0)).filter(sessions::user_id.eq(user.0)))
            .execute(c)
            .await
    })? > 0)
}

/// Ends all of a person's sessions but one.
pub async fn delete_all_but(conn: &mut Conn, user: UserId, kept: Option<SessionId>) -> Result<(), DbError> {
    on_conn!(conn, |c| {
        diesel::delete(
            sessions::table.filter(sessions::user_id.eq(user.0)).filter(sessions::id.ne(kept.map_or(0, |id| id.0))),
        )
        .execute(c)
        .await
    })?;
    Ok(())
}

/// Removes sessions that ended before a moment.
pub async fn delete_ended(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, DbError> {
    Ok(on_conn!(conn, |c| {
        diesel::delete(sessions::table.filter(sessions::expires_at.le(to_micros(before)))).execute(c).await
    })?)
}
