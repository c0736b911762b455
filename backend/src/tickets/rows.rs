//! Tickets and comments as the database keeps them.

use diesel::prelude::*;
use shared::{
    ids::{CategoryId, CommentId, TicketId},
    permissions::{Relation, TicketAction},
    tickets::{Comment, Priority, Status, Ticket, TicketSummary, Visibility},
};

use super::mentions::Mentioned;
use crate::{
    accounts::rows::{Face, user_ref},
    db::{
        from_micros,
        schema::{comments, tickets},
    },
    markdown::{Names, to_html},
};

/// What a list shows of a ticket: every column but the text.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = tickets, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct TicketRow {
    pub id: i64,
    pub status: i16,
    pub priority: i16,
    pub category_id: Option<i64>,
    pub requester_id: i64,
    pub assignee_id: Option<i64>,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub first_response_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub title: String,
}

impl TicketRow {
    pub fn status(&self) -> Status {
        status_of(self.status)
    }

    pub fn priority(&self) -> Priority {
        usize::try_from(self.priority)
            .ok()
            .and_then(|code| Priority::ALL.get(code))
            .copied()
            .unwrap_or(Priority::Medium)
    }
}

/// A ticket of a list, with the names of its people.
#[derive(Debug, Clone)]
pub struct ListedTicket {
    pub row: TicketRow,
    pub requester_name: String,
    /// When the requester's picture was set.
    pub requester_avatar: Option<i64>,
    pub assignee_name: Option<String>,
    /// When the assignee's picture was set.
    pub assignee_avatar: Option<i64>,
    /// Up to which comment the caller has read it: 0 for its description alone, none when they never saw it.
    pub read_to: Option<i64>,
}

impl From<ListedTicket> for TicketSummary {
    fn from(ticket: ListedTicket) -> Self {
        let (status, priority) = (ticket.row.status(), ticket.row.priority());
        let row = ticket.row;
        Self {
            id: TicketId(row.id),
            title: row.title,
            status,
            priority,
            category_id: row.category_id.map(CategoryId),
            requester: user_ref(row.requester_id, ticket.requester_name, ticket.requester_avatar),
            assignee: row
                .assignee_id
                .zip(ticket.assignee_name)
                .map(|(id, name)| user_ref(id, name, ticket.assignee_avatar)),
            version: row.version,
            created_at: from_micros(row.created_at),
            updated_at: from_micros(row.updated_at),
            closed_at: row.closed_at.map(from_micros),
            // Asked for where a page of them is shown: reads.rs.
            unread: false,
        }
    }
}

/// A ticket with its text, and how the caller stands to it.
#[derive(Debug, Clone)]
pub struct FullTicket {
    pub listed: ListedTicket,
    pub description: String,
    pub relation: Relation,
}

impl FullTicket {
    /// As the caller sees it; see [`super::access::present`].
    pub fn into_ticket(self, actions: Vec<TicketAction>) -> Ticket {
        let first_response_at = self.listed.row.first_response_at.map(from_micros);
        let read_to = self.listed.read_to.map(CommentId);
        let summary = TicketSummary::from(self.listed);
        Ticket {
            id: summary.id,
            title: summary.title,
            description_html: to_html(&self.description, &Names::new()),
            description: self.description,
            status: summary.status,
            priority: summary.priority,
            category_id: summary.category_id,
            requester: summary.requester,
            assignee: summary.assignee,
            version: summary.version,
            created_at: summary.created_at,
            updated_at: summary.updated_at,
            first_response_at,
            closed_at: summary.closed_at,
            watching: self.relation.watcher,
            sees_by_watching: false,
            read_to,
            actions,
        }
    }
}

/// A ticket to add.
#[derive(Insertable)]
#[diesel(table_name = tickets)]
pub struct NewTicket<'a> {
    pub status: i16,
    pub priority: i16,
    pub category_id: Option<i64>,
    pub requester_id: i64,
    pub assignee_id: Option<i64>,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub first_response_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub title: &'a str,
    pub title_folded: &'a str,
    pub description: &'a str,
}

/// What changes of a ticket; absent columns stay.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = tickets)]
pub struct TicketChanges {
    pub status: Option<i16>,
    pub priority: Option<i16>,
    pub category_id: Option<Option<i64>>,
    pub assignee_id: Option<Option<i64>>,
    pub closed_at: Option<Option<i64>>,
    pub title: Option<String>,
    pub title_folded: Option<String>,
    pub description: Option<String>,
}

/// A comment.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = comments, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct CommentRow {
    pub id: i64,
    pub ticket_id: i64,
    pub author_id: i64,
    pub visibility: i16,
    pub created_at: i64,
    pub edited_at: Option<i64>,
    pub body: String,
}

impl CommentRow {
    pub fn visibility(&self) -> Visibility {
        // Whatever is not known to be public is not shown as if it were.
        if self.visibility == visibility_code(Visibility::Public) { Visibility::Public } else { Visibility::Internal }
    }

    /// With whom it mentions.
    pub fn into_comment(self, author: Face, mentioned: &[Mentioned]) -> Comment {
        let names = mentioned.iter().map(|one| (one.word.clone(), one.name.clone())).collect();
        Comment {
            id: CommentId(self.id),
            ticket_id: TicketId(self.ticket_id),
            author: user_ref(self.author_id, author.name, author.avatar_at),
            body_html: to_html(&self.body, &names),
            visibility: self.visibility(),
            body: self.body,
            created_at: from_micros(self.created_at),
            edited_at: self.edited_at.map(from_micros),
            mentions: mentioned.iter().map(Mentioned::to_mention).collect(),
        }
    }
}

/// A comment to add.
#[derive(Insertable)]
#[diesel(table_name = comments)]
pub struct NewComment<'a> {
    pub ticket_id: i64,
    pub author_id: i64,
    pub visibility: i16,
    pub created_at: i64,
    pub body: &'a str,
    /// What its author's program calls it.
    pub client_id: Option<&'a str>,
}

/// A state as a column keeps it.
pub fn status_code(status: Status) -> i16 {
    match status {
        Status::Open => 0,
        Status::InProgress => 1,
        Status::Waiting => 2,
        Status::Closed => 3,
    }
}

/// The state that a column keeps.
pub fn status_of(code: i16) -> Status {
    usize::try_from(code).ok().and_then(|code| Status::ALL.get(code)).copied().unwrap_or(Status::Open)
}

/// A priority as a column keeps it.
pub fn priority_code(priority: Priority) -> i16 {
    match priority {
        Priority::Low => 0,
        Priority::Medium => 1,
        Priority::High => 2,
        Priority::Urgent => 3,
    }
}

/// A visibility as a column keeps it.
pub fn visibility_code(visibility: Visibility) -> i16 {
    match visibility {
        Visibility::Public => 0,
        Visibility::Internal => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_places_in_the_order_of_the_words() {
        for (place, &status) in Status::ALL.iter().enumerate() {
            assert_eq!(usize::try_from(status_code(status)), Ok(place));
        }
        for (place, &priority) in Priority::ALL.iter().enumerate() {
            assert_eq!(usize::try_from(priority_code(priority)), Ok(place));
        }
    }
}
