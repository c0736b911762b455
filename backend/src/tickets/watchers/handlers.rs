//! `/tickets/{id}/watch` and `/tickets/{id}/watchers`.

use actix_web::{
    HttpResponse, delete, get, put,
    web::{Data, Json},
};
use shared::{
    ids::{TicketId, UserId},
    page::Page,
    tickets::{PageQuery, Watcher},
};

use crate::{
    auth::caller::Caller,
    error::AppError,
    state::State,
    web::{Id, Params, TwoIds, errors},
};

/// Follow a ticket
///
/// One the caller may see. Who follows already goes on following. Requester and assignee are told of everything without it.
#[utoipa::path(
    tag = "watchers",
    operation_id = "watch_ticket",
    params(("id" = TicketId, Path, description = "The ticket")),
    responses((status = 204, description = "The caller follows it"), errors::ActOnOne)
)]
#[put("/tickets/{id}/watch")]
pub async fn watch_ticket(state: Data<State>, caller: Caller, id: Id<TicketId>) -> Result<HttpResponse, AppError> {
    super::watch(&state.db, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Stop following a ticket
///
/// Who sees it only because they follow it sees it no longer.
#[utoipa::path(
    tag = "watchers",
    operation_id = "unwatch_ticket",
    params(("id" = TicketId, Path, description = "The ticket")),
    responses((status = 204, description = "The caller does not follow it"), errors::ActOnOne)
)]
#[delete("/tickets/{id}/watch")]
pub async fn unwatch_ticket(state: Data<State>, caller: Caller, id: Id<TicketId>) -> Result<HttpResponse, AppError> {
    super::unwatch(&state.db, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List who follows a ticket
///
/// For whoever may see it; people who can no longer log in are left out.
#[utoipa::path(
    tag = "watchers",
    operation_id = "list_watchers",
    params(("id" = TicketId, Path, description = "The ticket"), PageQuery),
    responses((status = 200, description = "A page of people", body = Page<Watcher>), errors::ListOfOne)
)]
#[get("/tickets/{id}/watchers")]
pub async fn list_watchers(
    state: Data<State>,
    caller: Caller,
    id: Id<TicketId>,
    query: Params<PageQuery>,
) -> Result<Json<Page<Watcher>>, AppError> {
    super::list(&state.db, &caller, id.0, &query.0).await.map(Json)
}

/// Let somebody follow a ticket
///
/// For staff. Who follows may see the ticket and comment on it, whatever else they may see; internal notes stay among staff.
/// Only active people can be invited. They are told, unless they follow it already.
#[utoipa::path(
    tag = "watchers",
    operation_id = "invite_watcher",
    params(
        ("id" = TicketId, Path, description = "The ticket"),
        ("user_id" = UserId, Path, description = "Who is invited")
    ),
    responses((status = 204, description = "They follow it"), errors::Choose)
)]
#[put("/tickets/{id}/watchers/{user_id}")]
pub async fn invite_watcher(
    state: Data<State>,
    caller: Caller,
    ids: TwoIds<TicketId, UserId>,
) -> Result<HttpResponse, AppError> {
    super::invite(&state.db, &caller, ids.0, ids.1).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// See to it that somebody follows a ticket no more
///
/// For staff.
#[utoipa::path(
    tag = "watchers",
    operation_id = "remove_watcher",
    params(
        ("id" = TicketId, Path, description = "The ticket"),
        ("user_id" = UserId, Path, description = "Who follows it no more")
    ),
    responses((status = 204, description = "They do not follow it"), errors::ActOnOne)
)]
#[delete("/tickets/{id}/watchers/{user_id}")]
pub async fn remove_watcher(
    state: Data<State>,
    caller: Caller,
    ids: TwoIds<TicketId, UserId>,
) -> Result<HttpResponse, AppError> {
    super::dismiss(&state.db, &caller, ids.0, ids.1).await?;
    Ok(HttpResponse::NoContent().finish())
}
