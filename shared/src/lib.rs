//! What Turno's server and its page agree on.
//!
//! Data transfer objects, ids, validation, permissions and problem codes, with no I/O: this crate compiles to native
//! code and to WASM, so that a rule is written once and holds on both sides. Requests are validated with [`garde`];
//! with the `openapi` feature every type also describes itself to the OpenAPI document.
//!
//! Moments are `DateTime<Utc>`: RFC 3339 on the wire, kept to the microsecond.

pub mod accounts;
pub mod categories;
pub mod fields;
pub mod ids;
pub mod page;
pub mod password;
pub mod permissions;
pub mod problem;
pub mod reports;
pub mod search;
pub mod session;
pub mod tickets;
