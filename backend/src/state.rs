//! What every handler can reach.

use crate::{auth::Auth, config::Config, db::Db, storage::Storage};

/// Shared by all workers; handlers take it as `web::Data<State>`.
pub struct State {
    /// The settings.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Keys, password hashing and login limits.
    pub auth: Auth,
    /// The files that people attach.
    pub storage: Storage,
}
