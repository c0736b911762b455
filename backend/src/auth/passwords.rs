//! Password hashing: Argon2id with OWASP's parameters (19 MiB, 2 passes), on threads of its own that give way to all others.

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicUsize, Ordering},
};

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use shared::{password::broken_rules_with_guesses, problem::FieldCode};
use tokio::sync::oneshot;

use crate::error::AppError;

/// How many may wait for their turn; the next one is told to come back. At 30 ms each this is about two seconds' worth.
const QUEUE: usize = 64;

/// Compared against when there is no account, so that the answer takes as long as for one that exists.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody's password").unwrap_or_default());

/// Hashes and compares, a few at a time.
pub struct Passwords {
    threads: ThreadPool,
    waiting: Arc<AtomicUsize>,
}

impl Passwords {
    /// At most half the cores hash at once, and only when nobody else needs them, so that a flood of logins leaves the
    /// desk to those who work at it. Fails when the system gives no threads.
    pub fn new(cores: usize) -> Result<Self, ThreadPoolBuildError> {
        let threads = ThreadPoolBuilder::new()
            .num_threads((cores / 2).max(1))
            .thread_name(|nth| format!("passwords-{nth}"))
            .start_handler(|_| give_way())
            // Whoever waits for the answer is told; the others go on.
            .panic_handler(|_| {})
            .build()?;
        Ok(Self { threads, waiting: Arc::default() })
    }

    /// The hash to keep, in PHC string format.
    pub async fn hash(&self, password: String) -> Result<String, AppError> {
        self.in_turn(move || hash_now(&password)).await?
    }

    /// The rules a password breaks. Guessing takes as long as hashing, so it waits for its turn as well.
    pub async fn broken_rules(&self, password: String, about: Vec<String>) -> Result<Vec<FieldCode>, AppError> {
        self.in_turn(move || {
            let about: Vec<&str> = about.iter().map(String::as_str).collect();
            broken_rules_with_guesses(&password, &about)
        })
        .await
    }

    /// Whether a password is the one that was hashed. With no hash it takes the same time and is not.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, AppError> {
        self.in_turn(move || {
            let known = hash.as_deref().unwrap_or(&NOBODY);
            let same = Argon2::default().verify_password(password.as_bytes(), known).is_ok();
            same && hash.is_some()
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
        let place = Place::take(&self.waiting)?;
        let (answer, answered) = oneshot::channel();
        self.threads.spawn(move || {
            let place = place;
            let done = work();
            drop(place);
            // Whoever asked may have gone.
            let _ = answer.send(done);
        });
        answered.await.map_err(AppError::internal)
    }
}

/// Puts this thread behind all others that want to run. At nice 10 it still gets a tenth of a core that is never idle.
fn give_way() {
    // Elsewhere a priority is the whole process's.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 10) {
        tracing::warn!(%error, "passwords are hashed with the priority of requests");
    }
}

/// A place in the queue, given back when dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(waiting: &Arc<AtomicUsize>) -> Result<Self, AppError> {
        let place = Self(waiting.clone());
        if waiting.fetch_add(1, Ordering::Relaxed) >= QUEUE {
            return Err(AppError::Full { cause: "too many passwords are being hashed".to_owned() });
        }
        Ok(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn hash_now(password: &str) -> Result<String, AppError> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(AppError::internal)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_matches() {
        let passwords = Passwords::new(2).unwrap();
        let hash = passwords.hash("Grulla-lenta-42".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(passwords.verify("Grulla-lenta-42".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("grulla-lenta-42".to_owned(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("nobody's password".to_owned(), None).await.unwrap());
    }

    #[tokio::test]
    async fn what_panics_fails_alone() {
        let passwords = Passwords::new(2).unwrap();
        assert!(passwords.in_turn(|| panic!("a fault")).await.is_err());
        assert_eq!(passwords.in_turn(|| 1).await.unwrap(), 1);
        assert_eq!(passwords.waiting.load(Ordering::Relaxed), 0);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn hashing_gives_way_to_requests() {
        let own = || rustix::process::getpriority_process(Some(rustix::thread::gettid())).unwrap();
        let passwords = Passwords::new(2).unwrap();
        assert_eq!(passwords.in_turn(own).await.unwrap(), own() + 10);
    }
}
