//! Who may write a file now.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use shared::ids::UserId;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use crate::{
    error::AppError,
    web::{
        Asking,
        turns::{Bounds, OwnTurn, Turns},
    },
};

/// Files that are written at the same time: each takes a core and a connection to the database.
const WORKING: usize = 2;
/// Requests that write or wait for their turn; the next one is told to come back later.
const ADMITTED: usize = 12;
/// Of one person: one after another, so that nobody takes the turns of all. What waits for that is not admitted yet.
const OWN: Bounds = Bounds { what: "exports", at_once: 1, waiting: 5, patience: Duration::from_mins(5) };
/// How long one may take once it is its turn: others wait, and the database keeps what changes meanwhile twice.
const LONGEST: Duration = Duration::from_mins(10);

/// The turns of one server.
pub struct Exports {
    working: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
    own: Turns,
    /// In milliseconds.
    longest: AtomicU64,
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    ends: Instant,
    _working: OwnedSemaphorePermit,
    _admitted: OwnedSemaphorePermit,
    _own: OwnTurn,
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

impl Default for Exports {
    fn default() -> Self {
        Self {
            working: Arc::new(Semaphore::new(WORKING)),
            admitted: Arc::new(Semaphore::new(ADMITTED)),
            own: Turns::new(OWN),
            longest: AtomicU64::new(u64::try_from(LONGEST.as_millis()).unwrap_or(u64::MAX)),
        }
    }
}

impl Exports {
    /// Waits for a turn, for as long as the client does: in the person's own line, then in that of all. Too many of theirs:
    /// 429; of all: 503.
    pub async fn turn(&self, person: UserId, asking: &Asking) -> Result<Turn, AppError> {
        let own = self.own.take(person, asking).await?;
        let admitted = self
            .admitted
            .clone()
            .try_acquire_owned()
            .map_err(|_| AppError::Full { cause: format!("{ADMITTED} exports are being written or wait to be") })?;
        tokio::select! {
            working = self.working.clone().acquire_owned() => Ok(Turn {
                ends: Instant::now() + Duration::from_millis(self.longest.load(Ordering::Relaxed)),
                _working: working.map_err(AppError::internal)?,
                _admitted: admitted,
                _own: own,
            }),
            () = asking.left() => Err(Asking::gone()),
        }
    }

    /// How many of a person are written or wait, in their own line too.
    pub fn of(&self, person: UserId) -> usize {
        self.own.of(person)
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
