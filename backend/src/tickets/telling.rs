//! Telling people of what happens to tickets; see [`notifications::service::tell`]. All return whom they told, for the event.

use shared::{
    ids::{CommentId, TicketId, UserId},
    tickets::{Status, Visibility},
};

use super::rows::FullTicket;
use crate::{
    accounts::rows::UserRow,
    auth::caller::Caller,
    db::Conn,
    error::AppError,
    notifications::{
        self,
        service::{Happening, What},
    },
};

/// A ticket as it stands after what happened.
fn happening<'a>(ticket: &'a FullTicket, what: What<'a>) -> Happening<'a> {
    let row = &ticket.listed.row;
    Happening {
        ticket: TicketId(row.id),
        title: &row.title,
        requester: UserId(row.requester_id),
        assignee: row.assignee_id.map(UserId),
        what,
    }
}

/// A comment was written.
pub async fn of_comment(
    conn: &mut Conn,
    by: &Caller,
    ticket: &FullTicket,
    comment: CommentId,
    (body, visibility, mentioned): (&str, Visibility, &[UserId]),
) -> Result<Vec<UserId>, AppError> {
    let what = What::Commented { comment, body, visibility, mentioned };
    notifications::service::tell(conn, by, &happening(ticket, what)).await
}

/// A comment was rewritten, and these people are mentioned in it now who were not before.
pub async fn of_mentions(
    conn: &mut Conn,
    by: &Caller,
    ticket: &FullTicket,
    comment: CommentId,
    (body, visibility, mentioned): (&str, Visibility, &[UserId]),
) -> Result<Vec<UserId>, AppError> {
    let what = What::Rewritten { comment, body, visibility, mentioned };
    notifications::service::tell(conn, by, &happening(ticket, what)).await
}

/// A ticket was opened in a category whose new tickets somebody gets.
pub async fn of_opening(
    conn: &mut Conn,
    by: &Caller,
    ticket: TicketId,
    title: &str,
    (requester, assignee): (&UserRow, &UserRow),
) -> Result<Vec<UserId>, AppError> {
    let (requester, assignee) = (UserId(requester.id), Some(UserId(assignee.id)));
    let happening = Happening { ticket, title, requester, assignee, what: What::Received };
    notifications::service::tell(conn, by, &happening).await
}

/// Files were attached without a word: they are an answer.
pub async fn of_files(
    conn: &mut Conn,
    by: &Caller,
    ticket: &FullTicket,
    names: &[&str],
) -> Result<Vec<UserId>, AppError> {
    notifications::service::tell(conn, by, &happening(ticket, What::Attached { names })).await
}

/// Somebody was invited to follow a ticket, and does.
pub async fn of_invitation(
    conn: &mut Conn,
    by: &Caller,
    ticket: &FullTicket,
    person: UserId,
) -> Result<Vec<UserId>, AppError> {
    notifications::service::tell(conn, by, &happening(ticket, What::Invited { person })).await
}

/// A ticket was edited: its title may be another now, and it may be somebody else's or stand elsewhere.
pub async fn of_edit(
    conn: &mut Conn,
    by: &Caller,
    ticket: &FullTicket,
    title: Option<&str>,
    assignee: Option<Option<i64>>,
    to: Option<Status>,
) -> Result<Vec<UserId>, AppError> {
    let now = |what| {
        let before = happening(ticket, what);
        Happening {
            title: title.unwrap_or(before.title),
            assignee: assignee.map_or(before.assignee, |assignee| assignee.map(UserId)),
            ..before
        }
    };
    let mut told = Vec::new();
    if assignee.flatten().is_some() {
        told.extend(notifications::service::tell(conn, by, &now(What::Assigned)).await?);
    }
    if let Some(to) = to {
        told.extend(notifications::service::tell(conn, by, &now(What::StateChanged { to })).await?);
    }
    told.sort_unstable();
    told.dedup();
    Ok(told)
}
