//! `/mails`.

use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use shared::{
    ids::MailId,
    mail::{FullMail, Mail, MailQuery, MailStatus},
    page::Page,
};

use super::service;
use crate::{
    auth::caller::MailManager,
    error::AppError,
    state::State,
    web::{Id, Params, errors},
};

/// Ask how the sending of mail stands
#[utoipa::path(
    tag = "mail",
    operation_id = "get_mail_status",
    responses((status = 200, description = "How it stands", body = MailStatus), errors::AskAsStaff)
)]
#[get("/mails/status")]
pub async fn get_mail_status(state: Data<State>, _manager: MailManager) -> Result<Json<MailStatus>, AppError> {
    service::status(&state).await.map(Json)
}

/// List mails
///
/// Newest first. They are kept for 90 days.
#[utoipa::path(
    tag = "mail",
    operation_id = "list_mails",
    params(MailQuery),
    responses((status = 200, description = "A page of mails", body = Page<Mail>), errors::List)
)]
#[get("/mails")]
pub async fn list_mails(
    state: Data<State>,
    _manager: MailManager,
    query: Params<MailQuery>,
) -> Result<Json<Page<Mail>>, AppError> {
    service::list(&state, &query.0).await.map(Json)
}

/// Mail oneself
///
/// To see whether mail arrives.
#[utoipa::path(
    tag = "mail",
    operation_id = "send_test_mail",
    responses((status = 201, description = "The mail, as it waits", body = Mail), errors::Act)
)]
#[post("/mails")]
pub async fn send_test_mail(state: Data<State>, manager: MailManager) -> Result<HttpResponse, AppError> {
    Ok(HttpResponse::Created().json(service::test(&state, &manager.0).await?))
}

/// Read a mail
///
/// A link in it that sets a password is covered, unless the desk has no mail server; then it is shown to a session, though to
/// no token, and that it was read is noted.
#[utoipa::path(
    tag = "mail",
    operation_id = "get_mail",
    params(("id" = MailId, Path, description = "The mail")),
    responses((status = 200, description = "The mail", body = FullMail), errors::Read)
)]
#[get("/mails/{id}")]
pub async fn get_mail(state: Data<State>, manager: MailManager, id: Id<MailId>) -> Result<Json<FullMail>, AppError> {
    service::get(&state, &manager.0, id.0).await.map(Json)
}

/// Try a mail now
///
/// One that waits, was given up or was cancelled; not one that was sent.
#[utoipa::path(
    tag = "mail",
    operation_id = "retry_mail",
    params(("id" = MailId, Path, description = "The mail")),
    responses((status = 200, description = "The mail, first in line", body = Mail), errors::Change)
)]
#[post("/mails/{id}/retry")]
pub async fn retry_mail(state: Data<State>, _manager: MailManager, id: Id<MailId>) -> Result<Json<Mail>, AppError> {
    service::retry(&state, id.0).await.map(Json)
}

/// Take a mail out of the line
///
/// One that waits.
#[utoipa::path(
    tag = "mail",
    operation_id = "cancel_mail",
    params(("id" = MailId, Path, description = "The mail")),
    responses((status = 200, description = "The mail, cancelled", body = Mail), errors::Change)
)]
#[post("/mails/{id}/cancel")]
pub async fn cancel_mail(state: Data<State>, _manager: MailManager, id: Id<MailId>) -> Result<Json<Mail>, AppError> {
    service::cancel(&state, id.0).await.map(Json)
}
