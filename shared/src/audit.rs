//! The audit log: everything that happened on the desk.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::{
    accounts::UserRef,
    ids::{CommentId, EventId, TicketId, UserId},
    tickets::Change,
};

/// Every kind of entry that the program writes.
pub const KINDS: &[&str] = &[
    "attachment_added",
    "attachment_deleted",
    "category_created",
    "category_deleted",
    "category_updated",
    "comment_added",
    "comment_edited",
    "demo_loaded",
    "demo_removed",
    "exported",
    "logged_in",
    "logged_out",
    "login_failed",
    "password_changed",
    "password_link_created",
    "password_link_read",
    "password_reset_requested",
    "reply_created",
    "reply_deleted",
    "reply_updated",
    "session_revoked",
    "settings_updated",
    "ticket_assigned",
    "ticket_closed",
    "ticket_created",
    "ticket_reopened",
    "ticket_updated",
    "token_created",
    "token_revoked",
    "user_created",
    "user_deactivated",
    "user_updated",
    "view_created",
    "view_deleted",
    "view_updated",
    "watcher_added",
    "watcher_removed",
];

/// Every field whose change an entry tells of.
pub const FIELDS: &[&str] = &[
    "active",
    "assignee",
    "attachment",
    "avatar",
    "body",
    "category_id",
    "colour",
    "count",
    "default_assignee",
    "description",
    "email",
    "favicon",
    "filters",
    "first_steps_away",
    "format",
    "locale",
    "login",
    "logo",
    "name",
    "owner",
    "password",
    "position",
    "primary_colour",
    "priority",
    "role",
    "rows",
    "scopes",
    "shared",
    "status",
    "technician_scope",
    "theme",
    "times",
    "title",
    "username",
    "watcher",
];

/// What kind of thing an entry is about, besides a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A person.
    Person,
    /// A session of the actor.
    Session,
    /// A category.
    Category,
    /// Something else.
    Other,
}

/// What an entry is about, besides a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditSubject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its number.
    pub id: i64,
    /// What it is called now, or was then; absent when it has no name, or none is known.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub name: Option<String>,
}

/// One entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// The number; they follow one by one.
    pub id: EventId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; absent when nobody was logged in, or when the program or its command line did it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub actor: Option<UserRef>,
    /// What: `logged_in`, `login_failed`, `user_updated`, `settings_updated`, `exported`, `ticket_created`, … A later
    /// version may know more.
    pub kind: String,
    /// The network address it came from.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub address: Option<String>,
    /// The ticket it is about.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub ticket_id: Option<TicketId>,
    /// What else it is about.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub subject: Option<AuditSubject>,
    /// The comment it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<CommentId>,
    /// What changed from what to what. Secrets are never among it.
    pub changes: Vec<Change>,
    /// The SHA-256 of the entry and of all before it, in hexadecimal digits.
    pub hash: String,
}

/// One or more kinds of entries, separated by commas.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct KindSet(pub Vec<String>);

impl KindSet {
    /// The most kinds that can be asked for at once.
    pub const MAX: usize = 20;
}

impl Serialize for KindSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.join(","))
    }
}

impl<'de> Deserialize<'de> for KindSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut set = Vec::new();
        for word in text.split(',').filter(|word| !word.is_empty()) {
            if !KINDS.contains(&word) {
                return Err(D::Error::custom("there is no such kind; one is written like `user_updated`"));
            }
            if !set.iter().any(|known| known == word) {
                set.push(word.to_owned());
            }
        }
        if set.len() > Self::MAX {
            return Err(D::Error::custom(format!("at most {} kinds", Self::MAX)));
        }
        set.sort_unstable();
        Ok(Self(set))
    }
}

/// Which entries to list (`GET /audit`). Every filter narrows; the newest come first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct AuditQuery {
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<UserId>,
    /// Who did it, or whom it was done to: also failed logins to their account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<UserId>,
    /// One or more kinds, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, example = "login_failed,user_updated"))]
    pub action: Option<KindSet>,
    /// The ticket it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
    /// At or after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// The network address it came from, whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// At most this many, up to 100; 25 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100, default = 25))]
    pub limit: Option<u32>,
    /// Where the page starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_kinds_is_sorted_and_without_doubles() {
        let set: KindSet = serde_json::from_str(r#""user_updated,logged_in,user_updated""#).unwrap();
        assert_eq!(set.0, ["logged_in", "user_updated"]);
        for text in [r#""A""#, r#""logged_in,exports""#, r#""a';--""#] {
            assert!(serde_json::from_str::<KindSet>(text).is_err(), "{text}");
        }
    }
}
