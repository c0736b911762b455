//! Logging in, the session and its end.

use serde::{Deserialize, Serialize};

use crate::{
    accounts::User,
    ids::{EventId, SessionId},
};
use chrono::{DateTime, Utc};

/// The name of the session's cookie.
pub const COOKIE: &str = "turno_session";
/// The header that carries the CSRF token of an unsafe request.
pub const CSRF_HEADER: &str = "X-CSRF-Token";
/// `X-Turno-Background: 1` marks a request the person did not ask for: it does not extend the session.
pub const BACKGROUND_HEADER: &str = "X-Turno-Background";
/// The header with which the API names the build of the page that the program carries, if it carries a release's. A page of
/// another build may be an older one, or come from elsewhere.
pub const BUILD_HEADER: &str = "X-Turno-Build";

/// Logs in (`POST /session`).
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// User name or e-mail address, in any case.
    pub login: String,
    /// The password.
    pub password: String,
}

/// How a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SessionMode {
    /// So long after the last deliberate request.
    #[default]
    Strict,
    /// So long after login, whatever happens.
    Absolute,
}

/// The present session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionInfo {
    /// Who is logged in.
    pub user: User,
    /// What unsafe requests carry in `X-CSRF-Token`.
    pub csrf_token: String,
    /// When the session ends unless it is extended.
    pub expires_at: DateTime<Utc>,
    /// The server's clock, so that the page counts down rightly on a machine whose clock is wrong.
    pub now: DateTime<Utc>,
    /// How it ends.
    pub mode: SessionMode,
    /// How far the event log had been told by then: whoever reads something now, and says `hello` on the socket with this
    /// number afterwards, misses nothing that happened in between.
    pub event: EventId,
}

/// One of the caller's sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceSession {
    /// The number to revoke it by.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// The address it logged in from.
    pub address: String,
    /// The browser, as it names itself.
    pub user_agent: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: DateTime<Utc>,
    /// When it ends unless it is used.
    pub expires_at: DateTime<Utc>,
}
