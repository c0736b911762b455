//! So many in any minute: a sliding window for each address or person.
//!
//! It remembers when each of the last ones came, and so is exact: a bucket that fills up again evenly, as in the [rate of
//! messages](super::message_rate) beside it, lets twice the number through in its first minute.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::error::AppError;

/// How far back it looks.
const MINUTE: Duration = Duration::from_mins(1);
/// How many addresses or people are remembered at most. Whoever has more addresses than that is held by no limit for each
/// of them, and must not be able to keep others out; so one for whom there is no place is let through, and not remembered.
const REMEMBERED: usize = 100_000;
/// How often room is made, at most, while there is no place: looking through all of them takes a while.
const SWEEP: Duration = Duration::from_secs(1);

/// What came lately, by address or person.
pub struct Windows<K> {
    /// How many in any minute; at least one.
    limit: usize,
    came: Mutex<Came<K>>,
}

struct Came<K> {
    /// When those came that still count, the oldest first.
    times: HashMap<K, VecDeque<Instant>>,
    /// When room was last made for want of it.
    swept: Option<Instant>,
}

impl<K: Hash + Eq> Windows<K> {
    /// So many in any minute.
    pub fn new(per_minute: u32) -> Self {
        let limit = usize::try_from(per_minute.max(1)).unwrap_or(usize::MAX);
        Self { limit, came: Mutex::new(Came { times: HashMap::new(), swept: None }) }
    }

    fn came(&self) -> MutexGuard<'_, Came<K>> {
        self.came.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one that comes now. When there were too many it is refused and not counted; how long to wait is until the
    /// oldest leaves.
    pub fn count(&self, key: K) -> Result<(), AppError> {
        self.count_at(key, Instant::now())
    }

    fn count_at(&self, key: K, now: Instant) -> Result<(), AppError> {
        let mut came = self.came();
        if came.times.len() >= REMEMBERED && !came.times.contains_key(&key) && !came.makes_room(now) {
            return Ok(());
        }
        let times = came.times.entry(key).or_default();
        forget_left(times, now);
        if times.len() < self.limit {
            times.push_back(now);
            return Ok(());
        }
        let oldest = times.front().copied().unwrap_or(now);
        let wait = MINUTE.saturating_sub(now.saturating_duration_since(oldest)) + Duration::from_nanos(999_999_999);
        Err(AppError::TooManyRequests { seconds: wait.as_secs() })
    }

    /// Lets go of those who have been quiet.
    pub fn forget_quiet(&self) {
        self.came().forget_quiet(Instant::now());
    }
}

impl<K: Hash + Eq> Came<K> {
    /// Whether there is a place now.
    fn makes_room(&mut self, now: Instant) -> bool {
        if self.swept.is_none_or(|swept| now.saturating_duration_since(swept) >= SWEEP) {
            self.swept = Some(now);
            self.forget_quiet(now);
        }
        self.times.len() < REMEMBERED
    }

    fn forget_quiet(&mut self, now: Instant) {
        self.times.retain(|_, times| {
            forget_left(times, now);
            !times.is_empty()
        });
        self.times.shrink_to(self.times.len() * 2);
    }
}

/// Those that came a minute ago have left.
fn forget_left(times: &mut VecDeque<Instant>, now: Instant) {
    let left = times.partition_point(|&time| now.saturating_duration_since(time) >= MINUTE);
    times.drain(..left);
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: u8 = 1;
    const LUIS: u8 = 2;

    fn seconds(windows: &Windows<u8>, now: Instant) -> u64 {
        match windows.count_at(ANA, now) {
            Err(AppError::TooManyRequests { seconds }) => seconds,
            other => panic!("it was not refused: {other:?}"),
        }
    }

    #[test]
    fn exactly_fifty_pass_and_the_next_when_the_oldest_has_left() {
        let (windows, began) = (Windows::new(50), Instant::now());
        let at = |milliseconds| began + Duration::from_millis(milliseconds);
        // One each second, and the fifty-first a moment later.
        for second in 0..50 {
            windows.count_at(ANA, at(second * 1000)).unwrap();
        }
        assert_eq!(seconds(&windows, at(49_001)), 11);
        assert_eq!(seconds(&windows, at(59_000)), 1);
        assert_eq!(seconds(&windows, at(59_999)), 1);
        windows.count_at(LUIS, at(49_001)).unwrap();
        // The first has left, and only the first.
        windows.count_at(ANA, at(60_000)).unwrap();
        assert_eq!(seconds(&windows, at(60_000)), 1);
        windows.count_at(ANA, at(61_000)).unwrap();
    }

    /// Somebody tries every 100 ms for five minutes, from three different beginnings.
    #[test]
    fn no_minute_lets_more_through_than_it_says() {
        for pause in [0, 17, 30] {
            let (windows, began) = (Windows::new(50), Instant::now());
            windows.count_at(ANA, began).unwrap();
            let tries = (0..3000).map(|n| began + Duration::from_secs(pause) + Duration::from_millis(n * 100));
            let passed: Vec<Instant> = tries.filter(|&now| windows.count_at(ANA, now).is_ok()).collect();
            assert!(passed.len() > 200, "only {} passed in five minutes", passed.len());
            for (n, &first) in passed.iter().enumerate() {
                let minute = passed[n..].iter().take_while(|&&time| time < first + MINUTE).count();
                assert!(minute <= 50, "{minute} passed in one minute");
            }
        }
    }

    #[test]
    fn what_is_refused_does_not_count() {
        let (windows, began) = (Windows::new(2), Instant::now());
        for _ in 0..2 {
            windows.count_at(ANA, began).unwrap();
        }
        for second in 0..60 {
            assert_eq!(seconds(&windows, began + Duration::from_secs(second)), 60 - second);
        }
        windows.count_at(ANA, began + MINUTE).unwrap();
    }

    #[test]
    fn who_was_quiet_takes_no_memory_and_a_crowd_keeps_nobody_out() {
        let (windows, began) = (Windows::new(1), Instant::now());
        for address in 0..REMEMBERED {
            windows.count_at(address, began).unwrap();
        }
        // There is no place for another one, who is let through as often as they come.
        let later = began + Duration::from_secs(30);
        for _ in 0..2 {
            windows.count_at(REMEMBERED, later).unwrap();
        }
        assert_eq!(windows.came().times.len(), REMEMBERED);
        assert!(windows.count_at(0, later).is_err(), "who was known is not any more");
        // As soon as the crowd is quiet there is.
        windows.count_at(REMEMBERED, began + MINUTE).unwrap();
        assert!(windows.count_at(REMEMBERED, began + MINUTE).is_err());
        assert_eq!(windows.came().times.len(), 1);
        windows.came().forget_quiet(began + MINUTE * 2);
        assert_eq!(windows.came().times.len(), 0);
    }
}
