//! The key that signs sessions when no setting says one: made at the first start, and kept in the data folder.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

use super::{ConfigError, SHORTEST_KEY, make_folder};
use crate::auth::secrets::random_text;

/// The key that the folder keeps, made when there is none. Only its owner may read it.
pub(super) fn kept_key(folder: &Path) -> Result<Vec<u8>, ConfigError> {
    make_folder(folder)?;
    let path = folder.join("secret_key");
    if let Some(key) = read(&path)? {
        return Ok(key);
    }
    let failed = |source| ConfigError::File { path: path.clone(), source };
    make(folder, &path).map_err(failed)?;
    // Not the one just made: another process may have been quicker, and all have to sign with the same.
    read(&path)?.ok_or_else(|| failed(io::ErrorKind::NotFound.into()))
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, ConfigError> {
    let failed = |source| ConfigError::File { path: path.to_owned(), source };
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut key = Vec::new();
    file.read_to_end(&mut key).map_err(failed)?;
    if key.len() < SHORTEST_KEY {
        return Err(ConfigError::ShortKeptKey(path.to_owned()));
    }
    #[cfg(unix)]
    keep_private(&file, path).map_err(failed)?;
    Ok(Some(key))
}

/// Whole or not at all, and never in place of one that is there.
fn make(folder: &Path, path: &Path) -> io::Result<()> {
    // Made for its owner alone.
    let mut file = tempfile::Builder::new().prefix(".secret_key-").tempfile_in(folder)?;
    file.write_all(random_text(48).as_bytes())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(failed) if failed.error.kind() != io::ErrorKind::AlreadyExists => Err(failed.error),
        _ => Ok(()),
    }
}

/// Takes from others what they may do with the key, and says so: whoever has read it can log in as anybody.
#[cfg(unix)]
fn keep_private(file: &File, path: &Path) -> io::Result<()> {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt};

    let mode = file.metadata()?.permissions().mode() & 0o777;
    if mode & 0o777 == mode & 0o700 {
        return Ok(());
    }
    let path = path.display();
    match file.set_permissions(Permissions::from_mode(0o600)) {
        Ok(()) => tracing::warn!(
            "{path}: others than its owner could use the key that signs sessions (mode {mode:03o}); now they cannot (600)"
        ),
        // It is somebody else's, or lies where nothing can be written; a group may be meant to read it.
        Err(error) => tracing::warn!(
            "{path}: others than its owner can use the key that signs sessions (mode {mode:03o}): {error}"
        ),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::Barrier};

    use super::*;

    #[test]
    fn the_key_is_made_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let key = kept_key(folder.path()).unwrap();
        assert!(key.len() >= SHORTEST_KEY);
        assert_eq!(kept_key(folder.path()).unwrap(), key);
        #[cfg(unix)]
        assert_eq!(mode(&folder.path().join("secret_key")), 0o600);
    }

    #[test]
    fn all_that_start_at_once_sign_with_the_same_key() {
        for _ in 0..20 {
            let (folder, start) = (tempfile::tempdir().unwrap(), Barrier::new(8));
            let keys: Vec<Vec<u8>> = std::thread::scope(|scope| {
                let started: Vec<_> = (0..8)
                    .map(|_| {
                        scope.spawn(|| {
                            start.wait();
                            kept_key(folder.path()).unwrap()
                        })
                    })
                    .collect();
                started.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert!(keys.iter().all(|key| *key == keys[0] && key.len() >= SHORTEST_KEY), "{keys:?}");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something else was left there");
        }
    }

    #[test]
    fn a_key_that_was_cut_short_is_refused_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret_key");
        for text in ["", "guessable"] {
            fs::write(&path, text).unwrap();
            let error = kept_key(folder.path()).unwrap_err().to_string();
            assert!(error.starts_with(&path.display().to_string()), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_read_is_closed_and_one_that_is_closer_stays() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret_key");
        let key = kept_key(folder.path()).unwrap();
        for (before, after) in [(0o666, 0o600), (0o640, 0o600), (0o601, 0o600), (0o400, 0o400)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(before)).unwrap();
            assert_eq!(kept_key(folder.path()).unwrap(), key);
            assert_eq!(mode(&path), after, "{before:o}");
        }
    }
}
