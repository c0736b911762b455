//! What Turno's server and its page agree on.
//!
//! Data transfer objects, ids, validation, permissions and problem codes, with no I/O: this crate compiles to native
//! code and to WASM, so that a rule is written once and holds on both sides. Requests are validated with [`garde`];
//! with the `openapi` feature every type also describes itself to the OpenAPI document.
//!
//! Moments are `DateTime<Utc>`: RFC 3339 on the wire, kept to the microsecond.

pub mod about;
pub mod accounts;
pub mod attachments;
pub mod audit;
pub mod categories;
pub mod chat;
pub mod colour;
pub mod dashboard;
pub mod demo;
pub mod fields;
pub mod ids;
pub mod imports;
pub mod languages;
pub mod live;
pub mod mail;
pub mod notifications;
pub mod page;
pub mod password;
pub mod password_links;
pub mod permissions;
pub mod problem;
pub mod replies;
pub mod reports;
pub mod search;
pub mod session;
pub mod settings;
pub mod tickets;
pub mod tokens;
pub mod views;

use serde::{Deserialize, Deserializer};

/// Tells `null` (clear the field) from absence (leave it).
fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
