//! What every handler can reach.

use chrono::{DateTime, Utc};

use crate::{
    attachments::Uploads, auth::Auth, config::Config, db::Db, images::turns::Places, mail::Mailroom, realtime::Live,
    reports::Exports, settings::kept::KeptSettings, storage::Storage,
};

/// Shared by all workers; handlers take it as `web::Data<State>`.
pub struct State {
    /// The settings of the environment.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Keys, password hashing and login limits.
    pub auth: Auth,
    /// What an administrator decided for the desk.
    pub settings: KeptSettings,
    /// When this process started.
    pub started_at: DateTime<Utc>,
    /// Where links in mails lead, and what wakes whoever sends them.
    pub mail: Mailroom,
    /// The files that people attach.
    pub storage: Storage,
    /// Who may write a file now, and who waits.
    pub exports: Exports,
    /// The uploads that are under way.
    pub uploads: Uploads,
    /// Room for pictures that are read whole.
    pub pictures: Places,
    /// Who is connected, and what they are told.
    pub live: Live,
}
