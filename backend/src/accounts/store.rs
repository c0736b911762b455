//! People in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::{
    accounts::{Role, UserQuery},
    ids::UserId,
};

use super::rows::{AvatarRow, NewUser, UserChanges, UserRow, role_code};
use crate::{
    db::{
        Conn, DbError,
        schema::{avatars, users},
        to_micros,
    },
    insert_for_id, on_conn,
    text::{fold, like_pattern},
};

/// One person.
pub async fn find(conn: &mut Conn, id: UserId) -> Result<Option<UserRow>, DbError> {
    Ok(on_conn!(conn, |c| users::table.find(id.0).select(UserRow::as_select()).first(c).await.optional())?)
}

/// Several people, in no order.
pub async fn find_all(conn: &mut Conn, ids: &[UserId]) -> Result<Vec<UserRow>, DbError> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    Ok(on_conn!(conn, |c| users::table.filter(users::id.eq_any(ids)).select(UserRow::as_select()).load(c).await)?)
}

/// The person whose user name or address this is, in any case.
pub async fn find_by_login(conn: &mut Conn, username: &str, email: &str) -> Result<Option<UserRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        users::table
            .filter(users::username_folded.eq(username).or(users::email_folded.eq(email)))
            .order(users::id)
            .select(UserRow::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// People by name, after a place in that order.
pub async fn list(
    conn: &mut Conn,
    query: &UserQuery,
    after: Option<(String, i64)>,
    limit: i64,
) -> Result<Vec<(UserRow, String)>, DbError> {
    Ok(on_conn!(conn, |c| {
        let mut rows = users::table
            .select((UserRow::as_select(), users::name_folded))
            .order((users::name_folded, users::id))
            .limit(limit)
            .into_boxed::<Backend>();
        if let Some(role) = query.role {
            rows = rows.filter(users::role.eq(role_code(role)));
        }
        if let Some(active) = query.active {
            rows = rows.filter(users::active.eq(active));
        }
        for word in query.q.iter().flat_map(|q| q.split_whitespace()) {
            let pattern = like_pattern(&fold(word));
            rows = rows.filter(
                users::name_folded
                    .like(pattern.clone())
                    .escape('!')
                    .or(users::username_folded.like(pattern.clone()).escape('!'))
                    .or(users::email_folded.like(pattern).escape('!')),
            );
        }
        // The first condition alone bounds the index range; the second cuts off what the cursor has shown.
        if let Some((name, id)) = after {
            rows = rows
                .filter(users::name_folded.ge(name.clone()))
                .filter(users::name_folded.gt(name).or(users::id.gt(id)));
        }
        rows.load(c).await
    })?)
}

/// Adds a person.
pub async fn insert(conn: &mut Conn, user: &NewUser) -> Result<UserId, DbError> {
    Ok(UserId(insert_for_id!(conn, users, user)?))
}

/// Changes a person.
pub async fn update(conn: &mut Conn, id: UserId, changes: &UserChanges) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::update(users::table.find(id.0)).set(changes).execute(c).await)?;
    Ok(())
}

/// Notes when a person was last seen.
pub async fn set_last_seen(conn: &mut Conn, id: UserId, at: DateTime<Utc>) -> Result<(), DbError> {
    on_conn!(conn, |c| {
        diesel::update(users::table.find(id.0)).set(users::last_seen_at.eq(to_micros(at))).execute(c).await
    })?;
    Ok(())
}

/// The same of several, of whom it was not noted after a moment: a page asks many times a minute.
pub async fn refresh_last_seen(
    conn: &mut Conn,
    people: &[UserId],
    at: DateTime<Utc>,
    noted_before: DateTime<Utc>,
) -> Result<(), DbError> {
    let ids: Vec<i64> = people.iter().map(|person| person.0).collect();
    on_conn!(conn, |c| {
        let stale = users::last_seen_at.is_null().or(users::last_seen_at.lt(to_micros(noted_before)));
        diesel::update(users::table.filter(users::id.eq_any(ids)).filter(stale))
            .set(users::last_seen_at.eq(to_micros(at)))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// The active people of these roles after a number, in the order of their numbers: who they are, and when they were last
/// seen.
pub async fn seen(conn: &mut Conn, roles: &[Role], after: i64, limit: i64) -> Result<Vec<(i64, Option<i64>)>, DbError> {
    let roles: Vec<i16> = roles.iter().map(|&role| role_code(role)).collect();
    Ok(on_conn!(conn, |c| {
        users::table
            .filter(users::id.gt(after))
            .filter(users::active.eq(true))
            .filter(users::role.eq_any(roles))
            .order(users::id)
            .limit(limit)
            .select((users::id, users::last_seen_at))
            .load(c)
            .await
    })?)
}

/// Locks a person until the transaction ends: what is counted of theirs stays as it is.
pub async fn lock(conn: &mut Conn, id: UserId) -> Result<(), DbError> {
    let person = || users::table.find(id.0).select(users::id);
    let _: Option<i64> = match conn {
        // The one writer needs no lock.
        Conn::Sqlite(_) => None,
        Conn::Postgres(c) => person().for_update().first(&mut **c).await.optional()?,
        Conn::MySql(c) => person().for_update().first(&mut **c).await.optional()?,
    };
    Ok(())
}

/// Those who have one of these folded user names or one of these addresses: number, user name, address.
pub async fn matching(
    conn: &mut Conn,
    usernames: &[&str],
    emails: &[&str],
) -> Result<Vec<(i64, String, String)>, DbError> {
    Ok(on_conn!(conn, |c| {
        users::table
            .filter(users::username_folded.eq_any(usernames).or(users::email_folded.eq_any(emails)))
            .select((users::id, users::username_folded, users::email_folded))
            .load(c)
            .await
    })?)
}

/// A person's picture.
pub async fn avatar(conn: &mut Conn, id: UserId) -> Result<Option<AvatarRow>, DbError> {
    Ok(on_conn!(conn, |c| avatars::table.find(id.0).select(AvatarRow::as_select()).first(c).await.optional())?)
}

/// Sets a person's picture, in place of the one they had.
pub async fn set_avatar(conn: &mut Conn, avatar: &AvatarRow) -> Result<(), DbError> {
    delete_avatar(conn, UserId(avatar.user_id)).await?;
    on_conn!(conn, |c| diesel::insert_into(avatars::table).values(avatar).execute(c).await)?;
    Ok(())
}

/// Takes a person's picture away; false when there is none.
pub async fn delete_avatar(conn: &mut Conn, id: UserId) -> Result<bool, DbError> {
    Ok(on_conn!(conn, |c| diesel::delete(avatars::table.find(id.0)).execute(c).await)? > 0)
}

/// The active administrators' numbers, locked until the transaction ends: so two of them cannot both let the last
/// other one go.
pub async fn lock_active_admins(conn: &mut Conn) -> Result<Vec<i64>, DbError> {
    let admins = || {
        users::table
            .filter(users::role.eq(role_code(Role::Admin)))
            .filter(users::active.eq(true))
            .order(users::id)
            .select(users::id)
    };
    Ok(match conn {
        // The one writer needs no lock.
        Conn::Sqlite(c) => admins().load(&mut **c).await,
        Conn::Postgres(c) => admins().for_update().load(&mut **c).await,
        Conn::MySql(c) => admins().for_update().load(&mut **c).await,
    }?)
}

/// How many people there are.
pub async fn count(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(on_conn!(conn, |c| users::table.count().get_result(c).await)?)
}

/// How many administrators there are with access.
pub async fn count_active_admins(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(on_conn!(conn, |c| {
        users::table
            .filter(users::role.eq(role_code(Role::Admin)))
            .filter(users::active.eq(true))
            .count()
            .get_result(c)
            .await
    })?)
}
