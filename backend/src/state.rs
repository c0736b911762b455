//! What every handler can reach.

use crate::{auth::Auth, config::Config, db::Db, mail::Mailroom};

/// Shared by all workers; handlers take it as `web::Data<State>`.
pub struct State {
    /// The settings.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Keys, password hashing and login limits.
    pub auth: Auth,
    /// Where links in mails lead, and what wakes whoever sends them.
    pub mail: Mailroom,
}
