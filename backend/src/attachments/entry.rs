//! Files that are in their place in the storage are entered into the database, all of them or none.

use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::{
    attachments::{Attachment, COMMENT_ATTACH_MINUTES},
    ids::{CommentId, TicketId, UserId},
    permissions::TicketAction,
    problem::FieldCode,
    tickets::{Change, HistoryKind, Visibility},
};

use super::{
    rows::{FullAttachment, NewAttachment, NewBlob},
    store,
};
use crate::{
    auth::{self, caller::Caller},
    db::{Conn, from_micros, now, to_micros},
    error::AppError,
    events::{self, Audience, NewEvent, Origin, change},
    tickets::{access, rows::FullTicket, service::note_activity, telling, visibility_code, word::Word},
};

/// A file in its place in the storage, which no row knows yet.
pub struct Kept {
    pub name: String,
    pub media_type: &'static str,
    pub size: i64,
    pub hash: String,
    pub key: String,
    pub thumbnail: Option<&'static str>,
    /// The key of the same content that is known already and not in the storage any more.
    pub lost: Option<String>,
}

/// Where files are to be attached, and what their program calls them.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub ticket: TicketId,
    pub comment: Option<CommentId>,
    pub client_id: Option<&'a str>,
}

/// Files that are attached.
#[derive(Debug)]
pub struct Attached {
    /// In their order; those of before without what was deleted since.
    pub files: Vec<Attachment>,
    /// Whether they were not attached before: false when they had come already, under the same name.
    pub fresh: bool,
}

/// Enters the files, unless they came already under the same name; tells the keys that are used from now on. Whoever sent them
/// may have lost the right to while they came, so it is asked for again.
pub async fn enter(
    conn: &mut Conn,
    caller: &Caller,
    place: Place<'_>,
    files: &[Kept],
) -> Result<(Attached, Vec<String>), AppError> {
    let caller = &auth::service::again(conn, caller).await?;
    if let Some(before) = attached_before(conn, caller, place).await? {
        return Ok((Attached { files: before, fresh: false }, Vec::new()));
    }
    let Place { ticket, comment, client_id } = place;
    let (seen, visibility) = require_place(conn, caller, ticket, comment).await?;
    let at = to_micros(now());
    let answer = comment.is_none();
    // An internal note must not move the ticket: its requester sees when it last changed. The ticket comes before what
    // refers to it, so that two who attach to one ticket wait for each other and not across.
    if visibility == Visibility::Public {
        note_activity(conn, ticket, at, answer.then(|| Word::of(caller, &seen))).await?;
    }
    let (mut attachments, mut used) = (Vec::new(), Vec::new());
    for (client_nth, file) in (0..).zip(files) {
        let blob = blob_for(conn, file, at, &mut used).await?;
        let new = NewAttachment {
            ticket_id: ticket.0,
            comment_id: comment.map(|comment| comment.0),
            uploader_id: caller.user.id,
            blob_id: blob,
            created_at: at,
            media_type: file.media_type,
            name: &file.name,
            client_id,
            client_nth,
        };
        let id = store::insert(conn, &new).await?;
        attachments.push(store::find(conn, id).await?.ok_or(AppError::NotFound)?.into());
    }
    let mut told = Vec::new();
    if answer {
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        told = telling::of_files(conn, caller, &seen, &names).await?;
    }
    let named = |attachment: &Attachment| json!({ "id": attachment.id, "name": attachment.name });
    let changes = attachments.iter().filter_map(|file| change("attachment", &Value::Null, &named(file))).collect();
    append(conn, caller, HistoryKind::AttachmentAdded, (ticket, comment, visibility), changes, told).await?;
    Ok((Attached { files: attachments, fresh: true }, used))
}

/// What the caller attached to the ticket under this name, if they did. Two that come at once are told apart by the index.
async fn attached_before(
    conn: &mut Conn,
    caller: &Caller,
    place: Place<'_>,
) -> Result<Option<Vec<Attachment>>, AppError> {
    let Some(client_id) = place.client_id else { return Ok(None) };
    let seen = access::visible(conn, caller, place.ticket).await?;
    let found = store::of_client(conn, place.ticket, caller.user.id, client_id).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let public = found.iter().all(|file| visibility(file) == Visibility::Public);
    if !public && !access::may(caller, &seen, TicketAction::Note) {
        return Err(AppError::NotFound);
    }
    Ok(Some(found.into_iter().map(Attachment::from).collect()))
}

/// Who may read an attachment, of those who may read its ticket.
pub fn visibility(found: &FullAttachment) -> Visibility {
    // Whatever is not known to be public is not shown as if it were.
    match found.visibility {
        None if found.row.comment_id.is_none() => Visibility::Public,
        Some(code) if code == visibility_code(Visibility::Public) => Visibility::Public,
        _ => Visibility::Internal,
    }
}

/// The blob of a file: the one with the same content, or a new one, whose key is then used.
pub async fn blob_for(conn: &mut Conn, file: &Kept, at: i64, used: &mut Vec<String>) -> Result<i64, AppError> {
    if let Some(blob) = store::use_blob(conn, &file.hash, at).await? {
        let lost = file.lost.as_deref();
        if let Some(lost) = lost
            && store::replace_key(conn, blob, lost, &file.key, file.thumbnail).await?
        {
            used.push(file.key.clone());
        }
        return Ok(blob);
    }
    used.push(file.key.clone());
    let blob = NewBlob {
        hash: &file.hash,
        storage_key: &file.key,
        size: file.size,
        thumbnail: file.thumbnail,
        created_at: at,
        used_at: at,
    };
    Ok(store::insert_blob(conn, &blob).await?)
}

/// A file that is kept already, to be attached to a ticket as well.
pub struct Known {
    /// What is in it.
    pub blob: i64,
    /// Who sent it.
    pub uploader: i64,
    pub media_type: String,
    pub name: String,
}

/// Attaches files that are kept already to a ticket that was opened just now. Answers with what the log is to say of it. What
/// its owner took away meanwhile is left out.
pub async fn attach_known<'a>(
    conn: &mut Conn,
    origin: &'a Origin,
    ticket: TicketId,
    files: &[Known],
) -> Result<Option<NewEvent<'a>>, AppError> {
    let at = to_micros(now());
    let mut changes = Vec::new();
    for file in files {
        if !store::touch_blob(conn, file.blob, at).await? {
            continue;
        }
        let new = NewAttachment {
            ticket_id: ticket.0,
            comment_id: None,
            uploader_id: file.uploader,
            blob_id: file.blob,
            created_at: at,
            media_type: &file.media_type,
            name: &file.name,
            client_id: None,
            client_nth: 0,
        };
        let id = store::insert(conn, &new).await?;
        changes.extend(change("attachment", &Value::Null, &json!({ "id": id, "name": file.name })));
    }
    if changes.is_empty() {
        return Ok(None);
    }
    Ok(Some(NewEvent::ticket(origin, HistoryKind::AttachmentAdded, ticket).changes(changes)))
}

/// The ticket, and who may read what is attached here; refused when it is not the caller's to attach to.
async fn require_place(
    conn: &mut Conn,
    caller: &Caller,
    ticket: TicketId,
    comment: Option<CommentId>,
) -> Result<(FullTicket, Visibility), AppError> {
    let seen = access::allowed(conn, caller, ticket, TicketAction::Comment).await?;
    let Some(comment) = comment else { return Ok((seen, Visibility::Public)) };
    // One that is on another ticket, or somebody else's, cannot be chosen, and nothing is said of it.
    let own = |facts: &store::CommentFacts| facts.ticket_id == ticket.0 && facts.author_id == caller.user.id;
    let facts = store::comment(conn, comment).await?.filter(own);
    let facts = facts.ok_or_else(|| AppError::field("comment_id", FieldCode::Unknown))?;
    // Longer than it may be rewritten: a large file comes slowly, and what failed is sent again.
    if now() - from_micros(facts.created_at) > TimeDelta::minutes(COMMENT_ATTACH_MINUTES) {
        return Err(AppError::EditWindowOver);
    }
    if facts.visibility == visibility_code(Visibility::Public) {
        return Ok((seen, Visibility::Public));
    }
    access::require(caller, &seen, TicketAction::Note)?;
    Ok((seen, Visibility::Internal))
}

/// The event of an attachment; that of one on an internal note is for staff.
pub async fn append(
    conn: &mut Conn,
    caller: &Caller,
    kind: HistoryKind,
    (ticket, comment, visibility): (TicketId, Option<CommentId>, Visibility),
    changes: Vec<Change>,
    told: Vec<UserId>,
) -> Result<(), AppError> {
    let origin = caller.origin();
    let mut event = NewEvent::ticket(&origin, kind, ticket).changes(changes).told(told);
    event.payload.comment_id = comment;
    if visibility == Visibility::Internal {
        event.audience = Audience::Staff;
    }
    Ok(events::append(conn, &event).await?)
}
