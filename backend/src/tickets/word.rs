//! Whose turn it is to speak on a ticket.

use super::rows::FullTicket;
use crate::auth::caller::Caller;

/// What is said in public on a ticket, and what that means for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// It is by staff to somebody else. Otherwise the ticket waits for staff from now on.
    pub answers: bool,
    /// It is the first that answers.
    pub first: bool,
}

impl Word {
    /// The word of somebody who stands so to the ticket.
    pub fn of(caller: &Caller, ticket: &FullTicket) -> Self {
        let answers = caller.role().is_staff() && !ticket.relation.requester;
        Self { answers, first: answers && ticket.listed.row.first_response_at.is_none() }
    }
}
