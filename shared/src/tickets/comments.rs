//! What people write on a ticket.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};

use super::{Mention, Status, Visibility};
use crate::{
    accounts::UserRef,
    chat::visible_ascii,
    fields,
    ids::{CommentId, TicketId},
};

/// How long an author may edit a comment, in minutes.
pub const COMMENT_EDIT_MINUTES: i64 = 15;

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
    /// The same as safe HTML: `#1042` is a link to that ticket, a mention shows the person's name.
    pub body_html: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was last edited.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub edited_at: Option<DateTime<Utc>>,
    /// Whom it mentions: people who could read it when it was written. Any other `@name` is only text.
    pub mentions: Vec<Mention>,
}

/// Writes a comment.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddComment {
    /// Markdown, up to 100,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100_000))]
    #[garde(custom(fields::body))]
    pub body: String,
    /// Public unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub visibility: Option<Visibility>,
    /// Where the ticket goes with it: `closed` closes it, `open` opens a closed one again. Nothing is written when it cannot
    /// go there, or the caller may not see to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub status: Option<Status>,
    /// What the program calls it, in 1 to 64 visible characters of ASCII: the same comment sent again under the same name is
    /// written once, and answered as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    #[garde(inner(custom(visible_ascii)))]
    pub client_id: Option<String>,
}

/// Edits one's own comment, within fifteen minutes.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditComment {
    /// Markdown, up to 100,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100_000))]
    #[garde(custom(fields::body))]
    pub body: String,
}
