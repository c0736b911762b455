//! What a change of a ticket comes to, and whether the caller may make it.

use serde_json::Value;
use shared::{
    ids::{CategoryId, UserId},
    permissions::TicketAction,
    problem::FieldCode,
    tickets::{HistoryKind, Status, UpdateTicket},
};

use super::{
    access,
    edit::{Edit, named},
    rows::{FullTicket, priority_code},
    service::{active_person, folded_title, is_on_staff},
};
use crate::{accounts, auth::caller::Caller, categories, db::Conn, error::AppError};

/// Other text, state, priority or category.
pub(super) async fn update(
    conn: &mut Conn,
    caller: &Caller,
    ticket: &FullTicket,
    request: &UpdateTicket,
) -> Result<Edit, AppError> {
    let row = &ticket.listed.row;
    if request.title.is_some() || request.description.is_some() {
        access::require(caller, ticket, TicketAction::EditText)?;
    }
    let closes = request.status == Some(Status::Closed);
    if request.priority.is_some() || request.category_id.is_some() || (request.status.is_some() && !closes) {
        access::require(caller, ticket, TicketAction::Triage)?;
    }
    if closes {
        access::require(caller, ticket, TicketAction::Close)?;
    }
    if let Some(category) = request.category_id {
        require_category(conn, category).await?;
    }
    let mut edit = Edit::new(HistoryKind::TicketUpdated);
    if let Some(status) = request.status.filter(|&status| status != row.status()) {
        edit.go(row.status(), status)?;
    }
    if let Some(title) = &request.title {
        edit.field("title", &row.title.as_str(), &title.trim(), |changes| {
            changes.title_folded = Some(folded_title(title));
            changes.title = Some(title.trim().to_owned());
        });
    }
    if let Some(description) = &request.description {
        edit.field("description", &ticket.description, description, |changes| {
            changes.description = Some(description.clone());
        });
    }
    if let Some(priority) = request.priority {
        edit.field("priority", &row.priority().as_str(), &priority.as_str(), |changes| {
            changes.priority = Some(priority_code(priority));
        });
    }
    if let Some(category) = request.category_id {
        edit.field("category_id", &row.category_id.map(CategoryId), &category, |changes| {
            changes.category_id = Some(category.map(|id| id.0));
        });
    }
    Ok(edit)
}

/// Refuses a category that is not there.
pub(super) async fn require_category(conn: &mut Conn, id: Option<CategoryId>) -> Result<(), AppError> {
    match id {
        Some(id) if !categories::service::exists(conn, id).await? => {
            Err(AppError::field("category_id", FieldCode::Unknown))
        }
        _ => Ok(()),
    }
}

/// Closed.
pub(super) fn close(caller: &Caller, ticket: &FullTicket) -> Result<Edit, AppError> {
    access::require(caller, ticket, TicketAction::Close)?;
    let mut edit = Edit::new(HistoryKind::TicketClosed);
    edit.go(ticket.listed.row.status(), Status::Closed)?;
    Ok(edit)
}

/// Open again.
pub(super) async fn reopen(conn: &mut Conn, caller: &Caller, ticket: &FullTicket) -> Result<Edit, AppError> {
    access::require(caller, ticket, TicketAction::Reopen)?;
    let mut edit = Edit::new(HistoryKind::TicketReopened);
    edit.go(ticket.listed.row.status(), Status::Open)?;
    put_back_if_left(conn, ticket, &mut edit).await?;
    Ok(edit)
}

/// Back in a state that the caller has just taken it from: [`super::bulk`] has seen to that.
pub(super) async fn go_back(
    conn: &mut Conn,
    caller: &Caller,
    ticket: &FullTicket,
    to: Status,
) -> Result<Edit, AppError> {
    let from = ticket.listed.row.status();
    let action = match (from, to) {
        (Status::Closed, _) => TicketAction::Reopen,
        (_, Status::Closed) => TicketAction::Close,
        _ => TicketAction::Triage,
    };
    access::require(caller, ticket, action)?;
    let mut edit = Edit::new(HistoryKind::TicketUpdated);
    edit.go_back(from, to);
    if from == Status::Closed {
        put_back_if_left(conn, ticket, &mut edit).await?;
    }
    Ok(edit)
}

/// Whoever dealt with a closed ticket may have left meanwhile: then it is for anyone to take.
async fn put_back_if_left(conn: &mut Conn, ticket: &FullTicket, edit: &mut Edit) -> Result<(), AppError> {
    let Some(assignee) = ticket.listed.row.assignee_id else { return Ok(()) };
    accounts::service::lock(conn, UserId(assignee)).await?;
    if !accounts::service::find(conn, UserId(assignee)).await?.is_some_and(|person| is_on_staff(&person)) {
        edit.put_back(assignee, ticket.listed.assignee_name.as_deref().unwrap_or_default());
    }
    Ok(())
}

/// Given to somebody, or put back.
pub(super) async fn assign(
    conn: &mut Conn,
    caller: &Caller,
    ticket: &FullTicket,
    assignee: Option<UserId>,
) -> Result<Edit, AppError> {
    let row = &ticket.listed.row;
    let own = assignee.is_none_or(|assignee| assignee == caller.id());
    if !access::may(caller, ticket, TicketAction::Assign) {
        access::require(caller, ticket, TicketAction::Take)?;
        if !own {
            return Err(AppError::Forbidden);
        }
    }
    let from =
        row.assignee_id.map_or(Value::Null, |id| named(id, ticket.listed.assignee_name.as_deref().unwrap_or_default()));
    let to = match assignee {
        Some(id) => {
            // Whoever takes them off the staff now comes after, and takes the ticket from them too.
            accounts::service::lock(conn, id).await?;
            let person = active_person(conn, id, "assignee_id").await?;
            if !is_on_staff(&person) {
                return Err(AppError::field("assignee_id", FieldCode::Unknown));
            }
            named(person.id, &person.name)
        }
        None => Value::Null,
    };
    let mut edit = Edit::new(HistoryKind::TicketAssigned);
    if row.assignee_id != assignee.map(|id| id.0) {
        edit.field("assignee", &from, &to, |changes| changes.assignee_id = Some(assignee.map(|id| id.0)));
    }
    Ok(edit)
}
