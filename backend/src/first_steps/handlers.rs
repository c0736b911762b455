//! `/first-steps`.

use actix_web::{
    HttpResponse, delete, get,
    web::{Data, Json},
};
use shared::demo::FirstSteps;

use super::service;
use crate::{auth::caller::SettingsManager, error::AppError, settings, state::State, web::errors};

/// See what a new desk still needs
///
/// What is done is read from the desk itself; the demo does not count.
#[utoipa::path(
    tag = "administration",
    operation_id = "get_first_steps",
    responses((status = 200, description = "The steps, and whether each is done", body = FirstSteps), errors::AskAllowed)
)]
#[get("/first-steps")]
pub async fn get_first_steps(state: Data<State>, manager: SettingsManager) -> Result<Json<FirstSteps>, AppError> {
    service::read(&state.db, &manager.0).await.map(Json)
}

/// Put the list of first steps away
///
/// For everybody who runs the desk, and for good.
#[utoipa::path(
    tag = "administration",
    operation_id = "put_first_steps_away",
    responses((status = 204, description = "It is away"), errors::Act)
)]
#[delete("/first-steps")]
pub async fn put_first_steps_away(state: Data<State>, manager: SettingsManager) -> Result<HttpResponse, AppError> {
    settings::service::put_first_steps_away(&state, &manager.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
