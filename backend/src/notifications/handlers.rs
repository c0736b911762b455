//! `/notifications`.

use actix_web::{
    HttpResponse, get, put,
    web::{Data, Json},
};
use shared::notifications::{MarkRead, NotificationPage, NotificationQuery};

use super::service;
use crate::{
    auth::caller::Caller,
    error::AppError,
    state::State,
    web::{Params, Valid, errors},
};

/// List what one is told of
///
/// Newest first, with how many are unread. What one may no longer see is not there.
#[utoipa::path(
    tag = "notifications",
    operation_id = "list_notifications",
    params(NotificationQuery),
    responses((status = 200, description = "A page of notifications", body = NotificationPage), errors::Find)
)]
#[get("/notifications")]
pub async fn list_notifications(
    state: Data<State>,
    caller: Caller,
    query: Params<NotificationQuery>,
) -> Result<Json<NotificationPage>, AppError> {
    service::list(&state.db, &caller, &query.0).await.map(Json)
}

/// Mark notifications as read
///
/// Those named, or all of them. Others' are left alone. The caller's other devices are told at once (`notifications` on the
/// live stream).
#[utoipa::path(
    tag = "notifications",
    operation_id = "mark_notifications_read",
    request_body = MarkRead,
    responses((status = 204, description = "Marked"), errors::Send)
)]
#[put("/notifications/read")]
pub async fn mark_notifications_read(
    state: Data<State>,
    caller: Caller,
    body: Valid<MarkRead>,
) -> Result<HttpResponse, AppError> {
    service::mark_read(&state, &caller, body.0.ids).await?;
    Ok(HttpResponse::NoContent().finish())
}
