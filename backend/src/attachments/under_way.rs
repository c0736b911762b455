//! Uploads that are under way: each holds a connection, room on the disk and, for pictures, a place in a queue.

use std::{sync::Arc, time::Duration};

use shared::ids::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    error::AppError,
    web::{
        Asking,
        turns::{Bounds, OwnTurn, Turns},
    },
};

/// Of one person. Nothing is read of those that wait: such a connection holds what was read along with its head, some 100 kB,
/// and the client keeps the rest.
const OWN: Bounds = Bounds { what: "uploads", at_once: 8, waiting: 100, patience: Duration::from_mins(2) };
/// Of all, under way.
const OF_ALL: usize = 250;
/// Of all, under way or waiting.
const ADMITTED: usize = 1_500;

/// The uploads of one server.
pub struct Uploads {
    own: Turns,
    working: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

/// An upload that is under way, until it is dropped.
#[derive(Debug)]
pub struct UnderWay {
    _working: OwnedSemaphorePermit,
    _admitted: OwnedSemaphorePermit,
    _own: OwnTurn,
}

impl Default for Uploads {
    fn default() -> Self {
        Self {
            own: Turns::new(OWN),
            working: Arc::new(Semaphore::new(OF_ALL)),
            admitted: Arc::new(Semaphore::new(ADMITTED)),
        }
    }
}

impl Uploads {
    /// Begins one, when it is its turn among those of the person; nothing of it may be read before. When there are too many
    /// of theirs: 429; of all: 503.
    pub async fn begin(&self, person: UserId, asking: &Asking) -> Result<UnderWay, AppError> {
        let full = |most| AppError::Full { cause: format!("{most} uploads are under way or wait") };
        let admitted = self.admitted.clone().try_acquire_owned().map_err(|_| full(ADMITTED))?;
        let own = self.own.take(person, asking).await?;
        let working = self.working.clone().try_acquire_owned().map_err(|_| full(OF_ALL))?;
        Ok(UnderWay { _working: working, _admitted: admitted, _own: own })
    }

    /// How many of a person are under way or wait.
    pub fn of(&self, person: UserId) -> usize {
        self.own.of(person)
    }

    /// Lets those that come from now on wait no longer than this.
    pub fn wait_at_most(&self, patience: Duration) {
        self.own.wait_at_most(patience);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{HttpMessage, test::TestRequest};

    use super::*;

    #[tokio::test]
    async fn all_together_have_so_many() {
        let request = TestRequest::default().to_srv_request();
        let _present = Asking::watch(&request);
        let asking = request.request().extensions().get::<Asking>().cloned().unwrap();
        let uploads = Uploads::default();
        let mut under_way = Vec::new();
        for n in 0..OF_ALL {
            under_way.push(uploads.begin(UserId(i64::try_from(n).unwrap()), &asking).await.unwrap());
        }
        assert!(matches!(uploads.begin(UserId(-1), &asking).await, Err(AppError::Full { .. })));
        drop(under_way);
        assert!(uploads.begin(UserId(-1), &asking).await.is_ok());
    }
}
