//! Rows for the tests of the list.

use chrono::DateTime;
use shared::{
    accounts::UserRef,
    ids::{TicketId, UserId},
    tickets::{Priority, Status, TicketSummary},
};

/// An open ticket of medium priority that nobody has.
pub fn row(id: i64, version: i64) -> TicketSummary {
    TicketSummary {
        id: TicketId(id),
        title: format!("Ticket {id}"),
        status: Status::Open,
        priority: Priority::Medium,
        category_id: None,
        requester: UserRef { id: UserId(1), name: "Ana".to_owned(), avatar_url: None },
        assignee: None,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        closed_at: None,
        unread: false,
        version,
    }
}
