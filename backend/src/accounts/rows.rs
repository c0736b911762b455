//! People as the database keeps them.

use diesel::prelude::*;
use serde_json::{Value, json};
use shared::{
    accounts::{Locale, Role, Theme, User, UserRef},
    ids::UserId,
};

use crate::{
    db::{
        from_micros,
        schema::{avatars, users},
    },
    openapi::BASE,
};

/// A person, without the columns that only serve to compare and search.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct UserRow {
    /// The number.
    pub id: i64,
    /// The name to log in with.
    pub username: String,
    /// The name as people say it.
    pub name: String,
    /// The address.
    pub email: String,
    /// See [`role_code`].
    pub role: i16,
    /// Whether they can log in.
    pub active: bool,
    /// `es` or `en`.
    pub locale: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// In PHC string format; none until one is set.
    pub password_hash: Option<String>,
    /// Their last deliberate request, in microseconds.
    pub last_seen_at: Option<i64>,
    /// When the account was made.
    pub created_at: i64,
    /// When their picture was set, if they have one.
    pub avatar_at: Option<i64>,
}

/// What is read of a person to show them beside what they did.
#[derive(Debug, Clone, Queryable)]
pub struct Face {
    /// The name as people say it.
    pub name: String,
    /// When their picture was set, if they have one.
    pub avatar_at: Option<i64>,
}

impl UserRow {
    /// What they may do.
    pub fn role(&self) -> Role {
        role_of(self.role)
    }

    /// Their language, in mails and exports.
    pub fn locale(&self) -> Locale {
        locale_of(&self.locale)
    }

    /// As shown beside what they did.
    pub fn to_ref(&self) -> UserRef {
        user_ref(self.id, self.name.clone(), self.avatar_at)
    }

    /// As the log names them, who may be gone when it is read.
    pub fn to_named(&self) -> Value {
        json!({ "id": self.id, "name": self.name })
    }

    /// What is shown of them beside what they did.
    pub fn face(&self) -> Face {
        Face { name: self.name.clone(), avatar_at: self.avatar_at }
    }
}

/// A person as shown beside what they did.
pub fn user_ref(id: i64, name: String, avatar_at: Option<i64>) -> UserRef {
    UserRef { id: UserId(id), name, avatar_url: avatar_url(id, avatar_at) }
}

/// Where a person's picture is: another address for each picture, so that browsers may keep what they have.
fn avatar_url(id: i64, avatar_at: Option<i64>) -> Option<String> {
    avatar_at.map(|at| format!("{BASE}/users/{id}/avatar?v={at}"))
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: UserId(row.id),
            role: row.role(),
            username: row.username,
            name: row.name,
            email: row.email,
            active: row.active,
            locale: locale_of(&row.locale),
            theme: theme_of(&row.theme),
            avatar_url: avatar_url(row.id, row.avatar_at),
            last_seen_at: row.last_seen_at.map(from_micros),
            created_at: from_micros(row.created_at),
        }
    }
}

/// A role as a column keeps it.
pub fn role_code(role: Role) -> i16 {
    match role {
        Role::User => 0,
        Role::Technician => 1,
        Role::Admin => 2,
    }
}

/// The role that a column keeps. An unknown code gives the least rights.
pub fn role_of(code: i16) -> Role {
    match code {
        2 => Role::Admin,
        1 => Role::Technician,
        _ => Role::User,
    }
}

/// A language as a column keeps it.
pub fn locale_code(locale: Locale) -> &'static str {
    locale.as_str()
}

/// The language that a column keeps. An unknown code gives the one of whoever has not chosen.
pub fn locale_of(code: &str) -> Locale {
    Locale::of_tag(code).unwrap_or_default()
}

/// A theme as a column keeps it.
pub fn theme_code(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

fn theme_of(code: &str) -> Theme {
    match code {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        _ => Theme::System,
    }
}

/// A person to add.
#[derive(Insertable)]
#[diesel(table_name = users)]
pub struct NewUser {
    /// The name to log in with.
    pub username: String,
    /// The same, folded.
    pub username_folded: String,
    /// The name as people say it.
    pub name: String,
    /// The same, folded.
    pub name_folded: String,
    /// The address.
    pub email: String,
    /// The same in lower case.
    pub email_folded: String,
    /// See [`role_code`].
    pub role: i16,
    /// Whether they can log in.
    pub active: bool,
    /// See [`locale_code`].
    pub locale: &'static str,
    /// See [`theme_code`].
    pub theme: &'static str,
    /// In PHC string format.
    pub password_hash: Option<String>,
    /// In microseconds.
    pub created_at: i64,
}

/// What changes of a person; absent columns stay.
#[derive(Default, AsChangeset)]
#[diesel(table_name = users)]
pub struct UserChanges {
    /// The name to log in with.
    pub username: Option<String>,
    /// The same, folded.
    pub username_folded: Option<String>,
    /// The name as people say it.
    pub name: Option<String>,
    /// The same, folded.
    pub name_folded: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// The same in lower case.
    pub email_folded: Option<String>,
    /// See [`role_code`].
    pub role: Option<i16>,
    /// Whether they can log in.
    pub active: Option<bool>,
    /// See [`locale_code`].
    pub locale: Option<&'static str>,
    /// See [`theme_code`].
    pub theme: Option<&'static str>,
    /// In PHC string format.
    pub password_hash: Option<String>,
    /// When their picture was set; none takes it away.
    pub avatar_at: Option<Option<i64>>,
}

impl UserChanges {
    /// Whether nothing changes: an UPDATE without columns is no SQL.
    pub fn is_empty(&self) -> bool {
        let Self { username, name, email, role, active, locale, theme, password_hash, avatar_at, .. } = self;
        username.is_none()
            && name.is_none()
            && email.is_none()
            && role.is_none()
            && active.is_none()
            && locale.is_none()
            && theme.is_none()
            && password_hash.is_none()
            && avatar_at.is_none()
    }
}

/// A person's picture.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = avatars, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct AvatarRow {
    /// Whose.
    pub user_id: i64,
    /// When it was set, in microseconds.
    pub set_at: i64,
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}
