//! Links that set a password; nobody needs to be logged in for most of it.

use shared::{
    ids::UserId,
    password::PasswordVerdict,
    password_links::{
        CheckResetPassword, CreatePasswordLink, PasswordLink, PasswordLinkInfo, PasswordResetAsked,
        RequestPasswordReset, ResetPassword,
    },
};

use super::{ClientError, get, post, post_background, put};
use crate::browser;

fn path(token: &str) -> String {
    format!("/password-resets/{}", browser::escape(token))
}

/// Asks for a link by mail; the answer does not tell whether there is such an account.
pub async fn request(login: String) -> Result<PasswordResetAsked, ClientError> {
    post("/password-resets", &RequestPasswordReset { login: Some(login), email: None }).await
}

/// Whose password a link sets.
pub async fn info(token: &str) -> Result<PasswordLinkInfo, ClientError> {
    get(&path(token)).await
}

/// Asks whether a password would do.
pub async fn check(token: &str, password: String) -> Result<PasswordVerdict, ClientError> {
    post_background(&format!("{}/check", path(token)), &CheckResetPassword { password }).await
}

/// Sets a password with a link.
pub async fn reset(token: &str, request: &ResetPassword) -> Result<(), ClientError> {
    put(&path(token), request).await
}

/// Makes a link for somebody, to be shown here or mailed to them.
pub async fn create(user: UserId, send: bool) -> Result<PasswordLink, ClientError> {
    post(&format!("/users/{user}/password-link"), &CreatePasswordLink { send }).await
}
