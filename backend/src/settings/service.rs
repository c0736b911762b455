//! The desk's face, for whoever writes in its name: mails, exported documents, the page.

use crate::db::{Conn, DbError};

/// The product's own name, until the administrator gives the desk another one.
const NAME: &str = "Turno";

/// How the desk presents itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// Its name.
    pub name: String,
    /// Its colour, as `#rrggbb`.
    pub colour: String,
    /// Its logo, as PNG.
    pub logo: Option<Vec<u8>>,
}

/// How the desk presents itself now.
#[allow(clippy::unused_async, reason = "the name is about to be read from the database")]
pub async fn brand(_: &mut Conn) -> Result<Brand, DbError> {
    Ok(Brand { name: NAME.to_owned(), colour: "#3454d1".to_owned(), logo: None })
}
