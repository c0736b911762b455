//! What happens when categories are made, changed and deleted.

use std::collections::HashMap;

use serde::Serialize;
use shared::{
    categories::{Category, Colour, CreateCategory, UpdateCategory},
    fields::NAME_MAX,
    ids::{CategoryId, UserId},
    problem::FieldCode,
    tickets::Change,
};

use super::{
    rows::{CategoryColumns, colour_code},
    store,
};
use crate::{
    accounts::{self, rows::UserRow},
    db::{Conn, Db, DbError, is_foreign_key_violation, is_unique_violation},
    error::AppError,
    events::{self, EventKind, NewEvent, Origin, change},
    text::fold_within,
    tickets,
};

/// What every desk begins with; the migration that makes the categories says the same.
const FIRST: [&str; 7] = ["Hardware", "Software", "Red y VPN", "Cuentas y acceso", "Correo", "Impresoras", "Otros"];

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

/// Whether somebody has chosen them: they are others than those that every desk begins with, stand in another order, or
/// have somebody who gets their tickets. The demo adds only what is not there.
pub async fn are_chosen(conn: &mut Conn) -> Result<bool, DbError> {
    let all = store::list(conn).await?;
    let names = all.iter().map(|category| category.name.as_str());
    Ok(!names.eq(FIRST) || all.iter().any(|category| category.default_assignee_id.is_some()))
}

/// Whether there is such a category.
pub async fn exists(conn: &mut Conn, id: CategoryId) -> Result<bool, DbError> {
    Ok(store::find(conn, id).await?.is_some())
}

/// Who gets new tickets of a category, if anybody does and is on staff: that stays so until the transaction ends. An error names the field when there is no such
/// category.
pub async fn default_assignee(conn: &mut Conn, id: CategoryId) -> Result<Option<UserRow>, AppError> {
    let unknown = || AppError::field("category_id", FieldCode::Unknown);
    let category = store::find(conn, id).await?.ok_or_else(unknown)?;
    let Some(assignee) = category.default_assignee_id else { return Ok(None) };
    // Whoever takes them off the staff now comes after, and takes the ticket from them too.
    accounts::service::lock(conn, UserId(assignee)).await?;
    Ok(accounts::service::find(conn, UserId(assignee)).await?.filter(tickets::service::is_on_staff))
}

/// Takes a person who leaves the staff from the categories whose new tickets they got. Answers with what the log is to say
/// of it.
pub async fn forget_assignee<'a>(
    conn: &mut Conn,
    origin: &'a Origin,
    person: &UserRow,
) -> Result<Vec<NewEvent<'a>>, DbError> {
    let mut told = Vec::new();
    let columns = CategoryColumns { default_assignee_id: Some(None), ..CategoryColumns::default() };
    for category in store::of_assignee(conn, UserId(person.id)).await? {
        store::update(conn, CategoryId(category.id), &columns).await?;
        let changes = change("default_assignee", &Some(Named::of(person)), &None).into_iter().collect();
        told.push(NewEvent::desk(origin, EventKind::CategoryUpdated, category.id).changes(changes));
    }
    Ok(told)
}

/// A person as the log names them.
#[derive(Debug, PartialEq, Serialize)]
struct Named {
    id: i64,
    name: String,
}

impl Named {
    fn of(person: &UserRow) -> Self {
        Self { id: person.id, name: person.name.clone() }
    }
}

/// The person of a number, as the log names them.
async fn named(conn: &mut Conn, id: Option<i64>) -> Result<Option<Named>, DbError> {
    let Some(id) = id else { return Ok(None) };
    Ok(accounts::service::find(conn, UserId(id)).await?.map(|person| Named::of(&person)))
}

/// Refuses whoever cannot get tickets.
async fn require_staff(conn: &mut Conn, id: Option<UserId>) -> Result<(), AppError> {
    let Some(id) = id else { return Ok(()) };
    // Whoever takes them off the staff now comes after, and takes them from here too.
    accounts::service::lock(conn, id).await?;
    let person = accounts::service::find(conn, id).await?.filter(tickets::service::is_on_staff);
    person.map(drop).ok_or_else(|| AppError::field("default_assignee_id", FieldCode::Unknown))
}

/// Makes one, last in the order unless told.
pub async fn create(db: &Db, origin: &Origin, request: CreateCategory) -> Result<Category, AppError> {
    db.write(async |conn| -> Result<_, AppError> {
        require_staff(conn, request.default_assignee_id).await?;
        let position = match request.position {
            Some(position) => position,
            None => store::last_position(conn).await?.saturating_add(1),
        };
        let columns = CategoryColumns {
            name: Some(request.name.trim().to_owned()),
            name_folded: Some(folded(&request.name)),
            position: Some(position),
            colour: Some(colour_code(request.colour.unwrap_or_default())),
            default_assignee_id: Some(request.default_assignee_id.map(|id| id.0)),
        };
        let id = store::insert(conn, &columns).await.map_err(taken)?;
        let row = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
        let assignee = named(conn, row.default_assignee_id).await?;
        let changes = [
            change("name", &"", &row.name.as_str()),
            change("colour", &Colour::default(), &row.colour()),
            change("default_assignee", &None, &assignee),
        ];
        let event = NewEvent::desk(origin, EventKind::CategoryCreated, id.0);
        events::append(conn, &event.changes(changes.into_iter().flatten().collect())).await?;
        Ok(row.into())
    })
    .await
}

/// Changes one.
pub async fn update(db: &Db, origin: &Origin, id: CategoryId, request: UpdateCategory) -> Result<Category, AppError> {
    db.write(async |conn| -> Result<_, AppError> {
        let UpdateCategory { name, position, colour, default_assignee_id } = &request;
        require_staff(conn, default_assignee_id.flatten()).await?;
        let before = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
        if name.is_none() && position.is_none() && colour.is_none() && default_assignee_id.is_none() {
            return Ok(before.into());
        }
        let columns = CategoryColumns {
            name: name.as_ref().map(|name| name.trim().to_owned()),
            name_folded: name.as_deref().map(folded),
            position: *position,
            colour: colour.map(colour_code),
            default_assignee_id: default_assignee_id.map(|id| id.map(|id| id.0)),
        };
        store::update(conn, id, &columns).await.map_err(taken)?;
        let after = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
        let assignees = (named(conn, before.default_assignee_id).await?, named(conn, after.default_assignee_id).await?);
        let changes = [
            change("name", &before.name, &after.name),
            change("position", &before.position, &after.position),
            change("colour", &before.colour(), &after.colour()),
            change("default_assignee", &assignees.0, &assignees.1),
        ];
        let changes: Vec<Change> = changes.into_iter().flatten().collect();
        if !changes.is_empty() {
            let event = NewEvent::desk(origin, EventKind::CategoryUpdated, id.0).changes(changes);
            events::append(conn, &event).await?;
        }
        Ok(after.into())
    })
    .await
}

/// Deletes one that no ticket is in.
pub async fn delete(db: &Db, origin: &Origin, id: CategoryId) -> Result<(), AppError> {
    db.write(async |conn| -> Result<_, AppError> {
        let before = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
        let deleted = store::delete(conn, id).await.map_err(|error| match error {
            DbError::Query(query) if is_foreign_key_violation(&query) => AppError::InUse,
            error => error.into(),
        })?;
        // Of two at once, one deletes it.
        if !deleted {
            return Err(AppError::NotFound);
        }
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
