//! Whether many files come in at the moment faster than they are written: what works with much memory waits until it is over.
//!
//! A file that comes as fast as it is taken holds nearly a megabyte until it is whole: the room for what is read of the network,
//! for what is read of the form, for what is gathered for the disk. Fifty of them hold 40 MB, and a large photograph that is
//! decoded meanwhile 72 MB more. So it waits, for these are over soon; slow ones hold little and nobody waits for them.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep};

/// So many at the same time are no rush.
const FEW: usize = 8;
/// A piece so large, in bytes, has gathered while the one before was written. Of a slow file they are as large as what the
/// network brings at once.
const GATHERED: usize = 48 * 1024;
/// So long after it what was held may not be given back yet: mimalloc does so after a second.
const AFTER: Duration = Duration::from_millis(1200);
/// Nobody waits for one that lasts longer.
const LONGEST: Duration = Duration::from_secs(20);
/// How often is looked whether it is over.
const OFTEN: Duration = Duration::from_millis(50);

static NOW: Mutex<Rush> = Mutex::new(Rush { fast: 0, since: None, last: None });

/// How it stands.
#[derive(Debug)]
struct Rush {
    /// How many files come fast.
    fast: usize,
    /// When they became more than a few.
    since: Option<Instant>,
    /// When they were more than a few last.
    last: Option<Instant>,
}

impl Rush {
    fn join(&mut self, now: Instant) {
        self.fast = self.fast.saturating_add(1);
        if self.fast > FEW {
            self.since.get_or_insert(now);
        }
    }

    fn leave(&mut self, now: Instant) {
        if self.fast > FEW {
            self.last = Some(now);
        }
        self.fast = self.fast.saturating_sub(1);
        if self.fast <= FEW {
            self.since = None;
        }
    }

    fn is_awaited(&self, now: Instant) -> bool {
        match self.since {
            Some(since) => now.duration_since(since) <= LONGEST,
            None => self.last.is_some_and(|last| now.duration_since(last) <= AFTER),
        }
    }
}

fn with<T>(act: impl FnOnce(&mut Rush) -> T) -> T {
    act(&mut NOW.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A file that comes in.
#[derive(Debug, Default)]
pub struct Coming {
    is_fast: bool,
}

impl Coming {
    /// So many bytes of it came at once.
    pub fn bring(&mut self, bytes: usize) {
        if !self.is_fast && bytes >= GATHERED {
            self.is_fast = true;
            with(|rush| rush.join(Instant::now()));
        }
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        if self.is_fast {
            with(|rush| rush.leave(Instant::now()));
        }
    }
}

/// Waits until there is no rush any more, or for as long as anybody waits for one.
pub async fn over() {
    let patience = Instant::now() + LONGEST;
    while Instant::now() < patience && with(|rush| rush.is_awaited(Instant::now())) {
        sleep(OFTEN).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_that_come_fast_are_a_rush_until_a_while_after() {
        let now = Instant::now();
        let mut rush = Rush { fast: 0, since: None, last: None };
        (0..FEW).for_each(|_| rush.join(now));
        assert!(!rush.is_awaited(now));
        rush.join(now);
        assert!(rush.is_awaited(now));
        rush.leave(now);
        assert!(rush.is_awaited(now + AFTER));
        assert!(!rush.is_awaited(now + AFTER + OFTEN));
        // Few leave nothing behind.
        rush.leave(now + AFTER + OFTEN);
        assert!(!rush.is_awaited(now + AFTER + OFTEN));
    }

    #[test]
    fn nobody_waits_for_one_that_does_not_end() {
        let now = Instant::now();
        let mut rush = Rush { fast: 0, since: None, last: None };
        (0..=FEW).for_each(|_| rush.join(now));
        rush.join(now + LONGEST);
        assert!(rush.is_awaited(now + LONGEST));
        assert!(!rush.is_awaited(now + LONGEST + OFTEN));
    }

    #[test]
    fn a_file_is_fast_from_the_first_large_piece() {
        let mut file = Coming::default();
        file.bring(GATHERED - 1);
        assert!(!file.is_fast);
        file.bring(GATHERED);
        file.bring(1);
        assert!(file.is_fast);
    }
}
