//! What the desk runs on, for whoever runs it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DatabaseKind {
    /// A SQLite file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
}

/// The database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AboutDatabase {
    /// Which.
    pub kind: DatabaseKind,
    /// Its version, as it says itself.
    pub version: String,
    /// How much room it takes, in bytes.
    pub bytes: i64,
    /// The last migration that was run.
    pub schema_version: String,
}

/// The program and what it runs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct About {
    /// The program's version.
    pub version: String,
    /// When this process started.
    pub started_at: DateTime<Utc>,
    /// The database.
    pub database: AboutDatabase,
    /// How many tickets there are.
    pub tickets: i64,
    /// How many people there are, with access or without.
    pub people: i64,
    /// How many entries the audit log has.
    pub audit_entries: i64,
}
