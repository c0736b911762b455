//! Settings as the database keeps them.

use diesel::prelude::*;
use shared::{
    accounts::Locale,
    permissions::TechnicianScope,
    settings::{PublicSettings, Settings},
};

use crate::{
    db::{from_micros, schema::settings},
    openapi::BASE,
};

/// The pictures' names in the database: the logo, the favicon that is made of it, and one that was chosen.
pub const LOGO: &str = "logo";
/// See [`LOGO`].
pub const LOGO_FAVICON: &str = "favicon";
/// See [`LOGO`].
pub const OWN_FAVICON: &str = "own_favicon";

/// Which of the desk's pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    /// The logo, as it is shown.
    Logo,
    /// What browsers show beside the page's name.
    Favicon,
}

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = settings, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct SettingsRow {
    /// Counts the changes.
    pub version: i64,
    /// When they were last changed, in microseconds; 0 for never.
    pub updated_at: i64,
    /// What the desk calls itself.
    pub name: String,
    /// As `#rrggbb`.
    pub primary_colour: String,
    /// See [`scope_code`]; none while the setting of the environment holds.
    pub technician_scope: Option<i16>,
    /// Which logo; none while there is none.
    pub logo_tag: Option<String>,
    /// Whether the list of first steps was put away.
    pub first_steps_away: bool,
    /// Which favicon of its own; none while there is none.
    pub favicon_tag: Option<String>,
}

impl SettingsRow {
    /// What technicians see, when that was chosen.
    pub fn scope(&self) -> Option<TechnicianScope> {
        self.technician_scope.map(scope_of)
    }

    /// Where a picture is. Its address changes with it, so that browsers may keep it.
    fn picture_url(&self, kind: PictureKind) -> Option<String> {
        let name = match kind {
            PictureKind::Logo => "logo",
            PictureKind::Favicon => "favicon",
        };
        self.picture(kind).map(|(_, tag)| format!("{BASE}/settings/{name}?v={tag}"))
    }

    /// The picture that is shown: its name in the database, and which one it is. Without a favicon of its own a desk has the
    /// one that was made of its logo.
    pub fn picture(&self, kind: PictureKind) -> Option<(&'static str, &str)> {
        let logo = self.logo_tag.as_deref();
        match kind {
            PictureKind::Logo => logo.map(|tag| (LOGO, tag)),
            PictureKind::Favicon => {
                let own = self.favicon_tag.as_deref().map(|tag| (OWN_FAVICON, tag));
                own.or_else(|| logo.map(|tag| (LOGO_FAVICON, tag)))
            }
        }
    }

    /// For an administrator; `default` is the scope that the server was started with.
    pub fn to_settings(&self, default: TechnicianScope) -> Settings {
        let chosen = self.scope();
        Settings {
            name: self.name.clone(),
            primary_colour: self.primary_colour.clone(),
            technician_scope: chosen.unwrap_or(default),
            technician_scope_chosen: chosen.is_some(),
            technician_scope_default: default,
            logo_url: self.picture_url(PictureKind::Logo),
            favicon_url: self.picture_url(PictureKind::Favicon),
            favicon_chosen: self.favicon_tag.is_some(),
            version: self.version,
            updated_at: (self.updated_at > 0).then(|| from_micros(self.updated_at)),
        }
    }

    /// For anybody.
    pub fn to_public(&self) -> PublicSettings {
        PublicSettings {
            name: self.name.clone(),
            primary_colour: self.primary_colour.clone(),
            logo_url: self.picture_url(PictureKind::Logo),
            favicon_url: self.picture_url(PictureKind::Favicon),
            default_locale: Locale::default(),
        }
    }
}

/// A scope as a column keeps it.
pub fn scope_code(scope: TechnicianScope) -> i16 {
    match scope {
        TechnicianScope::Assigned => 0,
        TechnicianScope::Queue => 1,
        TechnicianScope::All => 2,
    }
}

/// An unknown code shows the least.
fn scope_of(code: i16) -> TechnicianScope {
    match code {
        2 => TechnicianScope::All,
        1 => TechnicianScope::Queue,
        _ => TechnicianScope::Assigned,
    }
}

/// What changes of the settings; absent columns stay.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = settings)]
pub struct SettingsChanges {
    /// What the desk calls itself.
    pub name: Option<String>,
    /// As `#rrggbb`.
    pub primary_colour: Option<String>,
    /// See [`scope_code`]; `Some(None)` for what the environment says.
    pub technician_scope: Option<Option<i16>>,
    /// `Some(None)` for no logo.
    pub logo_tag: Option<Option<String>>,
    /// Whether the list of first steps was put away.
    pub first_steps_away: Option<bool>,
    /// `Some(None)` for no favicon but the logo's.
    pub favicon_tag: Option<Option<String>>,
}

impl SettingsChanges {
    /// The row that this makes of one.
    pub fn applied(&self, row: &SettingsRow) -> SettingsRow {
        SettingsRow {
            name: self.name.clone().unwrap_or_else(|| row.name.clone()),
            primary_colour: self.primary_colour.clone().unwrap_or_else(|| row.primary_colour.clone()),
            technician_scope: self.technician_scope.unwrap_or(row.technician_scope),
            logo_tag: self.logo_tag.clone().unwrap_or_else(|| row.logo_tag.clone()),
            first_steps_away: self.first_steps_away.unwrap_or(row.first_steps_away),
            favicon_tag: self.favicon_tag.clone().unwrap_or_else(|| row.favicon_tag.clone()),
            ..row.clone()
        }
    }
}
