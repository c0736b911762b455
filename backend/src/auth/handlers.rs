//! `/session`, `/sessions` and `/password-checks`.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite},
    delete, get,
    http::header,
    post,
    web::{Data, Json},
};
use shared::{
    fields::EMAIL_MAX,
    ids::SessionId,
    page::Page,
    password::{PasswordCheck, PasswordVerdict},
    session::{COOKIE, DeviceSession, LogIn, SessionInfo},
};

use super::{
    caller::{Caller, LoggingIn, Onlooker, Session, SessionCaller},
    service::{self, Attempt},
};
use crate::{
    error::AppError,
    state::State,
    web::{Body, Id, errors},
};

/// Log in
///
/// Answers with the session and sets its cookie. Fifty attempts a minute from one address, or one network (/64) of IPv6.
#[utoipa::path(
    tag = "session",
    operation_id = "log_in",
    request_body = LogIn,
    responses((status = 201, description = "Logged in", body = SessionInfo), errors::LogIn),
    security(())
)]
#[post("/session")]
pub async fn log_in(
    from: LoggingIn,
    state: Data<State>,
    request: HttpRequest,
    body: Body<LogIn>,
) -> Result<HttpResponse, AppError> {
    let LoggingIn(address) = from;
    let Body(LogIn { login, password }) = body;
    let user_agent = request
        .headers()
        .get(header::USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).chars().filter(|c| !c.is_control()).take(300).collect())
        .unwrap_or_default();
    let attempt = Attempt { login: &login, password, address: address.to_string(), user_agent };
    let begun = service::log_in(&state, attempt).await?;
    let cookie = session_cookie(&state, state.auth.secrets.session_token(begun.session.key)?);
    let info = service::info(&state, begun.session, begun.user)?;
    Ok(HttpResponse::Created().cookie(cookie).json(info))
}

/// Ask about the session
///
/// Does not extend it.
#[utoipa::path(
    tag = "session",
    operation_id = "get_session",
    responses((status = 200, description = "The session", body = SessionInfo), errors::AskInSession),
    security(("session" = []))
)]
#[get("/session")]
pub async fn get_session(state: Data<State>, onlooker: Onlooker) -> Result<Json<SessionInfo>, AppError> {
    let SessionCaller { caller, session } = onlooker.0.with_session()?;
    service::info(&state, session, caller.user).map(Json)
}

/// Keep working
///
/// Extends the session, as every deliberate request does.
#[utoipa::path(
    tag = "session",
    operation_id = "extend_session",
    responses((status = 200, description = "The session", body = SessionInfo), errors::Act),
    security(("session" = [], "csrf" = []))
)]
#[post("/session/extend")]
pub async fn extend_session(state: Data<State>, onlooker: Onlooker) -> Result<Json<SessionInfo>, AppError> {
    let SessionCaller { caller, session } = onlooker.0.with_session()?;
    let expires_at = service::extend(&state, session, caller.id(), true).await?;
    service::info(&state, Session { expires_at, ..session }, caller.user).map(Json)
}

/// Log out
#[utoipa::path(
    tag = "session",
    operation_id = "log_out",
    responses((status = 204, description = "Logged out"), errors::Act),
    security(("session" = [], "csrf" = []))
)]
#[delete("/session")]
pub async fn log_out(state: Data<State>, caller: SessionCaller) -> Result<HttpResponse, AppError> {
    service::log_out(&state, &caller).await?;
    let mut cookie = session_cookie(&state, String::new());
    cookie.make_removal();
    Ok(HttpResponse::NoContent().cookie(cookie).finish())
}

/// List one's own sessions
#[utoipa::path(
    tag = "session",
    operation_id = "list_sessions",
    responses(
        (status = 200, description = "The caller's sessions", body = Page<DeviceSession>),
        errors::AskInSession
    ),
    security(("session" = []))
)]
#[get("/sessions")]
pub async fn list_sessions(state: Data<State>, caller: SessionCaller) -> Result<Json<Page<DeviceSession>>, AppError> {
    service::list(&state, &caller).await.map(|sessions| Json(Page::whole(sessions)))
}

/// End one's own other sessions
///
/// All but the one that asks.
#[utoipa::path(
    tag = "session",
    operation_id = "revoke_other_sessions",
    responses((status = 204, description = "Ended"), errors::Act),
    security(("session" = [], "csrf" = []))
)]
#[delete("/sessions")]
pub async fn revoke_other_sessions(state: Data<State>, caller: SessionCaller) -> Result<HttpResponse, AppError> {
    service::revoke_others(&state, &caller).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End one of one's own sessions
#[utoipa::path(
    tag = "session",
    operation_id = "revoke_session",
    params(("id" = SessionId, Path, description = "The session")),
    responses((status = 204, description = "Ended"), errors::ActOnOne),
    security(("session" = [], "csrf" = []))
)]
#[delete("/sessions/{id}")]
pub async fn revoke_session(
    state: Data<State>,
    caller: SessionCaller,
    id: Id<SessionId>,
) -> Result<HttpResponse, AppError> {
    service::revoke(&state, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ask whether a password would do
///
/// The same rule that setting one applies. Nothing is kept.
#[utoipa::path(
    tag = "session",
    operation_id = "check_password",
    request_body = PasswordCheck,
    responses((status = 200, description = "What is wrong with it", body = PasswordVerdict), errors::SendSparingly)
)]
#[post("/password-checks")]
pub async fn check_password(
    state: Data<State>,
    caller: Caller,
    body: Body<PasswordCheck>,
) -> Result<Json<PasswordVerdict>, AppError> {
    state.auth.limits.guess(caller.id())?;
    let Body(PasswordCheck { password, about }) = body;
    let about = about.into_iter().take(10).map(|text| text.chars().take(EMAIL_MAX).collect()).collect();
    Ok(Json(PasswordVerdict { broken: state.auth.passwords.broken_rules(password, about).await? }))
}

/// The cookie: not readable by scripts, not sent by other sites, and over HTTPS never without it.
fn session_cookie(state: &State, token: String) -> Cookie<'static> {
    let secure = state.config.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    Cookie::build(COOKIE, token).path("/").http_only(true).same_site(SameSite::Strict).secure(secure).finish()
}
