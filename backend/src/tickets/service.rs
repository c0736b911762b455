//! What happens when tickets are opened, changed, given, closed and opened again.

use serde_json::Value;
use shared::{
    fields::TITLE_MAX,
    ids::{CategoryId, TicketId, UserId},
    permissions::{DeskAction, Relation, TicketAction},
    problem::FieldCode,
    tickets::{AssignTicket, CreateTicket, HistoryKind, Priority, Status, Ticket, UpdateTicket},
};

use super::{
    access,
    edit::{Edit, named},
    rows::{FullTicket, ListedTicket, NewTicket, TicketRow, priority_code, status_code},
    store, telling,
};
use crate::{
    accounts::{self, rows::UserRow},
    attachments::entry::{Known, attach_known},
    auth::caller::Caller,
    categories,
    db::{Conn, Db, DbError, now, to_micros},
    error::AppError,
    events::{self, NewEvent, change},
    text::fold_within,
};

/// One ticket.
pub async fn get(db: &Db, caller: &Caller, id: TicketId) -> Result<Ticket, AppError> {
    let mut conn = db.lookup().await?;
    let ticket = access::visible(&mut conn, caller, id).await?;
    drop(conn);
    Ok(access::present(caller, ticket))
}

/// Whether the desk has no ticket yet.
pub async fn is_empty(conn: &mut Conn) -> Result<bool, DbError> {
    store::is_empty(conn).await
}

/// How many tickets there are.
pub async fn count(conn: &mut Conn) -> Result<i64, DbError> {
    store::count(conn).await
}

/// Notes activity on a ticket that is no edit of it: something was attached, which may be the first answer.
pub(crate) async fn note_activity(
    conn: &mut Conn,
    id: TicketId,
    now: i64,
    first_response: bool,
) -> Result<(), DbError> {
    store::touch(conn, id, now, first_response).await
}

/// Opens a ticket, for the caller or, by staff, for somebody else. It goes to whoever gets its category's new tickets.
pub async fn create(db: &Db, caller: &Caller, request: CreateTicket) -> Result<Ticket, AppError> {
    create_with(db, caller, request, &[]).await
}

/// The same, with files that are kept already.
pub(crate) async fn create_with(
    db: &Db,
    caller: &Caller,
    request: CreateTicket,
    files: &[Known],
) -> Result<Ticket, AppError> {
    let for_other = request.requester_id.filter(|&id| id != caller.id());
    caller.may(if for_other.is_some() { DeskAction::CreateTicketForOthers } else { DeskAction::CreateTicket })?;
    let origin = caller.origin();
    let title = request.title.trim();
    let title_folded = folded_title(title);
    let priority = request.priority.unwrap_or(Priority::Medium);
    let now = to_micros(now());
    let created = db
        .write(async |conn| -> Result<_, AppError> {
            let requester = match for_other {
                Some(id) => active_person(conn, id, "requester_id").await?,
                None => caller.user.clone(),
            };
            let assignee = match request.category_id {
                Some(category) => categories::service::default_assignee(conn, category).await?,
                None => None,
            };
            let new = NewTicket {
                status: status_code(Status::Open),
                priority: priority_code(priority),
                category_id: request.category_id.map(|id| id.0),
                requester_id: requester.id,
                assignee_id: assignee.as_ref().map(|assignee| assignee.id),
                version: 1,
                created_at: now,
                updated_at: now,
                first_response_at: None,
                closed_at: None,
                title,
                title_folded: &title_folded,
                description: &request.description,
            };
            let id = store::insert(conn, &new).await?;
            let mut events = vec![NewEvent::ticket(&origin, HistoryKind::TicketCreated, id)];
            if let Some(assignee) = &assignee {
                // Nobody did it: the category did.
                let change = change("assignee", &Value::Null, &named(assignee.id, &assignee.name));
                let event = NewEvent::ticket(&NOBODY, HistoryKind::TicketAssigned, id);
                let told = telling::of_opening(conn, caller, id, title, (&requester, assignee)).await?;
                events.push(event.changes(change.into_iter().collect()).told(told));
            }
            events.extend(attach_known(conn, &origin, id, files).await?);
            events::append_all(conn, &events).await?;
            Ok(Opened { id, requester, assignee })
        })
        .await?;
    Ok(access::present(caller, opened(caller, &request, priority, now, created)))
}

/// The program itself.
const NOBODY: events::Origin = events::Origin { actor: None, address: None };

/// What is known of a ticket once it is opened.
struct Opened {
    id: TicketId,
    requester: UserRow,
    assignee: Option<UserRow>,
}

/// A ticket as it stands right after it was opened: all of it is known, so it is not read back.
fn opened(caller: &Caller, request: &CreateTicket, priority: Priority, now: i64, opened: Opened) -> FullTicket {
    let Opened { id, requester, assignee } = opened;
    FullTicket {
        relation: Relation {
            requester: requester.id == caller.user.id,
            assignee: assignee.as_ref().is_some_and(|assignee| assignee.id == caller.user.id),
            unassigned: assignee.is_none(),
            watcher: false,
        },
        listed: ListedTicket {
            row: TicketRow {
                id: id.0,
                status: status_code(Status::Open),
                priority: priority_code(priority),
                category_id: request.category_id.map(|id| id.0),
                requester_id: requester.id,
                assignee_id: assignee.as_ref().map(|assignee| assignee.id),
                version: 1,
                created_at: now,
                updated_at: now,
                first_response_at: None,
                closed_at: None,
                title: request.title.trim().to_owned(),
            },
            requester_name: requester.name,
            requester_avatar: requester.avatar_at,
            assignee_avatar: assignee.as_ref().and_then(|assignee| assignee.avatar_at),
            assignee_name: assignee.map(|assignee| assignee.name),
        },
        description: request.description.clone(),
    }
}

/// A title as its column keeps it for searching.
fn folded_title(title: &str) -> String {
    fold_within(title, 2 * TITLE_MAX)
}

async fn active_person(conn: &mut Conn, id: UserId, field: &str) -> Result<UserRow, AppError> {
    let person = accounts::service::find(conn, id).await?.filter(|person| person.active);
    person.ok_or_else(|| AppError::field(field, FieldCode::Unknown))
}

async fn require_category(conn: &mut Conn, id: Option<CategoryId>) -> Result<(), AppError> {
    match id {
        Some(id) if !categories::service::exists(conn, id).await? => {
            Err(AppError::field("category_id", FieldCode::Unknown))
        }
        _ => Ok(()),
    }
}

/// Edits a ticket that is still of the version the edit was made from.
pub async fn update(db: &Db, caller: &Caller, id: TicketId, request: UpdateTicket) -> Result<Ticket, AppError> {
    edit(db, caller, id, Some(request.version), async |conn, ticket| {
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
    })
    .await
}

/// Closes a ticket.
pub async fn close(db: &Db, caller: &Caller, id: TicketId, version: Option<i64>) -> Result<Ticket, AppError> {
    edit(db, caller, id, version, async |_, ticket| {
        access::require(caller, ticket, TicketAction::Close)?;
        let mut edit = Edit::new(HistoryKind::TicketClosed);
        edit.go(ticket.listed.row.status(), Status::Closed)?;
        Ok(edit)
    })
    .await
}

/// Opens a closed ticket again.
pub async fn reopen(db: &Db, caller: &Caller, id: TicketId, version: Option<i64>) -> Result<Ticket, AppError> {
    edit(db, caller, id, version, async |conn, ticket| {
        access::require(caller, ticket, TicketAction::Reopen)?;
        let mut edit = Edit::new(HistoryKind::TicketReopened);
        edit.go(ticket.listed.row.status(), Status::Open)?;
        // Whoever dealt with it may have left meanwhile: then it is for anyone to take.
        if let Some(assignee) = ticket.listed.row.assignee_id {
            accounts::service::lock(conn, UserId(assignee)).await?;
            if !accounts::service::find(conn, UserId(assignee)).await?.is_some_and(|person| is_on_staff(&person)) {
                edit.put_back(assignee, ticket.listed.assignee_name.as_deref().unwrap_or_default());
            }
        }
        Ok(edit)
    })
    .await
}

/// Gives a ticket to somebody on staff or puts it back. A technician takes what nobody has and puts back their own.
pub async fn assign(db: &Db, caller: &Caller, id: TicketId, request: AssignTicket) -> Result<Ticket, AppError> {
    edit(db, caller, id, request.version, async |conn, ticket| {
        let row = &ticket.listed.row;
        let own = request.assignee_id.is_none_or(|assignee| assignee == caller.id());
        if !access::may(caller, ticket, TicketAction::Assign) {
            access::require(caller, ticket, TicketAction::Take)?;
            if !own {
                return Err(AppError::Forbidden);
            }
        }
        let from = row
            .assignee_id
            .map_or(Value::Null, |id| named(id, ticket.listed.assignee_name.as_deref().unwrap_or_default()));
        let to = match request.assignee_id {
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
        if row.assignee_id != request.assignee_id.map(|id| id.0) {
            edit.field("assignee", &from, &to, |changes| {
                changes.assignee_id = Some(request.assignee_id.map(|id| id.0));
            });
        }
        Ok(edit)
    })
    .await
}

/// Puts back every ticket of somebody who leaves the staff, except the closed ones: nobody else would find them. Answers
/// with what the log is to say of it.
pub async fn put_back_all<'a>(
    conn: &mut Conn,
    origin: &'a events::Origin,
    person: &UserRow,
) -> Result<Vec<NewEvent<'a>>, DbError> {
    let mut told = Vec::new();
    for (id, version) in store::unfinished_of(conn, UserId(person.id)).await? {
        let mut edit = Edit::new(HistoryKind::TicketAssigned);
        edit.put_back(person.id, &person.name);
        if store::update(conn, TicketId(id), version, edit.at, &edit.columns).await? {
            told.push(NewEvent::ticket(origin, edit.kind, TicketId(id)).changes(edit.changes));
        }
    }
    Ok(told)
}

/// Whether tickets may be given to them.
pub fn is_on_staff(person: &UserRow) -> bool {
    person.active && person.role().is_staff()
}

/// The frame of every edit: find the ticket, check its version, decide, write, append the event; one transaction.
async fn edit(
    db: &Db,
    caller: &Caller,
    id: TicketId,
    version: Option<i64>,
    decide: impl AsyncFn(&mut Conn, &FullTicket) -> Result<Edit, AppError>,
) -> Result<Ticket, AppError> {
    let origin = caller.origin();
    let written = db
        .write(async |conn| -> Result<bool, AppError> {
            let ticket = access::visible(conn, caller, id).await?;
            let present = ticket.listed.row.version;
            // What the caller may never do is refused first: they must not be told to try again.
            let edit = match decide(conn, &ticket).await {
                Err(AppError::InvalidTransition { .. }) if version.is_some_and(|version| version != present) => {
                    return Ok(false);
                }
                edit => edit?,
            };
            if version.is_some_and(|version| version != present) {
                return Ok(false);
            }
            if edit.changes.is_empty() {
                return Ok(true);
            }
            if !store::update(conn, id, present, edit.at, &edit.columns).await? {
                return Ok(false);
            }
            let columns = &edit.columns;
            let told =
                telling::of_edit(conn, caller, &ticket, columns.title.as_deref(), columns.assignee_id, edit.to).await?;
            let event = NewEvent::ticket(&origin, edit.kind, id).changes(edit.changes).told(told);
            events::append(conn, &event).await?;
            Ok(true)
        })
        .await?;
    let mut conn = db.lookup().await?;
    let ticket = store::find(&mut conn, id, caller.id()).await?.ok_or(AppError::NotFound)?;
    drop(conn);
    if written {
        // Whoever put a ticket back may no longer see it, but is told what became of it.
        return Ok(access::present(caller, ticket));
    }
    // Whoever was too late to take it may no longer see it either, and did nothing that entitles them to.
    let current = access::may(caller, &ticket, TicketAction::View).then(|| access::present(caller, ticket));
    Err(AppError::VersionConflict(current.map(serde_json::to_value).transpose().map_err(AppError::internal)?))
}
