//! Password hashing: Argon2id with OWASP's parameters (19 MiB, 2 passes), off the worker threads and bounded in number.

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicUsize, Ordering},
};

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use shared::{password::broken_rules_with_guesses, problem::FieldCode};
use tokio::sync::Semaphore;

use crate::error::AppError;

/// How many may wait for their turn; the next one is told to come back. At 30 ms each this is about two seconds' worth.
const QUEUE: usize = 64;

/// Compared against when there is no account, so that the answer takes as long as for one that exists.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody's password").unwrap_or_default());

/// Hashes and compares, a few at a time.
pub struct Passwords {
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

impl Passwords {
    /// At most half the cores hash at once, so that a flood of logins leaves the others to everyone else.
    pub fn new(cores: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new((cores / 2).max(1))), waiting: Arc::default() }
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
        let turn = self.turns.clone().acquire_owned().await.map_err(AppError::internal)?;
        tokio::task::spawn_blocking(move || {
            let (_place, _turn) = (place, turn);
            work()
        })
        .await
        .map_err(AppError::internal)
    }
}

/// A place in the queue, given back when dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(waiting: &Arc<AtomicUsize>) -> Result<Self, AppError> {
        let place = Self(waiting.clone());
        if waiting.fetch_add(1, Ordering::Relaxed) >= QUEUE {
            return Err(AppError::Unavailable { cause: "too many passwords are being hashed".to_owned() });
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
        let passwords = Passwords::new(2);
        let hash = passwords.hash("Grulla-lenta-42".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(passwords.verify("Grulla-lenta-42".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("grulla-lenta-42".to_owned(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("nobody's password".to_owned(), None).await.unwrap());
    }
}
