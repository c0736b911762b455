//! Categories in the database.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::ids::{CategoryId, UserId};

use super::rows::{CategoryColumns, CategoryRow};
use crate::{
    db::{Conn, DbError, schema::categories},
    insert_for_id, on_conn,
};

pub async fn list(conn: &mut Conn) -> Result<Vec<CategoryRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        categories::table.order((categories::position, categories::id)).select(CategoryRow::as_select()).load(c).await
    })?)
}

pub async fn find(conn: &mut Conn, id: CategoryId) -> Result<Option<CategoryRow>, DbError> {
    Ok(on_conn!(conn, |c| categories::table.find(id.0).select(CategoryRow::as_select()).first(c).await.optional())?)
}

/// Those whose new tickets a person gets.
pub async fn of_assignee(conn: &mut Conn, assignee: UserId) -> Result<Vec<CategoryRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        categories::table
            .filter(categories::default_assignee_id.eq(assignee.0))
            .order(categories::id)
            .select(CategoryRow::as_select())
            .load(c)
            .await
    })?)
}

pub async fn last_position(conn: &mut Conn) -> Result<i32, DbError> {
    let last: Option<i32> =
        on_conn!(conn, |c| categories::table.select(diesel::dsl::max(categories::position)).first(c).await)?;
    Ok(last.unwrap_or(0))
}

pub async fn insert(conn: &mut Conn, columns: &CategoryColumns) -> Result<CategoryId, DbError> {
    // Names, position and colour are always there: the service fills them.
    let values = (
        categories::name.eq(columns.name.as_deref().unwrap_or_default()),
        categories::name_folded.eq(columns.name_folded.as_deref().unwrap_or_default()),
        categories::position.eq(columns.position.unwrap_or_default()),
        categories::colour.eq(columns.colour.unwrap_or_default()),
        categories::default_assignee_id.eq(columns.default_assignee_id.flatten()),
    );
    Ok(CategoryId(insert_for_id!(conn, categories, values)?))
}

pub async fn update(conn: &mut Conn, id: CategoryId, columns: &CategoryColumns) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::update(categories::table.find(id.0)).set(columns).execute(c).await)?;
    Ok(())
}

pub async fn delete(conn: &mut Conn, id: CategoryId) -> Result<bool, DbError> {
    Ok(on_conn!(conn, |c| diesel::delete(categories::table.find(id.0)).execute(c).await)? > 0)
}
