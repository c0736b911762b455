//! Notifications as the database keeps them.

use diesel::prelude::*;
use shared::{
    ids::{CommentId, NotificationId, TicketId},
    notifications::{Notification, NotificationKind},
    tickets::Status,
};

use crate::{
    accounts::rows::user_ref,
    db::{from_micros, schema::notifications},
};

/// A notification, with its ticket's title and its actor's name.
#[derive(Debug, Queryable)]
pub struct NotificationRow {
    pub id: i64,
    pub kind: i16,
    pub ticket_id: Option<i64>,
    pub comment_id: Option<i64>,
    pub actor_id: Option<i64>,
    pub status: Option<i16>,
    pub created_at: i64,
    pub read_at: Option<i64>,
    pub title: Option<String>,
    pub actor_name: Option<String>,
    pub actor_avatar: Option<i64>,
}

impl From<NotificationRow> for Notification {
    fn from(row: NotificationRow) -> Self {
        let status = |code: i16| usize::try_from(code).ok().and_then(|code| Status::ALL.get(code)).copied();
        Self {
            id: NotificationId(row.id),
            kind: kind_of(row.kind),
            ticket_id: row.ticket_id.map(TicketId),
            title: row.title,
            comment_id: row.comment_id.map(CommentId),
            status: row.status.and_then(status),
            from: row.actor_id.zip(row.actor_name).map(|(id, name)| user_ref(id, name, row.actor_avatar)),
            created_at: from_micros(row.created_at),
            read_at: row.read_at.map(from_micros),
        }
    }
}

/// A notification to add.
#[derive(Debug, Insertable)]
#[diesel(table_name = notifications)]
pub struct NewNotification {
    pub user_id: i64,
    pub kind: i16,
    pub ticket_id: Option<i64>,
    pub comment_id: Option<i64>,
    pub actor_id: Option<i64>,
    pub status: Option<i16>,
    pub internal: bool,
    pub created_at: i64,
}

/// A kind as a column keeps it.
pub fn kind_code(kind: NotificationKind) -> i16 {
    match kind {
        NotificationKind::Assigned => 0,
        NotificationKind::Answered => 1,
        NotificationKind::Mentioned => 2,
        NotificationKind::StateChanged => 3,
        NotificationKind::Chat => 4,
        NotificationKind::Invited => 5,
    }
}

/// The kind of a code.
pub fn kind_of(code: i16) -> NotificationKind {
    let known = usize::try_from(code).ok().and_then(|code| NotificationKind::ALL.get(code)).copied();
    known.unwrap_or(NotificationKind::Answered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_as_it_is_written() {
        for kind in NotificationKind::ALL {
            assert_eq!(kind_of(kind_code(kind)), kind);
        }
    }
}
