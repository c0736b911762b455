//! Threads of their own for work that comes in many at once.
//!
//! The runtime starts a thread for each piece of work that finds none free, up to hundreds, and what a thread has allocated and
//! freed stays with it for a while (mimalloc keeps pages by thread): fifty uploads at once had 140 threads, and eight
//! photographs, decoded one after another, took 160 MB in as many. What waits here waits for a few. When the program ends they end
//! where they are: what they leave in the spool or the storage is swept.

use std::{io, sync::LazyLock, time::Duration};

use thiserror::Error;
use tokio::runtime::{Builder, Runtime};

/// How long one without work stays, and keeps what it has allocated.
const STAYS: Duration = Duration::from_secs(2);

/// Work was not done, or broke off.
#[derive(Debug, Error)]
#[error("the work of a thread: {0}")]
pub struct Undone(String);

/// A few threads, started when there is work for them.
pub struct Threads(LazyLock<io::Result<Runtime>>);

/// Works on pictures, one at a time: decoding one takes up to [`crate::images::MAX_DECODED`] bytes, and the next one takes the
/// same.
pub static PICTURES: Threads = Threads(LazyLock::new(|| start("pictures", 1)));

/// Writes files that arrive to the disk, piece by piece.
pub static WRITING: Threads = Threads(LazyLock::new(|| start("writing", 4)));

/// Looks into files that have arrived: an archive takes up to half a minute. Apart, so that those still coming do not wait for it.
pub static EXAMINING: Threads = Threads(LazyLock::new(|| start("examining", 2)));

/// Keeps files: waits until the disk has them, which takes long for a large one.
pub static KEEPING: Threads = Threads(LazyLock::new(|| start("keeping", 4)));

fn start(name: &str, most: usize) -> io::Result<Runtime> {
    Builder::new_current_thread().thread_name(name).max_blocking_threads(most).thread_keep_alive(STAYS).build()
}

impl Threads {
    /// Does work there, when it is its turn. What has begun goes on to its end, whether or not anybody waits for it.
    ///
    /// # Errors
    /// The work panicked.
    ///
    /// # Panics
    /// The system starts no thread. Then the next work starts one.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Undone> {
        let runtime = self.0.as_ref().map_err(|error| Undone(error.to_string()))?;
        runtime.spawn_blocking(work).await.map_err(|error| Undone(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[actix_web::test]
    async fn all_work_on_pictures_is_done_by_one_thread() {
        let one = || thread::current().id();
        let (first, second) = futures_util::join!(PICTURES.run(one), PICTURES.run(one));
        assert_eq!(first.unwrap(), second.unwrap());
    }

    #[actix_web::test]
    async fn work_on_files_waits_for_a_few_threads() {
        let all = futures_util::future::join_all((0..100).map(|_| {
            WRITING.run(|| {
                thread::sleep(Duration::from_millis(1));
                thread::current().id()
            })
        }));
        let used: std::collections::HashSet<_> = all.await.into_iter().map(Result::unwrap).collect();
        assert!((2..=4).contains(&used.len()), "{}", used.len());
    }

    #[actix_web::test]
    async fn work_that_panics_is_told_and_the_next_is_done() {
        let broken: Result<(), Undone> = PICTURES.run(|| panic!("a decoder")).await;
        assert!(broken.is_err());
        assert_eq!(PICTURES.run(|| 7).await.unwrap(), 7);
    }
}
