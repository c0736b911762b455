//! Who may write a file now.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use shared::ids::UserId;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use crate::{error::AppError, web::Asking};

/// Files that are written at the same time: each takes a core and a connection to the database.
const WORKING: usize = 2;
/// Requests that write or wait for their turn; the next one is told to come back later.
const ADMITTED: usize = 12;
/// How long one may take once it is its turn: others wait, and the database keeps what changes meanwhile twice.
const LONGEST: Duration = Duration::from_mins(10);

/// The turns of one server.
pub struct Exports {
    working: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
    /// Whose file is written or waits to be.
    people: Arc<Mutex<HashSet<UserId>>>,
    /// In milliseconds.
    longest: AtomicU64,
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    ends: Instant,
    _working: OwnedSemaphorePermit,
    _admitted: OwnedSemaphorePermit,
    _own: Own,
}

impl Turn {
    /// Refuses to go on when it has taken too long.
    pub fn goes_on(&self) -> Result<(), AppError> {
        if Instant::now() < self.ends {
            return Ok(());
        }
        Err(AppError::Unavailable { cause: "the export took too long".to_owned() })
    }
}

/// The one file of a person.
#[derive(Debug)]
struct Own {
    person: UserId,
    people: Arc<Mutex<HashSet<UserId>>>,
}

impl Drop for Own {
    fn drop(&mut self) {
        self.people.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.person);
    }
}

impl Default for Exports {
    fn default() -> Self {
        Self {
            working: Arc::new(Semaphore::new(WORKING)),
            admitted: Arc::new(Semaphore::new(ADMITTED)),
            people: Arc::default(),
            longest: AtomicU64::new(u64::try_from(LONGEST.as_millis()).unwrap_or(u64::MAX)),
        }
    }
}

impl Exports {
    /// Waits for a turn, for as long as the client does. Too many that wait, or another one of the same person: 503.
    pub async fn turn(&self, person: UserId, asking: &Asking) -> Result<Turn, AppError> {
        let own = self.own(person)?;
        let admitted = self.admitted.clone().try_acquire_owned().map_err(|_| AppError::Unavailable {
            cause: format!("{ADMITTED} exports are being written or wait to be"),
        })?;
        tokio::select! {
            working = self.working.clone().acquire_owned() => Ok(Turn {
                ends: Instant::now() + Duration::from_millis(self.longest.load(Ordering::Relaxed)),
                _working: working.map_err(AppError::internal)?,
                _admitted: admitted,
                _own: own,
            }),
            () = asking.left() => Err(gone()),
        }
    }

    fn own(&self, person: UserId) -> Result<Own, AppError> {
        let people = self.people.clone();
        if people.lock().unwrap_or_else(PoisonError::into_inner).insert(person) {
            return Ok(Own { person, people });
        }
        Err(AppError::Unavailable { cause: "another export of the same person is being written".to_owned() })
    }

    /// How many write or wait.
    pub fn under_way(&self) -> usize {
        ADMITTED.saturating_sub(self.admitted.available_permits())
    }

    /// Takes every turn there is, for as long as what is given back is kept; none when somebody has one.
    pub fn close(&self) -> Option<impl Sized + use<>> {
        self.working.clone().try_acquire_many_owned(u32::try_from(WORKING).ok()?).ok()
    }

    /// Lets those that begin from now on take no longer than this, in milliseconds.
    pub fn limit(&self, longest: u64) {
        self.longest.store(longest, Ordering::Relaxed);
    }
}

/// What ends the work for a client that has hung up; nobody reads it.
pub fn gone() -> AppError {
    AppError::Unavailable { cause: "the client has left".to_owned() }
}
