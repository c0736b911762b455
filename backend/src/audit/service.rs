//! The log as an administrator reads it.

use std::{cmp::Reverse, collections::HashMap, net::IpAddr};

use serde_json::{Value, json};
use shared::{
    accounts::UserRef,
    audit::{AuditEntry, AuditQuery, AuditSubject, SubjectKind},
    ids::{EventId, TicketId, UserId},
    page::Page,
    tickets::Change,
};

use super::store::{self, EntryRow, Filter, Piece};
use crate::{
    accounts, categories,
    db::{Db, from_micros, to_micros},
    error::AppError,
    events::{Audience, EventKind, Payload, chain},
    web::paging,
};

/// The field whose values are numbers of categories.
const CATEGORY: &str = "category_id";

/// A page of the log, newest first; of long entries, as those of rewritten texts are, fewer than its limit.
pub async fn list(db: &Db, query: &AuditQuery) -> Result<Page<AuditEntry>, AppError> {
    let limit = paging::limit(query.limit)?;
    let scope = paging::scope("audit", &AuditQuery { limit: None, cursor: None, ..query.clone() })?;
    let filter = Filter {
        actor: query.actor_id.map(|id| id.0),
        ticket: query.ticket_id.map(|id| id.0),
        address: query.address.as_deref().map(address).transpose()?,
        from: query.from.map(to_micros),
        to: query.to.map(to_micros),
        after: paging::decode(&scope, query.cursor.as_deref())?,
        limit: paging::one_more(limit),
    };
    let mut conn = db.read().await?;
    let mut places = store::list(&mut conn, &pieces(query), &filter).await?;
    places.sort_by_key(|place| Reverse((place.at, place.id)));
    // What somebody did to themselves is in two pieces.
    places.dedup_by_key(|place| place.id);
    let sizes: Vec<i64> = places.iter().map(|place| place.size).collect();
    let limit = paging::fitting(&sizes, limit);
    let shown = places.iter().take(limit + 1).map(|place| place.id).collect();
    let mut rows = store::find_all(&mut conn, shown).await?;
    rows.sort_by_key(|row| Reverse((row.at, row.id)));
    let page = paging::page(&scope, rows, limit, |row| (row.at, row.id), |row| row)?;
    let people = people_of(&page.items);
    let people: HashMap<UserId, UserRef> = accounts::service::refs(&mut conn, &people).await?;
    let has_categories =
        page.items.iter().any(|row| subject_kind(&row.kind) == SubjectKind::Category || row.payload.contains(CATEGORY));
    drop(conn);
    let names: HashMap<i64, String> = if has_categories {
        categories::service::list(db).await?.into_iter().map(|category| (category.id.0, category.name)).collect()
    } else {
        HashMap::new()
    };
    let items = page.items.into_iter().map(|row| entry(row, &people, &names)).collect();
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// An address in the form it is kept in.
fn address(text: &str) -> Result<String, AppError> {
    let parsed = text.trim().parse::<IpAddr>();
    parsed.map(|address| address.to_canonical().to_string()).map_err(|_| {
        AppError::MalformedParameter(
            "address must be a whole network address, like 192.0.2.7 or 2001:db8::7".to_owned(),
        )
    })
}

/// The pieces that together are the list.
fn pieces(query: &AuditQuery) -> Vec<Piece<'_>> {
    let ranges: Vec<Piece> = match &query.action {
        Some(set) if !set.0.is_empty() => {
            // What is between two people is no administrator's to read.
            let kinds = set.0.iter().map(String::as_str).filter(|kind| !is_among(kind, EventKind::OF_CHATS));
            kinds.map(|kind| Piece { kind: Some(kind), ..Piece::default() }).collect()
        }
        // All but what is between two people.
        _ => [Audience::Ticket, Audience::Staff, Audience::Admins]
            .map(|audience| Piece { audience: Some(audience), ..Piece::default() })
            .into(),
    };
    let Some(person) = query.person_id.map(|id| id.0) else { return ranges };
    ranges
        .into_iter()
        .flat_map(|range| {
            let by = Piece { by: Some(person), ..range };
            let to = Piece { to: Some((person, EventKind::ABOUT_PEOPLE)), ..range };
            // A kind that is not about people is done to nobody.
            if range.kind.is_none_or(|kind| is_among(kind, EventKind::ABOUT_PEOPLE)) { vec![by, to] } else { vec![by] }
        })
        .collect()
}

/// Whether a name in the log is one of these kinds'.
fn is_among(name: &str, kinds: &[EventKind]) -> bool {
    EventKind::of_name(name).is_some_and(|kind| kinds.contains(&kind))
}

/// What the number in an event's subject is of.
fn subject_kind(name: &str) -> SubjectKind {
    match EventKind::of_name(name) {
        Some(kind) if EventKind::ABOUT_PEOPLE.contains(&kind) => SubjectKind::Person,
        Some(EventKind::CategoryCreated | EventKind::CategoryUpdated | EventKind::CategoryDeleted) => {
            SubjectKind::Category
        }
        Some(EventKind::LoggedOut | EventKind::SessionRevoked) => SubjectKind::Session,
        _ => SubjectKind::Other,
    }
}

/// Everybody some rows name.
fn people_of(rows: &[EntryRow]) -> Vec<UserId> {
    let subject = |row: &EntryRow| row.subject_id.filter(|_| subject_kind(&row.kind) == SubjectKind::Person);
    let mut people: Vec<UserId> =
        rows.iter().flat_map(|row| [row.actor_id, subject(row)]).flatten().map(UserId).collect();
    people.sort_unstable();
    people.dedup();
    people
}

fn entry(row: EntryRow, people: &HashMap<UserId, UserRef>, categories: &HashMap<i64, String>) -> AuditEntry {
    let Payload { mut changes, comment_id, subject_name, .. } = serde_json::from_str(&row.payload).unwrap_or_default();
    let told = subject_name.or_else(|| told_name(&changes));
    for change in changes.iter_mut().filter(|change| change.field == CATEGORY) {
        for value in [&mut change.from, &mut change.to] {
            *value = named_category(value, categories);
        }
    }
    let kind = subject_kind(&row.kind);
    let name = |id: i64| match kind {
        SubjectKind::Person => people.get(&UserId(id)).map(|person| person.name.clone()),
        SubjectKind::Category => categories.get(&id).cloned().or(told),
        SubjectKind::Session => None,
        SubjectKind::Other => told,
    };
    AuditEntry {
        id: EventId(row.id),
        at: from_micros(row.at),
        actor: row.actor_id.and_then(|id| people.get(&UserId(id)).cloned()),
        address: row.address,
        ticket_id: row.ticket_id.map(TicketId),
        subject: row.subject_id.map(|id| AuditSubject { kind, id, name: name(id) }),
        comment_id,
        changes,
        hash: chain::written(&row.hash),
        kind: row.kind,
    }
}

/// What an entry's own changes say that its subject is called: what it is called since, or was when it went.
fn told_name(changes: &[Change]) -> Option<String> {
    let change = changes.iter().find(|change| matches!(change.field.as_str(), "name" | "title"))?;
    let name = |value: &Value| value.as_str().filter(|name| !name.is_empty()).map(str::to_owned);
    name(&change.to).or_else(|| name(&change.from))
}

/// A category's number, with its name beside it while there is such a category.
fn named_category(value: &Value, categories: &HashMap<i64, String>) -> Value {
    let named = value.as_i64().and_then(|id| Some(json!({ "id": id, "name": categories.get(&id)? })));
    named.unwrap_or_else(|| value.clone())
}
