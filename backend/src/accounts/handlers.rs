//! `/me` and `/users`.

use actix_web::{
    HttpResponse, delete, get, patch, post, put,
    web::{Data, Json},
};
use shared::{
    accounts::{ChangePassword, CreateUser, UpdateMe, UpdateUser, User, UserQuery},
    ids::UserId,
    notifications::Me,
    page::Page,
};

use super::service;
use crate::{
    auth::caller::{Caller, UserManager},
    error::AppError,
    state::State,
    web::{Id, Params, Valid, errors},
};

/// Read one's own account
#[utoipa::path(
    tag = "me",
    operation_id = "get_me",
    responses((status = 200, description = "The caller", body = Me), errors::Ask)
)]
#[get("/me")]
pub async fn get_me(state: Data<State>, caller: Caller) -> Result<Json<Me>, AppError> {
    service::me(&state, &caller, caller.user.clone().into()).await.map(Json)
}

/// Change one's own account
#[utoipa::path(
    tag = "me",
    operation_id = "update_me",
    request_body = UpdateMe,
    responses((status = 200, description = "The caller as changed", body = Me), errors::Send)
)]
#[patch("/me")]
pub async fn update_me(state: Data<State>, caller: Caller, body: Valid<UpdateMe>) -> Result<Json<Me>, AppError> {
    let user = service::update_me(&state, &caller, body.0).await?;
    service::me(&state, &caller, user).await.map(Json)
}

/// Change one's own password
///
/// Ends the caller's other sessions.
#[utoipa::path(
    tag = "me",
    operation_id = "change_password",
    request_body = ChangePassword,
    responses((status = 204, description = "Changed"), errors::Send)
)]
#[put("/me/password")]
pub async fn change_password(
    state: Data<State>,
    caller: Caller,
    body: Valid<ChangePassword>,
) -> Result<HttpResponse, AppError> {
    service::change_password(&state, &caller, body.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List people
#[utoipa::path(
    tag = "users",
    operation_id = "list_users",
    params(UserQuery),
    responses((status = 200, description = "People by name", body = Page<User>), errors::List)
)]
#[get("/users")]
pub async fn list_users(
    state: Data<State>,
    _manager: UserManager,
    query: Params<UserQuery>,
) -> Result<Json<Page<User>>, AppError> {
    service::list(&state.db, &query.0).await.map(Json)
}

/// Make a person
#[utoipa::path(
    tag = "users",
    operation_id = "create_user",
    request_body = CreateUser,
    responses((status = 201, description = "The person", body = User), errors::Create)
)]
#[post("/users")]
pub async fn create_user(
    state: Data<State>,
    manager: UserManager,
    body: Valid<CreateUser>,
) -> Result<HttpResponse, AppError> {
    let user = service::create(&state.db, &state.auth.passwords, &manager.0.origin(), body.0).await?;
    Ok(HttpResponse::Created().json(user))
}

/// Read a person
#[utoipa::path(
    tag = "users",
    operation_id = "get_user",
    params(("id" = UserId, Path, description = "The person")),
    responses((status = 200, description = "The person", body = User), errors::Read)
)]
#[get("/users/{id}")]
pub async fn get_user(state: Data<State>, _manager: UserManager, id: Id<UserId>) -> Result<Json<User>, AppError> {
    service::get(&state.db, id.0).await.map(Json)
}

/// Change a person
#[utoipa::path(
    tag = "users",
    operation_id = "update_user",
    params(("id" = UserId, Path, description = "The person")),
    request_body = UpdateUser,
    responses((status = 200, description = "The person as changed", body = User), errors::Update)
)]
#[patch("/users/{id}")]
pub async fn update_user(
    state: Data<State>,
    manager: UserManager,
    id: Id<UserId>,
    body: Valid<UpdateUser>,
) -> Result<Json<User>, AppError> {
    service::update(&state, &manager.0, id.0, body.0).await.map(Json)
}

/// Deactivate a person
///
/// Nothing of theirs is lost; they cannot log in. The last active administrator stays.
#[utoipa::path(
    tag = "users",
    operation_id = "delete_user",
    params(("id" = UserId, Path, description = "The person")),
    responses((status = 204, description = "Deactivated"), errors::Change)
)]
#[delete("/users/{id}")]
pub async fn delete_user(state: Data<State>, manager: UserManager, id: Id<UserId>) -> Result<HttpResponse, AppError> {
    service::deactivate(&state, &manager.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
