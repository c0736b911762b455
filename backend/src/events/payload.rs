//! What an event carries besides its columns.

use serde::{Deserialize, Serialize};
use shared::{
    ids::{CommentId, MessageId, UserId},
    tickets::Change,
};

/// It is kept as JSON; what an event has none of is not written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Payload {
    /// What changed from what to what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The comment it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<CommentId>,
    /// Whom that comment mentions; of an edited one, those whom it did not mention before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<UserId>,
    /// Whom it notified: they have something new in their list of notifications.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<UserId>,
    /// The message it is about; of those that were delivered or read, the last. What it says is not in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// What its subject was called, where neither a table that lasts nor what changed says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name: Option<String>,
}

/// A field's change, unless it did not change.
pub fn change<T: Serialize + PartialEq>(field: &str, from: &T, to: &T) -> Option<Change> {
    (from != to).then(|| Change {
        field: field.to_owned(),
        from: serde_json::to_value(from).unwrap_or_default(),
        to: serde_json::to_value(to).unwrap_or_default(),
    })
}
