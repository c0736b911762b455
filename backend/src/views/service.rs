//! What happens when views are kept, changed and deleted, and what is in them.

use shared::{
    accounts::Role,
    ids::{UserId, ViewId},
    permissions::{DeskAction, can},
    tickets::{Change, TicketQuery},
    views::{
        BuiltInCount, BuiltInView, COUNT_MAX, CreateView, UpdateView, VIEWS_MAX, View, ViewCount, ViewCounts,
        ViewFilters,
    },
};

use super::{
    rows::{NewView, ViewColumns, ViewRow},
    store,
};
use crate::{
    accounts::{
        self,
        rows::{Face, UserRow, role_code},
    },
    auth::caller::Caller,
    db::{Conn, Db, DbError, now, to_micros},
    error::AppError,
    events::{self, EventKind, NewEvent, Origin, change},
    tickets::list,
};

/// The roles whose people may share.
fn sharing() -> Vec<i16> {
    let all = [Role::User, Role::Technician, Role::Admin];
    all.into_iter().filter(|&role| can(role, DeskAction::ShareViews)).map(role_code).collect()
}

/// All that a caller sees, their own first.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<View>, AppError> {
    let mut conn = db.read().await?;
    let rows = seen(&mut conn, caller).await?;
    Ok(rows.into_iter().map(|(row, owner)| present(caller, row, owner)).collect())
}

async fn seen(conn: &mut Conn, caller: &Caller) -> Result<Vec<(ViewRow, Face)>, AppError> {
    let mut rows = store::of_user(conn, caller.id()).await?;
    if caller.may(DeskAction::ShareViews).is_ok() {
        rows.extend(store::shared_with(conn, caller.id(), &sharing()).await?);
    }
    Ok(rows)
}

fn present(caller: &Caller, row: ViewRow, owner: Face) -> View {
    let editable = may_change(caller, &row);
    row.into_view(owner, editable)
}

/// Whether a caller who sees a view may change it.
fn may_change(caller: &Caller, row: &ViewRow) -> bool {
    row.user_id == caller.user.id || caller.may(DeskAction::ManageViews).is_ok()
}

/// How many tickets a caller finds in each view they see.
pub async fn counts(db: &Db, caller: &Caller) -> Result<ViewCounts, AppError> {
    let mut conn = db.read().await?;
    let mut counts = ViewCounts::default();
    for view in BuiltInView::ALL {
        let count = count(&mut conn, caller, view.filters()).await?;
        counts.built_in.push(BuiltInCount { view, count });
    }
    for (row, _) in seen(&mut conn, caller).await? {
        let count = count(&mut conn, caller, row.filters()).await?;
        counts.views.push(ViewCount { id: ViewId(row.id), count });
    }
    Ok(counts)
}

async fn count(conn: &mut Conn, caller: &Caller, filters: ViewFilters) -> Result<u32, AppError> {
    let count = list::count(conn, caller, &TicketQuery::from(filters), COUNT_MAX as usize).await?;
    Ok(u32::try_from(count).unwrap_or(COUNT_MAX))
}

/// Keeps a list for the caller.
pub async fn create(db: &Db, caller: &Caller, request: CreateView) -> Result<View, AppError> {
    if request.shared {
        caller.may(DeskAction::ShareViews)?;
    }
    let filters = written(&request.filters)?;
    let new = NewView {
        user_id: caller.user.id,
        shared: request.shared,
        created_at: to_micros(now()),
        name: request.name.trim(),
        filters: &filters,
    };
    let origin = caller.origin();
    let id = db
        .write(async |conn| -> Result<_, AppError> {
            // Two requests at once cannot both find room for the last one.
            accounts::service::lock(conn, caller.id()).await?;
            if store::count(conn, caller.id()).await? >= VIEWS_MAX {
                return Err(AppError::LimitReached);
            }
            let id = store::insert(conn, &new).await?;
            let changes = [
                change("name", &"", &new.name),
                change("filters", &None, &Some(&request.filters)),
                change("shared", &false, &request.shared),
            ];
            let event = NewEvent::desk(&origin, EventKind::ViewCreated, id.0);
            events::append(conn, &event.changes(changes.into_iter().flatten().collect())).await?;
            Ok(id)
        })
        .await?;
    let row = ViewRow { id: id.0, user_id: new.user_id, shared: new.shared, name: new.name.to_owned(), filters };
    Ok(present(caller, row, caller.user.face()))
}

/// Changes a view.
pub async fn update(db: &Db, caller: &Caller, id: ViewId, request: UpdateView) -> Result<View, AppError> {
    let origin = caller.origin();
    let filters = request.filters.as_ref().map(written).transpose()?;
    db.write(async |conn| -> Result<_, AppError> {
        let (before, owner) = changeable(conn, caller, id).await?;
        // Whoever may no longer share takes back what they shared before they change it.
        if request.shared.unwrap_or(before.shared) {
            caller.may(DeskAction::ShareViews)?;
        }
        let columns = ViewColumns {
            name: request.name.as_ref().map(|name| name.trim().to_owned()),
            filters: filters.clone(),
            shared: request.shared,
        };
        let after = ViewRow {
            name: columns.name.clone().unwrap_or_else(|| before.name.clone()),
            filters: columns.filters.clone().unwrap_or_else(|| before.filters.clone()),
            shared: columns.shared.unwrap_or(before.shared),
            ..before
        };
        let changes = [
            change("name", &before.name, &after.name),
            change("filters", &before.filters(), &after.filters()),
            change("shared", &before.shared, &after.shared),
        ];
        let changes: Vec<Change> = changes.into_iter().flatten().collect();
        if !changes.is_empty() {
            store::update(conn, id, &columns).await?;
            let event = NewEvent::desk(&origin, EventKind::ViewUpdated, id.0).named(&after.name);
            events::append(conn, &event.changes(changes)).await?;
        }
        Ok(present(caller, after, owner))
    })
    .await
}

/// Deletes a view.
pub async fn delete(db: &Db, caller: &Caller, id: ViewId) -> Result<(), AppError> {
    let origin = caller.origin();
    db.write(async |conn| -> Result<_, AppError> {
        let (before, _) = changeable(conn, caller, id).await?;
        store::delete(conn, id).await?;
        let changes = change("name", &before.name.as_str(), &"").into_iter().collect();
        Ok(events::append(conn, &NewEvent::desk(&origin, EventKind::ViewDeleted, id.0).changes(changes)).await?)
    })
    .await
}

/// A person goes for good: what they share becomes another's, the rest goes with them. Answers with what the log is to say.
pub async fn hand_over<'a>(
    conn: &mut Conn,
    origin: &'a Origin,
    from: &UserRow,
    to: &UserRow,
) -> Result<Vec<NewEvent<'a>>, DbError> {
    let mut told = Vec::new();
    for (row, _) in store::of_user(conn, UserId(from.id)).await? {
        let id = ViewId(row.id);
        let (kind, changed) = if row.shared {
            store::give(conn, id, UserId(to.id)).await?;
            (EventKind::ViewUpdated, change("owner", &from.to_named(), &to.to_named()))
        } else {
            store::delete(conn, id).await?;
            (EventKind::ViewDeleted, change("name", &row.name.as_str(), &""))
        };
        told.push(NewEvent::desk(origin, kind, row.id).named(&row.name).changes(changed.into_iter().collect()));
    }
    Ok(told)
}

/// A view that the caller may change: 404 when they do not see it, 403 when they see but may not change it.
async fn changeable(conn: &mut Conn, caller: &Caller, id: ViewId) -> Result<(ViewRow, Face), AppError> {
    let (row, owner, role) = store::find(conn, id).await?.ok_or(AppError::NotFound)?;
    let shared = row.shared && sharing().contains(&role) && caller.may(DeskAction::ShareViews).is_ok();
    if row.user_id != caller.user.id && !shared {
        return Err(AppError::NotFound);
    }
    if may_change(caller, &row) { Ok((row, owner)) } else { Err(AppError::Forbidden) }
}

fn written(filters: &ViewFilters) -> Result<String, AppError> {
    serde_json::to_string(filters).map_err(AppError::internal)
}
