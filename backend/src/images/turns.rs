//! Who may work on a picture now: one at a time, for decoding takes up to [`super::MAX_DECODED`] bytes.
//!
//! Whoever waits with a picture in memory takes a [`Place`] before it is read; there are few.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::PictureError;
use crate::{error::AppError, rush::Patience, threads::PICTURES};

/// Pictures that are in memory at the same time, being read, waiting or worked on.
pub const PLACES: usize = 12;

static TURN: Semaphore = Semaphore::const_new(1);

/// The rooms of one server.
pub struct Places(Arc<Semaphore>);

impl Default for Places {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(PLACES)))
    }
}

impl Places {
    /// Takes one, or says that there is none: 503. Before the picture is read.
    pub fn take(&self) -> Result<Place, AppError> {
        let room = self.0.clone().try_acquire_owned().map_err(|_| AppError::Full {
            cause: format!("{PLACES} pictures are being read or wait to be worked on"),
        })?;
        Ok(Place { _room: room })
    }
}

/// Room for one picture in memory, until it is dropped.
#[derive(Debug)]
pub struct Place {
    _room: OwnedSemaphorePermit,
}

impl Place {
    /// Does the work that the place was taken for.
    pub async fn work<T: Send + 'static>(
        self,
        work: impl FnOnce() -> Result<T, PictureError> + Send + 'static,
    ) -> Result<T, PictureError> {
        in_turn(move || {
            let _place = self;
            work()
        })
        .await
    }
}

/// Does work on pictures that are not in memory yet, away from the workers, one after another.
pub async fn in_turn<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PictureError> + Send + 'static,
) -> Result<T, PictureError> {
    let interrupted = |error: &dyn std::error::Error| PictureError::Interrupted(error.to_string());
    // All who wait for a rush wait for it together, and not one after another.
    let patience = Patience::begin();
    patience.wait().await;
    // Whoever gives up while they wait for their turn leaves no work behind; what has begun goes on, and the next waits for it in
    // the thread.
    let _turn = TURN.acquire().await.map_err(|error| interrupted(&error))?;
    patience.wait().await;
    PICTURES.run(work).await.map_err(|error| interrupted(&error))?
}
