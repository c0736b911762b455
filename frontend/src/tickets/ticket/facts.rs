//! What an entry of a ticket's history says, ready to be put into words.

use chrono::{DateTime, Utc};
use serde_json::Value;
use shared::{
    accounts::UserRef,
    ids::{CategoryId, EventId, UserId},
    tickets::{Change, HistoryEntry, HistoryKind, Priority, Status, Ticket},
};

/// A quiet line: who changed what.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The first event of the line.
    pub id: EventId,
    /// Who; nobody when the program did it.
    pub actor: Option<UserRef>,
    /// When, at last.
    pub at: DateTime<Utc>,
    /// Only staff sees it.
    pub internal: bool,
    /// What, in order.
    pub facts: Vec<Fact>,
}

/// A category as the history names it: by number, by name, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryName {
    /// The number.
    pub id: Option<CategoryId>,
    /// The name at the time.
    pub name: Option<String>,
}

/// One change, ready to be put into words.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// It was opened by somebody other than the requester.
    OpenedFor(String),
    /// The actor took it.
    Took,
    /// The actor put it back.
    PutBack,
    /// It was taken from this person and given to nobody.
    Unassigned(String),
    /// It was given to this person.
    Assigned(String),
    /// It was given to this person because of its category.
    AssignedByCategory(String),
    /// It was closed.
    Closed,
    /// It was opened again.
    Reopened,
    /// The state, from and to.
    Status(Status, Status),
    /// The priority, from and to.
    Priority(Priority, Priority),
    /// The category, from and to.
    Category(Option<CategoryName>, Option<CategoryName>),
    /// The title, from and to.
    Title(String, String),
    /// The description.
    Description,
    /// A file was attached to the ticket itself.
    Attached(String),
    /// A file was deleted.
    Detached(String),
    /// A message was edited; what it said before.
    Rewritten(String),
    /// The actor follows it.
    Followed,
    /// The actor follows it no more.
    Unfollowed,
    /// The actor lets this person follow it.
    Invited(String),
    /// The actor lets this person follow it no more.
    Dismissed(String),
    /// A field this page does not know yet.
    Other,
}

/// The line of one entry; none when it says nothing the conversation does not show by itself.
pub fn line(ticket: &Ticket, entry: &HistoryEntry) -> Option<Line> {
    let actor = entry.actor.as_ref().map(|actor| actor.id);
    let mut facts: Vec<Fact> = match entry.kind {
        HistoryKind::TicketCreated if actor != Some(ticket.requester.id) => {
            vec![Fact::OpenedFor(ticket.requester.name.clone())]
        }
        HistoryKind::TicketClosed => vec![Fact::Closed],
        HistoryKind::TicketReopened => vec![Fact::Reopened],
        HistoryKind::CommentEdited => entry.changes.iter().filter_map(rewritten).collect(),
        HistoryKind::WatcherAdded | HistoryKind::WatcherRemoved => {
            entry.changes.iter().map(|change| following(actor, change)).collect()
        }
        // A file of a message is shown with it.
        HistoryKind::AttachmentAdded if entry.comment_id.is_none() => files(entry, |change| &change.to, Fact::Attached),
        HistoryKind::AttachmentDeleted => files(entry, |change| &change.from, Fact::Detached),
        HistoryKind::AttachmentAdded
        | HistoryKind::TicketCreated
        | HistoryKind::TicketUpdated
        | HistoryKind::TicketAssigned
        | HistoryKind::CommentAdded => Vec::new(),
    };
    let told_by_fields = matches!(
        entry.kind,
        HistoryKind::TicketUpdated
            | HistoryKind::TicketAssigned
            | HistoryKind::TicketClosed
            | HistoryKind::TicketReopened
    );
    if told_by_fields {
        let state_is_told = !facts.is_empty();
        let changes = entry.changes.iter().filter(|change| !is_bookkeeping(change, state_is_told));
        facts.extend(changes.map(|change| fact(actor, change)));
    }
    let (id, actor, internal) = (entry.id, entry.actor.clone(), entry.internal);
    (!facts.is_empty()).then_some(Line { id, actor, at: entry.at, internal, facts })
}

/// The files that an entry names.
fn files(entry: &HistoryEntry, named: fn(&Change) -> &Value, fact: fn(String) -> Fact) -> Vec<Fact> {
    entry.changes.iter().filter_map(|change| named(change).get("name")?.as_str().map(str::to_owned)).map(fact).collect()
}

/// What follows from another change and would only repeat it.
fn is_bookkeeping(change: &Change, state_is_told: bool) -> bool {
    match change.field.as_str() {
        "status" => state_is_told,
        "closed_at" | "updated_at" | "version" | "first_response_at" => true,
        _ => false,
    }
}

fn fact(actor: Option<UserId>, change: &Change) -> Fact {
    let read = || match change.field.as_str() {
        "assignee" | "assignee_id" => Some(assignment(actor, &change.from, &change.to)),
        "status" => Some(Fact::Status(word(&change.from)?, word(&change.to)?)),
        "priority" => Some(Fact::Priority(word(&change.from)?, word(&change.to)?)),
        "category" | "category_id" => Some(Fact::Category(category(&change.from), category(&change.to))),
        "title" => Some(Fact::Title(change.from.as_str()?.to_owned(), change.to.as_str()?.to_owned())),
        "description" => Some(Fact::Description),
        _ => None,
    };
    read().unwrap_or(Fact::Other)
}

fn word<T: std::str::FromStr>(value: &Value) -> Option<T> {
    value.as_str()?.parse().ok()
}

fn person(value: &Value) -> Option<(Option<UserId>, String)> {
    let name = value.get("name")?.as_str()?.to_owned();
    Some((value.get("id").and_then(Value::as_i64).map(UserId), name))
}

fn assignment(actor: Option<UserId>, from: &Value, to: &Value) -> Fact {
    match (person(from), person(to)) {
        (_, Some((id, _))) if id.is_some() && id == actor => Fact::Took,
        // Nobody in particular gives tickets away but their categories, when they are opened.
        (None, Some((_, name))) if actor.is_none() => Fact::AssignedByCategory(name),
        (_, Some((_, name))) => Fact::Assigned(name),
        (Some((id, _)), None) if id.is_some() && id == actor => Fact::PutBack,
        (Some((_, name)), None) => Fact::Unassigned(name),
        (None, None) => Fact::Other,
    }
}

fn rewritten(change: &Change) -> Option<Fact> {
    (change.field == "body").then(|| Fact::Rewritten(change.from.as_str().unwrap_or_default().to_owned()))
}

fn following(actor: Option<UserId>, change: &Change) -> Fact {
    match (person(&change.from), person(&change.to)) {
        (_, Some((id, _))) if id.is_some() && id == actor => Fact::Followed,
        (_, Some((_, name))) => Fact::Invited(name),
        (Some((id, _)), None) if id.is_some() && id == actor => Fact::Unfollowed,
        (Some((_, name)), None) => Fact::Dismissed(name),
        (None, None) => Fact::Other,
    }
}

fn category(value: &Value) -> Option<CategoryName> {
    let id = value.as_i64().or_else(|| value.get("id").and_then(Value::as_i64)).map(CategoryId);
    let name = value.as_str().or_else(|| value.get("name").and_then(Value::as_str)).map(str::to_owned);
    (id.is_some() || name.is_some()).then_some(CategoryName { id, name })
}
