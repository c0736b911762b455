//! One's own account, password and sessions.

use shared::{
    accounts::{ChangePassword, UpdateMe, User},
    ids::{SessionId, TokenId},
    page::Page,
    password::{PasswordCheck, PasswordVerdict},
    session::DeviceSession,
    tokens::{CreateToken, CreatedToken, Token},
};
use web_sys::Blob;

use super::{ClientError, delete, form_with_file, get, patch, post, post_background, put, put_form};

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

/// Ends one's own sessions but this one.
pub async fn revoke_other_sessions() -> Result<(), ClientError> {
    delete("/sessions").await
}

/// Sets one's own picture.
pub async fn set_avatar(picture: &Blob) -> Result<User, ClientError> {
    put_form("/me/avatar", &form_with_file(picture, "avatar.png")?).await
}

/// Takes one's own picture away.
pub async fn delete_avatar() -> Result<(), ClientError> {
    delete("/me/avatar").await
}

/// One's own tokens, latest first.
pub async fn tokens() -> Result<Page<Token>, ClientError> {
    get("/me/tokens").await
}

/// Makes a token.
pub async fn create_token(request: &CreateToken) -> Result<CreatedToken, ClientError> {
    post("/me/tokens", request).await
}

/// Revokes a token.
pub async fn revoke_token(id: TokenId) -> Result<(), ClientError> {
    delete(&format!("/me/tokens/{id}")).await
}

/// Asks whether a password would do. Typing is no deliberate request: it does not extend the session.
pub async fn check_password(request: &PasswordCheck) -> Result<PasswordVerdict, ClientError> {
    post_background("/password-checks", request).await
}
