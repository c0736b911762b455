//! Whether the log is the one that was written: read from its start to its end, a few at a time, beside those who write.

use thiserror::Error;

use super::{chain::written, store};
use crate::db::{Db, DbError, dialect};

/// Events that are read at a time: a comment's old and new text in each, they stay below fifty megabytes.
const BATCH: i64 = 250;

/// A log that is as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intact {
    /// How many entries it has; the number of the last one.
    pub entries: i64,
    /// The hash of the last one; empty when there is none.
    pub hash: Vec<u8>,
}

/// What an operator noted of the log earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The entry's number.
    pub entry: i64,
    /// Its hash.
    pub hash: Vec<u8>,
}

/// Where a log stops being the one that was written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// An entry does not have the hash that follows from what it says and from those before it.
    #[error("entry {0} of the audit log was changed")]
    Changed(i64),
    /// An entry is not there.
    #[error("entry {0} of the audit log is missing")]
    Missing(i64),
    /// An entry was put where there can be none.
    #[error("entry {0} of the audit log was added")]
    Added(i64),
    /// The last entry is not the one that the program noted as the last.
    #[error("entry {0} of the audit log is not the one that was written last")]
    End(i64),
    /// What the program notes of the log's end is gone.
    #[error("entry 1 of the audit log cannot be trusted: where the log ends is not noted any more")]
    NoEnd,
    /// The log is marked as one that is older than the chain, and is chained: somebody wanted it chained anew.
    #[error("entry 1 of the audit log cannot be trusted: the log is marked as one to be chained")]
    Marked,
    /// The log is whole, but not the one that was noted.
    #[error("entry {} of the audit log is not the one whose hash was noted ({})", .0.entry, written(&.0.hash))]
    NotAsNoted(Noted),
}

/// Reads the whole log; names the first entry that is not as it was written.
pub async fn verify(db: &Db, noted: Option<&Noted>) -> Result<Result<Intact, Fault>, DbError> {
    let mut conn = db.read().await?;
    let Some((last, end)) = store::end(&mut conn).await? else { return Ok(Err(Fault::NoEnd)) };
    if dialect::is_log_end_disguised(&mut conn).await? {
        return Ok(Err(Fault::NoEnd));
    }
    let disguised = dialect::disguised_event(&mut conn).await?;
    let mut previous = Vec::new();
    let mut expected = 1;
    let mut after = i64::MIN;
    while expected <= last {
        let rows = store::after(&mut conn, after, BATCH).await?;
        if rows.is_empty() {
            return Ok(Err(Fault::Missing(expected)));
        }
        // What is appended meanwhile is for the next time.
        for row in rows.iter().take_while(|row| row.id <= last) {
            if row.id < expected {
                return Ok(Err(Fault::Added(row.id)));
            }
            if row.id > expected {
                return Ok(Err(Fault::Missing(expected)));
            }
            let hash = row.link().hash(&previous);
            // One that is disguised reads as it was written, and is not found by who looks for it.
            if row.hash != hash || disguised == Some(row.id) {
                return Ok(Err(Fault::Changed(row.id)));
            }
            if let Some(noted) = noted.filter(|noted| noted.entry == row.id && noted.hash != hash) {
                return Ok(Err(Fault::NotAsNoted(noted.clone())));
            }
            (previous, after, expected) = (hash, row.id, expected + 1);
        }
        if rows.last().is_some_and(|row| row.id > last) && expected <= last {
            return Ok(Err(Fault::Missing(expected)));
        }
    }
    if previous != end {
        return Ok(Err(Fault::End(last)));
    }
    if let Some(added) = store::beyond_the_end(&mut conn).await? {
        return Ok(Err(Fault::Added(added)));
    }
    if let Some(disguised) = disguised {
        return Ok(Err(Fault::Changed(disguised)));
    }
    if last > 0 && store::awaits_chain(&mut conn).await? {
        return Ok(Err(Fault::Marked));
    }
    if let Some(noted) = noted.filter(|noted| !(1..=last).contains(&noted.entry)) {
        return Ok(Err(Fault::NotAsNoted(noted.clone())));
    }
    Ok(Ok(Intact { entries: last, hash: previous }))
}

/// Chains the log of a desk that is older than the chain; whatever it says by then is what it will be held to. Only once:
/// the migration marks such a log, and the mark goes in the transaction that chains it. A log that lost its hashes later is
/// left as it is, and so is one that is marked and has hashes, which the migration never makes: both are for [`verify`] to say.
pub async fn chain_old_log(db: &Db) -> Result<(), DbError> {
    if !store::awaits_chain(&mut db.read().await?).await? {
        return Ok(());
    }
    db.write(async |conn| {
        let (last, end) = dialect::lock_log(conn).await?;
        // Another process may have been quicker; from here on there is no other.
        if !store::awaits_chain(conn).await? || !end.is_empty() || store::has_hashes(conn).await? {
            return Ok(());
        }
        let (mut previous, mut after) = (Vec::new(), i64::MIN);
        loop {
            let rows = store::after(conn, after, BATCH).await?;
            if rows.is_empty() {
                store::set_end(conn, last, &previous).await?;
                return store::set_chained(conn).await;
            }
            for row in rows {
                previous = row.link().hash(&previous);
                after = row.id;
                store::set_hash(conn, row.id, &previous).await?;
            }
        }
    })
    .await
}
