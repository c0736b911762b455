//! `/about`.

use actix_web::{
    get,
    web::{Data, Json},
};
use shared::about::About;

use super::service;
use crate::{auth::caller::SettingsManager, error::AppError, state::State, web::errors};

/// What the desk runs on
#[utoipa::path(
    tag = "administration",
    operation_id = "get_about",
    responses((status = 200, description = "The program and its database", body = About), errors::AskAllowed)
)]
#[get("/about")]
pub async fn get_about(state: Data<State>, _manager: SettingsManager) -> Result<Json<About>, AppError> {
    service::get(&state).await.map(Json)
}
