//! Who may write a file now.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{error::AppError, web::Asking};

/// Files that are written at the same time: each takes a core and a connection to the database.
const WORKING: usize = 2;
/// Requests that write or wait for their turn; the next one is told to come back later.
const ADMITTED: usize = 12;

/// The turns of one server.
pub struct Exports {
    working: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    _working: OwnedSemaphorePermit,
    _admitted: OwnedSemaphorePermit,
}

impl Default for Exports {
    fn default() -> Self {
        Self { working: Arc::new(Semaphore::new(WORKING)), admitted: Arc::new(Semaphore::new(ADMITTED)) }
    }
}

impl Exports {
    /// Waits for a turn, for as long as the client does. Too many that wait: 503.
    pub async fn turn(&self, asking: &Asking) -> Result<Turn, AppError> {
        let admitted = self.admitted.clone().try_acquire_owned().map_err(|_| AppError::Unavailable {
            cause: format!("{ADMITTED} exports are being written or wait to be"),
        })?;
        tokio::select! {
            working = self.working.clone().acquire_owned() => {
                Ok(Turn { _working: working.map_err(AppError::internal)?, _admitted: admitted })
            }
            () = asking.left() => Err(gone()),
        }
    }

    /// How many write or wait.
    pub fn under_way(&self) -> usize {
        ADMITTED.saturating_sub(self.admitted.available_permits())
    }

    /// Takes every turn there is, for as long as what is given back is kept; none when somebody has one.
    pub fn close(&self) -> Option<impl Sized + use<>> {
        self.working.clone().try_acquire_many_owned(u32::try_from(WORKING).ok()?).ok()
    }
}

/// What ends the work for a client that has hung up; nobody reads it.
pub fn gone() -> AppError {
    AppError::Unavailable { cause: "the client has left".to_owned() }
}
