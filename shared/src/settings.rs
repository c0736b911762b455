//! What an administrator decides for the desk as a whole.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{accounts::Locale, fields, permissions::TechnicianScope, present};

/// The largest logo, and the largest favicon, in bytes.
pub const LOGO_MAX: usize = 1024 * 1024;

/// The desk's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    /// What the desk calls itself.
    pub name: String,
    /// Its colour, as `#rrggbb`.
    pub primary_colour: String,
    /// Which tickets a technician sees besides those they opened or follow.
    pub technician_scope: TechnicianScope,
    /// Whether that was chosen here; if not, it is what the server was started with.
    pub technician_scope_chosen: bool,
    /// What the server was started with (`TECHNICIAN_SCOPE`).
    pub technician_scope_default: TechnicianScope,
    /// Where its logo is; none until one is set.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub logo_url: Option<String>,
    /// Where its favicon is; the one made of the logo unless one was chosen.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub favicon_url: Option<String>,
    /// Whether its favicon was chosen here; if not, it is made of the logo.
    pub favicon_chosen: bool,
    /// Counts the changes; a change may name the version it was made from.
    pub version: i64,
    /// When they were last changed.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub updated_at: Option<DateTime<Utc>>,
}

/// What anybody may know of the settings, logged in or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicSettings {
    /// What the desk calls itself.
    pub name: String,
    /// Its colour, as `#rrggbb`.
    pub primary_colour: String,
    /// Where its logo is; none until one is set.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub logo_url: Option<String>,
    /// Where its favicon is; the one made of the logo unless one was chosen.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub favicon_url: Option<String>,
    /// The language of people who have not chosen one.
    pub default_locale: Locale,
}

/// Changes the settings; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateSettings {
    /// The version the change was made from; 409 with the current settings when it is no longer that. Without it the change
    /// is made to whatever is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub version: Option<i64>,
    /// 1 to 60 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60))]
    #[garde(inner(custom(fields::desk_name)))]
    pub name: Option<String>,
    /// As `#rrggbb`, with 4.5:1 of contrast to white.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(pattern = "^#[0-9A-Fa-f]{6}$"))]
    #[garde(inner(custom(fields::brand_colour)))]
    pub primary_colour: Option<String>,
    /// Which tickets a technician sees; `null` for what the server was started with.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<TechnicianScope>))]
    #[garde(skip)]
    pub technician_scope: Option<Option<TechnicianScope>>,
}
