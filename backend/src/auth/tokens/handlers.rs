//! `/me/tokens`.

use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Json},
};
use shared::{
    ids::TokenId,
    page::Page,
    tokens::{CreateToken, CreatedToken, Token},
};

use super::service;
use crate::{
    auth::caller::SessionCaller,
    error::AppError,
    state::State,
    web::{Id, Valid, errors},
};

/// List one's own tokens
///
/// Those that have expired are among them until they are revoked. Needs a session: no token reads or changes tokens.
#[utoipa::path(
    tag = "me",
    operation_id = "list_tokens",
    responses((status = 200, description = "The caller's tokens, latest first", body = Page<Token>), errors::AskInSession),
    security(("session" = []))
)]
#[get("/me/tokens")]
pub async fn list_tokens(state: Data<State>, caller: SessionCaller) -> Result<Json<Page<Token>>, AppError> {
    service::list(&state.db, &caller).await.map(|tokens| Json(Page::whole(tokens)))
}

/// Make a token
///
/// Programs send it as `Authorization: Bearer …`. Its text is in this answer and cannot be read again. Fifty at most. It
/// can do what its person may do when it is used, as far as its scopes go, except what concerns sessions, tokens and the
/// password. A new password does not end it; deactivating its person does, for as long as they are.
#[utoipa::path(
    tag = "me",
    operation_id = "create_token",
    request_body = CreateToken,
    responses((status = 201, description = "The token", body = CreatedToken), errors::Create),
    security(("session" = [], "csrf" = []))
)]
#[post("/me/tokens")]
pub async fn create_token(
    state: Data<State>,
    caller: SessionCaller,
    body: Valid<CreateToken>,
) -> Result<HttpResponse, AppError> {
    let token = service::create(&state.db, &caller, body.0).await?;
    Ok(HttpResponse::Created().json(token))
}

/// Revoke a token
#[utoipa::path(
    tag = "me",
    operation_id = "revoke_token",
    params(("id" = TokenId, Path, description = "The token")),
    responses((status = 204, description = "Revoked"), errors::ActOnOne),
    security(("session" = [], "csrf" = []))
)]
#[delete("/me/tokens/{id}")]
pub async fn revoke_token(
    state: Data<State>,
    caller: SessionCaller,
    id: Id<TokenId>,
) -> Result<HttpResponse, AppError> {
    service::revoke(&state.db, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
