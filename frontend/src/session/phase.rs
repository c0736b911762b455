//! How far the page has come with a session, and why one is over.

use serde::{Deserialize, Serialize};

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Its time was over.
    Expired,
    /// The person logged out.
    LoggedOut,
    /// The server no longer knows it: revoked elsewhere, or the account was closed.
    Revoked,
}

/// What the page knows about the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The server has been asked whether there is one.
    Asking,
    /// The server did not answer.
    Unreachable,
    /// There is none; why, if there was one.
    Out(Option<EndReason>),
    /// Somebody is logged in.
    In,
}
