//! The event log: every change of state appends one row, in the same transaction as the change.
//!
//! From it come the history of a ticket, the audit log and what is told live. Numbers are committed in their order, so
//! whoever has read up to N has missed nothing before it; see [`crate::db::dialect::next_event_id`].

mod store;

use serde::{Deserialize, Serialize};
use shared::{
    ids::{CommentId, TicketId, UserId},
    tickets::{Change, HistoryKind},
};

pub use self::store::{HistoryRow, append, ticket_history};

/// Who may see an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever may read the ticket.
    Ticket,
    /// The staff among them.
    Staff,
    /// Administrators.
    Admins,
}

impl Audience {
    fn code(self) -> i16 {
        match self {
            Self::Ticket => 0,
            Self::Staff => 1,
            Self::Admins => 2,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// Something on a ticket.
    Ticket(HistoryKind),
    /// A person logged in.
    LoggedIn,
    /// A person logged out.
    LoggedOut,
    /// A person ended one of their sessions from another one.
    SessionRevoked,
    /// An account was made.
    UserCreated,
    /// An account was changed.
    UserUpdated,
    /// An account was deactivated.
    UserDeactivated,
    /// A password was changed.
    PasswordChanged,
    /// A category was made.
    CategoryCreated,
    /// A category was changed.
    CategoryUpdated,
    /// A category was deleted.
    CategoryDeleted,
    /// A list was taken away as a file.
    Exported,
}

impl EventKind {
    /// The name in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ticket(kind) => kind.as_str(),
            Self::LoggedIn => "logged_in",
            Self::LoggedOut => "logged_out",
            Self::SessionRevoked => "session_revoked",
            Self::UserCreated => "user_created",
            Self::UserUpdated => "user_updated",
            Self::UserDeactivated => "user_deactivated",
            Self::PasswordChanged => "password_changed",
            Self::CategoryCreated => "category_created",
            Self::CategoryUpdated => "category_updated",
            Self::CategoryDeleted => "category_deleted",
            Self::Exported => "exported",
        }
    }
}

/// Who did it, from where.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The person; none when the program did it.
    pub actor: Option<UserId>,
    /// The network address.
    pub address: Option<String>,
}

/// What an event carries besides its columns.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Payload {
    /// What changed from what to what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The comment it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<CommentId>,
}

/// An event to append.
#[derive(Debug, Clone)]
pub struct NewEvent<'a> {
    /// Who did it.
    pub origin: &'a Origin,
    /// What.
    pub kind: EventKind,
    /// The ticket it is about.
    pub ticket: Option<TicketId>,
    /// The person, session or category it is about.
    pub subject: Option<i64>,
    /// Who may see it.
    pub audience: Audience,
    /// The rest.
    pub payload: Payload,
}

impl<'a> NewEvent<'a> {
    /// Something on a ticket, for whoever may read it.
    pub fn ticket(origin: &'a Origin, kind: HistoryKind, ticket: TicketId) -> Self {
        Self {
            origin,
            kind: EventKind::Ticket(kind),
            ticket: Some(ticket),
            subject: None,
            audience: Audience::Ticket,
            payload: Payload::default(),
        }
    }

    /// Something about the desk, for administrators.
    pub fn desk(origin: &'a Origin, kind: EventKind, subject: i64) -> Self {
        Self {
            origin,
            kind,
            ticket: None,
            subject: Some(subject),
            audience: Audience::Admins,
            payload: Payload::default(),
        }
    }

    /// With what changed.
    #[must_use]
    pub fn changes(mut self, changes: Vec<Change>) -> Self {
        self.payload.changes = changes;
        self
    }
}

/// A field's change, unless it did not change.
pub fn change<T: Serialize + PartialEq>(field: &str, from: &T, to: &T) -> Option<Change> {
    (from != to).then(|| Change {
        field: field.to_owned(),
        from: serde_json::to_value(from).unwrap_or_default(),
        to: serde_json::to_value(to).unwrap_or_default(),
    })
}
