//! Following a ticket: by one's own choice, or because staff invited.
//!
//! Whoever follows a ticket may see it and comment on it; what staff may do besides, notes among it, comes with their role.
//! Requester and assignee are told of everything without following; that they follow too lasts when somebody else becomes
//! the assignee.

pub mod handlers;
mod store;

use serde_json::{Value, json};
use shared::{
    accounts::UserRef,
    ids::{TicketId, UserId},
    page::Page,
    permissions::TicketAction,
    problem::FieldCode,
    tickets::{Change, HistoryKind, PageQuery, Watcher},
};

use super::{access, telling};
use crate::{
    accounts::{self, rows::user_ref},
    auth::caller::Caller,
    db::{Conn, Db, DbError, from_micros, now, to_micros},
    error::AppError,
    events::{self, NewEvent, Origin},
    web::paging,
};

/// Who follows a ticket, in the order of their numbers.
pub async fn list(db: &Db, caller: &Caller, id: TicketId, query: &PageQuery) -> Result<Page<Watcher>, AppError> {
    let limit = paging::limit(query.limit)?;
    let scope = paging::scope("watchers", &id)?;
    let after = paging::decode::<i64>(&scope, query.cursor.as_deref())?.unwrap_or(0);
    let mut conn = db.read().await?;
    access::visible(&mut conn, caller, id).await?;
    let rows = store::list(&mut conn, id, after, paging::one_more(limit)).await?;
    drop(conn);
    paging::page(
        &scope,
        rows,
        limit,
        |&(id, ..)| id,
        |(id, name, avatar_at, since)| {
            let UserRef { id, name, avatar_url } = user_ref(id, name, avatar_at);
            Watcher { id, name, avatar_url, since: from_micros(since) }
        },
    )
}

/// The caller follows a ticket from now on. Once more changes nothing.
pub async fn watch(db: &Db, caller: &Caller, id: TicketId) -> Result<(), AppError> {
    let origin = caller.origin();
    db.write(async |conn| -> Result<(), AppError> {
        let caller = &as_now(conn, caller).await?;
        access::visible(conn, caller, id).await?;
        add(conn, &origin, id, (caller.id(), &caller.user.name)).await
    })
    .await
}

/// The caller follows a ticket no more. Whoever saw it only for that reason sees it no longer.
pub async fn unwatch(db: &Db, caller: &Caller, id: TicketId) -> Result<(), AppError> {
    let origin = caller.origin();
    db.write(async |conn| -> Result<(), AppError> {
        access::visible(conn, caller, id).await?;
        remove(conn, &origin, id, (caller.id(), &caller.user.name)).await
    })
    .await
}

/// Lets somebody follow a ticket, and tells them unless they do. Only active people can be invited.
pub async fn invite(db: &Db, caller: &Caller, id: TicketId, person: UserId) -> Result<(), AppError> {
    let origin = caller.origin();
    db.write(async |conn| -> Result<(), AppError> {
        let caller = &as_now(conn, caller).await?;
        let ticket = access::allowed(conn, caller, id, TicketAction::Invite).await?;
        let person = accounts::service::find(conn, person).await?.filter(|person| person.active);
        let person = person.ok_or_else(|| AppError::field("user_id", FieldCode::Unknown))?;
        let who = (UserId(person.id), person.name.as_str());
        // They may follow by their own choice: that they are asked to is what counts from now on.
        let is_asked = who.0 != caller.id() && events::chose_to_follow(conn, who.0).await?.contains(&id);
        if store::add(conn, id, who.0, to_micros(now())).await? {
            let told = telling::of_invitation(conn, caller, &ticket, who.0).await?;
            events::append(conn, &event(&origin, HistoryKind::WatcherAdded, id, who).told(told)).await?;
        } else if is_asked {
            append(conn, &origin, HistoryKind::WatcherAdded, id, who).await?;
        }
        Ok(())
    })
    .await
}

/// The caller as they are by now. Whoever takes them off the staff comes after this change, and finds what they follow.
async fn as_now(conn: &mut Conn, caller: &Caller) -> Result<Caller, AppError> {
    accounts::service::lock(conn, caller.id()).await?;
    let user = accounts::service::find(conn, caller.id()).await?.ok_or(AppError::NotFound)?;
    Ok(Caller { user, ..caller.clone() })
}

/// Sees to it that somebody follows a ticket no more; whoever does not is let be.
pub async fn dismiss(db: &Db, caller: &Caller, id: TicketId, person: UserId) -> Result<(), AppError> {
    let origin = caller.origin();
    db.write(async |conn| -> Result<(), AppError> {
        access::allowed(conn, caller, id, TicketAction::Invite).await?;
        match accounts::service::find(conn, person).await? {
            Some(person) => remove(conn, &origin, id, (UserId(person.id), &person.name)).await,
            None => Ok(()),
        }
    })
    .await
}

/// Somebody who leaves the staff follows no more what they chose to follow as staff; what they were invited to they still do.
/// Answers with what the log is to say of it.
pub async fn forget_chosen<'a>(
    conn: &mut Conn,
    origin: &'a Origin,
    person: (UserId, &str),
) -> Result<Vec<NewEvent<'a>>, DbError> {
    let mut told = Vec::new();
    let mut chosen: Vec<TicketId> = events::chose_to_follow(conn, person.0).await?.into_iter().collect();
    // In one order, whoever else takes them away at the same time.
    chosen.sort_unstable();
    for ticket in chosen {
        if store::remove(conn, ticket, person.0).await? {
            told.push(event(origin, HistoryKind::WatcherRemoved, ticket, person));
        }
    }
    Ok(told)
}

async fn add(conn: &mut Conn, origin: &Origin, id: TicketId, person: (UserId, &str)) -> Result<(), AppError> {
    if !store::add(conn, id, person.0, to_micros(now())).await? {
        return Ok(());
    }
    append(conn, origin, HistoryKind::WatcherAdded, id, person).await
}

async fn remove(conn: &mut Conn, origin: &Origin, id: TicketId, person: (UserId, &str)) -> Result<(), AppError> {
    if !store::remove(conn, id, person.0).await? {
        return Ok(());
    }
    append(conn, origin, HistoryKind::WatcherRemoved, id, person).await
}

async fn append(
    conn: &mut Conn,
    origin: &Origin,
    kind: HistoryKind,
    ticket: TicketId,
    person: (UserId, &str),
) -> Result<(), AppError> {
    Ok(events::append(conn, &event(origin, kind, ticket, person)).await?)
}

fn event<'a>(origin: &'a Origin, kind: HistoryKind, ticket: TicketId, (person, name): (UserId, &str)) -> NewEvent<'a> {
    let who = json!({ "id": person, "name": name });
    let (from, to) = if kind == HistoryKind::WatcherAdded { (Value::Null, who) } else { (who, Value::Null) };
    let change = Change { field: "watcher".to_owned(), from, to };
    NewEvent { subject: Some(person.0), ..NewEvent::ticket(origin, kind, ticket).changes(vec![change]) }
}
