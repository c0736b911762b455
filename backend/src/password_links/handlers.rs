//! `/password-resets` and `/users/{id}/password-link`.

use actix_web::{
    HttpRequest, HttpResponse, get, post, put,
    web::{Data, Json, Path},
};
use shared::{
    fields::EMAIL_MAX,
    ids::UserId,
    password::{PASSWORD_MAX, PasswordVerdict},
    password_links::{
        CheckResetPassword, CreatePasswordLink, PasswordLink, PasswordLinkInfo, PasswordResetAsked,
        RequestPasswordReset, ResetPassword,
    },
    problem::FieldCode,
};

use super::service;
use crate::{
    auth::caller::{AskingForLink, SessionUserManager, UsingLink},
    error::AppError,
    state::State,
    web::{Body, Id, Optional, Valid, client, errors},
};

/// Ask for a link to set another password
///
/// It is mailed to the person, if there is one, and good once within ten minutes. The answer is the same for everybody.
/// Somebody who asks too often, more than five times in an hour, is sent nothing.
#[utoipa::path(
    tag = "password links",
    operation_id = "request_password_reset",
    request_body = RequestPasswordReset,
    responses(
        (status = 202, description = "If there is such a person, a mail is on its way", body = PasswordResetAsked),
        errors::AskForLink
    ),
    security(())
)]
#[post("/password-resets")]
pub async fn request_password_reset(
    from: AskingForLink,
    state: Data<State>,
    body: Body<RequestPasswordReset>,
) -> Result<HttpResponse, AppError> {
    let AskingForLink(address) = from;
    let RequestPasswordReset { email, login } = body.0;
    let login = email.or(login).ok_or_else(|| AppError::field("email", FieldCode::Required))?;
    let mailed = state.config.mail.is_some();
    if login.len() <= EMAIL_MAX {
        service::request(state, login, address.to_string());
    }
    Ok(HttpResponse::Accepted().json(PasswordResetAsked { mailed }))
}

/// Read whose password a link sets
#[utoipa::path(
    tag = "password links",
    operation_id = "get_password_link",
    params(("token" = String, Path, description = "The link's token")),
    responses((status = 200, description = "Whose it is", body = PasswordLinkInfo), errors::ReadByLink),
    security(())
)]
#[get("/password-resets/{token}")]
pub async fn get_password_link(
    state: Data<State>,
    request: HttpRequest,
    token: Path<String>,
) -> Result<Json<PasswordLinkInfo>, AppError> {
    state.auth.limits.use_link(client::address(&request, &state))?;
    service::info(&state, &token).await.map(Json)
}

/// Ask whether a password would do
///
/// The same rule that setting one applies. Nothing is kept, and the link stays good.
#[utoipa::path(
    tag = "password links",
    operation_id = "check_reset_password",
    params(("token" = String, Path, description = "The link's token")),
    request_body = CheckResetPassword,
    responses((status = 200, description = "What is wrong with it", body = PasswordVerdict), errors::SendByLink),
    security(())
)]
#[post("/password-resets/{token}/check")]
pub async fn check_reset_password(
    _from: UsingLink,
    state: Data<State>,
    token: Path<String>,
    body: Body<CheckResetPassword>,
) -> Result<Json<PasswordVerdict>, AppError> {
    let password = body.0.password.chars().take(PASSWORD_MAX + 1).collect();
    Ok(Json(PasswordVerdict { broken: service::check(&state, &token, password).await? }))
}

/// Set a password with a link
///
/// The link is then used up, and the person's sessions end. A link that was used, is too old or never was one: 410.
#[utoipa::path(
    tag = "password links",
    operation_id = "reset_password",
    params(("token" = String, Path, description = "The link's token")),
    request_body = ResetPassword,
    responses((status = 204, description = "Set"), errors::SendByLink),
    security(())
)]
#[put("/password-resets/{token}")]
pub async fn reset_password(
    from: UsingLink,
    state: Data<State>,
    token: Path<String>,
    body: Valid<ResetPassword>,
) -> Result<HttpResponse, AppError> {
    let UsingLink(address) = from;
    service::reset(&state, &token, &body.0.password, address.to_string()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Make a link that sets a person's password
///
/// Good once within 24 hours, or within seven days when they have no password yet. It is told this once; with `send` it is
/// mailed to them instead. Needs a session: no token opens an account.
#[utoipa::path(
    tag = "users",
    operation_id = "create_password_link",
    params(("id" = UserId, Path, description = "The person")),
    request_body = Option<CreatePasswordLink>,
    responses((status = 201, description = "The link", body = PasswordLink), errors::Update),
    security(("session" = [], "csrf" = []))
)]
#[post("/users/{id}/password-link")]
pub async fn create_password_link(
    state: Data<State>,
    manager: SessionUserManager,
    id: Id<UserId>,
    body: Optional<CreatePasswordLink>,
) -> Result<HttpResponse, AppError> {
    let link = service::create(&state, &manager.0, id.0, body.0.send).await?;
    Ok(HttpResponse::Created().insert_header(("Cache-Control", "no-store")).json(link))
}
