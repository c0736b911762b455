//! `/demo`.

use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Json},
};
use shared::demo::DemoState;

use super::service;
use crate::{auth::caller::DemoManager, error::AppError, state::State, web::errors};

/// See how the demo stands
///
/// Whether there is one, how far it is loaded or removed, and what goes with it when it is removed.
#[utoipa::path(
    tag = "administration",
    operation_id = "demo_state",
    responses((status = 200, description = "The demo", body = DemoState), errors::AskAllowed)
)]
#[get("/demo")]
pub async fn get_demo(state: Data<State>, manager: DemoManager) -> Result<Json<DemoState>, AppError> {
    service::state(&mut state.db.read().await?, manager.0.id()).await.map(Json)
}

/// Load the demo
///
/// Invented people and tickets, in the background; `demo_state` says how far it is. Nobody can log in as one of these
/// people. Refused with 409 when the desk has tickets of its own, or a demo already.
#[utoipa::path(
    tag = "administration",
    operation_id = "load_demo",
    responses((status = 202, description = "It is being loaded", body = DemoState), errors::Attempt)
)]
#[post("/demo")]
pub async fn load_demo(state: Data<State>, manager: DemoManager) -> Result<HttpResponse, AppError> {
    Ok(HttpResponse::Accepted().json(service::load(&state, &manager.0).await?))
}

/// Remove the demo
///
/// All that was loaded, in the background; also what was broken off half-way. What the desk wrote on invented tickets
/// goes with them (`own_comments`, `own_files`), private messages with invented people (`own_messages`), and what those
/// keep for themselves (`own_replies`, `own_views`). Saved replies and views that they shared become those of whoever
/// removes the demo, except the replies that it brought, which go with it. Tickets that somebody opened stay, without
/// the invented category or assignee. Invented people whom something that stays names stay too, without access; and so
/// does whoever removes it. The log keeps what it says.
#[utoipa::path(
    tag = "administration",
    operation_id = "remove_demo",
    responses((status = 202, description = "It is being removed", body = DemoState), errors::Attempt)
)]
#[delete("/demo")]
pub async fn remove_demo(state: Data<State>, manager: DemoManager) -> Result<HttpResponse, AppError> {
    Ok(HttpResponse::Accepted().json(service::remove(&state, &manager.0).await?))
}
