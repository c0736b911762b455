//! Whether the storage is there, for whoever asks how the desk is.

use std::time::Duration;

use actix_web::web::block;
use futures_util::StreamExt;
use tempfile::NamedTempFile;

use super::Storage;

/// How long a bucket may take to answer: somebody looks at a page meanwhile.
const PATIENCE: Duration = Duration::from_secs(5);

impl Storage {
    /// Whether it would keep a file now: the folder can be written to, or the bucket answers.
    pub async fn is_reachable(&self) -> bool {
        if self.folder.is_some() {
            let spool = self.spool.clone();
            return matches!(block(move || NamedTempFile::new_in(spool).map(drop)).await, Ok(Ok(())));
        }
        let first = async { self.objects.list(None).next().await.transpose() };
        matches!(tokio::time::timeout(PATIENCE, first).await, Ok(Ok(_)))
    }
}
