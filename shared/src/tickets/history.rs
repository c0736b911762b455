//! What happened to a ticket.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::words;
use crate::{
    accounts::UserRef,
    ids::{CommentId, EventId},
};

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
        /// A file was attached.
        AttachmentAdded = "attachment_added",
        /// A file was deleted.
        AttachmentDeleted = "attachment_deleted",
        /// Somebody began to follow it, by themselves or because they were invited.
        WatcherAdded = "watcher_added",
        /// Somebody follows it no more.
        WatcherRemoved = "watcher_removed",
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
    /// Only staff reads it: it is about an internal note.
    #[serde(default)]
    pub internal: bool,
    /// What changed from what to what. For people and attachments, `from` and `to` are `{id, name}`.
    pub changes: Vec<Change>,
}
