//! What happens when files are attached, read and deleted.

use serde_json::{Value, json};
use shared::{
    attachments::Attachment,
    ids::{AttachmentId, CommentId, TicketId},
    page::Page,
    permissions::{TicketAction, can_delete_attachment},
    tickets::{HistoryKind, PageQuery, Visibility},
};

use super::{
    entry::{Attached, Kept, Place, append, enter, visibility},
    rows::{FullAttachment, new_key, thumbnail_key},
    store, thumbnails,
    upload::Arrived,
};
use crate::{
    auth::caller::Caller,
    db::{Conn, DbError, is_unique_violation, now, to_micros},
    error::AppError,
    events::change,
    images::Written,
    state::State,
    tickets::{access, service::note_activity, visibility_code},
    web::paging,
};

/// How often a file is entered anew when another one with the same content was entered at the same moment.
const ATTEMPTS: usize = 3;

/// How many files are kept, and how large they are together, in bytes.
pub async fn kept(conn: &mut Conn) -> Result<(i64, i64), DbError> {
    store::kept(conn).await
}

/// Refuses whoever may not attach to this ticket, before anything is read from them.
pub async fn may_attach(state: &State, caller: &Caller, ticket: TicketId) -> Result<(), AppError> {
    let mut conn = state.db.lookup().await?;
    access::allowed(&mut conn, caller, ticket, TicketAction::Comment).await.map(drop)
}

/// Keeps what an upload brought and attaches it: all of it, or nothing. What came already under the same name is answered as it
/// is now: whoever asks again has lost the first answer.
pub async fn attach(
    state: &State,
    caller: &Caller,
    place: Place<'_>,
    files: Vec<Arrived>,
) -> Result<Attached, AppError> {
    keep(state, files, async |conn, kept| enter(conn, caller, place, kept).await).await
}

/// Keeps files in the storage and lets `enter` put them into the database: all of them, or none. It answers with the keys
/// that are used from now on, besides what its caller wants to know.
pub async fn keep<T>(
    state: &State,
    files: Vec<Arrived>,
    enter: impl AsyncFn(&mut Conn, &[Kept]) -> Result<(T, Vec<String>), AppError>,
) -> Result<T, AppError> {
    let mut kept = Vec::new();
    let stored = async {
        keep_all(state, files, &mut kept).await?;
        find_lost(state, &mut kept).await
    };
    let entered = match stored.await {
        Ok(()) => enter_in_time(state, &kept, enter).await,
        Err(error) => Err(error),
    };
    match entered {
        Ok((entered, used)) => {
            // What is in them was here already.
            let doubles = kept.iter().filter(|file| !used.contains(&file.key));
            remove(state, doubles.map(|file| file.key.as_str())).await;
            Ok(entered)
        }
        Err(error) => {
            // What the database may have all the same is not removed: if it has not, it is collected later.
            if !may_be_entered(&error) {
                remove(state, kept.iter().map(|file| file.key.as_str())).await;
            }
            Err(error)
        }
    }
}

/// Whether a change that failed like this may have been kept: its connection was lost, perhaps after its commit had arrived.
fn may_be_entered(error: &AppError) -> bool {
    match error {
        AppError::Database(error @ DbError::Query(_)) => error.is_unavailable(),
        AppError::Database(DbError::Lost(_)) => true,
        _ => false,
    }
}

async fn keep_all(state: &State, files: Vec<Arrived>, kept: &mut Vec<Kept>) -> Result<(), AppError> {
    // Every picture is looked at before anything is kept.
    let mut pictures = Vec::new();
    for file in &files {
        let small = file.kind.is_picture.then(|| thumbnails::of(file.file.path().to_owned()));
        pictures.push(match small {
            Some(small) => small.await?,
            None => None,
        });
    }
    for (file, picture) in files.into_iter().zip(pictures) {
        let key = new_key(&file.hash);
        let thumbnail = picture.as_ref().map(|picture: &Written| picture.media_type);
        kept.push(Kept {
            name: file.name,
            media_type: file.kind.media_type,
            size: i64::try_from(file.size).map_err(AppError::internal)?,
            hash: file.hash,
            key: key.clone(),
            thumbnail,
            lost: None,
        });
        state.storage.keep(file.file, &key).await?;
        if let Some(picture) = picture {
            state.storage.put(&thumbnail_key(&key), picture.bytes).await?;
        }
    }
    Ok(())
}

/// Looks whether what is known already is still in the storage. Where it is not, what came now takes its place.
async fn find_lost(state: &State, kept: &mut [Kept]) -> Result<(), AppError> {
    for file in kept {
        let mut conn = state.db.lookup().await?;
        let known = store::key_of(&mut conn, &file.hash).await?;
        drop(conn);
        if let Some(key) = known
            && !state.storage.has(&key).await?
        {
            tracing::error!(key, "a file is lost; what was attached now takes its place");
            file.lost = Some(key);
        }
    }
    Ok(())
}

/// Enters the files; tells the keys that are used from now on.
async fn enter_in_time<T>(
    state: &State,
    files: &[Kept],
    enter: impl AsyncFn(&mut Conn, &[Kept]) -> Result<(T, Vec<String>), AppError>,
) -> Result<(T, Vec<String>), AppError> {
    let mut attempt = 1;
    loop {
        match state.db.write(async |conn| enter(conn, files).await).await {
            // The same content came from elsewhere at the same moment: now it is there to be used.
            Err(AppError::Database(DbError::Query(error))) if is_unique_violation(&error) && attempt < ATTEMPTS => {
                attempt += 1;
            }
            entered => return entered,
        }
    }
}

/// The attachments of a ticket that the caller may read, oldest first.
pub async fn list(
    state: &State,
    caller: &Caller,
    id: TicketId,
    query: &PageQuery,
) -> Result<Page<Attachment>, AppError> {
    let limit = paging::limit(query.limit)?;
    let scope = paging::scope("attachments", &id)?;
    let after = paging::decode::<i64>(&scope, query.cursor.as_deref())?.unwrap_or(0);
    let mut conn = state.db.read().await?;
    let ticket = access::visible(&mut conn, caller, id).await?;
    let internal = access::may(caller, &ticket, TicketAction::Note);
    let most = visibility_code(if internal { Visibility::Internal } else { Visibility::Public });
    let rows = store::of_ticket(&mut conn, id, most, after, paging::one_more(limit)).await?;
    drop(conn);
    paging::page(&scope, rows, limit, |found| found.row.id, Attachment::from)
}

/// An attachment that the caller may read; any other is not there.
pub async fn find(state: &State, caller: &Caller, id: AttachmentId) -> Result<FullAttachment, AppError> {
    let mut conn = state.db.lookup().await?;
    readable(&mut conn, caller, id).await
}

/// Under which key a blob is kept at this moment; not found when nothing needs it any more.
pub async fn place_of(state: &State, blob: i64) -> Result<String, AppError> {
    let mut conn = state.db.lookup().await?;
    store::place_of(&mut conn, blob).await?.ok_or(AppError::NotFound)
}

async fn readable(conn: &mut Conn, caller: &Caller, id: AttachmentId) -> Result<FullAttachment, AppError> {
    let found = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
    let ticket = access::visible(conn, caller, TicketId(found.row.ticket_id)).await?;
    if visibility(&found) == Visibility::Public || access::may(caller, &ticket, TicketAction::Note) {
        Ok(found)
    } else {
        Err(AppError::NotFound)
    }
}

/// Deletes an attachment, and what is in it when no other needs it.
pub async fn delete(state: &State, caller: &Caller, id: AttachmentId) -> Result<(), AppError> {
    let orphan = state
        .db
        .write(async |conn| -> Result<_, AppError> {
            let found = readable(conn, caller, id).await?;
            let own = found.row.uploader_id == caller.user.id;
            if !can_delete_attachment(caller.role(), own, now() - found.created_at()) {
                return Err(if own { AppError::EditWindowOver } else { AppError::Forbidden });
            }
            let (at, ticket, visibility) = (to_micros(now()), TicketId(found.row.ticket_id), visibility(&found));
            if visibility == Visibility::Public {
                note_activity(conn, ticket, at, None).await?;
            }
            if !store::delete(conn, id).await? {
                return Err(AppError::NotFound);
            }
            let orphan = store::release_blob(conn, found.blob.id, at).await?.then(|| found.blob.storage_key.clone());
            let named = json!({ "id": found.row.id, "name": found.row.name });
            let changes = change("attachment", &named, &Value::Null).into_iter().collect();
            let place = (ticket, found.row.comment_id.map(CommentId), visibility);
            append(conn, caller, HistoryKind::AttachmentDeleted, place, changes, Vec::new()).await?;
            Ok(orphan)
        })
        .await?;
    remove(state, orphan.as_deref().into_iter()).await;
    Ok(())
}

/// Removes files and their small pictures from the storage. What cannot be removed now is collected later.
pub(crate) async fn remove(state: &State, keys: impl Iterator<Item = &str>) {
    for key in keys {
        for key in [key.to_owned(), thumbnail_key(key)] {
            if let Err(error) = state.storage.delete(&key).await {
                tracing::warn!(%error, key, "could not remove a file that nobody needs");
            }
        }
    }
}
