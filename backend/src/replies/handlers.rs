//! `/replies`.

use actix_web::{
    HttpResponse, delete, get, patch, post,
    web::{Data, Json},
};
use shared::{
    ids::ReplyId,
    page::Page,
    replies::{CreateReply, SavedReply, UpdateReply},
    tickets::PageQuery,
};

use super::service;
use crate::{
    auth::caller::ReplyUser,
    error::AppError,
    state::State,
    web::{Id, Params, Valid, errors},
};

/// List saved replies
///
/// One's own, and those that all of staff has; by title.
#[utoipa::path(
    tag = "replies",
    operation_id = "list_replies",
    params(PageQuery),
    responses((status = 200, description = "A page of saved replies", body = Page<SavedReply>), errors::List)
)]
#[get("/replies")]
pub async fn list_replies(
    state: Data<State>,
    user: ReplyUser,
    query: Params<PageQuery>,
) -> Result<Json<Page<SavedReply>>, AppError> {
    service::list(&state.db, &user.0, &query.0).await.map(Json)
}

/// Keep a reply
#[utoipa::path(
    tag = "replies",
    operation_id = "create_reply",
    request_body = CreateReply,
    responses((status = 201, description = "The saved reply", body = SavedReply), errors::Create)
)]
#[post("/replies")]
pub async fn create_reply(
    state: Data<State>,
    user: ReplyUser,
    body: Valid<CreateReply>,
) -> Result<HttpResponse, AppError> {
    let reply = service::create(&state.db, &user.0, body.0).await?;
    Ok(HttpResponse::Created().json(reply))
}

/// Change a saved reply
///
/// One's own; an administrator also any that all of staff has.
#[utoipa::path(
    tag = "replies",
    operation_id = "update_reply",
    params(("id" = ReplyId, Path, description = "The saved reply")),
    request_body = UpdateReply,
    responses((status = 200, description = "The saved reply as changed", body = SavedReply), errors::CreateIn)
)]
#[patch("/replies/{id}")]
pub async fn update_reply(
    state: Data<State>,
    user: ReplyUser,
    id: Id<ReplyId>,
    body: Valid<UpdateReply>,
) -> Result<Json<SavedReply>, AppError> {
    service::update(&state.db, &user.0, id.0, body.0).await.map(Json)
}

/// Delete a saved reply
///
/// One's own; an administrator also any that all of staff has.
#[utoipa::path(
    tag = "replies",
    operation_id = "delete_reply",
    params(("id" = ReplyId, Path, description = "The saved reply")),
    responses((status = 204, description = "Deleted"), errors::ActOnOne)
)]
#[delete("/replies/{id}")]
pub async fn delete_reply(state: Data<State>, user: ReplyUser, id: Id<ReplyId>) -> Result<HttpResponse, AppError> {
    service::delete(&state.db, &user.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
