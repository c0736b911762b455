//! What happens when categories are made, changed and deleted.

use std::collections::HashMap;

use shared::{
    categories::{Category, CreateCategory, UpdateCategory},
    fields::NAME_MAX,
    ids::CategoryId,
};

use super::{rows::CategoryColumns, store};
use crate::{
    db::{Conn, Db, DbError, is_foreign_key_violation, is_unique_violation},
    error::AppError,
    events::{self, EventKind, NewEvent, Origin, change},
    text::fold_within,
};

/// All of them, in their order.
pub async fn list(db: &Db) -> Result<Vec<Category>, AppError> {
    let mut conn = db.read().await?;
    Ok(store::list(&mut conn).await?.into_iter().map(Into::into).collect())
}

/// The names of all of them.
pub async fn names(conn: &mut Conn) -> Result<HashMap<CategoryId, String>, DbError> {
    let all = store::list(conn).await?.into_iter().map(Category::from);
    Ok(all.map(|category| (category.id, category.name)).collect())
}

/// Whether there is such a category.
pub async fn exists(conn: &mut Conn, id: CategoryId) -> Result<bool, DbError> {
    Ok(store::find(conn, id).await?.is_some())
}

/// Makes one, last in the order unless told.
pub async fn create(db: &Db, origin: &Origin, request: CreateCategory) -> Result<Category, AppError> {
    db.write(async |conn| -> Result<_, AppError> {
        let position = match request.position {
            Some(position) => position,
            None => store::last_position(conn).await?.saturating_add(1),
        };
        let columns = CategoryColumns {
            name: Some(request.name.trim().to_owned()),
            name_folded: Some(folded(&request.name)),
            position: Some(position),
        };
        let id = store::insert(conn, &columns).await.map_err(taken)?;
        let row = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
        let changes = change("name", &"", &row.name.as_str()).into_iter().collect();
        events::append(conn, &NewEvent::desk(origin, EventKind::CategoryCreated, id.0).changes(changes)).await?;
        Ok(row.into())
    })
    .await
}

/// Changes one.
pub async fn update(db: &Db, origin: &Origin, id: CategoryId, request: UpdateCategory) -> Result<Category, AppError> {
    db.write(async |conn| -> Result<_, AppError> {
        let before = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
        if request.name.is_none() && request.position.is_none() {
            return Ok(before.into());
        }
        let columns = CategoryColumns {
            name: request.name.as_ref().map(|name| name.trim().to_owned()),
            name_folded: request.name.as_deref().map(folded),
            position: request.position,
        };
        store::update(conn, id, &columns).await.map_err(taken)?;
        let after = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
        let changes =
            [change("name", &before.name, &after.name), change("position", &before.position, &after.position)];
        let event = NewEvent::desk(origin, EventKind::CategoryUpdated, id.0);
        events::append(conn, &event.changes(changes.into_iter().flatten().collect())).await?;
        Ok(after.into())
    })
    .await
}

/// Deletes one that no ticket is in.
pub async fn delete(db: &Db, origin: &Origin, id: CategoryId) -> Result<(), AppError> {
    db.write(async |conn| -> Result<_, AppError> {
        let before = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
        store::delete(conn, id).await.map_err(|error| match error {
            DbError::Query(query) if is_foreign_key_violation(&query) => AppError::InUse,
            error => error.into(),
        })?;
        let changes = change("name", &before.name.as_str(), &"").into_iter().collect();
        let event = NewEvent::desk(origin, EventKind::CategoryDeleted, id.0).changes(changes);
        Ok(events::append(conn, &event).await?)
    })
    .await
}

/// A name as its column keeps it for comparing.
fn folded(name: &str) -> String {
    fold_within(name, 2 * NAME_MAX)
}

fn taken(error: DbError) -> AppError {
    match error {
        DbError::Query(query) if is_unique_violation(&query) => AppError::AlreadyExists("name"),
        error => error.into(),
    }
}
