//! Tickets, their comments and their history.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    accounts::UserRef,
    fields,
    ids::{CategoryId, CommentId, EventId, TicketId, UserId},
};

/// How long an author may edit a comment, in minutes.
pub const COMMENT_EDIT_MINUTES: i64 = 15;

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
    /// Markdown, up to 100 kB.
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
    /// The last change or comment.
    pub updated_at: DateTime<Utc>,
    /// When somebody on staff first answered in public.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub first_response_at: Option<DateTime<Utc>>,
    /// When it was closed, while it is.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub closed_at: Option<DateTime<Utc>>,
    /// What the caller may do with it.
    pub actions: Vec<crate::permissions::TicketAction>,
}

/// A ticket in a list: without its text.
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
    /// The last change or comment.
    pub updated_at: DateTime<Utc>,
    /// When it was closed, while it is.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub closed_at: Option<DateTime<Utc>>,
}

/// Opens a ticket.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateTicket {
    /// One line of 1 to 200 characters.
    #[garde(custom(fields::title))]
    pub title: String,
    /// Markdown, up to 100 kB.
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
}

/// Tells `null` (clear the field) from absence (leave it).
fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
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
    #[garde(inner(custom(fields::title)))]
    pub title: Option<String>,
    /// Markdown, up to 100 kB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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

/// A comment on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comment {
    /// The number.
    pub id: CommentId,
    /// The ticket it is on.
    pub ticket_id: TicketId,
    /// Who wrote it.
    pub author: UserRef,
    /// Markdown, as written.
    pub body: String,
    /// The same as safe HTML.
    pub body_html: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was last edited.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub edited_at: Option<DateTime<Utc>>,
}

/// Writes a comment.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddComment {
    /// Markdown, up to 100 kB.
    #[garde(custom(fields::body))]
    pub body: String,
    /// Public unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub visibility: Option<Visibility>,
}

/// Edits one's own comment, within fifteen minutes.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditComment {
    /// Markdown, up to 100 kB.
    #[garde(custom(fields::body))]
    pub body: String,
}

words!(
    /// What happened to a ticket.
    HistoryKind {
        /// It was opened.
        TicketCreated = "ticket_created",
        /// Fields changed.
        TicketUpdated = "ticket_updated",
        /// It was given to somebody, or put back.
        TicketAssigned = "ticket_assigned",
        /// It was closed.
        TicketClosed = "ticket_closed",
        /// It was opened again.
        TicketReopened = "ticket_reopened",
        /// A comment was written.
        CommentAdded = "comment_added",
        /// A comment was edited.
        CommentEdited = "comment_edited",
    }
);

/// One field's change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// The field's name on the wire.
    pub field: String,
    /// What it was.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Value>))]
    pub from: serde_json::Value,
    /// What it became.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Value>))]
    pub to: serde_json::Value,
}

/// One entry of a ticket's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryEntry {
    /// The event's number.
    pub id: EventId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; absent when the program did it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub actor: Option<UserRef>,
    /// What.
    pub kind: HistoryKind,
    /// The comment it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<CommentId>,
    /// What changed from what to what. For people, `from` and `to` are `{id, name}`.
    pub changes: Vec<Change>,
}

/// The order of a list of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TicketSort {
    /// Latest activity first.
    #[default]
    #[serde(rename = "-updated_at")]
    UpdatedDesc,
    /// Oldest activity first.
    #[serde(rename = "updated_at")]
    UpdatedAsc,
    /// Newest first.
    #[serde(rename = "-created_at")]
    CreatedDesc,
    /// Oldest first.
    #[serde(rename = "created_at")]
    CreatedAsc,
    /// Most urgent first, then latest activity.
    #[serde(rename = "-priority")]
    PriorityDesc,
    /// Least urgent first, then oldest activity.
    #[serde(rename = "priority")]
    PriorityAsc,
}

impl TicketSort {
    /// Every order.
    pub const ALL: [Self; 6] = [
        Self::UpdatedDesc,
        Self::UpdatedAsc,
        Self::CreatedDesc,
        Self::CreatedAsc,
        Self::PriorityDesc,
        Self::PriorityAsc,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpdatedDesc => "-updated_at",
            Self::UpdatedAsc => "updated_at",
            Self::CreatedDesc => "-created_at",
            Self::CreatedAsc => "created_at",
            Self::PriorityDesc => "-priority",
            Self::PriorityAsc => "priority",
        }
    }

    /// Whether the largest key comes first.
    pub fn is_descending(self) -> bool {
        matches!(self, Self::UpdatedDesc | Self::CreatedDesc | Self::PriorityDesc)
    }
}

/// Whose tickets: a person's number, `me`, or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AssigneeFilter {
    /// Those of one person.
    Id(UserId),
    /// The caller's own.
    Me,
    /// Those nobody has.
    Nobody,
}

impl AssigneeFilter {
    /// The value on the wire.
    pub fn to_word(self) -> String {
        match self {
            Self::Id(id) => id.to_string(),
            Self::Me => "me".to_owned(),
            Self::Nobody => "none".to_owned(),
        }
    }
}

impl FromStr for AssigneeFilter {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "me" => Ok(Self::Me),
            "none" => Ok(Self::Nobody),
            number => number.parse().map(Self::Id).map_err(|_| ()),
        }
    }
}

impl Serialize for AssigneeFilter {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_word())
    }
}

impl<'de> Deserialize<'de> for AssigneeFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| serde::de::Error::custom("expected a user id, `me` or `none`"))
    }
}

/// One or more states, separated by commas.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct StatusSet(pub Vec<Status>);

impl Serialize for StatusSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.iter().map(|status| status.as_str()).collect::<Vec<_>>().join(","))
    }
}

impl<'de> Deserialize<'de> for StatusSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut set = Vec::new();
        for word in text.split(',').filter(|word| !word.is_empty()) {
            let status = word.parse().map_err(|()| serde::de::Error::custom("unknown status"))?;
            if !set.contains(&status) {
                set.push(status);
            }
        }
        set.sort_unstable();
        Ok(Self(set))
    }
}

/// Which tickets to list (`GET /tickets`). Every filter narrows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(default)]
pub struct TicketQuery {
    /// One or more states, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, example = "open,in_progress"))]
    pub status: Option<StatusSet>,
    /// One priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// One category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category_id: Option<CategoryId>,
    /// A person's number, `me`, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, example = "me"))]
    pub assignee_id: Option<AssigneeFilter>,
    /// Who has the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requester_id: Option<UserId>,
    /// Words of the title, all of them, in any case and without regard to accents; or a number, for that ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Opened at or after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_after: Option<DateTime<Utc>>,
    /// Opened before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_before: Option<DateTime<Utc>>,
    /// The order; latest activity first unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub sort: Option<TicketSort>,
    /// At most this many, up to 100; 25 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Where the page starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A page of any list without filters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(default)]
pub struct PageQuery {
    /// At most this many, up to 100; 25 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Where the page starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
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
    fn a_status_set_is_sorted_and_without_doubles() {
        let set: StatusSet = serde_json::from_str(r#""waiting,open,waiting""#).unwrap();
        assert_eq!(set.0, [Status::Open, Status::Waiting]);
        assert!(serde_json::from_str::<StatusSet>(r#""lost""#).is_err());
    }

    #[test]
    fn assigning_needs_the_field_even_when_null() {
        assert!(serde_json::from_str::<AssignTicket>("{}").is_err());
        assert!(serde_json::from_str::<AssignTicket>(r#"{"assignee_id":null}"#).is_ok());
    }
}
