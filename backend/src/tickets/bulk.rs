//! Several tickets changed at once, each as if it were alone, and taken back.

use chrono::TimeDelta;
use shared::{
    ids::{CategoryId, TicketId, UserId},
    permissions::TicketAction,
    problem::FieldCode,
    tickets::{
        Aspect, ChangeOutcome, ChangeResult, ChangeTicket, ChangeTickets, Status, TicketSummary, UNDO_MINUTES,
        UpdateTicket,
    },
};

use super::{
    access, decide,
    edit::Edit,
    rows::FullTicket,
    service::{active_person, apply, is_on_staff},
    store,
};
use crate::{
    auth::caller::Caller,
    db::{Conn, Db, from_micros, now},
    error::AppError,
    events,
};

/// Makes the changes, one after the other, and says what became of each.
pub async fn change(db: &Db, caller: &Caller, request: &ChangeTickets) -> Result<Vec<ChangeOutcome>, AppError> {
    require_values(db, &request.changes).await?;
    let mut outcomes = Vec::new();
    for change in &request.changes {
        let result = match change_one(db, caller, change, request.undo).await {
            Ok(true) => ChangeResult::Done,
            Ok(false) => ChangeResult::Conflict,
            Err(AppError::Forbidden) => ChangeResult::Forbidden,
            Err(AppError::NotFound) => ChangeResult::NotFound,
            Err(AppError::InvalidTransition { .. } | AppError::Validation(_)) => ChangeResult::Refused,
            Err(error) => return Err(error),
        };
        let ticket = if result == ChangeResult::NotFound { None } else { present(db, caller, change.id).await? };
        outcomes.push(ChangeOutcome { id: change.id, result, ticket });
    }
    Ok(outcomes)
}

/// Refuses all of it when something is to become what is not there.
async fn require_values(db: &Db, changes: &[ChangeTicket]) -> Result<(), AppError> {
    let mut categories: Vec<CategoryId> = changes.iter().filter_map(|change| change.category_id.flatten()).collect();
    let mut people: Vec<UserId> = changes.iter().filter_map(|change| change.assignee_id.flatten()).collect();
    categories.sort_unstable();
    categories.dedup();
    people.sort_unstable();
    people.dedup();
    let mut conn = db.lookup().await?;
    for category in categories {
        decide::require_category(&mut conn, Some(category)).await?;
    }
    for person in people {
        if !is_on_staff(&active_person(&mut conn, person, "assignee_id").await?) {
            return Err(AppError::field("assignee_id", FieldCode::Unknown));
        }
    }
    Ok(())
}

/// False when the ticket is of another version.
async fn change_one(db: &Db, caller: &Caller, change: &ChangeTicket, undo: bool) -> Result<bool, AppError> {
    // The request was looked through: each changes one thing.
    let Some(aspect) = change.aspect() else { return Err(AppError::field("changes", FieldCode::Invalid)) };
    apply(db, caller, change.id, Some(change.version), async |conn, caller, ticket| {
        decided(conn, caller, ticket, aspect, undo).await
    })
    .await
}

async fn decided(
    conn: &mut Conn,
    caller: &Caller,
    ticket: &FullTicket,
    aspect: Aspect,
    undo: bool,
) -> Result<Edit, AppError> {
    let nothing = UpdateTicket::default();
    let request = match aspect {
        Aspect::Assignee(assignee) => return decide::assign(conn, caller, ticket, assignee).await,
        Aspect::Status(to) => {
            let from = ticket.listed.row.status();
            if undo && from != to && takes_back(conn, caller, TicketId(ticket.listed.row.id), (from, to)).await? {
                return decide::go_back(conn, caller, ticket, to).await;
            }
            if from == Status::Closed && to == Status::Open {
                return decide::reopen(conn, caller, ticket).await;
            }
            UpdateTicket { status: Some(to), ..nothing }
        }
        Aspect::Priority(priority) => UpdateTicket { priority: Some(priority), ..nothing },
        Aspect::Category(category) => UpdateTicket { category_id: Some(category), ..nothing },
    };
    decide::update(conn, caller, ticket, &request).await
}

/// Whether the last move of a ticket between states was the caller's, just now, from the one to the other.
async fn takes_back(
    conn: &mut Conn,
    caller: &Caller,
    ticket: TicketId,
    (present, former): (Status, Status),
) -> Result<bool, AppError> {
    let Some(last) = events::last_change(conn, ticket, "status").await? else { return Ok(false) };
    let is = |value: &serde_json::Value, status: Status| value.as_str() == Some(status.as_str());
    Ok(last.actor == Some(caller.id())
        && now() - from_micros(last.at) <= TimeDelta::minutes(UNDO_MINUTES)
        && is(&last.change.from, former)
        && is(&last.change.to, present))
}

/// The ticket as it is now, when the caller may see it.
async fn present(db: &Db, caller: &Caller, id: TicketId) -> Result<Option<TicketSummary>, AppError> {
    let mut conn = db.lookup().await?;
    let ticket = store::find(&mut conn, id, caller.id()).await?;
    let seen = ticket.filter(|ticket| access::may(caller, ticket, TicketAction::View));
    Ok(seen.map(|ticket| TicketSummary::from(ticket.listed)))
}
