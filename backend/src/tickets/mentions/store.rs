//! Mentions in the database, and the people who can be mentioned.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::{
    accounts::Role,
    ids::{CommentId, TicketId},
    tickets::Visibility,
};

use super::Mentioned;
use crate::{
    accounts::rows::{role_code, role_of},
    db::{
        Conn, DbError,
        schema::{comment_mentions, comments, ticket_watchers, users},
    },
    on_conn,
    text::beginnings,
    tickets::rows::visibility_code,
};

/// A person who may be mentioned.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct PersonRow {
    pub id: i64,
    pub username: String,
    pub username_folded: String,
    pub name: String,
    pub avatar_at: Option<i64>,
    pub role: i16,
}

impl PersonRow {
    pub fn role(&self) -> Role {
        role_of(self.role)
    }
}

#[derive(Insertable)]
#[diesel(table_name = comment_mentions)]
struct NewMention<'a> {
    comment_id: i64,
    user_id: i64,
    word: &'a str,
}

/// Who is looked for.
pub struct Candidates {
    pub ticket: TicketId,
    pub requester: i64,
    pub assignee: Option<i64>,
    /// Roles that see the ticket with which they have nothing to do.
    pub roles: Vec<Role>,
    pub only_staff: bool,
    /// Only people who have to do with the ticket.
    pub only_involved: bool,
    /// Folded; the user name begins with each, or a word of the name does.
    pub words: Vec<String>,
    pub limit: usize,
}

/// The active people who have these user names.
pub async fn named(conn: &mut Conn, words: &[String]) -> Result<Vec<PersonRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        users::table
            .filter(users::username_folded.eq_any(words.to_vec()))
            .filter(users::active.eq(true))
            .order(users::id)
            .select(PersonRow::as_select())
            .load(c)
            .await
    })?)
}

/// Those of some people who follow a ticket.
pub async fn followers_among(conn: &mut Conn, ticket: i64, people: Vec<i64>) -> Result<Vec<i64>, DbError> {
    Ok(on_conn!(conn, |c| {
        ticket_watchers::table
            .filter(ticket_watchers::ticket_id.eq(ticket))
            .filter(ticket_watchers::user_id.eq_any(people))
            .select(ticket_watchers::user_id)
            .load(c)
            .await
    })?)
}

/// Those of some people who have answered on a ticket. Whoever has only written notes is not known to have been there.
pub async fn answering_among(conn: &mut Conn, ticket: i64, people: Vec<i64>) -> Result<Vec<i64>, DbError> {
    let public = visibility_code(Visibility::Public);
    Ok(on_conn!(conn, |c| {
        comments::table
            .filter(comments::ticket_id.eq(ticket))
            .filter(comments::visibility.eq(public))
            .filter(comments::author_id.eq_any(people))
            .select(comments::author_id)
            .distinct()
            .load(c)
            .await
    })?)
}

/// Active people who see a ticket, by name.
pub async fn candidates(conn: &mut Conn, sought: &Candidates) -> Result<Vec<PersonRow>, DbError> {
    let roles: Vec<i16> = sought.roles.iter().map(|&role| role_code(role)).collect();
    let user = role_code(Role::User);
    // No person has this number.
    let assignee = sought.assignee.unwrap_or(0);
    let limit = i64::try_from(sought.limit).unwrap_or(i64::MAX);
    let public = visibility_code(Visibility::Public);
    Ok(on_conn!(conn, |c| {
        let followers = || {
            ticket_watchers::table
                .filter(ticket_watchers::ticket_id.eq(sought.ticket.0))
                .select(ticket_watchers::user_id)
        };
        let mut query = users::table
            .filter(users::active.eq(true))
            .filter(
                users::id
                    .eq(sought.requester)
                    .or(users::id.eq(assignee).and(users::role.ne(user)))
                    .or(users::id.eq_any(followers()))
                    .or(users::role.eq_any(roles)),
            )
            .order((users::name_folded, users::id))
            .limit(limit)
            .select(PersonRow::as_select())
            .into_boxed::<Backend>();
        if sought.only_staff {
            query = query.filter(users::role.ne(user));
        }
        if sought.only_involved {
            // Whoever has only written notes is not known to have been here.
            let answered = comments::table
                .filter(comments::ticket_id.eq(sought.ticket.0))
                .filter(comments::visibility.eq(public))
                .select(comments::author_id);
            query = query.filter(
                users::id
                    .eq(sought.requester)
                    .or(users::id.eq(assignee))
                    .or(users::id.eq_any(followers()))
                    .or(users::id.eq_any(answered)),
            );
        }
        for word in &sought.words {
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
    })?)
}

/// Keeps whom a comment mentions; it mentions nobody yet.
pub async fn keep(conn: &mut Conn, comment: CommentId, mentioned: &[Mentioned]) -> Result<(), DbError> {
    let rows = mentioned.iter().map(|one| NewMention { comment_id: comment.0, user_id: one.id.0, word: &one.word });
    for row in rows {
        on_conn!(&mut *conn, |c| diesel::insert_into(comment_mentions::table).values(&row).execute(c).await)?;
    }
    Ok(())
}

/// Forgets whom a comment mentioned.
pub async fn forget(conn: &mut Conn, comment: CommentId) -> Result<(), DbError> {
    on_conn!(conn, |c| {
        diesel::delete(comment_mentions::table.filter(comment_mentions::comment_id.eq(comment.0))).execute(c).await
    })?;
    Ok(())
}

/// A person whom a comment mentions: comment, word, number, user name, name, since when they have their picture.
type MentionRow = (i64, String, i64, String, String, Option<i64>);

/// Whom some comments mention.
pub async fn of_comments(conn: &mut Conn, comments: Vec<i64>) -> Result<Vec<MentionRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        comment_mentions::table
            .inner_join(users::table)
            .filter(comment_mentions::comment_id.eq_any(comments))
            .order((comment_mentions::comment_id, comment_mentions::user_id))
            .select((
                comment_mentions::comment_id,
                comment_mentions::word,
                users::id,
                users::username,
                users::name,
                users::avatar_at,
            ))
            .load(c)
            .await
    })?)
}
