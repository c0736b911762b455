//! Links in the database.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::ids::{PasswordLinkId, UserId};

use crate::{
    accounts::rows::UserRow,
    db::{
        Conn, DbError,
        schema::{password_links, users},
    },
    insert_for_id, on_conn,
};

/// Where a link comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// An account that was made without a password.
    Welcome,
    /// The person asked.
    Reset,
    /// An administrator made it.
    Handed,
}

impl LinkKind {
    fn code(self) -> i16 {
        match self {
            Self::Welcome => 0,
            Self::Reset => 1,
            Self::Handed => 2,
        }
    }
}

/// A link.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = password_links, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct LinkRow {
    /// What its token is derived from.
    pub nonce: String,
    /// Until when it is good, in microseconds.
    pub expires_at: i64,
    /// When it was used or made void.
    pub used_at: Option<i64>,
}

#[derive(Insertable)]
#[diesel(table_name = password_links)]
struct NewLink<'a> {
    user_id: i64,
    kind: i16,
    nonce: &'a str,
    created_at: i64,
    expires_at: i64,
}

/// Makes the links of a kind void that a person has.
pub async fn void(conn: &mut Conn, user: UserId, kind: LinkKind, now: i64) -> Result<(), DbError> {
    let good = password_links::table
        .filter(password_links::user_id.eq(user.0))
        .filter(password_links::kind.eq(kind.code()))
        .filter(password_links::used_at.is_null());
    on_conn!(conn, |c| diesel::update(good).set(password_links::used_at.eq(Some(now))).execute(c).await)?;
    Ok(())
}

/// Adds a link.
pub async fn insert(
    conn: &mut Conn,
    user: UserId,
    kind: LinkKind,
    nonce: &str,
    now: i64,
    expires_at: i64,
) -> Result<PasswordLinkId, DbError> {
    let link = NewLink { user_id: user.0, kind: kind.code(), nonce, created_at: now, expires_at };
    Ok(PasswordLinkId(insert_for_id!(conn, password_links, &link)?))
}

/// One link and whose it is.
pub async fn find(conn: &mut Conn, id: PasswordLinkId) -> Result<Option<(LinkRow, UserRow)>, DbError> {
    Ok(on_conn!(conn, |c| {
        password_links::table
            .inner_join(users::table)
            .filter(password_links::id.eq(id.0))
            .select((LinkRow::as_select(), UserRow::as_select()))
            .first(c)
            .await
            .optional()
    })?)
}

/// How many links of this kind the person was given since a moment.
pub async fn count_since(conn: &mut Conn, user: UserId, kind: LinkKind, since: i64) -> Result<i64, DbError> {
    let given = password_links::table
        .filter(password_links::user_id.eq(user.0))
        .filter(password_links::kind.eq(kind.code()))
        .filter(password_links::created_at.gt(since));
    Ok(on_conn!(conn, |c| given.count().get_result(c).await)?)
}

/// Uses a link; false when it has been, or is too old.
pub async fn use_up(conn: &mut Conn, id: PasswordLinkId, now: i64) -> Result<bool, DbError> {
    let good = password_links::table
        .filter(password_links::id.eq(id.0))
        .filter(password_links::used_at.is_null())
        .filter(password_links::expires_at.gt(now));
    Ok(on_conn!(conn, |c| diesel::update(good).set(password_links::used_at.eq(Some(now))).execute(c).await)? > 0)
}

/// Makes all links of a person void.
pub async fn void_all(conn: &mut Conn, user: UserId, now: i64) -> Result<(), DbError> {
    let good =
        password_links::table.filter(password_links::user_id.eq(user.0)).filter(password_links::used_at.is_null());
    on_conn!(conn, |c| diesel::update(good).set(password_links::used_at.eq(Some(now))).execute(c).await)?;
    Ok(())
}

/// Removes the links that ended before a moment.
pub async fn remove(conn: &mut Conn, before: i64) -> Result<(), DbError> {
    on_conn!(conn, |c| {
        diesel::delete(password_links::table.filter(password_links::expires_at.lt(before))).execute(c).await
    })?;
    Ok(())
}
