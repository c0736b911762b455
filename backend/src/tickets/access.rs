//! Finding a ticket for a caller: what they may not see is not there.

use shared::{
    ids::{TicketId, UserId},
    permissions::{Relation, TechnicianScope, TicketAction, can_on_ticket, ticket_actions},
    tickets::Ticket,
};

use super::{rows::FullTicket, store};
use crate::{
    accounts::rows::UserRow,
    auth::caller::Caller,
    db::{Conn, DbError},
    error::AppError,
};

/// A ticket the caller may see, or 404: one that is forbidden looks like one that does not exist.
pub async fn visible(conn: &mut Conn, caller: &Caller, id: TicketId) -> Result<FullTicket, AppError> {
    let ticket = store::find(conn, id, caller.id()).await?.ok_or(AppError::NotFound)?;
    if may(caller, &ticket, TicketAction::View) { Ok(ticket) } else { Err(AppError::NotFound) }
}

/// A ticket the caller may do this with: 404 when they may not see it, 403 when they may see but not do it.
pub async fn allowed(
    conn: &mut Conn,
    caller: &Caller,
    id: TicketId,
    action: TicketAction,
) -> Result<FullTicket, AppError> {
    let ticket = visible(conn, caller, id).await?;
    require(caller, &ticket, action)?;
    Ok(ticket)
}

/// Refuses what the caller may not do with a ticket they see.
pub fn require(caller: &Caller, ticket: &FullTicket, action: TicketAction) -> Result<(), AppError> {
    if may(caller, ticket, action) { Ok(()) } else { Err(AppError::Forbidden) }
}

/// Whether the caller may do this with a ticket.
pub fn may(caller: &Caller, ticket: &FullTicket, action: TicketAction) -> bool {
    can_on_ticket(caller.role(), caller.scope, ticket.relation, action)
}

/// A ticket as the caller sees it, with what they may do.
pub fn present(caller: &Caller, ticket: FullTicket) -> Ticket {
    let actions = ticket_actions(caller.role(), caller.scope, ticket.relation);
    let otherwise = Relation { watcher: false, ..ticket.relation };
    let sees_anyway = can_on_ticket(caller.role(), caller.scope, otherwise, TicketAction::View);
    let mut ticket = ticket.into_ticket(actions);
    ticket.sees_by_watching = ticket.watching && !sees_anyway;
    ticket
}

/// How people stand to a ticket at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who has the problem.
    pub requester: UserId,
    /// Who deals with it.
    pub assignee: Option<UserId>,
    /// Who follows it.
    pub watchers: Vec<UserId>,
}

impl Standing {
    /// How one person stands to it.
    pub fn relation(&self, person: UserId) -> Relation {
        Relation {
            requester: self.requester == person,
            assignee: self.assignee == Some(person),
            watcher: self.watchers.contains(&person),
            unassigned: self.assignee.is_none(),
        }
    }
}

/// How people stand to a ticket at this moment; none when there is no such ticket.
pub async fn standing(conn: &mut Conn, id: TicketId) -> Result<Option<Standing>, DbError> {
    store::standing(conn, id).await
}

/// What somebody may see of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// Whether that includes internal notes.
    pub notes: bool,
}

/// What somebody may see of a ticket at this moment; none when they may not see it.
pub async fn sight(
    conn: &mut Conn,
    person: &UserRow,
    scope: TechnicianScope,
    id: TicketId,
) -> Result<Option<Sight>, DbError> {
    let Some(ticket) = store::find(conn, id, UserId(person.id)).await? else { return Ok(None) };
    let may = |action| can_on_ticket(person.role(), scope, ticket.relation, action);
    Ok(may(TicketAction::View).then(|| Sight { notes: may(TicketAction::Note) }))
}
