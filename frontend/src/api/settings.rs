//! The desk's settings.

use shared::settings::{PublicSettings, Settings, UpdateSettings};
use web_sys::File;

use super::{ClientError, delete, form_with_file, get, get_background, patch, put_form};

/// What anybody may know, logged in or not.
pub async fn public() -> Result<PublicSettings, ClientError> {
    get_background("/settings/public").await
}

/// The settings, for an administrator.
pub async fn read() -> Result<Settings, ClientError> {
    get("/settings").await
}

/// Changes them.
pub async fn update(request: &UpdateSettings) -> Result<Settings, ClientError> {
    patch("/settings", request).await
}

/// Sets the logo.
pub async fn set_logo(file: &File) -> Result<Settings, ClientError> {
    put_form("/settings/logo", &form_with_file(file, &file.name())?).await
}

/// Takes the logo away.
pub async fn delete_logo() -> Result<(), ClientError> {
    delete("/settings/logo").await
}

/// Sets the favicon.
pub async fn set_favicon(file: &File) -> Result<Settings, ClientError> {
    put_form("/settings/favicon", &form_with_file(file, &file.name())?).await
}

/// Takes the favicon away; the one made of the logo takes its place.
pub async fn delete_favicon() -> Result<(), ClientError> {
    delete("/settings/favicon").await
}
