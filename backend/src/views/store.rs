//! Views in the database.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::ids::{UserId, ViewId};

use super::rows::{NewView, ViewColumns, ViewRow};
use crate::{
    accounts::rows::Face,
    db::{
        Conn, DbError,
        schema::{saved_views, users},
    },
    insert_for_id, on_conn,
};

/// The most that others can share with somebody: there are as many as the rail of the page can hold, and more.
const SHARED_MOST: i64 = 200;

/// A person's own.
pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<(ViewRow, Face)>, DbError> {
    Ok(on_conn!(conn, |c| {
        saved_views::table
            .inner_join(users::table)
            .filter(saved_views::user_id.eq(user.0))
            .order(saved_views::id)
            .select((ViewRow::as_select(), (users::name, users::avatar_at)))
            .load(c)
            .await
    })?)
}

/// What others share, the oldest first; `staff` are the roles of those who may.
pub async fn shared_with(conn: &mut Conn, user: UserId, staff: &[i16]) -> Result<Vec<(ViewRow, Face)>, DbError> {
    Ok(on_conn!(conn, |c| {
        saved_views::table
            .inner_join(users::table)
            .filter(saved_views::shared.eq(true))
            .filter(saved_views::user_id.ne(user.0))
            .filter(users::role.eq_any(staff.to_vec()))
            .order(saved_views::id)
            .limit(SHARED_MOST)
            .select((ViewRow::as_select(), (users::name, users::avatar_at)))
            .load(c)
            .await
    })?)
}

/// One view, with its owner and their role.
pub async fn find(conn: &mut Conn, id: ViewId) -> Result<Option<(ViewRow, Face, i16)>, DbError> {
    Ok(on_conn!(conn, |c| {
        saved_views::table
            .inner_join(users::table)
            .filter(saved_views::id.eq(id.0))
            .select((ViewRow::as_select(), (users::name, users::avatar_at), users::role))
            .first(c)
            .await
            .optional()
    })?)
}

/// How many views a person keeps.
pub async fn count(conn: &mut Conn, user: UserId) -> Result<i64, DbError> {
    Ok(on_conn!(conn, |c| saved_views::table.filter(saved_views::user_id.eq(user.0)).count().get_result(c).await)?)
}

/// Adds one.
pub async fn insert(conn: &mut Conn, view: &NewView<'_>) -> Result<ViewId, DbError> {
    Ok(ViewId(insert_for_id!(conn, saved_views, view)?))
}

/// Changes one.
pub async fn update(conn: &mut Conn, id: ViewId, columns: &ViewColumns) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::update(saved_views::table.find(id.0)).set(columns).execute(c).await)?;
    Ok(())
}

/// Makes one another person's.
pub async fn give(conn: &mut Conn, id: ViewId, to: UserId) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::update(saved_views::table.find(id.0))
        .set(saved_views::user_id.eq(to.0))
        .execute(c)
        .await)?;
    Ok(())
}

/// Removes one.
pub async fn delete(conn: &mut Conn, id: ViewId) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::delete(saved_views::table.find(id.0)).execute(c).await)?;
    Ok(())
}
