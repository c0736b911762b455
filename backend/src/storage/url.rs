//! `STORAGE_URL`.

use std::path::{Path, PathBuf};

use thiserror::Error;
use url::Url;

/// Where the files that people attach are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageUrl {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket of S3, or of something that speaks like it.
    S3 {
        /// Its name.
        bucket: String,
        /// What every key begins with; may be empty.
        prefix: String,
    },
}

/// A setting that names no storage. Does not repeat what stands before an `@`: there may be a password in it.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("STORAGE_URL: `{0}` is neither file:FOLDER nor s3://BUCKET/PREFIX")]
pub struct StorageUrlError(String);

impl StorageUrl {
    /// Reads the setting.
    pub fn parse(text: &str) -> Result<Self, StorageUrlError> {
        let wrong =
            || StorageUrlError(text.rsplit_once('@').map_or_else(|| text.to_owned(), |(_, rest)| format!("…@{rest}")));
        if let Some(rest) = text.strip_prefix("file:") {
            // `file:data/files` is a path from here, `file:/var/files` and `file:///var/files` one from the root.
            let path = match rest.strip_prefix("//") {
                Some(path) if path.starts_with('/') => path,
                Some(_) => return Err(wrong()),
                None => rest,
            };
            return if path.is_empty() { Err(wrong()) } else { Ok(Self::Folder(PathBuf::from(path))) };
        }
        let url = Url::parse(text).map_err(|_| wrong())?;
        let bucket = url.host_str().filter(|bucket| !bucket.is_empty());
        let plain = url.query().is_none() && url.fragment().is_none() && url.port().is_none();
        match (url.scheme(), bucket) {
            ("s3", Some(bucket)) if plain && url.username().is_empty() => {
                Ok(Self::S3 { bucket: bucket.to_owned(), prefix: url.path().trim_matches('/').to_owned() })
            }
            _ => Err(wrong()),
        }
    }

    /// What is used unless the setting says otherwise.
    pub fn within(data_dir: &Path) -> Self {
        Self::Folder(data_dir.join("files"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders() {
        for (text, path) in
            [("file:data/files", "data/files"), ("file:/var/files", "/var/files"), ("file:///var/files", "/var/files")]
        {
            assert_eq!(StorageUrl::parse(text), Ok(StorageUrl::Folder(path.into())), "{text}");
        }
    }

    #[test]
    fn buckets() {
        for (text, prefix) in [("s3://desk", ""), ("s3://desk/", ""), ("s3://desk/a/b/", "a/b")] {
            let expected = StorageUrl::S3 { bucket: "desk".to_owned(), prefix: prefix.to_owned() };
            assert_eq!(StorageUrl::parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_names_no_storage_is_refused() {
        for text in [
            "",
            "file:",
            "file://host/x",
            "data/files",
            "s3://",
            "s3:///x",
            "s3://key:secret@b",
            "gs://b",
            "s3://b?x=1",
        ] {
            let error = StorageUrl::parse(text).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
