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

/// Where the files are that people attach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StorageKind {
    /// A folder of the server.
    Folder,
    /// A bucket of S3, or of something that speaks like it.
    Bucket,
}

/// The files that people attach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AboutStorage {
    /// Where they are.
    pub kind: StorageKind,
    /// The folder's path, or the bucket's name and what all keys in it begin with.
    pub place: String,
    /// How many there are; the same file attached twice is one.
    pub files: i64,
    /// How large they are together, in bytes.
    pub bytes: i64,
    /// Whether a file could be kept there now.
    pub reachable: bool,
}

/// The sending of mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AboutMail {
    /// Whether there is a mail server to send with.
    pub configured: bool,
    /// How many mails wait.
    pub queued: u64,
    /// How many were given up.
    pub failed: u64,
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
    /// The files that people attach.
    pub storage: AboutStorage,
    /// The sending of mail.
    pub mail: AboutMail,
    /// How many tickets there are.
    pub tickets: i64,
    /// How many people there are, with access or without.
    pub people: i64,
    /// How many entries the audit log has.
    pub audit_entries: i64,
}
