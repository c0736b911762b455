//! Tickets that a new one may be like.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Status;
use crate::ids::TicketId;

/// As many are named unless told.
pub const SIMILAR_DEFAULT: u32 = 3;
/// The most that are named.
pub const SIMILAR_MAX: u32 = 10;

/// What a ticket may be like (`GET /tickets/similar`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct SimilarQuery {
    /// Its title, as far as it is written, up to 200 characters; nothing is like a blank one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub title: Option<String>,
    /// The ticket itself, when there is one: it is not named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub except: Option<TicketId>,
    /// At most this many, up to 10; 3 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 10, default = 3))]
    pub limit: Option<u32>,
}

/// A ticket that another one may be like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimilarTicket {
    /// The number on the stub.
    pub id: TicketId,
    /// Its title.
    pub title: String,
    /// Where it stands: a closed one may say how it was mended.
    pub status: Status,
    /// The last change or public comment.
    pub updated_at: DateTime<Utc>,
}
