//! People: who they are, what an administrator changes, what they change themselves.

use garde::Validate;
use serde::{Deserialize, Serialize};

pub use crate::languages::Locale;
use crate::{fields, ids::UserId, notifications::UpdateChoices};
use chrono::{DateTime, Utc};

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Opens tickets and follows them.
    User,
    /// Answers tickets.
    Technician,
    /// Runs the desk.
    Admin,
}

impl Role {
    /// Every role, least first.
    pub const ALL: [Self; 3] = [Self::User, Self::Technician, Self::Admin];

    /// Technicians and administrators: those who answer.
    pub fn is_staff(self) -> bool {
        !matches!(self, Self::User)
    }

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Technician => "technician",
            Self::Admin => "admin",
        }
    }
}

/// Light, dark, or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the person's system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The number.
    pub id: UserId,
    /// The name to log in and be mentioned with; no two people share one, whatever its case.
    pub username: String,
    /// The name as people say it.
    pub name: String,
    /// The address; no two people share one, whatever its case.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Whether they can log in.
    pub active: bool,
    /// The language of their mails, and of the page until they choose another there.
    pub locale: Locale,
    /// Light or dark.
    pub theme: Theme,
    /// Where their picture is.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub avatar_url: Option<String>,
    /// Their last deliberate request, to the minute.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_seen_at: Option<DateTime<Utc>>,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
}

/// A person as shown beside what they did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserRef {
    /// The number.
    pub id: UserId,
    /// The name as people say it.
    pub name: String,
    /// Where their picture is.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub avatar_url: Option<String>,
}

/// Makes a person.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    /// 2 to 50 letters, digits, dots, dashes and underscores.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 50))]
    #[garde(custom(fields::username))]
    pub username: String,
    /// 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    #[garde(custom(fields::name))]
    pub name: String,
    /// An e-mail address.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 254))]
    #[garde(custom(fields::email))]
    pub email: String,
    /// What they may do.
    #[garde(skip)]
    pub role: Role,
    /// The first password; without one the account waits for a password to be set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 8, max_length = 128))]
    #[garde(inner(custom(fields::new_password)))]
    pub password: Option<String>,
    /// Spanish unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub locale: Option<Locale>,
}

/// Changes a person; absent fields stay.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UpdateUser {
    /// 2 to 50 letters, digits, dots, dashes and underscores.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 50))]
    #[garde(inner(custom(fields::username)))]
    pub username: Option<String>,
    /// 1 to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    #[garde(inner(custom(fields::name)))]
    pub name: Option<String>,
    /// An e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 254))]
    #[garde(inner(custom(fields::email)))]
    pub email: Option<String>,
    /// What they may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub role: Option<Role>,
    /// Whether they can log in; `false` ends their sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub active: Option<bool>,
    /// A new password; their sessions end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 8, max_length = 128))]
    #[garde(inner(custom(fields::new_password)))]
    pub password: Option<String>,
    /// The language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub locale: Option<Locale>,
}

/// Changes one's own account; absent fields stay.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UpdateMe {
    /// 1 to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    #[garde(inner(custom(fields::name)))]
    pub name: Option<String>,
    /// The language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub locale: Option<Locale>,
    /// Light or dark.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub theme: Option<Theme>,
    /// How they are told of what happens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub notifications: Option<UpdateChoices>,
}

/// Changes one's own password.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The present one.
    #[garde(skip)]
    pub current_password: String,
    /// The one to be: eight characters, an upper-case letter, a digit, not guessable.
    #[cfg_attr(feature = "openapi", schema(min_length = 8, max_length = 128))]
    #[garde(custom(fields::new_password))]
    pub new_password: String,
}

/// Which people to list (`GET /users`). Ordered by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct UserQuery {
    /// Only this role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Only those who can log in, or only those who cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Part of the name, the user name or the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub q: Option<String>,
    /// At most this many, up to 100; 25 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100, default = 25))]
    pub limit: Option<u32>,
    /// Where the page starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
