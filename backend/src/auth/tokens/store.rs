//! Tokens in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::{
    ids::{TokenId, UserId},
    tokens::{Token, TokenScope},
};

use crate::{
    accounts::rows::UserRow,
    db::{
        Conn, DbError, LoadAll, from_micros,
        schema::{tokens, users},
        to_micros,
    },
    insert_for_id, on_conn,
};

/// A token.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = tokens, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct TokenRow {
    /// The number.
    pub id: i64,
    /// What its person calls it.
    pub name: String,
    /// See [`scopes_code`].
    pub scopes: i16,
    /// When it was made, in microseconds.
    pub created_at: i64,
    /// When it ends by itself.
    pub expires_at: Option<i64>,
    /// When it was last used.
    pub last_used_at: Option<i64>,
    /// From where, then.
    pub last_used_address: Option<String>,
}

impl TokenRow {
    /// What it is good for.
    pub fn scopes(&self) -> Vec<TokenScope> {
        TokenScope::ALL.into_iter().filter(|&scope| self.scopes & bit(scope) != 0).collect()
    }
}

impl From<TokenRow> for Token {
    fn from(row: TokenRow) -> Self {
        Self {
            id: TokenId(row.id),
            scopes: row.scopes(),
            name: row.name,
            created_at: from_micros(row.created_at),
            expires_at: row.expires_at.map(from_micros),
            last_used_at: row.last_used_at.map(from_micros),
            last_used_address: row.last_used_address,
        }
    }
}

fn bit(scope: TokenScope) -> i16 {
    match scope {
        TokenScope::Read => 1,
        TokenScope::Write => 2,
    }
}

/// Scopes as a column keeps them: a sum.
pub fn scopes_code(scopes: &[TokenScope]) -> i16 {
    scopes.iter().fold(0, |sum, &scope| sum | bit(scope))
}

/// A token to add.
#[derive(Insertable)]
#[diesel(table_name = tokens)]
pub struct NewToken<'a> {
    /// Whose.
    pub user_id: i64,
    /// What its person calls it.
    pub name: &'a str,
    /// SHA-256 in hexadecimal.
    pub digest: &'a str,
    /// See [`scopes_code`].
    pub scopes: i16,
    /// In microseconds.
    pub created_at: i64,
    /// When it ends by itself.
    pub expires_at: Option<i64>,
}

/// Adds a token.
pub async fn insert(conn: &mut Conn, token: &NewToken<'_>) -> Result<TokenId, DbError> {
    Ok(TokenId(insert_for_id!(conn, tokens, token)?))
}

/// The token of a digest, when it has not ended, with its active owner.
pub async fn find(conn: &mut Conn, digest: &str, now: DateTime<Utc>) -> Result<Option<(TokenRow, UserRow)>, DbError> {
    let digest = digest.to_owned();
    let found: Vec<_> = on_conn!(conn, |c| {
        let query = tokens::table
            .inner_join(users::table)
            .filter(tokens::digest.eq(digest))
            .filter(tokens::expires_at.is_null().or(tokens::expires_at.gt(to_micros(now))))
            .filter(users::active.eq(true))
            .select((TokenRow::as_select(), UserRow::as_select()));
        c.load_all(vec![query]).await
    })?;
    Ok(found.into_iter().next())
}

/// The active owner of a token that has not ended.
pub async fn owner(conn: &mut Conn, id: TokenId, now: DateTime<Utc>) -> Result<Option<UserRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        tokens::table
            .inner_join(users::table)
            .filter(tokens::id.eq(id.0))
            .filter(tokens::expires_at.is_null().or(tokens::expires_at.gt(to_micros(now))))
            .filter(users::active.eq(true))
            .select(UserRow::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// A token that has not ended, with its active owner.
pub async fn present(conn: &mut Conn, id: TokenId, now: DateTime<Utc>) -> Result<Option<(TokenRow, UserRow)>, DbError> {
    Ok(on_conn!(conn, |c| {
        tokens::table
            .inner_join(users::table)
            .filter(tokens::id.eq(id.0))
            .filter(tokens::expires_at.is_null().or(tokens::expires_at.gt(to_micros(now))))
            .filter(users::active.eq(true))
            .select((TokenRow::as_select(), UserRow::as_select()))
            .first(c)
            .await
            .optional()
    })?)
}

/// Notes that a token was used, and from where.
pub async fn touch(conn: &mut Conn, id: TokenId, now: DateTime<Utc>, address: &str) -> Result<(), DbError> {
    on_conn!(conn, |c| {
        diesel::update(tokens::table.find(id.0))
            .set((tokens::last_used_at.eq(to_micros(now)), tokens::last_used_address.eq(address)))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// A person's tokens, those that have ended too, latest first.
pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<TokenRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        tokens::table
            .filter(tokens::user_id.eq(user.0))
            .order(tokens::id.desc())
            .select(TokenRow::as_select())
            .load(c)
            .await
    })?)
}

/// A person's token.
pub async fn of_user_by_id(conn: &mut Conn, user: UserId, id: TokenId) -> Result<Option<TokenRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        tokens::table
            .filter(tokens::id.eq(id.0))
            .filter(tokens::user_id.eq(user.0))
            .select(TokenRow::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// How many tokens a person has.
pub async fn count(conn: &mut Conn, user: UserId) -> Result<i64, DbError> {
    Ok(on_conn!(conn, |c| tokens::table.filter(tokens::user_id.eq(user.0)).count().get_result(c).await)?)
}

/// Removes a token.
pub async fn delete(conn: &mut Conn, id: TokenId) -> Result<bool, DbError> {
    Ok(on_conn!(conn, |c| diesel::delete(tokens::table.find(id.0)).execute(c).await)? > 0)
}
