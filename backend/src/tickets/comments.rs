//! Comments: public answers and internal notes.

use chrono::TimeDelta;
use shared::{
    ids::{CommentId, TicketId, UserId},
    page::Page,
    permissions::TicketAction,
    tickets::{AddComment, COMMENT_EDIT_MINUTES, Comment, HistoryKind, PageQuery, Visibility},
};

use super::{
    access,
    mentions::{self, Mentioned},
    rows::{CommentRow, NewComment, visibility_code},
    store, telling, turn,
    word::Word,
};
use crate::{
    accounts::rows::Face,
    auth::{self, caller::Caller},
    db::{Conn, Db, from_micros, now, to_micros},
    error::AppError,
    events::{self, Audience, NewEvent, change},
    markdown,
    web::paging,
};

/// Texts that together may become more, in bytes, are not rendered where other requests wait for it.
const HEAVY: usize = 100_000;

/// The comments of a ticket that the caller may read, oldest first. A page of long ones ends before its limit.
pub async fn list(db: &Db, caller: &Caller, id: TicketId, query: &PageQuery) -> Result<Page<Comment>, AppError> {
    let limit = paging::limit(query.limit)?;
    let scope = paging::scope("comments", &id)?;
    let after = paging::decode::<i64>(&scope, query.cursor.as_deref())?.unwrap_or(0);
    let mut conn = db.read().await?;
    let ticket = access::visible(&mut conn, caller, id).await?;
    let internal = access::may(caller, &ticket, TicketAction::Note);
    // Nobody is to make the desk hold a hundred of the longest at once.
    let sizes = store::comment_sizes(&mut conn, id, internal, after, paging::one_more(limit)).await?;
    let limit = paging::fitting(&sizes, limit);
    let rows = store::comments_of(&mut conn, id, internal, after, paging::one_more(limit)).await?;
    let naming = rows.iter().filter(|(row, _)| row.body.contains('@')).map(|(row, _)| row.id).collect();
    let mut mentioned = mentions::of_comments(&mut conn, naming).await?;
    drop(conn);
    let weight: usize = rows.iter().map(|(row, _)| markdown::weight(&row.body)).sum();
    let present = move || {
        paging::page_by_weight(
            &scope,
            rows,
            limit,
            |(row, _)| row.id,
            |(row, author)| {
                let mentioned = mentioned.remove(&row.id).unwrap_or_default();
                row.into_comment(author, &mentioned)
            },
            |comment| comment.body.len() + comment.body_html.len(),
        )
    };
    if weight <= HEAVY {
        return present();
    }
    tokio::task::spawn_blocking(present).await.map_err(AppError::internal)?
}

/// What one must be allowed in order to write a comment.
pub fn writing(visibility: Visibility) -> TicketAction {
    match visibility {
        Visibility::Public => TicketAction::Comment,
        Visibility::Internal => TicketAction::Note,
    }
}

/// A comment that was asked for.
#[derive(Debug)]
pub struct Added {
    /// As it is now.
    pub comment: Comment,
    /// Whether it is new: false when it had come already, under the same name.
    pub fresh: bool,
}

/// Writes a comment, and takes the ticket to a state with it: both or neither. The first public one by staff, not on their
/// own ticket, is the first response. What came already under the same name is answered as it is now, whatever comes with the
/// name this time: whoever asks again has lost the first answer. A text may come slowly, and its author lose the right to it
/// meanwhile, so that is asked for once more.
pub async fn add(db: &Db, caller: &Caller, id: TicketId, request: AddComment) -> Result<Added, AppError> {
    let visibility = request.visibility.unwrap_or(Visibility::Public);
    let origin = caller.origin();
    // Read before the transaction, which others may be waiting for.
    let words = markdown::mentioned(&request.body);
    let now = to_micros(now());
    let (row, author, mentioned, fresh) = db
        .write(async |conn| -> Result<_, AppError> {
            // Whoever changes the ticket meanwhile comes after, so that what is decided here holds, and so does whoever sends
            // the same once more. And of two who write on it the second has the higher number: a note that came later with a
            // lower one would be missed by whoever has read up to the other.
            store::hold(conn, id).await?;
            // After the wait: it may have been for whoever took the ticket from them, with their role.
            let caller = &auth::service::again(conn, caller).await?;
            if let Some((row, author, mentioned)) = written_before(conn, caller, id, &request).await? {
                return Ok((row, author, mentioned, false));
            }
            let ticket = access::allowed(conn, caller, id, writing(visibility)).await?;
            let turned = match request.status {
                Some(to) => turn::going(conn, caller, &ticket, to).await?,
                None => None,
            };
            let new = NewComment {
                ticket_id: id.0,
                author_id: caller.user.id,
                visibility: visibility_code(visibility),
                created_at: now,
                body: &request.body,
                client_id: request.client_id.as_deref(),
            };
            let mentioned = mentions::resolve(conn, caller, &ticket, visibility, &words).await?;
            // A note must not move the ticket: its requester sees when it last changed. First of all, because the insert
            // shares MySQL's lock of the ticket's row, and of two who share it neither could write it any more.
            if visibility == Visibility::Public {
                store::touch(conn, id, now, Some(Word::of(caller, &ticket))).await?;
            }
            if let Some(edit) = &turned {
                let version = ticket.listed.row.version;
                if !store::update(conn, id, version, edit.at, &edit.columns).await? {
                    return Err(AppError::internal("a ticket that was held has another version"));
                }
            }
            let comment = store::insert_comment(conn, &new).await?;
            mentions::keep(conn, comment, &mentioned).await?;
            let names: Vec<UserId> = mentioned.iter().map(|one| one.id).collect();
            let told = telling::of_comment(conn, caller, &ticket, comment, (&request.body, visibility, &names)).await?;
            let event = NewEvent::ticket(&origin, HistoryKind::CommentAdded, id).told(told);
            let mut events = vec![about(event, comment, visibility, &mentioned)];
            if let Some(edit) = turned {
                let told = telling::of_edit(conn, caller, &ticket, None, edit.columns.assignee_id, edit.to).await?;
                events.push(NewEvent::ticket(&origin, edit.kind, id).changes(edit.changes).told(told));
            }
            events::append_all(conn, &events).await?;
            let row = CommentRow {
                id: comment.0,
                ticket_id: id.0,
                author_id: caller.user.id,
                visibility: visibility_code(visibility),
                created_at: now,
                edited_at: None,
                body: request.body.clone(),
            };
            Ok((row, caller.user.face(), mentioned, true))
        })
        .await?;
    Ok(Added { comment: row.into_comment(author, &mentioned), fresh })
}

/// What the caller wrote on the ticket under the name of this request, if they did. It stays theirs when they lose sight of
/// the ticket, so they are told that it is there; of the ticket they learn nothing by it.
async fn written_before(
    conn: &mut Conn,
    caller: &Caller,
    id: TicketId,
    request: &AddComment,
) -> Result<Option<(CommentRow, Face, Vec<Mentioned>)>, AppError> {
    let Some(client_id) = request.client_id.as_deref() else { return Ok(None) };
    let Some((row, author)) = store::comment_of_client(conn, id, caller.user.id, client_id).await? else {
        return Ok(None);
    };
    let internal = row.visibility() == Visibility::Internal;
    let reads = store::find(conn, id, caller.id()).await?.is_some_and(|ticket| {
        access::may(caller, &ticket, TicketAction::View)
            && (!internal || access::may(caller, &ticket, TicketAction::Note))
    });
    // Who was on the ticket is for whoever reads it.
    let mentioned = if reads {
        mentions::of_comments(conn, vec![row.id]).await?.remove(&row.id).unwrap_or_default()
    } else {
        Vec::new()
    };
    Ok(Some((row, author, mentioned)))
}

/// Rewrites one's own comment, within fifteen minutes; the old text goes into the history.
pub async fn edit(db: &Db, caller: &Caller, id: CommentId, body: String) -> Result<Comment, AppError> {
    let origin = caller.origin();
    let words = markdown::mentioned(&body);
    let (row, author, mentioned) = db
        .write(async |conn| -> Result<_, AppError> {
            let caller = &auth::service::again(conn, caller).await?;
            let (row, author) = store::find_comment(conn, id).await?.ok_or(AppError::NotFound)?;
            let visibility = row.visibility();
            let ticket = access::visible(conn, caller, TicketId(row.ticket_id)).await?;
            if visibility == Visibility::Internal && !access::may(caller, &ticket, TicketAction::Note) {
                return Err(AppError::NotFound);
            }
            if row.author_id != caller.user.id {
                return Err(AppError::Forbidden);
            }
            let now = now();
            if now - from_micros(row.created_at) > TimeDelta::minutes(COMMENT_EDIT_MINUTES) {
                return Err(AppError::EditWindowOver);
            }
            let before = mentions::of_comments(conn, vec![id.0]).await?.remove(&id.0).unwrap_or_default();
            let Some(change) = change("body", &row.body, &body) else { return Ok((row, author, before)) };
            let mentioned = mentions::resolve(conn, caller, &ticket, visibility, &words).await?;
            let (ticket, edited) = (TicketId(row.ticket_id), ticket);
            if visibility == Visibility::Public {
                store::touch(conn, ticket, to_micros(now), None).await?;
            }
            store::update_comment(conn, id, &body, to_micros(now)).await?;
            mentions::forget(conn, id).await?;
            mentions::keep(conn, id, &mentioned).await?;
            let event = NewEvent::ticket(&origin, HistoryKind::CommentEdited, ticket).changes(vec![change]);
            let fresh: Vec<Mentioned> =
                mentioned.iter().filter(|one| before.iter().all(|other| other.id != one.id)).cloned().collect();
            let names: Vec<UserId> = fresh.iter().map(|one| one.id).collect();
            let told = telling::of_mentions(conn, caller, &edited, id, (&body, visibility, &names)).await?;
            events::append(conn, &about(event.told(told), id, visibility, &fresh)).await?;
            let row = CommentRow { body: body.clone(), edited_at: Some(to_micros(now)), ..row };
            Ok((row, author, mentioned))
        })
        .await?;
    Ok(row.into_comment(author, &mentioned))
}

/// The event of a comment; that of an internal note is for staff.
fn about<'a>(
    mut event: NewEvent<'a>,
    comment: CommentId,
    visibility: Visibility,
    mentioned: &[Mentioned],
) -> NewEvent<'a> {
    event.payload.comment_id = Some(comment);
    event.payload.mentions = mentioned.iter().map(|one| one.id).collect();
    if visibility == Visibility::Internal {
        event.audience = Audience::Staff;
    }
    event
}
