//! From stories to rows.

use serde_json::{Value, json};
use shared::{
    ids::CommentId,
    tickets::{Change, HistoryKind, Priority, Status, Visibility},
};

use super::{
    people::People,
    store::{CommentRow, TicketRow, UserRow},
    story::{Deed, Step, Story},
};
use crate::{
    accounts::rows::{locale_code, role_code, theme_code},
    error::AppError,
    events::{Audience, EventKind, EventRow, Payload},
    text::fold,
    tickets::{priority_code, status_code, visibility_code},
};

/// The numbers that the database gave.
pub struct Ids {
    /// Of people, in the order of [`People::all`].
    pub users: Vec<i64>,
    /// Of categories, by their folded names.
    pub categories: Vec<(String, i64)>,
}

impl Ids {
    /// The number of the person in a place.
    pub fn user(&self, place: usize) -> i64 {
        self.users.get(place).copied().unwrap_or_default()
    }

    fn category(&self, name: &str) -> Option<i64> {
        let name = fold(name);
        self.categories.iter().find(|(known, _)| *known == name).map(|(_, id)| *id)
    }
}

/// The people; one password for all, or none, and then nobody logs in as one of them.
pub fn users(people: &People, password_hash: Option<&str>) -> Vec<UserRow> {
    people
        .all
        .iter()
        .map(|person| {
            let email = format!("{}@turno.example", person.username);
            UserRow {
                username: person.username.clone(),
                username_folded: fold(&person.username),
                name: person.name.clone(),
                name_folded: fold(&person.name),
                email_folded: email.clone(),
                email,
                role: role_code(person.role),
                active: person.active,
                locale: locale_code(person.locale),
                theme: theme_code(shared::accounts::Theme::System),
                password_hash: password_hash.map(str::to_owned),
                last_seen_at: person.seen,
                created_at: person.since,
            }
        })
        .collect()
}

/// That their accounts were made.
pub fn user_events(people: &People, ids: &[i64]) -> Vec<EventRow> {
    let mut events: Vec<EventRow> = people
        .all
        .iter()
        .zip(ids)
        .map(|(person, id)| {
            let changes = json!([
                { "field": "username", "from": "", "to": person.username },
                { "field": "role", "from": "", "to": person.role.as_str() },
            ]);
            made(EventKind::UserCreated, *id, person.since, None, &changes)
        })
        .collect();
    events.sort_by_key(|event| event.at);
    events
}

/// That something of the desk was made, with what it was made as: for its administrators. Somebody made it, or the desk itself.
pub fn made(kind: EventKind, subject: i64, at: i64, by: Option<i64>, changes: &Value) -> EventRow {
    EventRow {
        id: 0,
        at,
        actor_id: by,
        address: None,
        kind: kind.as_str(),
        ticket_id: None,
        subject_id: Some(subject),
        audience: Audience::Admins.code(),
        payload: json!({ "changes": changes }).to_string(),
        hash: Vec::new(),
    }
}

/// The tickets.
pub fn tickets(stories: &[Story], ids: &Ids) -> Vec<TicketRow> {
    stories
        .iter()
        .map(|story| TicketRow {
            status: status_code(story.status),
            priority: priority_code(story.priority),
            category_id: ids.category(story.category),
            requester_id: ids.user(story.requester),
            assignee_id: story.assignee.map(|technician| ids.user(technician)),
            version: story.version,
            created_at: story.created_at,
            updated_at: story.updated_at,
            first_response_at: story.first_response_at,
            closed_at: story.closed_at,
            title_folded: fold(&story.title),
            title: story.title.clone(),
            description: story.description.clone(),
            awaits_staff: story.awaits_staff,
        })
        .collect()
}

/// Every comment of some stories with its ticket's place, in the order in which they were written.
fn written(stories: &[Story]) -> Vec<(usize, &Step, Visibility, &str)> {
    let mut written: Vec<_> = (0..)
        .zip(stories)
        .flat_map(|(place, story)| {
            story.steps.iter().filter_map(move |step| match &step.deed {
                Deed::Comment(visibility, body) => Some((place, step, *visibility, body.as_str())),
                _ => None,
            })
        })
        .collect();
    written.sort_by_key(|(_, step, ..)| step.at);
    written
}

/// Their comments.
pub fn comments(stories: &[Story], tickets: &[i64], ids: &Ids) -> Vec<CommentRow> {
    written(stories)
        .into_iter()
        .map(|(ticket, step, visibility, body)| CommentRow {
            ticket_id: tickets.get(ticket).copied().unwrap_or_default(),
            author_id: ids.user(step.actor),
            visibility: visibility_code(visibility),
            created_at: step.at,
            body: body.to_owned(),
        })
        .collect()
}

/// Their events: those of one call in the order in which things happened, so that the log as a whole reads almost as a
/// real one and the history of each ticket exactly so.
pub fn events(
    stories: &[Story],
    tickets: &[i64],
    comments: &[i64],
    people: &People,
    ids: &Ids,
) -> Result<Vec<EventRow>, AppError> {
    let mut events = Vec::new();
    let row = |ticket, step: &Step, kind, audience, payload: &Payload| -> Result<EventRow, AppError> {
        Ok(EventRow {
            id: 0,
            at: step.at,
            actor_id: Some(ids.user(step.actor)),
            // Nobody's address is invented.
            address: None,
            kind,
            ticket_id: Some(ticket),
            subject_id: None,
            audience,
            payload: serde_json::to_string(payload).map_err(AppError::internal)?,
            hash: Vec::new(),
        })
    };
    for (story, &ticket) in stories.iter().zip(tickets) {
        let mut past = Past { people, ids, status: Status::Open, assignee: None, priority: story.priority };
        for step in &story.steps {
            if let Some((kind, change)) = past.tell(&step.deed) {
                let payload = Payload { changes: change.into_iter().collect(), ..Payload::default() };
                events.push(row(ticket, step, kind.as_str(), Audience::Ticket.code(), &payload)?);
            }
        }
    }
    for ((place, step, visibility, _), &comment) in written(stories).into_iter().zip(comments) {
        let audience =
            if visibility == Visibility::Internal { Audience::Staff.code() } else { Audience::Ticket.code() };
        let payload = Payload { comment_id: Some(CommentId(comment)), ..Payload::default() };
        let ticket = tickets.get(place).copied().unwrap_or_default();
        events.push(row(ticket, step, HistoryKind::CommentAdded.as_str(), audience, &payload)?);
    }
    events.sort_by_key(|event| event.at);
    Ok(events)
}

/// What a ticket was before a step.
struct Past<'a> {
    people: &'a People,
    ids: &'a Ids,
    status: Status,
    assignee: Option<usize>,
    priority: Priority,
}

impl Past<'_> {
    /// How the log calls a deed, and what it changed; none for comments, which are told elsewhere.
    fn tell(&mut self, deed: &Deed) -> Option<(HistoryKind, Option<Change>)> {
        Some(match deed {
            Deed::Open => (HistoryKind::TicketCreated, None),
            Deed::Assign(technician) => {
                let from = self.assignee.replace(*technician);
                let change = change("assignee", self.named(from), self.named(Some(*technician)));
                (HistoryKind::TicketAssigned, Some(change))
            }
            Deed::Prioritise(from) => {
                let change = change("priority", from.as_str().into(), self.priority.as_str().into());
                (HistoryKind::TicketUpdated, Some(change))
            }
            Deed::Go(to) => {
                let from = std::mem::replace(&mut self.status, *to);
                let kind = match (from, to) {
                    (_, Status::Closed) => HistoryKind::TicketClosed,
                    (Status::Closed, _) => HistoryKind::TicketReopened,
                    _ => HistoryKind::TicketUpdated,
                };
                (kind, Some(change("status", from.as_str().into(), to.as_str().into())))
            }
            Deed::Comment(..) => return None,
        })
    }

    fn named(&self, place: Option<usize>) -> Value {
        place
            .and_then(|place| Some((place, self.people.get(place)?)))
            .map_or(Value::Null, |(place, person)| json!({ "id": self.ids.user(place), "name": person.name }))
    }
}

fn change(field: &str, from: Value, to: Value) -> Change {
    Change { field: field.to_owned(), from, to }
}
