//! Threads for work that would keep the workers waiting, few on purpose.
//!
//! Whatever a thread has allocated and freed stays with it for a while (mimalloc keeps pages by thread), and the runtime gives
//! every piece of blocking work a thread of its own when all others are busy: fifty uploads would be a hundred threads and
//! 30 MB of nothing, eight pictures in eight threads 160 MB.

use std::{io, sync::LazyLock, time::Duration};

use thiserror::Error;
use tokio::runtime::{Builder, Runtime};

/// How long one without work stays, and keeps what it has allocated.
const STAYS: Duration = Duration::from_secs(2);

/// Work was not done, or broke off.
#[derive(Debug, Error)]
#[error("the work of a thread: {0}")]
pub struct Undone(String);

/// Some threads, started when there is work for them.
pub struct Threads(LazyLock<io::Result<Runtime>>);

/// Reads and writes files as they come in and are kept. A write that waits holds what it is to write; these many are enough
/// for a disk to put their `fsync`s together.
pub static DISK: Threads = Threads(LazyLock::new(|| build("disk", 8)));

/// Works on pictures, one at a time: decoding one takes up to [`crate::images::MAX_DECODED`] bytes, and the next one takes the
/// same.
pub static PICTURES: Threads = Threads(LazyLock::new(|| build("pictures", 1)));

fn build(name: &str, count: usize) -> io::Result<Runtime> {
    Builder::new_current_thread().thread_name(name).max_blocking_threads(count).thread_keep_alive(STAYS).build()
}

impl Threads {
    /// Does work in one of them, when it is its turn. What has begun goes on to its end, whether or not anybody waits for it.
    ///
    /// # Errors
    /// The system gives no thread, or the work panicked.
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
    async fn work_that_panics_is_told_and_the_next_is_done() {
        let broken: Result<(), Undone> = PICTURES.run(|| panic!("a decoder")).await;
        assert!(broken.is_err());
        assert_eq!(PICTURES.run(|| 7).await.unwrap(), 7);
    }
}
