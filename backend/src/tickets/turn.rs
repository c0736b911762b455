//! The way of a ticket to a state, with an answer.

use shared::{
    permissions::TicketAction,
    tickets::{HistoryKind, Status},
};

use super::{access, decide, edit::Edit, rows::FullTicket};
use crate::{auth::caller::Caller, db::Conn, error::AppError};

/// What takes a ticket to a state, whichever way leads there; nothing when it is there already.
pub(super) async fn going(
    conn: &mut Conn,
    caller: &Caller,
    ticket: &FullTicket,
    to: Status,
) -> Result<Option<Edit>, AppError> {
    match (ticket.listed.row.status(), to) {
        (from, to) if from == to => {
            // What the caller may never do is refused all the same.
            let action = match to {
                Status::Closed => TicketAction::Close,
                Status::Open => TicketAction::Reopen,
                Status::InProgress | Status::Waiting => TicketAction::Triage,
            };
            access::require(caller, ticket, action)?;
            Ok(None)
        }
        (_, Status::Closed) => decide::close(caller, ticket).map(Some),
        (Status::Closed, Status::Open) => decide::reopen(conn, caller, ticket).await.map(Some),
        (from, to) => {
            access::require(caller, ticket, TicketAction::Triage)?;
            let mut edit = Edit::new(HistoryKind::TicketUpdated);
            edit.go(from, to)?;
            Ok(Some(edit))
        }
    }
}
