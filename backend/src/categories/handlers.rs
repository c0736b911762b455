//! `/categories`.

use actix_web::{
    HttpResponse, delete, get, patch, post,
    web::{Data, Json},
};
use shared::{
    categories::{Category, CreateCategory, UpdateCategory},
    ids::CategoryId,
    page::Page,
};

use super::service;
use crate::{
    auth::caller::{Caller, CategoryManager},
    error::AppError,
    state::State,
    web::{Id, Valid, errors},
};

/// List categories
#[utoipa::path(
    tag = "categories",
    operation_id = "list_categories",
    responses((status = 200, description = "All, in their order", body = Page<Category>), errors::Ask)
)]
#[get("/categories")]
pub async fn list_categories(state: Data<State>, _caller: Caller) -> Result<Json<Page<Category>>, AppError> {
    service::list(&state.db).await.map(|categories| Json(Page::whole(categories)))
}

/// Make a category
#[utoipa::path(
    tag = "categories",
    operation_id = "create_category",
    request_body = CreateCategory,
    responses((status = 201, description = "The category", body = Category), errors::Create)
)]
#[post("/categories")]
pub async fn create_category(
    state: Data<State>,
    manager: CategoryManager,
    body: Valid<CreateCategory>,
) -> Result<HttpResponse, AppError> {
    let category = service::create(&state.db, &manager.0.origin(), body.0).await?;
    Ok(HttpResponse::Created().json(category))
}

/// Change a category
#[utoipa::path(
    tag = "categories",
    operation_id = "update_category",
    params(("id" = CategoryId, Path, description = "The category")),
    request_body = UpdateCategory,
    responses((status = 200, description = "The category as changed", body = Category), errors::Update)
)]
#[patch("/categories/{id}")]
pub async fn update_category(
    state: Data<State>,
    manager: CategoryManager,
    id: Id<CategoryId>,
    body: Valid<UpdateCategory>,
) -> Result<Json<Category>, AppError> {
    service::update(&state.db, &manager.0.origin(), id.0, body.0).await.map(Json)
}

/// Delete a category
///
/// Only one that no ticket is in.
#[utoipa::path(
    tag = "categories",
    operation_id = "delete_category",
    params(("id" = CategoryId, Path, description = "The category")),
    responses((status = 204, description = "Deleted"), errors::Change)
)]
#[delete("/categories/{id}")]
pub async fn delete_category(
    state: Data<State>,
    manager: CategoryManager,
    id: Id<CategoryId>,
) -> Result<HttpResponse, AppError> {
    service::delete(&state.db, &manager.0.origin(), id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
