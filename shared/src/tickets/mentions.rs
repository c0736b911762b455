//! Whom a comment mentions, whom it could mention, and how it will look.

use garde::Validate;
use serde::{Deserialize, Serialize};

use super::Visibility;
use crate::{
    fields,
    ids::{TicketId, UserId},
};

/// As many people are offered at most while one types an `@`.
pub const MENTIONABLE_MAX: usize = 10;

/// A person who is mentioned, or could be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mention {
    /// The number.
    pub id: UserId,
    /// What stands after the `@`.
    pub username: String,
    /// The name as people say it.
    pub name: String,
    /// Where their picture is.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub avatar_url: Option<String>,
}

/// Who could be mentioned (`GET /tickets/{id}/mentionable`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct MentionQuery {
    /// The beginning of the user name, or of a word of the name; case and accents make no difference. Up to 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub q: Option<String>,
    /// In a public comment, or in an internal note; public unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub visibility: Option<Visibility>,
    /// At most this many, up to 100, and never more than ten.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100, default = 10))]
    pub limit: Option<u32>,
}

/// Asks how a text will look.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewComment {
    /// Markdown, up to 100,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100_000))]
    #[garde(custom(fields::body))]
    pub body: String,
    /// The ticket it would be a comment on; without one nobody is mentioned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub ticket_id: Option<TicketId>,
    /// Public unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub visibility: Option<Visibility>,
}

/// How a text will look, and whom it will mention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Safe HTML.
    pub html: String,
    /// Whom it would mention.
    pub mentions: Vec<Mention>,
    /// Whom an internal note names who may read the ticket, but would not see the note.
    pub unseen_by: Vec<Mention>,
}
