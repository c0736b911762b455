//! Saved replies in the database.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::ids::{ReplyId, UserId};

use super::rows::{NewReply, ReplyColumns, ReplyRow};
use crate::{
    accounts::rows::Face,
    db::{
        Conn, DbError, LoadAll,
        schema::{replies, users},
    },
    insert_for_id, on_conn,
};

/// Where a saved reply stands in the list: its folded title and its number.
pub type Key = (String, i64);

/// Those that all of staff has and those that one person keeps for themselves, after a place; each range in its order.
pub async fn list(
    conn: &mut Conn,
    me: UserId,
    after: Option<&Key>,
    limit: i64,
) -> Result<Vec<(ReplyRow, Face)>, DbError> {
    let after = after.cloned();
    Ok(on_conn!(conn, |c| {
        // One range of one index each.
        let range = |own: bool| {
            let mut query = replies::table
                .inner_join(users::table)
                .select((ReplyRow::as_select(), (users::name, users::avatar_at)))
                .order((replies::title_folded, replies::id))
                .limit(limit)
                .into_boxed::<Backend>();
            query = query.filter(replies::shared.eq(!own));
            if own {
                query = query.filter(replies::author_id.eq(me.0));
            }
            if let Some((title, id)) = after.clone() {
                query = query
                    .filter(replies::title_folded.ge(title.clone()))
                    .filter(replies::title_folded.gt(title).or(replies::id.gt(id)));
            }
            query
        };
        c.load_all(vec![range(false), range(true)]).await
    })?)
}

/// One saved reply and what is shown of its author.
pub async fn find(conn: &mut Conn, id: ReplyId) -> Result<Option<(ReplyRow, Face)>, DbError> {
    Ok(on_conn!(conn, |c| {
        replies::table
            .inner_join(users::table)
            .filter(replies::id.eq(id.0))
            .select((ReplyRow::as_select(), (users::name, users::avatar_at)))
            .first(c)
            .await
            .optional()
    })?)
}

/// How many one person keeps.
pub async fn count(conn: &mut Conn, author: UserId) -> Result<i64, DbError> {
    Ok(on_conn!(conn, |c| replies::table.filter(replies::author_id.eq(author.0)).count().get_result(c).await)?)
}

/// Adds one.
pub async fn insert(conn: &mut Conn, reply: &NewReply<'_>) -> Result<ReplyId, DbError> {
    Ok(ReplyId(insert_for_id!(conn, replies, reply)?))
}

/// Changes one.
pub async fn update(conn: &mut Conn, id: ReplyId, columns: &ReplyColumns) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::update(replies::table.find(id.0)).set(columns).execute(c).await)?;
    Ok(())
}

/// All that one person keeps, in the order of their numbers.
pub async fn of_author(conn: &mut Conn, author: UserId) -> Result<Vec<ReplyRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        replies::table
            .filter(replies::author_id.eq(author.0))
            .order(replies::id)
            .select(ReplyRow::as_select())
            .load(c)
            .await
    })?)
}

/// Those whose numbers are from one to another, in their order.
pub async fn between(conn: &mut Conn, first: ReplyId, last: ReplyId) -> Result<Vec<ReplyRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        replies::table
            .filter(replies::id.between(first.0, last.0))
            .order(replies::id)
            .select(ReplyRow::as_select())
            .load(c)
            .await
    })?)
}

/// Makes one another person's.
pub async fn give(conn: &mut Conn, id: ReplyId, to: UserId) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::update(replies::table.find(id.0)).set(replies::author_id.eq(to.0)).execute(c).await)?;
    Ok(())
}

/// Deletes one; false when it is not there.
pub async fn delete(conn: &mut Conn, id: ReplyId) -> Result<bool, DbError> {
    Ok(on_conn!(conn, |c| diesel::delete(replies::table.find(id.0)).execute(c).await)? > 0)
}
