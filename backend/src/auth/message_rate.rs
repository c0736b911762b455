//! How many messages one person may write: as many at once as in a minute, and from there on as many a minute, evenly.
//!
//! What is asked before files are read, and again when their message is kept, must not count twice: so, other than in the
//! [limits](super::limits) beside it, one can look without counting.

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use shared::ids::UserId;

use crate::error::AppError;

/// As much as this is let through at once.
const MINUTE: Duration = Duration::from_mins(1);

/// What people have written lately.
pub struct MessageRate {
    /// What one message costs.
    each: Duration,
    /// Until when what a person has written is not paid off.
    owed: Mutex<HashMap<UserId, Instant>>,
}

/// One message, which is counted once, however often the transaction is tried that keeps it.
#[derive(Debug, Default)]
pub struct Counted(AtomicBool);

impl MessageRate {
    /// So many a minute.
    pub fn new(per_minute: u32) -> Self {
        Self { each: MINUTE / per_minute.max(1), owed: Mutex::default() }
    }

    fn owed(&self) -> MutexGuard<'_, HashMap<UserId, Instant>> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses who has written too much, and counts nothing.
    pub fn look(&self, person: UserId) -> Result<(), AppError> {
        self.after(self.owed().get(&person).copied(), Instant::now()).map(drop)
    }

    /// Counts a message, unless it was counted before; refuses it when there were too many.
    pub fn count(&self, person: UserId, message: &Counted) -> Result<(), AppError> {
        if message.0.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.count_at(person, Instant::now())?;
        message.0.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn count_at(&self, person: UserId, now: Instant) -> Result<(), AppError> {
        let mut owed = self.owed();
        let after = self.after(owed.get(&person).copied(), now)?;
        owed.insert(person, after);
        Ok(())
    }

    /// Until when it is owed with one more message; refused when that is more than a minute away.
    fn after(&self, owed: Option<Instant>, now: Instant) -> Result<Instant, AppError> {
        let after = owed.map_or(now, |owed| owed.max(now)) + self.each;
        let over = after.saturating_duration_since(now).saturating_sub(MINUTE);
        if over.is_zero() {
            return Ok(after);
        }
        let whole = over + Duration::from_nanos(999_999_999);
        Err(AppError::TooManyRequests { seconds: whole.as_secs() })
    }

    /// Lets go of those who owe nothing.
    pub fn forget_quiet(&self) {
        let now = Instant::now();
        self.owed().retain(|_, owed| *owed > now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: UserId = UserId(1);

    #[test]
    fn sixty_at_once_and_then_one_each_second() {
        let (rate, began) = (MessageRate::new(60), Instant::now());
        assert!((0..60).all(|_| rate.count_at(ANA, began).is_ok()));
        assert!(matches!(rate.count_at(ANA, began), Err(AppError::TooManyRequests { seconds: 1 })));
        rate.count_at(UserId(2), began).unwrap();
        let later = began + Duration::from_secs(2);
        assert!((0..2).all(|_| rate.count_at(ANA, later).is_ok()));
        assert!(rate.count_at(ANA, later).is_err());
        // Who was quiet for a minute begins anew.
        let later = later + MINUTE;
        assert!((0..60).all(|_| rate.count_at(ANA, later).is_ok()));
        assert!(rate.count_at(ANA, later).is_err());
    }

    #[test]
    fn whoever_has_to_wait_is_told_for_how_long() {
        let (rate, began) = (MessageRate::new(2), Instant::now());
        assert!((0..2).all(|_| rate.count_at(ANA, began).is_ok()));
        assert!(matches!(rate.count_at(ANA, began), Err(AppError::TooManyRequests { seconds: 30 })));
        assert!(rate.count_at(ANA, began + Duration::from_secs(29)).is_err());
        rate.count_at(ANA, began + Duration::from_secs(30)).unwrap();
    }

    #[test]
    fn one_message_counts_once_and_a_look_not_at_all() {
        let (rate, message) = (MessageRate::new(1), Counted::default());
        for _ in 0..3 {
            rate.look(ANA).unwrap();
        }
        for _ in 0..3 {
            rate.count(ANA, &message).unwrap();
        }
        assert!(rate.look(ANA).is_err());
        assert!(rate.count(ANA, &Counted::default()).is_err());
    }
}
