//! Whether many files come in at the moment faster than they are written: pictures, which take much memory while they are
//! decoded, wait until it is over.
//!
//! A file that comes as fast as it is taken holds nearly a megabyte until it is whole: the room for what is read of the
//! network, for what is read of the form, for what is gathered for the disk. Fifty of them hold 40 MB, nearly twice that on
//! a busy machine, and a large picture that is decoded meanwhile up to 36 MB more. So it waits, for these are over soon;
//! slow ones hold little and nobody waits for them. It does not wait for ever, and files do not wait for it: where a picture
//! is being decoded already, or files keep coming for longer than it waits, both are held together.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, sleep};

/// So many at the same time are no rush.
const FEW: usize = 8;
/// A piece so large, in bytes, has gathered while the one before was written. Of a slow file they are as large as what the
/// network brings at once.
const GATHERED: usize = 48 * 1024;
/// A file of which nothing so large came for this long does not come fast any more.
const LAPSE: Duration = Duration::from_secs(2);
/// So long after a rush what was held may not be given back yet: mimalloc does so after a second.
const AFTER: Duration = Duration::from_millis(1200);
/// How long anybody waits.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often is looked whether it is over.
const OFTEN: Duration = Duration::from_millis(50);

static NOW: Mutex<Rush> = Mutex::new(Rush { fast: BTreeMap::new(), last: None });
static NEXT: AtomicU64 = AtomicU64::new(0);

/// How it stands.
#[derive(Debug)]
struct Rush {
    /// The files that come fast, and when the last large piece of each came.
    fast: BTreeMap<u64, Instant>,
    /// When they were more than a few last.
    last: Option<Instant>,
}

impl Rush {
    fn note(&mut self, file: u64, now: Instant) {
        self.fast.insert(file, now);
        self.fast.retain(|_, last| now.duration_since(*last) <= LAPSE);
        self.look(now);
    }

    fn forget(&mut self, file: u64, now: Instant) {
        self.look(now);
        self.fast.remove(&file);
    }

    fn look(&mut self, now: Instant) {
        if self.fast.len() > FEW {
            self.last = Some(now);
        }
    }

    fn is_on(&self, now: Instant) -> bool {
        self.last.is_some_and(|last| now.duration_since(last) <= AFTER)
    }
}

fn with<T>(act: impl FnOnce(&mut Rush) -> T) -> T {
    act(&mut NOW.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A file that comes in.
#[derive(Debug)]
pub struct Coming(u64);

impl Default for Coming {
    fn default() -> Self {
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl Coming {
    /// So many bytes of it came at once.
    pub fn bring(&self, bytes: usize) {
        if bytes >= GATHERED {
            with(|rush| rush.note(self.0, Instant::now()));
        }
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        with(|rush| rush.forget(self.0, Instant::now()));
    }
}

/// How long somebody waits for rushes, from when they began to.
#[derive(Debug, Clone, Copy)]
pub struct Patience(Instant);

impl Patience {
    /// From now on.
    pub fn begin() -> Self {
        Self(Instant::now() + PATIENCE)
    }

    /// Waits until there is no rush, or until it is at its end.
    pub async fn wait(self) {
        while Instant::now() < self.0 && with(|rush| rush.is_on(Instant::now())) {
            sleep(OFTEN).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANY: u64 = FEW as u64 + 1;

    fn rush_of(files: u64, now: Instant) -> Rush {
        let mut rush = Rush { fast: BTreeMap::new(), last: None };
        (0..files).for_each(|file| rush.note(file, now));
        rush
    }

    #[test]
    fn many_that_come_fast_are_a_rush_until_a_while_after() {
        let now = Instant::now();
        assert!(!rush_of(MANY - 1, now).is_on(now));
        let mut rush = rush_of(MANY, now);
        assert!(rush.is_on(now));
        let end = now + LAPSE;
        (0..MANY).for_each(|file| rush.forget(file, end));
        assert!(rush.is_on(end + AFTER));
        assert!(!rush.is_on(end + AFTER + OFTEN));
        assert!(rush.fast.is_empty());
    }

    #[test]
    fn what_stands_still_is_none() {
        let now = Instant::now();
        let mut rush = rush_of(MANY, now);
        // One alone goes on.
        let later = now + LAPSE + OFTEN;
        rush.note(0, later);
        assert_eq!(rush.fast.len(), 1);
        assert!(!rush.is_on(later));
    }

    #[actix_web::test]
    async fn small_pieces_are_none_and_nobody_waits_for_them() {
        let files: Vec<Coming> = (0..MANY).map(|_| Coming::default()).collect();
        for file in &files {
            file.bring(GATHERED - 1);
        }
        assert!(with(|rush| files.iter().all(|file| !rush.fast.contains_key(&file.0))));
    }
}
