//! What the desk runs on.

use shared::about::About;

use super::{ClientError, get};

/// The program and its database.
pub async fn about() -> Result<About, ClientError> {
    get("/about").await
}
