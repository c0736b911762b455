//! The first steps of a desk, and the invented tickets and people to try it with.

use shared::demo::{DemoState, FirstSteps};

use super::{ClientError, delete, get_background, post};

/// Which steps are done.
pub async fn first_steps() -> Result<FirstSteps, ClientError> {
    get_background("/first-steps").await
}

/// Puts the list of steps away, for everybody who runs the desk.
pub async fn put_away() -> Result<(), ClientError> {
    delete("/first-steps").await
}

/// How the demo stands.
pub async fn demo() -> Result<DemoState, ClientError> {
    get_background("/demo").await
}

/// Begins to load it.
pub async fn load_demo() -> Result<DemoState, ClientError> {
    post("/demo", &()).await
}

/// Begins to remove it.
pub async fn remove_demo() -> Result<DemoState, ClientError> {
    delete("/demo").await
}
