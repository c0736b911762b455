//! Tickets, their comments and their history.

mod bulk;
mod comments;
mod history;
mod mentions;
mod query;
mod similar;
mod watchers;

use std::str::FromStr;

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};

pub(crate) use self::query::filtered_like;
pub use self::{
    bulk::{Aspect, BULK_MAX, ChangeOutcome, ChangeResult, ChangeTicket, ChangeTickets, UNDO_MINUTES},
    comments::{AddComment, COMMENT_EDIT_MINUTES, Comment, EditComment},
    history::{Change, HistoryEntry, HistoryKind},
    mentions::{MENTIONABLE_MAX, Mention, MentionQuery, Preview, PreviewComment},
    query::{AssigneeFilter, CategoryFilter, NoCategory, PageQuery, StatusSet, TicketQuery, TicketSort, WaitingFor},
    similar::{SIMILAR_DEFAULT, SIMILAR_MAX, SimilarQuery, SimilarTicket},
    watchers::Watcher,
};
use crate::{
    accounts::UserRef,
    chat::visible_ascii,
    fields,
    ids::{CategoryId, CommentId, TicketId, UserId},
    present,
};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                match text { $($word => Ok(Self::$variant),)+ _ => Err(()) }
            }
        }
    };
}
use words;

words!(
    /// Where a ticket stands.
    Status {
        /// Nobody works on it yet.
        Open = "open",
        /// Somebody works on it.
        InProgress = "in_progress",
        /// It waits for something: an answer, a part, a date.
        Waiting = "waiting",
        /// Done.
        Closed = "closed",
    }
);

impl Status {
    /// Whether a ticket may go from this state to that one. A closed ticket is only reopened, to `open`.
    pub fn can_become(self, next: Self) -> bool {
        use Status::{Closed, InProgress, Open, Waiting};
        matches!(
            (self, next),
            (Open, InProgress | Waiting | Closed)
                | (InProgress, Waiting | Closed)
                | (Waiting, InProgress | Closed)
                | (Closed, Open)
        )
    }
}

words!(
    /// How soon a ticket should be dealt with.
    Priority {
        /// When there is time.
        Low = "low",
        /// In its turn.
        Medium = "medium",
        /// Before others.
        High = "high",
        /// At once.
        Urgent = "urgent",
    }
);

words!(
    /// Who may read a comment.
    Visibility {
        /// Everyone who may read the ticket.
        Public = "public",
        /// Staff only: an internal note.
        Internal = "internal",
    }
);

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// The number on the stub.
    pub id: TicketId,
    /// 1 to 200 characters.
    pub title: String,
    /// Markdown, up to 100,000 characters.
    pub description: String,
    /// The description as safe HTML.
    pub description_html: String,
    /// Where it stands.
    pub status: Status,
    /// How soon.
    pub priority: Priority,
    /// What it is about.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub category_id: Option<CategoryId>,
    /// Who has the problem.
    pub requester: UserRef,
    /// Who deals with it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub assignee: Option<UserRef>,
    /// Grows with every edit; an edit names the version it was made from.
    pub version: i64,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// The last change or public comment; an internal note leaves no trace here.
    pub updated_at: DateTime<Utc>,
    /// When somebody on staff first answered in public.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub first_response_at: Option<DateTime<Utc>>,
    /// When it was closed, while it is.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub closed_at: Option<DateTime<Utc>>,
    /// Whether the caller follows it. Requester and assignee are told of everything without following.
    pub watching: bool,
    /// Whether following is all that lets the caller see it: when they stop, it is gone for them.
    pub sees_by_watching: bool,
    /// The last comment that the caller has read; 0 when they have read the description alone, none when they never opened
    /// it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub read_to: Option<CommentId>,
    /// What the caller may do with it.
    pub actions: Vec<crate::permissions::TicketAction>,
}

/// A ticket in a list: without its `description`, on purpose. A page of a hundred would be ten megabytes of text that no list
/// shows; `Ticket` has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketSummary {
    /// The number on the stub.
    pub id: TicketId,
    /// 1 to 200 characters.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// How soon.
    pub priority: Priority,
    /// What it is about.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub category_id: Option<CategoryId>,
    /// Who has the problem.
    pub requester: UserRef,
    /// Who deals with it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub assignee: Option<UserRef>,
    /// Grows with every edit.
    pub version: i64,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// The last change or public comment; an internal note leaves no trace here.
    pub updated_at: DateTime<Utc>,
    /// When it was closed, while it is.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub closed_at: Option<DateTime<Utc>>,
    /// Whether it holds something that the caller has not read: what others wrote since they last did, or, when it is theirs
    /// to deal with and they never opened it, all of it.
    #[serde(default)]
    pub unread: bool,
}

/// Notes up to where the caller has read a ticket (`PUT /tickets/{id}/read`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct MarkTicketRead {
    /// The last comment they have read; all of it unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<CommentId>,
}

impl From<Ticket> for TicketSummary {
    fn from(ticket: Ticket) -> Self {
        Self {
            id: ticket.id,
            title: ticket.title,
            status: ticket.status,
            priority: ticket.priority,
            category_id: ticket.category_id,
            requester: ticket.requester,
            assignee: ticket.assignee,
            version: ticket.version,
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
            closed_at: ticket.closed_at,
            // Whoever has it whole before them reads it.
            unread: false,
        }
    }
}

/// Opens a ticket.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateTicket {
    /// One line of 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    #[garde(custom(fields::title))]
    pub title: String,
    /// Markdown, up to 100,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100_000))]
    #[garde(custom(fields::body))]
    pub description: String,
    /// Medium unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub priority: Option<Priority>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub category_id: Option<CategoryId>,
    /// For staff: who has the problem, when it is somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub requester_id: Option<UserId>,
    /// What the program calls it, in 1 to 64 visible characters of ASCII: the same ticket sent again under the same name is
    /// opened once, and answered as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    #[garde(inner(custom(visible_ascii)))]
    pub client_id: Option<String>,
}

/// Changes a ticket; absent fields stay.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateTicket {
    /// The version the change was made from; 409 with the current ticket when it is no longer that.
    #[garde(skip)]
    pub version: i64,
    /// One line of 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    #[garde(inner(custom(fields::title)))]
    pub title: Option<String>,
    /// Markdown, up to 100,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100_000))]
    #[garde(inner(custom(fields::body)))]
    pub description: Option<String>,
    /// Where it goes; see the states' order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub status: Option<Status>,
    /// How soon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub priority: Option<Priority>,
    /// What it is about; `null` for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<CategoryId>))]
    #[garde(skip)]
    pub category_id: Option<Option<CategoryId>>,
}

/// Gives a ticket to somebody on staff, or to nobody.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignTicket {
    /// Who deals with it; `null` puts it back.
    #[serde(deserialize_with = "Option::deserialize")]
    pub assignee_id: Option<UserId>,
    /// The version the decision was made from, when it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Closes or reopens a ticket. The body may be left out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ChangeState {
    /// The version the decision was made from, when it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_clears_the_category_and_absence_leaves_it() {
        let absent: UpdateTicket = serde_json::from_str(r#"{"version":1}"#).unwrap();
        assert_eq!(absent.category_id, None);
        let cleared: UpdateTicket = serde_json::from_str(r#"{"version":1,"category_id":null}"#).unwrap();
        assert_eq!(cleared.category_id, Some(None));
    }

    #[test]
    fn a_closed_ticket_is_only_reopened() {
        for &status in Status::ALL {
            assert_eq!(Status::Closed.can_become(status), status == Status::Open);
            assert!(!status.can_become(status));
        }
    }

    #[test]
    fn assigning_needs_the_field_even_when_null() {
        assert!(serde_json::from_str::<AssignTicket>("{}").is_err());
        assert!(serde_json::from_str::<AssignTicket>(r#"{"assignee_id":null}"#).is_ok());
    }
}
