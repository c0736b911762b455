//! Whose files a storage holds: the desk's mark is in its database and beside its files.
//!
//! A program that was started with another database, or an empty one, knows of none of the files, and must not take them
//! for forgotten.

use futures_util::StreamExt;

use super::{rows::FILES, store};
use crate::{error::AppError, state::State, storage::Listed};

/// Under which key the mark is.
pub const KEY: &str = "desk";
/// How many files are looked at in a storage without a mark.
const LOOKED_AT: usize = 200;

/// Whether the storage is this desk's. One without a mark is when there is nothing in it, or something that this desk
/// knows; then it is marked.
pub async fn is_ours(state: &State) -> Result<bool, AppError> {
    let mut conn = state.db.read().await?;
    let ours = store::desk_mark(&mut conn).await?;
    drop(conn);
    if let Some(theirs) = state.storage.small(KEY).await? {
        return Ok(theirs == ours.as_bytes());
    }
    let first: Vec<_> = state.storage.list(FILES).take(LOOKED_AT).collect().await;
    let keys: Vec<String> =
        first.into_iter().map(|object| object.map(|Listed { key, .. }| key)).collect::<Result<_, _>>()?;
    if !keys.is_empty() {
        let mut conn = state.db.read().await?;
        if store::known_keys(&mut conn, &keys).await?.is_empty() {
            return Ok(false);
        }
    }
    state.storage.put(KEY, ours.into_bytes()).await?;
    Ok(true)
}
