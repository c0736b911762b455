//! The people somebody may write to, in the database.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::{accounts::Role, chat::ChatPerson, permissions::may_chat};

use crate::{
    accounts::rows::{role_code, role_of, user_ref},
    auth::caller::Caller,
    db::{Conn, DbError, schema::users},
    on_conn,
    text::beginnings,
};

/// The most people that are offered.
pub const MOST: usize = 25;

/// A person: number, name, when their picture was set, role.
type Found = (i64, String, Option<i64>, i16);

/// People with access whom the caller may write to and who are called so: their user name, their name or a later word of it
/// begins with each of these folded words. By name, at most this many.
pub async fn find(
    conn: &mut Conn,
    caller: &Caller,
    words: &[String],
    limit: usize,
) -> Result<Vec<ChatPerson>, DbError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let open = Role::ALL.into_iter().filter(|&role| may_chat(caller.role(), role));
    let roles: Vec<i16> = open.map(role_code).collect();
    let found: Vec<Found> = on_conn!(conn, |c| {
        let mut query = users::table
            .filter(users::active.eq(true))
            .filter(users::id.ne(caller.user.id))
            .filter(users::role.eq_any(roles))
            .order((users::name_folded, users::id))
            .limit(limit)
            .select((users::id, users::name, users::avatar_at, users::role))
            .into_boxed::<Backend>();
        for word in words {
            let [begins, later] = beginnings(word);
            query = query.filter(
                users::username_folded
                    .like(begins.clone())
                    .escape('!')
                    .or(users::name_folded.like(begins).escape('!'))
                    .or(users::name_folded.like(later).escape('!')),
            );
        }
        query.load(c).await
    })?;
    let person = |(id, name, avatar, role)| ChatPerson { user: user_ref(id, name, avatar), role: role_of(role) };
    Ok(found.into_iter().map(person).collect())
}
