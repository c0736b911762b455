//! Files on their way in: piece by piece to the disk, however large and however many at once.

use std::{collections::HashMap, io::Write, path::Path, time::Duration};

use actix_multipart::{self as form, Multipart, MultipartError};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use shared::{
    attachments::{self, MAX_FILES},
    ids::UserId,
    problem::FieldCode,
};
use tempfile::NamedTempFile;
use tokio::time::{Instant, timeout, timeout_at};

use super::{
    kinds::{self, Kind, Refusal},
    names,
    under_way::UnderWay,
};
use crate::{
    error::AppError,
    rush::Coming,
    state::State,
    storage::Storage,
    threads::{EXAMINING, Threads, WRITING},
    web::{Asking, disposition::Disposition, keep_until_answered},
};

/// How much is gathered before it is written, in bytes: for each upload that is under way this is held in memory. No piece is
/// larger, since no more is read of a form at a time.
const BATCH: usize = 64 * 1024;
/// How long nothing may come.
const SILENCE: Duration = Duration::from_mins(1);
/// How long the whole of an upload may take. [`super::collect`] counts on it.
pub const LONGEST: Duration = Duration::from_hours(2);
/// How long what comes after a refusal is read, so that the answer is.
const DRAIN: Duration = Duration::from_secs(10);

/// A field that is no file: its name, and its longest value in bytes.
pub type Field = (&'static str, usize);

/// A file that has arrived and is what its name says.
pub struct Arrived {
    /// The file, in the spool; it goes when this is dropped.
    pub file: NamedTempFile,
    /// Its name, cleaned.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// How large, in bytes.
    pub size: u64,
    /// SHA-256, in hexadecimal.
    pub hash: String,
}

/// What an upload brought.
pub struct Upload {
    /// The files, in their order; at least one.
    pub files: Vec<Arrived>,
    values: HashMap<&'static str, String>,
}

impl Upload {
    /// What stands in a field that is no file. Empty is none: forms send their fields whether or not anything is in them.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// Takes an upload of a person who may send it, with these fields beside its files, when it is its turn among theirs. Whoever
/// may not is told so before anything is read; what is refused later is read on within bounds, since a client that is still sending does not read its answer.
pub async fn take(
    state: &State,
    person: UserId,
    asking: &Asking,
    mut form: Multipart,
    fields: &[Field],
    may: impl Future<Output = Result<(), AppError>>,
) -> Result<(UnderWay, Upload), AppError> {
    let received = async {
        may.await?;
        let under_way = state.uploads.begin(person, asking).await?;
        Ok((under_way, receive(state, &mut form, fields).await?))
    };
    match received.await {
        // What is no form cannot be read on.
        Err(error @ (AppError::UnsupportedMediaType | AppError::MalformedBody(_))) => Err(error),
        // What does not come is not read on either.
        Err(AppError::TooSlow) => {
            keep_until_answered(form);
            Err(AppError::TooSlow)
        }
        Err(error) => {
            drain(state, &mut form).await;
            Err(error)
        }
        received => received,
    }
}

/// Reads an upload. Files that are refused, and all others of an upload that is, are gone when this returns.
async fn receive(state: &State, form: &mut Multipart, fields: &[Field]) -> Result<Upload, AppError> {
    let deadline = Instant::now() + LONGEST;
    timeout_at(deadline, read(state, form, fields)).await.map_err(|_| AppError::TooSlow)?
}

async fn read(state: &State, form: &mut Multipart, fields: &[Field]) -> Result<Upload, AppError> {
    let (mut files, mut values) = (Vec::new(), HashMap::new());
    while let Some(field) = in_time(form.next()).await? {
        let field = field.map_err(|error| form_error(&error))?;
        let Disposition { name, file_name } = Disposition::of(&field)?;
        if name == "file" {
            if files.len() == MAX_FILES {
                return Err(AppError::field("file", FieldCode::TooManyFiles));
            }
            files.push(arrive(state, field, file_name).await?);
        } else if let Some(&(name, most)) = fields.iter().find(|(known, _)| *known == name.as_str()) {
            values.insert(name, value(field, most).await?);
        } else {
            let name: String = name.chars().take(50).collect();
            return Err(AppError::MalformedBody(format!("There is no field `{name}`; send `file`.")));
        }
    }
    if files.is_empty() {
        return Err(AppError::field("file", FieldCode::Required));
    }
    Ok(Upload { files, values })
}

/// Reads what is left of an upload that was refused, within bounds: a client that is still sending does not read its answer.
async fn drain(state: &State, form: &mut Multipart) {
    let most = state.config.max_upload.saturating_mul(2);
    let rest = async {
        let mut read = 0;
        while let Some(Ok(mut field)) = form.next().await {
            while let Some(Ok(piece)) = field.next().await {
                read += piece.len() as u64;
                if read > most {
                    return;
                }
            }
        }
    };
    // Whether it came to its end or not, there is nothing more to do.
    let _ = timeout(DRAIN, rest).await;
}

/// One file.
async fn arrive(state: &State, mut field: form::Field, sent: Option<String>) -> Result<Arrived, AppError> {
    // A form whose file was not chosen sends an empty name.
    let sent = sent.filter(|name| !name.is_empty()).ok_or_else(|| AppError::field("file", FieldCode::Required))?;
    let name = names::clean(&sent);
    let extension = attachments::extension(&name)
        .filter(|extension| state.config.extensions.contains(extension))
        .ok_or_else(|| AppError::field("file", FieldCode::FileTypeNotAllowed))?;

    let spool = state.storage.spool().to_owned();
    let mut writing = on_disk(&WRITING, move || Writing::begin(&spool)).await?;
    // Copied, so that what is held is this and not the larger pieces that the network gives.
    let mut batch = Vec::with_capacity(BATCH);
    let coming = Coming::default();
    while let Some(piece) = in_time(field.next()).await? {
        let piece = piece.map_err(|error| form_error(&error))?;
        if writing.size + (batch.len() + piece.len()) as u64 > state.config.max_upload {
            return Err(AppError::FileTooLarge { limit: state.config.max_upload / crate::config::MEGABYTE });
        }
        coming.bring(piece.len());
        // Before it would have to grow.
        if batch.len() + piece.len() > BATCH {
            (writing, batch) = on_disk(&WRITING, move || {
                let writing = writing.add(&batch)?;
                batch.clear();
                Ok((writing, batch))
            })
            .await?;
        }
        batch.extend_from_slice(&piece);
    }
    let spool = state.storage.spool().to_owned();
    on_disk(&EXAMINING, move || writing.add(&batch)?.finish(name, &extension, &spool)).await
}

/// A file that is being written.
struct Writing {
    file: NamedTempFile,
    hash: Sha256,
    size: u64,
}

impl Writing {
    fn begin(spool: &Path) -> Result<Self, Refusal> {
        Ok(Self { file: Storage::arriving(spool)?, hash: Sha256::new(), size: 0 })
    }

    fn add(mut self, bytes: &[u8]) -> Result<Self, Refusal> {
        self.file.write_all(bytes)?;
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        Ok(self)
    }

    fn finish(mut self, name: String, extension: &str, spool: &Path) -> Result<Arrived, Refusal> {
        let kind = kinds::examine(self.file.as_file_mut(), self.size, extension, spool)?;
        let digest = self.hash.finalize();
        let hash = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        Ok(Arrived { file: self.file, name, kind, size: self.size, hash })
    }
}

/// Works on the disk, away from the workers.
async fn on_disk<T: Send + 'static>(
    threads: &Threads,
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, AppError> {
    threads.run(work).await.map_err(AppError::internal)?.map_err(|refusal| match refusal {
        Refusal::Field(code) => AppError::field("file", code),
        // A full disk, most likely; it may be emptied.
        Refusal::Io(error) => AppError::Unavailable { cause: format!("the spool: {error}") },
    })
}

/// The value of a field that is no file.
async fn value(mut field: form::Field, most: usize) -> Result<String, AppError> {
    let mut bytes = Vec::new();
    while let Some(piece) = in_time(field.next()).await? {
        bytes.extend_from_slice(&piece.map_err(|error| form_error(&error))?);
        if bytes.len() > most {
            return Err(AppError::MalformedBody("A field is too long.".to_owned()));
        }
    }
    String::from_utf8(bytes).map_err(|_| AppError::MalformedBody("A field is not UTF-8.".to_owned()))
}

async fn in_time<T>(coming: impl Future<Output = T>) -> Result<T, AppError> {
    timeout(SILENCE, coming).await.map_err(|_| AppError::TooSlow)
}

fn form_error(error: &MultipartError) -> AppError {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible => AppError::UnsupportedMediaType,
        error => AppError::MalformedBody(error.to_string()),
    }
}
