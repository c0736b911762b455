//! A thread of their own for pictures.
//!
//! What a thread has allocated and freed stays with it for a while (mimalloc keeps pages by thread), and the runtime does each
//! piece of work in whichever thread is free: eight photographs, decoded one after another, took 160 MB in as many threads.

use std::{io, sync::LazyLock, time::Duration};

use thiserror::Error;
use tokio::runtime::{Builder, Runtime};

/// How long one without work stays, and keeps what it has allocated.
const STAYS: Duration = Duration::from_secs(2);

/// Work was not done, or broke off.
#[derive(Debug, Error)]
#[error("the work of a thread: {0}")]
pub struct Undone(String);

/// A thread, started when there is work for it.
pub struct Thread(LazyLock<io::Result<Runtime>>);

/// Works on pictures, one at a time: decoding one takes up to [`super::MAX_DECODED`] bytes, and the next one takes the
/// same.
pub static PICTURES: Thread = Thread(LazyLock::new(|| {
    Builder::new_current_thread().thread_name("pictures").max_blocking_threads(1).thread_keep_alive(STAYS).build()
}));

impl Thread {
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
    async fn work_that_panics_is_told_and_the_next_is_done() {
        let broken: Result<(), Undone> = PICTURES.run(|| panic!("a decoder")).await;
        assert!(broken.is_err());
        assert_eq!(PICTURES.run(|| 7).await.unwrap(), 7);
    }
}
