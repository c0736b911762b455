//! `/dashboard`.

use actix_web::{
    get,
    web::{Data, Json},
};
use shared::dashboard::{Dashboard, DashboardQuery};

use super::service;
use crate::{
    auth::caller::Caller,
    error::AppError,
    state::State,
    web::{Params, errors},
};

/// See the desk in numbers
///
/// Of the tickets that the caller may see: the counts are what `list_tickets` would list.
#[utoipa::path(
    tag = "dashboard",
    operation_id = "get_dashboard",
    params(DashboardQuery),
    responses((status = 200, description = "The numbers", body = Dashboard), errors::Find)
)]
#[get("/dashboard")]
pub async fn get_dashboard(
    state: Data<State>,
    caller: Caller,
    query: Params<DashboardQuery>,
) -> Result<Json<Dashboard>, AppError> {
    service::read(&state.db, &caller, &query.0).await.map(Json)
}
