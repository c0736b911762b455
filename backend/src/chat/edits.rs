//! What is changed of messages that were sent.

use chrono::TimeDelta;
use shared::{
    chat::{MESSAGE_EDIT_MINUTES, Message},
    ids::{MessageId, UserId},
};

use super::{
    access,
    rows::{MessageRow, folded},
    service, store,
};
use crate::{
    attachments,
    auth::{caller::Caller, message_rate::Counted},
    db::{Conn, from_micros, now, to_micros},
    error::AppError,
    events::{self, EventKind, NewEvent},
    state::State,
};

/// The caller's own message, held with all that its pair wrote. The other one sees it and may not touch it; to everybody else
/// it is not there.
async fn own(conn: &mut Conn, caller: &Caller, id: MessageId) -> Result<MessageRow, AppError> {
    let found = access::require_concerned(caller, store::find(conn, id).await?)?;
    if found.from_id != caller.user.id {
        return Err(AppError::Forbidden);
    }
    store::lock(conn, found.pair()).await?;
    // As it is now that nobody else changes it.
    store::find(conn, id).await?.ok_or(AppError::NotFound)
}

/// Refuses what is too old to be changed.
fn require_recent(message: &MessageRow) -> Result<(), AppError> {
    if now() - from_micros(message.created_at) > TimeDelta::minutes(MESSAGE_EDIT_MINUTES) {
        return Err(AppError::EditWindowOver);
    }
    Ok(())
}

/// Rewrites the caller's own message. Of a deleted one nothing is left to edit.
pub async fn edit(state: &State, caller: &Caller, id: MessageId, body: String) -> Result<Message, AppError> {
    let origin = caller.origin();
    let (folded, counted) = (folded(&body), Counted::default());
    state
        .db
        .write(async |conn| -> Result<(), AppError> {
            let message = own(conn, caller, id).await?;
            if message.deleted_at.is_some() {
                return Err(AppError::NotFound);
            }
            require_recent(&message)?;
            // It says something new to them, so it must be allowed as if it were sent.
            let to = UserId(message.to_id);
            access::recipient(conn, caller, to).await?;
            if message.body == body {
                return Ok(());
            }
            // And so it counts, or the other one could be called as often by edits.
            state.auth.messages.count(caller.id(), &counted)?;
            store::rewrite(conn, id, (&body, &folded), Some(to_micros(now())), None).await?;
            Ok(events::append(conn, &NewEvent::chat(&origin, EventKind::MessageEdited, to, id)).await?)
        })
        .await?;
    let mut conn = state.db.lookup().await?;
    service::message(&mut conn, id).await?.ok_or(AppError::NotFound)
}

/// Deletes the caller's own message: its place stays. What is in its files goes when nothing else needs it.
pub async fn delete(state: &State, caller: &Caller, id: MessageId) -> Result<(), AppError> {
    let origin = caller.origin();
    let orphans = state
        .db
        .write(async |conn| -> Result<Vec<String>, AppError> {
            let message = own(conn, caller, id).await?;
            if message.deleted_at.is_some() {
                return Ok(Vec::new());
            }
            require_recent(&message)?;
            let (to, at) = (UserId(message.to_id), to_micros(now()));
            store::rewrite(conn, id, ("", ""), message.edited_at, Some(at)).await?;
            if message.read_at.is_none() {
                store::recount(conn, to, caller.id()).await?;
            }
            let files = store::files_of(conn, vec![id.0]).await?;
            store::delete_files(conn, id).await?;
            let mut orphans = Vec::new();
            for file in files {
                if attachments::release_blob(conn, file.blob.id, at).await? {
                    orphans.push(file.blob.storage_key);
                }
            }
            events::append(conn, &NewEvent::chat(&origin, EventKind::MessageDeleted, to, id)).await?;
            Ok(orphans)
        })
        .await?;
    attachments::remove(state, orphans.iter().map(String::as_str)).await;
    Ok(())
}
