//! The program and what it runs on.

use shared::about::{About, AboutDatabase, AboutMail, AboutStorage, StorageKind};

use crate::{
    accounts, attachments, db::facts, error::AppError, events, mail, state::State, storage::StorageUrl, tickets,
};

/// As it is now.
pub async fn get(state: &State) -> Result<About, AppError> {
    let reachable = state.storage.is_reachable().await;
    let sending = mail::service::status(state).await?;
    let mut conn = state.db.read().await?;
    let (kind, version) = facts::kind_and_version(&mut conn).await?;
    let database = AboutDatabase {
        kind,
        version,
        bytes: facts::size(&mut conn).await?,
        schema_version: facts::schema_version(&mut conn).await?,
    };
    let (files, bytes) = attachments::kept(&mut conn).await?;
    let (kind, place) = place(&state.config.storage);
    Ok(About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: state.started_at,
        database,
        storage: AboutStorage { kind, place, files, bytes, reachable },
        mail: AboutMail { configured: sending.configured, queued: sending.queued, failed: sending.failed },
        tickets: tickets::service::count(&mut conn).await?,
        people: accounts::service::count(&mut conn).await?,
        audit_entries: events::count(&mut conn).await?,
    })
}

/// Where the files are, as whoever runs the desk looks for them. What lets the program into a bucket is no part of it.
fn place(url: &StorageUrl) -> (StorageKind, String) {
    match url {
        StorageUrl::Folder(folder) => {
            let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
            (StorageKind::Folder, whole.display().to_string())
        }
        StorageUrl::S3 { bucket, prefix } => {
            (StorageKind::Bucket, format!("{bucket}/{prefix}").trim_end_matches('/').to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storage_is_named_by_where_it_is() {
        assert_eq!(place(&StorageUrl::Folder("/var/files".into())), (StorageKind::Folder, "/var/files".to_owned()));
        let bucket = |prefix: &str| StorageUrl::S3 { bucket: "desk".to_owned(), prefix: prefix.to_owned() };
        assert_eq!(place(&bucket("")), (StorageKind::Bucket, "desk".to_owned()));
        assert_eq!(place(&bucket("a/b")), (StorageKind::Bucket, "desk/a/b".to_owned()));
    }
}
