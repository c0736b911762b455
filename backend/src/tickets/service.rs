//! What happens when tickets are opened, changed, given, closed and opened again.

use std::collections::HashMap;

use serde_json::Value;
use shared::{
    fields::TITLE_MAX,
    ids::{CategoryId, TicketId, UserId},
    permissions::{DeskAction, Relation, TicketAction},
    problem::FieldCode,
    tickets::{AssignTicket, CreateTicket, HistoryKind, Priority, Status, Ticket, UpdateTicket},
};

use super::{
    access, decide,
    edit::{Edit, named},
    rows::{FullTicket, ListedTicket, NewTicket, TicketRow, priority_code, status_code},
    store, telling,
    word::Word,
};
use crate::{
    accounts::{self, rows::UserRow},
    attachments::entry::{Known, attach_known},
    auth::{self, caller::Caller},
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

/// What some comments say, by their numbers; those that are not there are left out.
pub async fn comment_bodies(conn: &mut Conn, ids: Vec<i64>) -> Result<HashMap<i64, String>, DbError> {
    store::comment_bodies(conn, ids).await
}

/// Notes activity on a ticket that is no edit of it: something was attached or taken away, which may be a word of its own.
pub(crate) async fn note_activity(conn: &mut Conn, id: TicketId, now: i64, word: Option<Word>) -> Result<(), DbError> {
    store::touch(conn, id, now, word).await
}

/// A ticket that was asked for.
#[derive(Debug)]
pub struct Created {
    /// As it is now.
    pub ticket: Ticket,
    /// Whether it is new: false when it had come already, under the same name.
    pub fresh: bool,
}

/// Opens a ticket, for the caller or, by staff, for somebody else. It goes to whoever gets its category's new tickets. What
/// came already under the same name is answered as it is now, whatever comes with the name this time.
pub async fn create(db: &Db, caller: &Caller, request: CreateTicket) -> Result<Created, AppError> {
    create_with(db, caller, request, &[]).await
}

/// The same, with files that are kept already.
pub(crate) async fn create_with(
    db: &Db,
    caller: &Caller,
    request: CreateTicket,
    files: &[Known],
) -> Result<Created, AppError> {
    let for_other = request.requester_id.filter(|&id| id != caller.id());
    caller.may(if for_other.is_some() { DeskAction::CreateTicketForOthers } else { DeskAction::CreateTicket })?;
    let origin = caller.origin();
    let title = request.title.trim();
    let title_folded = folded_title(title);
    let priority = request.priority.unwrap_or(Priority::Medium);
    let now = to_micros(now());
    let (ticket, fresh) = db
        .write(async |conn| -> Result<_, AppError> {
            // First of all: nobody else is about to open the same.
            if let Some(client_id) = request.client_id.as_deref()
                && let Some(id) = store::take_name(conn, caller.user.id, client_id).await?
            {
                return Ok((opened_before(conn, caller, &request, id).await?, false));
            }
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
            if let Some(client_id) = request.client_id.as_deref() {
                store::set_name(conn, caller.user.id, client_id, id).await?;
            }
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
            Ok((opened(caller, &request, priority, now, Opened { id, requester, assignee }), true))
        })
        .await?;
    Ok(Created { ticket: access::present(caller, ticket), fresh })
}

/// A ticket that the caller has opened already. Where they see it no more they are told what they asked for, and nothing of
/// what became of it.
async fn opened_before(
    conn: &mut Conn,
    caller: &Caller,
    request: &CreateTicket,
    id: TicketId,
) -> Result<FullTicket, AppError> {
    let ticket = store::find(conn, id, caller.id()).await?.ok_or(AppError::NotFound)?;
    if access::may(caller, &ticket, TicketAction::View) {
        return Ok(ticket);
    }
    let other = match request.requester_id {
        Some(id) => accounts::service::find(conn, id).await?,
        None => None,
    };
    let requester = other.unwrap_or_else(|| caller.user.clone());
    let priority = request.priority.unwrap_or(Priority::Medium);
    let asked = Opened { id, requester, assignee: None };
    let relation = Relation { requester: false, assignee: false, watcher: false, unassigned: false };
    Ok(FullTicket { relation, ..opened(caller, request, priority, ticket.listed.row.created_at, asked) })
}

/// What the caller has opened under a name of their program, if they see it still.
pub(crate) async fn opened_as(
    conn: &mut Conn,
    caller: &Caller,
    client_id: Option<&str>,
) -> Result<Option<Created>, AppError> {
    let Some(client_id) = client_id else { return Ok(None) };
    let Some(id) = store::of_client(conn, caller.user.id, client_id).await? else { return Ok(None) };
    let ticket = store::find(conn, id, caller.id()).await?;
    let seen = ticket.filter(|ticket| access::may(caller, ticket, TicketAction::View));
    Ok(seen.map(|ticket| Created { ticket: access::present(caller, ticket), fresh: false }))
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
            read_to: None,
        },
        description: request.description.clone(),
    }
}

/// A title as its column keeps it for searching.
pub(super) fn folded_title(title: &str) -> String {
    fold_within(title, 2 * TITLE_MAX)
}

/// Somebody who has access; an error names the field when there is no such person.
pub(super) async fn active_person(conn: &mut Conn, id: UserId, field: &str) -> Result<UserRow, AppError> {
    let person = accounts::service::find(conn, id).await?.filter(|person| person.active);
    person.ok_or_else(|| AppError::field(field, FieldCode::Unknown))
}

/// Edits a ticket that is still of the version the edit was made from.
pub async fn update(db: &Db, caller: &Caller, id: TicketId, request: UpdateTicket) -> Result<Ticket, AppError> {
    edit(db, caller, id, Some(request.version), async |conn, caller, ticket| {
        decide::update(conn, caller, ticket, &request).await
    })
    .await
}

/// Closes a ticket.
pub async fn close(db: &Db, caller: &Caller, id: TicketId, version: Option<i64>) -> Result<Ticket, AppError> {
    edit(db, caller, id, version, async |_, caller, ticket| decide::close(caller, ticket)).await
}

/// Opens a closed ticket again.
pub async fn reopen(db: &Db, caller: &Caller, id: TicketId, version: Option<i64>) -> Result<Ticket, AppError> {
    edit(db, caller, id, version, async |conn, caller, ticket| decide::reopen(conn, caller, ticket).await).await
}

/// Gives a ticket to somebody on staff or puts it back. A technician takes what nobody has and puts back their own.
pub async fn assign(db: &Db, caller: &Caller, id: TicketId, request: AssignTicket) -> Result<Ticket, AppError> {
    edit(db, caller, id, request.version, async |conn, caller, ticket| {
        decide::assign(conn, caller, ticket, request.assignee_id).await
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

/// Takes some tickets from somebody who will not be there any more, the closed ones too. Answers with what the log is to
/// say of it: nothing when they have none left.
pub async fn leave_assignee<'a>(
    conn: &mut Conn,
    origin: &'a events::Origin,
    person: &UserRow,
    limit: i64,
) -> Result<Vec<NewEvent<'a>>, DbError> {
    let mut told = Vec::new();
    for (id, version) in store::of_assignee(conn, UserId(person.id), limit).await? {
        let mut edit = Edit::new(HistoryKind::TicketAssigned);
        edit.put_back(person.id, &person.name);
        if store::update(conn, TicketId(id), version, edit.at, &edit.columns).await? {
            told.push(NewEvent::ticket(origin, edit.kind, TicketId(id)).changes(edit.changes));
        }
    }
    Ok(told)
}

/// Takes some tickets out of a category that will not be there any more. Answers as [`leave_assignee`].
pub async fn leave_category<'a>(
    conn: &mut Conn,
    origin: &'a events::Origin,
    category: CategoryId,
    limit: i64,
) -> Result<Vec<NewEvent<'a>>, DbError> {
    let mut told = Vec::new();
    for (id, version) in store::of_category(conn, category, limit).await? {
        let mut edit = Edit::new(HistoryKind::TicketUpdated);
        edit.field("category_id", &Some(category), &None, |changes| changes.category_id = Some(None));
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

/// An edit, and the ticket as the caller sees it afterwards.
async fn edit(
    db: &Db,
    caller: &Caller,
    id: TicketId,
    version: Option<i64>,
    decide: impl AsyncFn(&mut Conn, &Caller, &FullTicket) -> Result<Edit, AppError>,
) -> Result<Ticket, AppError> {
    let written = apply(db, caller, id, version, decide).await?;
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

/// The frame of every edit: hold the ticket, check its version, decide, write, append the event; one transaction. False
/// when the ticket is of another version than the one named: an edit that names none is made after those it waits for.
pub(super) async fn apply(
    db: &Db,
    caller: &Caller,
    id: TicketId,
    version: Option<i64>,
    decide: impl AsyncFn(&mut Conn, &Caller, &FullTicket) -> Result<Edit, AppError>,
) -> Result<bool, AppError> {
    let origin = caller.origin();
    db.write(async |conn| -> Result<bool, AppError> {
        store::hold(conn, id).await?;
        // After the wait: it may have been for whoever took the ticket from them, with their role.
        let caller = &auth::service::again(conn, caller).await?;
        let ticket = access::visible(conn, caller, id).await?;
        let present = ticket.listed.row.version;
        // What the caller may never do is refused first: they must not be told to try again.
        let edit = match decide(conn, caller, &ticket).await {
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
            return Err(AppError::internal("a ticket that was held has another version"));
        }
        let columns = &edit.columns;
        let told =
            telling::of_edit(conn, caller, &ticket, columns.title.as_deref(), columns.assignee_id, edit.to).await?;
        let event = NewEvent::ticket(&origin, edit.kind, id).changes(edit.changes).told(told);
        events::append(conn, &event).await?;
        Ok(true)
    })
    .await
}
