//! Files that nobody knows of: left by a program that was killed, or by a storage that was away when they were to go.
//!
//! A file is kept first and entered then, so for a while every new one looks forgotten. An upload takes no longer than
//! [`upload::LONGEST`], so whatever is older than [`AGE`] and not entered never will be; its key is used by nobody else,
//! whichever process of the desk, and however often the same content is attached. So it can be deleted without a lock.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use tokio::time::Instant;

use super::{
    mark,
    rows::{FILES, THUMBNAILS, file_key},
    store, upload,
};
use crate::{db::now, error::AppError, state::State, storage::Listed};

/// How old a file must be before it may be forgotten, in hours.
const AGE_HOURS: i64 = 24;
/// How long after its start a program first looks: whoever started it with a wrong setting sees it before.
const FIRST: Duration = Duration::from_hours(1);
/// How often this is looked for.
const EVERY: Duration = Duration::from_hours(6);
/// How many keys the database is asked for at a time.
const BATCH: usize = 200;

const _: () = assert!(AGE_HOURS as u64 * 3600 > 4 * upload::LONGEST.as_secs());

/// Removes what is forgotten at this moment; tells how much. Of a storage that is another desk's nothing is.
pub async fn collect(state: &State, now: DateTime<Utc>) -> Result<usize, AppError> {
    let before = now - TimeDelta::hours(AGE_HOURS);
    let mut removed = state.storage.sweep_spool(before).await?;
    if !mark::is_ours(state).await? {
        tracing::warn!(
            "the files at STORAGE_URL belong to another desk, or to another database of this one: nothing is removed there"
        );
        return Ok(removed);
    }
    for folder in [FILES, THUMBNAILS] {
        let mut batches = state.storage.list(folder).chunks(BATCH);
        while let Some(batch) = batches.next().await {
            let batch = batch.into_iter().collect::<Result<Vec<Listed>, _>>()?;
            let old: Vec<String> =
                batch.into_iter().filter(|object| object.written_at < before).map(|object| object.key).collect();
            removed += forget(state, &old).await?;
        }
    }
    Ok(removed)
}

async fn forget(state: &State, keys: &[String]) -> Result<usize, AppError> {
    if keys.is_empty() {
        return Ok(0);
    }
    let files: Vec<String> = keys.iter().map(|key| file_key(key)).collect();
    let mut conn = state.db.read().await?;
    let known = store::known_keys(&mut conn, &files).await?;
    drop(conn);
    let mut removed = 0;
    for (key, _) in keys.iter().zip(&files).filter(|(_, file)| !known.contains(*file)) {
        state.storage.delete(key).await?;
        removed += 1;
    }
    Ok(removed)
}

/// Collects again and again, for as long as the program runs.
pub async fn forever(state: &State) {
    let mut every = tokio::time::interval_at(Instant::now() + FIRST, EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        match collect(state, now()).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "removed files that nobody needs"),
            Err(error) => {
                tracing::warn!(cause = error.cause().unwrap_or_default(), "could not collect forgotten files");
            }
        }
    }
}
