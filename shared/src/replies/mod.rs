//! Saved replies: what staff answers again and again, with placeholders for who asks and what about.

mod code;
mod placeholder;

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};

pub use self::{
    code::is_in_block,
    placeholder::{Facts, Piece, Placeholder, escaped, fill, pieces, unknown},
};
use crate::{
    accounts::{Role, UserRef},
    fields,
    ids::{ReplyId, UserId},
    problem::FieldCode,
};

/// The most saved replies one person has, private and shared together.
pub const REPLIES_MAX: i64 = 200;

/// An answer that is kept to be given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedReply {
    /// The number.
    pub id: ReplyId,
    /// What it is found by: one line of 1 to 100 characters.
    pub title: String,
    /// Markdown of 1 to 10,000 characters, with [placeholders](Placeholder) as they were written.
    pub body: String,
    /// Whether all of staff has it, or its author alone.
    pub shared: bool,
    /// Who keeps it.
    pub author: UserRef,
    /// Whether the caller may change and delete it.
    pub editable: bool,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Keeps an answer (`POST /replies`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateReply {
    /// One line of 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    #[garde(custom(fields::name))]
    pub title: String,
    /// Markdown of 1 to 10,000 characters. Of `{{…}}` it may hold `requester.name`, `requester.first_name`, `ticket.id`,
    /// `ticket.title`, `agent.name` and `desk.name`; any other is refused, except behind a backslash.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 10_000))]
    #[garde(custom(template))]
    pub body: String,
    /// Whether all of staff has it; the author alone unless told.
    #[serde(default)]
    #[garde(skip)]
    pub shared: bool,
}

/// Changes a saved reply; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UpdateReply {
    /// One line of 1 to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    #[garde(inner(custom(fields::name)))]
    pub title: Option<String>,
    /// As that of a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 10_000))]
    #[garde(inner(custom(template)))]
    pub body: Option<String>,
    /// Whether all of staff has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub shared: Option<bool>,
}

/// The text of a saved reply: as a message between people, and every placeholder is one that is known.
fn template<C>(text: &str, context: &C) -> garde::Result {
    fields::message(text, context)?;
    match unknown(text) {
        Some(_) => Err(fields::error(FieldCode::UnknownPlaceholder)),
        None => Ok(()),
    }
}

/// Whether a person of this role may change and delete a saved reply that they see: its author, and an administrator.
pub fn may_edit(role: Role, me: UserId, author: UserId) -> bool {
    me == author || role == Role::Admin
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(title: &str, body: &str) -> CreateReply {
        CreateReply { title: title.to_owned(), body: body.to_owned(), shared: false }
    }

    #[test]
    fn a_placeholder_that_is_not_known_is_refused() {
        let refused = |body: &str| fields::check(&reply("x", body)).unwrap_err().remove("body").unwrap_or_default();
        assert!(fields::check(&reply("x", "Hola {{requester.name}}: {{ ticket.title }}")).is_ok());
        assert!(fields::check(&reply("x", r"Así: \{{lo que sea}}, {uno} y {{ sin cerrar")).is_ok());
        for body in ["{{requester.nam}}", "a {{}} b", "{{ }}", "{{Requester.Name}}", "{{ticket.id}} {{x}}"] {
            assert_eq!(refused(body), [FieldCode::UnknownPlaceholder], "{body}");
        }
        assert_eq!(refused(" "), [FieldCode::Required]);
        assert_eq!(refused(&"x".repeat(fields::MESSAGE_MAX + 1)), [FieldCode::TooLong]);
        assert!(fields::check(&reply(" ", "x")).is_err());
    }

    #[test]
    fn a_change_keeps_the_same_rules() {
        let change = UpdateReply { body: Some("{{x}}".to_owned()), ..UpdateReply::default() };
        let refused = fields::check(&change).unwrap_err();
        assert_eq!(refused.get("body").map(Vec::as_slice), Some([FieldCode::UnknownPlaceholder].as_slice()));
    }
}
