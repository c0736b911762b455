//! `/views`.

use actix_web::{
    HttpResponse, delete, get, patch, post,
    web::{Data, Json},
};
use shared::{
    ids::ViewId,
    page::Page,
    views::{CreateView, UpdateView, View, ViewCounts},
};

use super::service;
use crate::{
    auth::caller::Caller,
    error::AppError,
    state::State,
    web::{Id, Valid, errors},
};

/// List views
///
/// The caller's own, and to staff those that others share with it.
#[utoipa::path(
    tag = "views",
    operation_id = "list_views",
    responses((status = 200, description = "All that the caller sees, their own first", body = Page<View>), errors::Ask)
)]
#[get("/views")]
pub async fn list_views(state: Data<State>, caller: Caller) -> Result<Json<Page<View>>, AppError> {
    service::list(&state.db, &caller).await.map(|views| Json(Page::whole(views)))
}

/// Count the tickets of views
///
/// Of those that everybody has and those that the caller sees: what the caller would find in them, up to a hundred.
#[utoipa::path(
    tag = "views",
    operation_id = "count_views",
    responses((status = 200, description = "How many tickets each has", body = ViewCounts), errors::Ask)
)]
#[get("/views/counts")]
pub async fn count_views(state: Data<State>, caller: Caller) -> Result<Json<ViewCounts>, AppError> {
    service::counts(&state.db, &caller).await.map(Json)
}

/// Keep a list under a name
///
/// At most fifty for each person. Sharing is for staff.
#[utoipa::path(
    tag = "views",
    operation_id = "create_view",
    request_body = CreateView,
    responses((status = 201, description = "The view", body = View), errors::Create)
)]
#[post("/views")]
pub async fn create_view(
    state: Data<State>,
    caller: Caller,
    body: Valid<CreateView>,
) -> Result<HttpResponse, AppError> {
    let view = service::create(&state.db, &caller, body.0).await?;
    Ok(HttpResponse::Created().json(view))
}

/// Change a view
///
/// Only whoever keeps it may, and of shared ones an administrator.
#[utoipa::path(
    tag = "views",
    operation_id = "update_view",
    params(("id" = ViewId, Path, description = "The view")),
    request_body = UpdateView,
    responses((status = 200, description = "The view as changed", body = View), errors::Update)
)]
#[patch("/views/{id}")]
pub async fn update_view(
    state: Data<State>,
    caller: Caller,
    id: Id<ViewId>,
    body: Valid<UpdateView>,
) -> Result<Json<View>, AppError> {
    service::update(&state.db, &caller, id.0, body.0).await.map(Json)
}

/// Delete a view
///
/// Only whoever keeps it may, and of shared ones an administrator.
#[utoipa::path(
    tag = "views",
    operation_id = "delete_view",
    params(("id" = ViewId, Path, description = "The view")),
    responses((status = 204, description = "Deleted"), errors::ActOnOne)
)]
#[delete("/views/{id}")]
pub async fn delete_view(state: Data<State>, caller: Caller, id: Id<ViewId>) -> Result<HttpResponse, AppError> {
    service::delete(&state.db, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
