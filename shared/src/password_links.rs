//! Links that set a password: the first one of a new account, or another when the old one is forgotten.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::fields;

/// How long a link lasts that a person asks for themselves, in minutes.
pub const RESET_MINUTES: i64 = 10;
/// How long the link of a new account lasts, in days.
pub const WELCOME_DAYS: i64 = 7;
/// How long a link lasts that an administrator makes, in hours.
pub const HANDED_HOURS: i64 = 24;

/// Asks for a link by mail (`POST /password-resets`). One of the two.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RequestPasswordReset {
    /// The address, in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// User name or address, in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
}

/// What everybody is told who asks for a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordResetAsked {
    /// Whether this desk sends mail. If not, an administrator has the link.
    pub mailed: bool,
}

/// Sets a password with a link (`PUT /password-resets/{token}`).
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The one to be: eight characters, an upper-case letter, a digit, not guessable.
    #[cfg_attr(feature = "openapi", schema(min_length = 8, max_length = 128))]
    #[garde(custom(fields::new_password))]
    pub password: String,
}

/// A password to judge before it is set with a link (`POST /password-resets/{token}/check`).
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckResetPassword {
    /// The password as typed so far.
    pub password: String,
}

/// Whose password a link sets (`GET /password-resets/{token}`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordLinkInfo {
    /// The name to log in with.
    pub username: String,
    /// The name as people say it.
    pub name: String,
    /// Whether it is their first password.
    pub first: bool,
    /// Until when the link is good.
    pub expires_at: DateTime<Utc>,
}

/// Makes a link for somebody (`POST /users/{id}/password-link`).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CreatePasswordLink {
    /// Whether it is mailed to them instead of shown here.
    pub send: bool,
}

/// A link that was made for somebody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordLink {
    /// Where it leads, told this once: a path alone where the server does not know its own address (`PUBLIC_URL`); absent
    /// when it goes by mail.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub url: Option<String>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}
