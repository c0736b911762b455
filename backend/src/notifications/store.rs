//! Notifications in the database.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::{
    ids::{NotificationId, TicketId, UserId},
    notifications::{NotificationKind, UNREAD_MAX},
};

use super::rows::{NewNotification, NotificationRow, kind_code};
use crate::{
    accounts::rows::UserRow,
    db::{
        Conn, DbError, LoadAll,
        schema::{notification_choices, notifications, ticket_watchers, tickets, users},
    },
    on_conn,
    tickets::list::Reason,
};

/// What a person may see of what they were told.
pub struct Sight<'a> {
    /// Who.
    pub me: UserId,
    /// Why they may see a ticket.
    pub reasons: &'a [Reason],
    /// Whether they may read internal notes.
    pub internal: bool,
}

/// A person's notifications as far as they may still see what those are about, with joins and conditions but without
/// columns, order or bounds.
macro_rules! seen {
    ($sight:expr, $backend:ty) => {{
        let sight: &Sight<'_> = $sight;
        let me = sight.me.0;
        let mut rows = notifications::table
            .left_join(tickets::table.on(tickets::id.nullable().eq(notifications::ticket_id)))
            .left_join(users::table.on(users::id.nullable().eq(notifications::actor_id)))
            .filter(notifications::user_id.eq(me))
            .into_boxed::<$backend>();
        if !sight.internal {
            rows = rows.filter(notifications::internal.eq(false));
        }
        if !sight.reasons.contains(&Reason::Any) {
            let follows = ticket_watchers::table
                .filter(ticket_watchers::user_id.eq(me))
                .select(ticket_watchers::ticket_id.nullable());
            let theirs = notifications::ticket_id
                .is_null()
                .or(tickets::requester_id.nullable().eq(me))
                .or(notifications::ticket_id.eq_any(follows));
            let deals = sight.reasons.contains(&Reason::Assignee(sight.me));
            let takes = sight.reasons.contains(&Reason::Unassigned);
            rows = match (deals, takes) {
                (true, true) => rows.filter(theirs.or(tickets::assignee_id.eq(me)).or(tickets::assignee_id.is_null())),
                (true, false) => rows.filter(theirs.or(tickets::assignee_id.eq(me))),
                (false, _) => rows.filter(theirs),
            };
        }
        rows
    }};
}

/// Notifications before a place in their order, newest first.
pub async fn list(
    conn: &mut Conn,
    sight: &Sight<'_>,
    unread: Option<bool>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<NotificationRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        let mut rows = seen!(sight, Backend);
        match unread {
            Some(true) => rows = rows.filter(notifications::read_at.is_null()),
            Some(false) => rows = rows.filter(notifications::read_at.is_not_null()),
            None => {}
        }
        if let Some(before) = before {
            rows = rows.filter(notifications::id.lt(before));
        }
        rows.select((
            notifications::id,
            notifications::kind,
            notifications::ticket_id,
            notifications::comment_id,
            notifications::actor_id,
            notifications::status,
            notifications::created_at,
            notifications::read_at,
            tickets::title.nullable(),
            users::name.nullable(),
            users::avatar_at.nullable(),
        ))
        .order(notifications::id.desc())
        .limit(limit)
        .load(c)
        .await
    })?)
}

/// How many are unread, counted up to [`UNREAD_MAX`].
pub async fn unread(conn: &mut Conn, sight: &Sight<'_>) -> Result<usize, DbError> {
    let found: Vec<i64> = on_conn!(conn, |c| {
        seen!(sight, Backend)
            .filter(notifications::read_at.is_null())
            .select(notifications::id)
            .order(notifications::id.desc())
            .limit(UNREAD_MAX.into())
            .load(c)
            .await
    })?;
    Ok(found.len())
}

/// Marks a person's notifications as read: those named, or all; whether any of them was not.
pub async fn mark_read(
    conn: &mut Conn,
    user: UserId,
    ids: Option<&[NotificationId]>,
    now: i64,
) -> Result<bool, DbError> {
    let marked = on_conn!(conn, |c| {
        let unread =
            notifications::table.filter(notifications::user_id.eq(user.0)).filter(notifications::read_at.is_null());
        match ids {
            Some(ids) => {
                let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
                diesel::update(unread.filter(notifications::id.eq_any(ids)))
                    .set(notifications::read_at.eq(Some(now)))
                    .execute(c)
                    .await
            }
            None => diesel::update(unread).set(notifications::read_at.eq(Some(now))).execute(c).await,
        }
    })?;
    Ok(marked > 0)
}

/// Whether a person has an unread notification that somebody wrote to them.
pub async fn tells_of_chat(conn: &mut Conn, user: UserId, from: UserId) -> Result<bool, DbError> {
    let chat = kind_code(NotificationKind::Chat);
    let found: Option<i64> = on_conn!(conn, |c| {
        notifications::table
            .filter(notifications::user_id.eq(user.0))
            .filter(notifications::read_at.is_null())
            .filter(notifications::kind.eq(chat))
            .filter(notifications::actor_id.eq(from.0))
            .select(notifications::id)
            .first(c)
            .await
            .optional()
    })?;
    Ok(found.is_some())
}

/// Marks a person's notifications that somebody wrote to them as read; whether any of them was not.
pub async fn read_chat(conn: &mut Conn, user: UserId, from: UserId, now: i64) -> Result<bool, DbError> {
    let chat = kind_code(NotificationKind::Chat);
    let marked = on_conn!(conn, |c| {
        let told = notifications::table
            .filter(notifications::user_id.eq(user.0))
            .filter(notifications::read_at.is_null())
            .filter(notifications::kind.eq(chat))
            .filter(notifications::actor_id.eq(from.0));
        diesel::update(told).set(notifications::read_at.eq(Some(now))).execute(c).await
    })?;
    Ok(marked > 0)
}

/// Those who follow a ticket.
pub async fn watchers(conn: &mut Conn, ticket: TicketId) -> Result<Vec<i64>, DbError> {
    Ok(on_conn!(conn, |c| {
        let query =
            ticket_watchers::table.filter(ticket_watchers::ticket_id.eq(ticket.0)).select(ticket_watchers::user_id);
        c.load_all(vec![query]).await
    })?)
}

/// People with access, of these.
pub async fn people(conn: &mut Conn, ids: Vec<i64>) -> Result<Vec<UserRow>, DbError> {
    Ok(on_conn!(conn, |c| {
        let query = users::table
            .filter(users::id.eq_any(ids))
            .filter(users::active.eq(true))
            .order(users::id)
            .select(UserRow::as_select());
        c.load_all(vec![query]).await
    })?)
}

/// A choice somebody made: who, the kind's code, by the bell, by mail.
pub type Chosen = (i64, i16, bool, bool);

/// The choices that these people made.
pub async fn choices(conn: &mut Conn, ids: Vec<i64>) -> Result<Vec<Chosen>, DbError> {
    Ok(on_conn!(conn, |c| {
        let query = notification_choices::table.filter(notification_choices::user_id.eq_any(ids)).select((
            notification_choices::user_id,
            notification_choices::kind,
            notification_choices::in_app,
            notification_choices::mail,
        ));
        c.load_all(vec![query]).await
    })?)
}

/// Keeps a person's choice for one kind.
pub async fn choose(
    conn: &mut Conn,
    user: UserId,
    kind: NotificationKind,
    in_app: bool,
    mail: bool,
) -> Result<(), DbError> {
    let kind = kind_code(kind);
    let row = (
        notification_choices::user_id.eq(user.0),
        notification_choices::kind.eq(kind),
        notification_choices::in_app.eq(in_app),
        notification_choices::mail.eq(mail),
    );
    // An upsert is said in three ways; taking the old one away is said in one.
    on_conn!(&mut *conn, |c| diesel::delete(notification_choices::table.find((user.0, kind))).execute(c).await)?;
    on_conn!(conn, |c| diesel::insert_into(notification_choices::table).values(row).execute(c).await)?;
    Ok(())
}

/// Adds notifications.
pub async fn insert(conn: &mut Conn, rows: &[NewNotification]) -> Result<(), DbError> {
    match conn {
        // One statement for each is what SQLite does anyway.
        Conn::Sqlite(c) => {
            for row in rows {
                diesel::insert_into(notifications::table).values(row).execute(&mut **c).await?;
            }
        }
        Conn::Postgres(c) => drop(diesel::insert_into(notifications::table).values(rows).execute(c).await?),
        Conn::MySql(c) => drop(diesel::insert_into(notifications::table).values(rows).execute(c).await?),
    }
    Ok(())
}

/// Removes what was told before a moment.
pub async fn remove(conn: &mut Conn, before: i64) -> Result<(), DbError> {
    on_conn!(conn, |c| {
        diesel::delete(notifications::table.filter(notifications::created_at.lt(before))).execute(c).await
    })?;
    Ok(())
}
