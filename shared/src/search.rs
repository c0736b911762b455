//! Searching the whole desk.

mod narrowing;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::narrowing::Narrowing;
use crate::{accounts::UserRef, ids::TicketId, tickets::Status};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    /// A ticket, by its number, title or description.
    Ticket,
    /// A comment on a ticket.
    Comment,
    /// A person; for staff only.
    Person,
}

/// One thing found. `title` and `snippet` are HTML: `<mark>` around what matched, everything else escaped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchHit {
    /// What it is.
    pub kind: SearchKind,
    /// Its number: the ticket's, the comment's or the person's.
    pub id: i64,
    /// The ticket, or the one the comment is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
    /// The ticket's title or the person's name.
    pub title: String,
    /// The words around the first match; empty when only the title matched.
    pub snippet: String,
    /// Where the ticket stands; a person's hit does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Who has the ticket's problem; a person's hit does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<UserRef>,
    /// Who wrote the comment; the hit of anything else does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<UserRef>,
    /// The ticket's last change or public comment; a person's hit does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<DateTime<Utc>>,
    /// How well it matches beside the other hits of the answer: 1 is the best of them, 1/2 the next, then 1/3, and so on.
    pub score: f64,
}

/// What is searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct SearchQuery {
    /// Words that must all be there, the last one also as the beginning of a word; case and accents make no difference.
    /// `#1042` is a ticket's number; `status:open,waiting`, `priority:urgent` and `assignee:me` (or `none`, or a number)
    /// narrow the tickets, and so do `estado:abierto,"en espera"`, `prioridad:urgente` and `asignado:yo` (or `nadie`), in any
    /// case; `_` may stand for a space. A filter with any other value is words. Up to 200 characters; nothing is found when it
    /// is blank.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub q: Option<String>,
    /// Only hits of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<SearchKind>,
    /// At most this many, up to 100; 25 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100, default = 25))]
    pub limit: Option<u32>,
}
