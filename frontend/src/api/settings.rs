//! The desk's settings.

use shared::settings::{PublicSettings, Settings, UpdateSettings};
use web_sys::{File, FormData};

use super::{ClientError, delete, get, get_background, patch, put_form};

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
    let form = FormData::new().map_err(|_| ClientError::Unreadable)?;
    form.append_with_blob("file", file).map_err(|_| ClientError::Unreadable)?;
    put_form("/settings/logo", form).await
}

/// Takes the logo away.
pub async fn delete_logo() -> Result<(), ClientError> {
    delete("/settings/logo").await
}
