//! The turns of each person: so many of their requests are worked on at once, and so many more wait in line for theirs.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use shared::ids::UserId;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::sleep,
};

use super::Asking;
use crate::error::AppError;

/// When somebody who was not admitted may come back, in seconds.
const COME_BACK: u64 = 10;

/// What bounds a person.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// What they have too many of, in words, for the answer and the log.
    pub what: &'static str,
    /// How many are worked on at once.
    pub at_once: usize,
    /// How many more may wait.
    pub waiting: usize,
    /// How long each may wait.
    pub patience: Duration,
}

/// The turns of every person, in the order in which they came.
pub struct Turns {
    bounds: Bounds,
    /// In milliseconds.
    patience: AtomicU64,
    people: Arc<Mutex<HashMap<UserId, Line>>>,
}

/// What one person has here.
struct Line {
    /// Those that are worked on or wait.
    here: usize,
    turns: Arc<Semaphore>,
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub struct OwnTurn {
    // Given back before the line may go, so that no new line begins beside it.
    _turn: OwnedSemaphorePermit,
    _place: Place,
}

/// A place among those of a person that are worked on or wait.
struct Place {
    person: UserId,
    people: Arc<Mutex<HashMap<UserId, Line>>>,
}

impl Turns {
    /// Nobody is here yet.
    pub fn new(bounds: Bounds) -> Self {
        let turns = Self { bounds, patience: AtomicU64::default(), people: Arc::default() };
        turns.wait_at_most(bounds.patience);
        turns
    }

    /// Waits for a turn, for as long as the client does and up to a bound. When too many wait already, or it takes too long:
    /// 429.
    pub async fn take(&self, person: UserId, asking: &Asking) -> Result<OwnTurn, AppError> {
        let (place, turns) = self.enter(person)?;
        tokio::select! {
            biased;
            () = asking.left() => Err(Asking::gone()),
            turn = turns.acquire_owned() => Ok(OwnTurn { _turn: turn.map_err(AppError::internal)?, _place: place }),
            () = sleep(Duration::from_millis(self.patience.load(Ordering::Relaxed))) => {
                Err(self.too_many(person, "one has waited for too long"))
            }
        }
    }

    fn enter(&self, person: UserId) -> Result<(Place, Arc<Semaphore>), AppError> {
        let Bounds { at_once, waiting, .. } = self.bounds;
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        let line = people.entry(person).or_insert_with(|| Line { here: 0, turns: Arc::new(Semaphore::new(at_once)) });
        if line.here >= at_once + waiting {
            return Err(self.too_many(person, "no more may wait"));
        }
        line.here += 1;
        Ok((Place { person, people: self.people.clone() }, line.turns.clone()))
    }

    /// Nothing is wrong with the server, so it is no error in its log.
    fn too_many(&self, person: UserId, why: &'static str) -> AppError {
        let what = self.bounds.what;
        tracing::info!(person = person.0, what, why, "too many at once");
        AppError::TooManyAtOnce { what, seconds: COME_BACK }
    }

    /// How many of a person are worked on or wait.
    pub fn of(&self, person: UserId) -> usize {
        self.people.lock().unwrap_or_else(PoisonError::into_inner).get(&person).map_or(0, |line| line.here)
    }

    /// Lets those that come from now on wait no longer than this.
    pub fn wait_at_most(&self, patience: Duration) {
        self.patience.store(u64::try_from(patience.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Place").field("person", &self.person).finish_non_exhaustive()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = people.get_mut(&self.person) {
            line.here -= 1;
            if line.here == 0 {
                people.remove(&self.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{HttpMessage, test::TestRequest};
    use tokio::join;

    use super::*;

    const ANA: UserId = UserId(1);
    const LUIS: UserId = UserId(2);

    fn turns(patience: Duration) -> Turns {
        Turns::new(Bounds { what: "things", at_once: 2, waiting: 1, patience })
    }

    /// Somebody who asks, until the other one is dropped.
    fn somebody() -> (Asking, crate::web::Present) {
        let request = TestRequest::default().to_srv_request();
        let present = Asking::watch(&request);
        let asking = request.request().extensions().get::<Asking>().cloned().unwrap();
        (asking, present)
    }

    fn is_too_many(refused: &Result<OwnTurn, AppError>) -> bool {
        matches!(refused, Err(AppError::TooManyAtOnce { what: "things", seconds: COME_BACK }))
    }

    #[tokio::test]
    async fn one_more_waits_and_the_next_is_told_to_come_back() {
        let turns = turns(Duration::from_mins(1));
        let (asking, _present) = somebody();
        let first = turns.take(ANA, &asking).await.unwrap();
        let second = turns.take(ANA, &asking).await.unwrap();
        let (third, ()) = join!(turns.take(ANA, &asking), async {
            assert_eq!(turns.of(ANA), 3);
            assert!(is_too_many(&turns.take(ANA, &asking).await));
            // Another person has their own.
            assert!(turns.take(LUIS, &asking).await.is_ok());
            drop(first);
        });
        drop((second, third.unwrap()));
        assert!(turns.people.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn who_leaves_or_waits_for_too_long_waits_no_more() {
        let turns = turns(Duration::from_millis(20));
        let (asking, _present) = somebody();
        let both = (turns.take(ANA, &asking).await.unwrap(), turns.take(ANA, &asking).await.unwrap());
        assert!(is_too_many(&turns.take(ANA, &asking).await));
        turns.wait_at_most(Duration::from_mins(1));
        let (other, present) = somebody();
        let (gone, ()) = join!(turns.take(ANA, &other), async {
            assert_eq!(turns.of(ANA), 3);
            drop(present);
        });
        assert!(matches!(gone, Err(AppError::Unavailable { .. })));
        assert_eq!(turns.of(ANA), 2);
        drop(both);
        assert_eq!(turns.of(ANA), 0);
    }
}
