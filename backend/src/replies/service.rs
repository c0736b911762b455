//! What happens when saved replies are made, changed and deleted.
//!
//! The log tells of those that all of staff has; what somebody keeps for themselves is nobody else's business.

use shared::{
    fields::NAME_MAX,
    ids::{ReplyId, UserId},
    page::Page,
    replies::{CreateReply, REPLIES_MAX, SavedReply, UpdateReply, may_edit},
    tickets::{Change, PageQuery},
};

use super::{
    rows::{NewReply, ReplyColumns, ReplyRow},
    store::{self, Key},
};
use crate::{
    accounts::{
        self,
        rows::{Face, UserRow},
    },
    auth::caller::Caller,
    db::{Conn, Db, DbError, now, to_micros},
    error::AppError,
    events::{self, EventKind, NewEvent, Origin, change},
    text::fold_within,
    web::paging,
};

/// Those that the caller has, by title.
pub async fn list(db: &Db, caller: &Caller, query: &PageQuery) -> Result<Page<SavedReply>, AppError> {
    let limit = paging::limit(query.limit)?;
    let scope = paging::scope("replies", &())?;
    let after = paging::decode::<Key>(&scope, query.cursor.as_deref())?;
    let mut conn = db.read().await?;
    let mut rows = store::list(&mut conn, caller.id(), after.as_ref(), paging::one_more(limit)).await?;
    drop(conn);
    rows.sort_by_cached_key(|(row, _)| key(row));
    paging::page(&scope, rows, limit, |(row, _)| key(row), |(row, author)| row.into_reply(author, caller))
}

fn key(row: &ReplyRow) -> Key {
    (row.title_folded.clone(), row.id)
}

/// Keeps one for the caller, or for all of staff.
pub async fn create(db: &Db, caller: &Caller, request: CreateReply) -> Result<SavedReply, AppError> {
    let origin = caller.origin();
    let (title, now) = (request.title.trim(), to_micros(now()));
    let new = NewReply {
        author_id: caller.user.id,
        shared: request.shared,
        created_at: now,
        updated_at: now,
        title,
        title_folded: &folded(title),
        body: &request.body,
    };
    db.write(async |conn| -> Result<_, AppError> {
        // Two requests at once cannot both find room for the last one.
        accounts::service::lock(conn, caller.id()).await?;
        if store::count(conn, caller.id()).await? >= REPLIES_MAX {
            return Err(AppError::LimitReached);
        }
        let id = store::insert(conn, &new).await?;
        let (row, author) = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
        tell(conn, &origin, id, None, Some(&row)).await?;
        Ok(row.into_reply(author, caller))
    })
    .await
}

/// Changes one.
pub async fn update(db: &Db, caller: &Caller, id: ReplyId, request: UpdateReply) -> Result<SavedReply, AppError> {
    let origin = caller.origin();
    db.write(async |conn| -> Result<_, AppError> {
        let (before, author) = editable(conn, caller, id).await?;
        let UpdateReply { title, body, shared } = &request;
        let title = title.as_deref().map(str::trim);
        let same = title.is_none_or(|title| title == before.title)
            && body.as_ref().is_none_or(|body| *body == before.body)
            && shared.is_none_or(|shared| shared == before.shared);
        if same {
            return Ok(before.into_reply(author, caller));
        }
        let columns = ReplyColumns {
            shared: *shared,
            updated_at: Some(to_micros(now())),
            title: title.map(str::to_owned),
            title_folded: title.map(folded),
            body: body.clone(),
        };
        store::update(conn, id, &columns).await?;
        let (after, author) = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
        tell(conn, &origin, id, Some(&before), Some(&after)).await?;
        Ok(after.into_reply(author, caller))
    })
    .await
}

/// Deletes one.
pub async fn delete(db: &Db, caller: &Caller, id: ReplyId) -> Result<(), AppError> {
    let origin = caller.origin();
    db.write(async |conn| -> Result<_, AppError> {
        let (before, _) = editable(conn, caller, id).await?;
        if !store::delete(conn, id).await? {
            return Err(AppError::NotFound);
        }
        Ok(tell(conn, &origin, id, Some(&before), None).await?)
    })
    .await
}

/// A person goes for good: those that all of staff has become another's, the rest goes with them. Answers with what the log
/// is to say, which tells of the former alone.
pub async fn hand_over<'a>(
    conn: &mut Conn,
    origin: &'a Origin,
    from: &UserRow,
    to: &UserRow,
) -> Result<Vec<NewEvent<'a>>, DbError> {
    let mut told = Vec::new();
    for row in store::of_author(conn, UserId(from.id)).await? {
        let id = ReplyId(row.id);
        if row.shared {
            store::give(conn, id, UserId(to.id)).await?;
            let changes = change("owner", &from.to_named(), &to.to_named()).into_iter().collect();
            told.push(NewEvent::desk(origin, EventKind::ReplyUpdated, row.id).named(&row.title).changes(changes));
        } else {
            store::delete(conn, id).await?;
        }
    }
    Ok(told)
}

/// Those whose numbers are from one to another go, whosever they are. Answers with what the log is to say, which tells of
/// those that all of staff has.
pub async fn remove<'a>(
    conn: &mut Conn,
    origin: &'a Origin,
    (first, last): (i64, i64),
) -> Result<Vec<NewEvent<'a>>, DbError> {
    let mut events = Vec::new();
    for row in store::between(conn, ReplyId(first), ReplyId(last)).await? {
        let id = ReplyId(row.id);
        if store::delete(conn, id).await? {
            events.extend(told(origin, id, Some(&row), None));
        }
    }
    Ok(events)
}

/// One that the caller may change: 404 when they do not have it, 403 when it is another's.
async fn editable(conn: &mut Conn, caller: &Caller, id: ReplyId) -> Result<(ReplyRow, Face), AppError> {
    let found = store::find(conn, id).await?.filter(|(row, _)| row.is_seen_by(caller.id()));
    let (row, author) = found.ok_or(AppError::NotFound)?;
    if may_edit(caller.role(), caller.id(), UserId(row.author_id)) {
        Ok((row, author))
    } else {
        Err(AppError::Forbidden)
    }
}

/// Notes what became of one.
async fn tell(
    conn: &mut Conn,
    origin: &Origin,
    id: ReplyId,
    before: Option<&ReplyRow>,
    after: Option<&ReplyRow>,
) -> Result<(), DbError> {
    match told(origin, id, before, after) {
        Some(event) => events::append(conn, &event).await,
        None => Ok(()),
    }
}

/// What the log says of what all of staff has: one that is shared from now on is new to them, one that no longer is has
/// gone.
fn told<'a>(
    origin: &'a Origin,
    id: ReplyId,
    before: Option<&ReplyRow>,
    after: Option<&ReplyRow>,
) -> Option<NewEvent<'a>> {
    let is_told = |row: &&ReplyRow| row.shared;
    let (before, after) = (before.filter(is_told), after.filter(is_told));
    let (kind, named) = match (before, after) {
        (None, None) => return None,
        (None, Some(after)) => (EventKind::ReplyCreated, after),
        (Some(_), Some(after)) => (EventKind::ReplyUpdated, after),
        (Some(before), None) => (EventKind::ReplyDeleted, before),
    };
    let title = |row: Option<&ReplyRow>| row.map(|row| row.title.clone()).unwrap_or_default();
    let body = |row: Option<&ReplyRow>| row.map(|row| row.body.clone()).unwrap_or_default();
    let changes = [change("title", &title(before), &title(after)), change("body", &body(before), &body(after))];
    let changes: Vec<Change> = changes.into_iter().flatten().collect();
    Some(NewEvent::desk(origin, kind, id.0).named(&named.title).changes(changes))
}

/// A title as its column keeps it for its order.
fn folded(title: &str) -> String {
    fold_within(title, 2 * NAME_MAX)
}
