//! What every handler can reach.

use crate::{auth::Auth, config::Config, db::Db, reports::Exports};

/// Shared by all workers; handlers take it as `web::Data<State>`.
pub struct State {
    /// The settings.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Keys, password hashing and login limits.
    pub auth: Auth,
    /// Who may write a file now, and who waits.
    pub exports: Exports,
}
