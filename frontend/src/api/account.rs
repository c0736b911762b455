//! One's own account, password and sessions.

use shared::{
    accounts::{ChangePassword, UpdateMe, User},
    ids::SessionId,
    page::Page,
    password::{PasswordCheck, PasswordVerdict},
    session::DeviceSession,
};

use super::{ClientError, delete, get, patch, post_background, put};

/// Changes one's own name, language or theme.
pub async fn update_me(request: &UpdateMe) -> Result<User, ClientError> {
    patch("/me", request).await
}

/// Changes one's own password.
pub async fn change_password(request: &ChangePassword) -> Result<(), ClientError> {
    put("/me/password", request).await
}

/// One's own sessions.
pub async fn sessions() -> Result<Page<DeviceSession>, ClientError> {
    get("/sessions").await
}

/// Ends one of one's own sessions.
pub async fn revoke_session(id: SessionId) -> Result<(), ClientError> {
    delete(&format!("/sessions/{id}")).await
}

/// Asks whether a password would do. Typing is no deliberate request: it does not extend the session.
pub async fn check_password(request: &PasswordCheck) -> Result<PasswordVerdict, ClientError> {
    post_background("/password-checks", request).await
}
