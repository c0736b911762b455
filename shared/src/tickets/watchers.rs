//! Who follows a ticket.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::UserId;

/// A person who follows a ticket, because they chose to or were invited. Requester and assignee are told of everything
/// without following.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Watcher {
    /// The person's number.
    pub id: UserId,
    /// The name as people say it.
    pub name: String,
    /// Where their picture is.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub avatar_url: Option<String>,
    /// Since when.
    pub since: DateTime<Utc>,
}
