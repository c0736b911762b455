//! Where what people attach is kept: a folder, or a bucket of S3.
//!
//! A file first arrives in a folder of this machine (the spool), at the pace of whoever sends it; there it is examined.
//! Only then it is kept: moved to its place in the folder, or sent to the bucket, a few at a time, since a part of an
//! upload to S3 is held in memory. Keys are never used twice, so whatever nobody knows of can be deleted at any time.

mod reach;
mod url;

use std::{
    fs, io,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use actix_web::web::{Bytes, block};
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    Error as ObjectError, GetOptions, GetResult, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
    aws::AmazonS3Builder, local::LocalFileSystem, path::Path as Key, prefix::PrefixStore,
};
use tempfile::NamedTempFile;
use thiserror::Error;
use tokio::{io::AsyncReadExt, sync::Semaphore};

pub use self::url::{StorageUrl, StorageUrlError};
use crate::threads::KEEPING;

/// The parts of an upload to S3, in bytes: the smallest it takes.
const PART: usize = 5 * 1024 * 1024;
/// How many files are sent to S3 at the same time; each holds a part in memory.
const SENDING: usize = 4;
/// How long S3 may take to show that it is there when the program starts.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the storage did not do.
#[derive(Debug, Error)]
pub enum StorageError {
    /// There is nothing under that key.
    #[error("the storage has nothing under {0}")]
    Missing(String),
    /// It is full, away, or forbids it.
    #[error("the storage failed: {0}")]
    Unavailable(String),
}

impl From<ObjectError> for StorageError {
    fn from(error: ObjectError) -> Self {
        match error {
            ObjectError::NotFound { path, .. } => Self::Missing(path),
            error => Self::Unavailable(one_line(&error)),
        }
    }
}

impl From<io::Error> for StorageError {
    fn from(error: io::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// Why there is no storage to start with.
#[derive(Debug, Error)]
#[error("STORAGE_URL: {place}: {cause}")]
pub struct OpenError {
    place: String,
    cause: String,
}

/// The storage.
pub struct Storage {
    objects: Arc<dyn ObjectStore>,
    /// The folder the objects are in; none when they are in a bucket.
    folder: Option<PathBuf>,
    spool: PathBuf,
    sending: Semaphore,
}

/// What is under a key.
pub struct Whole {
    /// How large, in bytes.
    pub size: u64,
    /// Its bytes, piece by piece.
    pub bytes: BoxStream<'static, Result<Bytes, StorageError>>,
}

/// An object of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

impl Storage {
    /// Opens the storage and tries it, so that a wrong setting is known before anybody attaches something. `spool` is
    /// where files arrive that go to a bucket; those that stay on this machine arrive beside their place.
    pub async fn open(url: &StorageUrl, spool: &Path) -> Result<Self, OpenError> {
        match url {
            StorageUrl::Folder(folder) => Self::folder(folder)
                .map_err(|error| OpenError { place: folder.display().to_string(), cause: error.to_string() }),
            StorageUrl::S3 { bucket, prefix } => {
                let failed = |cause: String| OpenError { place: format!("bucket {bucket}"), cause };
                make_private_folder(spool)
                    .map_err(|error| OpenError { place: spool.display().to_string(), cause: error.to_string() })?;
                let storage = Self::bucket(bucket, prefix, spool).map_err(|error| failed(one_line(&error)))?;
                let first = async { storage.objects.list(None).next().await.transpose() };
                match tokio::time::timeout(PATIENCE, first).await {
                    Ok(Ok(_)) => Ok(storage),
                    Ok(Err(error)) => Err(failed(one_line(&error))),
                    Err(_) => Err(failed(format!("no answer within {} s", PATIENCE.as_secs()))),
                }
            }
        }
    }

    fn folder(folder: &Path) -> Result<Self, StorageError> {
        let spool = folder.join("arriving");
        make_private_folder(folder)?;
        make_private_folder(&spool)?;
        // A folder that cannot be written to is known now.
        drop(NamedTempFile::new_in(&spool)?);
        let folder = fs::canonicalize(folder)?;
        Ok(Self {
            objects: Arc::new(LocalFileSystem::new_with_prefix(&folder)?),
            spool: folder.join("arriving"),
            folder: Some(folder),
            sending: Semaphore::new(SENDING),
        })
    }

    fn bucket(bucket: &str, prefix: &str, spool: &Path) -> Result<Self, ObjectError> {
        let retry = RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(30), ..RetryConfig::default() };
        let bucket = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(retry).build()?;
        Ok(Self {
            objects: Arc::new(PrefixStore::new(bucket, prefix)),
            folder: None,
            spool: spool.to_owned(),
            sending: Semaphore::new(SENDING),
        })
    }

    /// A file for what arrives, gone as soon as it is dropped. Works on the disk: call it away from the workers.
    pub fn arriving(spool: &Path) -> io::Result<NamedTempFile> {
        NamedTempFile::new_in(spool)
    }

    /// Where files arrive.
    pub fn spool(&self) -> &Path {
        &self.spool
    }

    /// Keeps a file that has arrived under a key that nothing has had before. When this returns it is on the disk, or S3
    /// has confirmed it.
    pub async fn keep(&self, file: NamedTempFile, key: &str) -> Result<(), StorageError> {
        let Some(folder) = &self.folder else { return self.send(file, key).await };
        let (folder, place) = (folder.clone(), folder.join(key));
        KEEPING
            .run(move || {
                file.as_file().sync_all()?;
                let within = place.parent().unwrap_or(&folder);
                make_private_folder(within)?;
                file.persist(&place).map_err(|error| error.error)?;
                // The names too must outlast a loss of power, up to the folder that was there before.
                for part in within.ancestors().take_while(|part| part.starts_with(&folder)) {
                    fs::File::open(part)?.sync_all()?;
                }
                Ok::<_, io::Error>(())
            })
            .await
            .map_err(|error| StorageError::Unavailable(error.to_string()))?
            .map_err(StorageError::from)
    }

    async fn send(&self, file: NamedTempFile, key: &str) -> Result<(), StorageError> {
        let _turn = self.sending.acquire().await.map_err(|error| StorageError::Unavailable(error.to_string()))?;
        let mut source = tokio::fs::File::open(file.path()).await?;
        let key = Key::from(key);
        let first = part_of(&mut source).await?;
        if first.len() < PART {
            self.objects.put(&key, first.into()).await?;
            return Ok(());
        }
        let mut upload = self.objects.put_multipart(&key).await?;
        let sent = async {
            let mut part = first;
            while !part.is_empty() {
                upload.put_part(PutPayload::from(part)).await?;
                part = part_of(&mut source).await?;
            }
            upload.complete().await?;
            Ok(())
        };
        let sent = sent.await;
        if sent.is_err()
            && let Err(error) = upload.abort().await
        {
            tracing::warn!(%error, "could not break off an upload to the storage");
        }
        sent
    }

    /// Writes a small object under a key that nothing has had before.
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<(), StorageError> {
        self.objects.put(&Key::from(key), bytes.into()).await?;
        Ok(())
    }

    /// Reads a part of an object, piece by piece.
    pub async fn read(
        &self,
        key: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, StorageError>>, StorageError> {
        // A range of nothing is none.
        let options = GetOptions { range: (!range.is_empty()).then(|| range.into()), ..GetOptions::default() };
        let found = self.objects.get_opts(&Key::from(key), options).await?;
        Ok(leaving(found))
    }

    /// Reads an object from its beginning to its end.
    pub async fn whole(&self, key: &str) -> Result<Whole, StorageError> {
        let found = self.objects.get_opts(&Key::from(key), GetOptions::default()).await?;
        Ok(Whole { size: found.meta.size, bytes: leaving(found) })
    }

    /// Whether there is something under a key.
    pub async fn has(&self, key: &str) -> Result<bool, StorageError> {
        match self.objects.head(&Key::from(key)).await {
            Ok(_) => Ok(true),
            Err(ObjectError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads a small object whole; none when there is none.
    pub async fn small(&self, key: &str) -> Result<Option<Bytes>, StorageError> {
        match self.objects.get_opts(&Key::from(key), GetOptions::default()).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(ObjectError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes an object; one that is not there is as good as deleted.
    pub async fn delete(&self, key: &str) -> Result<(), StorageError> {
        match self.objects.delete(&Key::from(key)).await {
            Ok(()) | Err(ObjectError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Every object whose key begins with a folder's name.
    pub fn list(&self, folder: &str) -> BoxStream<'static, Result<Listed, StorageError>> {
        let listed = self.objects.list(Some(&Key::from(folder)));
        listed
            .map_ok(|object| Listed { key: object.location.to_string(), written_at: object.last_modified })
            .map_err(StorageError::from)
            .boxed()
    }

    /// Removes what arrived before a moment and was never kept: a program that was killed leaves it.
    pub async fn sweep_spool(&self, before: DateTime<Utc>) -> Result<usize, StorageError> {
        let spool = self.spool.clone();
        let before = SystemTime::from(before);
        block(move || {
            let mut removed = 0;
            for entry in fs::read_dir(&spool)? {
                let entry = entry?;
                let written = entry.metadata().and_then(|metadata| metadata.modified());
                // Others come and go meanwhile.
                if written.is_ok_and(|written| written < before) && fs::remove_file(entry.path()).is_ok() {
                    removed += 1;
                }
            }
            Ok::<_, io::Error>(removed)
        })
        .await
        .map_err(|error| StorageError::Unavailable(error.to_string()))?
        .map_err(StorageError::from)
    }
}

/// The next part of a file; shorter than [`PART`] only at its end.
async fn part_of(source: &mut tokio::fs::File) -> io::Result<Vec<u8>> {
    let mut part = Vec::with_capacity(PART);
    source.take(PART as u64).read_to_end(&mut part).await?;
    Ok(part)
}

/// An object, piece by piece. Whoever gets it is told by no status when it breaks off, so the log is.
fn leaving(found: GetResult) -> BoxStream<'static, Result<Bytes, StorageError>> {
    let told = |error: &StorageError| tracing::error!(%error, "a file broke off on its way out");
    found.into_stream().map_err(StorageError::from).inspect_err(told).boxed()
}

/// A folder that only its owner may enter, with those above it that are missing. One that is there stays as it is.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// An error with its causes, on one line.
fn one_line(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
