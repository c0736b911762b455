//! `/settings`.

use actix_web::{
    HttpRequest, HttpResponse, delete, get, patch, put,
    web::{Data, Json},
};
use shared::{
    permissions::DeskAction,
    settings::{LOGO_MAX, PublicSettings, Settings, UpdateSettings},
};

use super::{rows::PictureKind, service};
use crate::{
    auth::caller::SettingsManager,
    error::AppError,
    state::State,
    web::{
        Valid, errors, file,
        upload::{Upload, UploadForm},
    },
};

/// What a login page shows
///
/// For anybody: the desk's name, colour and logo.
#[utoipa::path(
    tag = "administration",
    operation_id = "get_public_settings",
    responses((status = 200, description = "What anybody may know", body = PublicSettings), errors::Open),
    security(())
)]
#[get("/settings/public")]
pub async fn get_public_settings(state: Data<State>) -> Json<PublicSettings> {
    Json(service::public(&state))
}

/// The desk's colour as a style sheet
///
/// For anybody: what the page shows in another colour than its own, in light and in dark.
#[utoipa::path(
    tag = "administration",
    operation_id = "get_theme",
    responses(
        (status = 200, description = "The style sheet", body = String, content_type = "text/css"),
        (status = 304, description = "It has not changed"),
        errors::Open
    ),
    security(())
)]
#[get("/settings/theme.css")]
pub async fn get_theme(state: Data<State>, request: HttpRequest) -> HttpResponse {
    let sheet = service::style_sheet(&state);
    let tag = service::tag_of(sheet.as_bytes());
    let content = (!file::is_known(&request, &tag)).then(|| sheet.into_bytes());
    file::kept(&tag, false, "text/css; charset=utf-8", content)
}

/// The desk's logo
///
/// For anybody.
#[utoipa::path(
    tag = "administration",
    operation_id = "get_logo",
    responses(
        (status = 200, description = "A PNG of at most 640 × 240 pixels", body = Vec<u8>, content_type = "image/png"),
        (status = 304, description = "It has not changed"),
        errors::OpenFile
    ),
    security(())
)]
#[get("/settings/logo")]
pub async fn get_logo(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    picture(&state, &request, PictureKind::Logo).await
}

/// The desk's favicon
///
/// For anybody: what browsers show beside the page's name. Until one is set it is made of the logo.
#[utoipa::path(
    tag = "administration",
    operation_id = "get_favicon",
    responses(
        (status = 200, description = "A PNG of 64 × 64 pixels", body = Vec<u8>, content_type = "image/png"),
        (status = 304, description = "It has not changed"),
        errors::OpenFile
    ),
    security(())
)]
#[get("/settings/favicon")]
pub async fn get_favicon(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    picture(&state, &request, PictureKind::Favicon).await
}

async fn picture(state: &State, request: &HttpRequest, kind: PictureKind) -> Result<HttpResponse, AppError> {
    let names = |tag: &str| request.query_string() == format!("v={tag}");
    if let Some(tag) = service::picture_tag(state, kind).filter(|tag| file::is_known(request, tag)) {
        return Ok(file::kept(&tag, names(&tag), "image/png", None));
    }
    let picture = service::picture(state, kind).await?;
    Ok(file::kept(&picture.tag, names(&picture.tag), "image/png", Some(picture.content)))
}

/// Read the settings
#[utoipa::path(
    tag = "administration",
    operation_id = "get_settings",
    responses((status = 200, description = "The settings", body = Settings), errors::AskAllowed)
)]
#[get("/settings")]
pub async fn get_settings(state: Data<State>, _manager: SettingsManager) -> Result<Json<Settings>, AppError> {
    service::get(&state).await.map(Json)
}

/// Change the settings
///
/// They hold at once; with several servers, within seconds on the others.
#[utoipa::path(
    tag = "administration",
    operation_id = "update_settings",
    request_body = UpdateSettings,
    responses((status = 200, description = "The settings as changed", body = Settings), errors::Revise)
)]
#[patch("/settings")]
pub async fn update_settings(
    state: Data<State>,
    manager: SettingsManager,
    body: Valid<UpdateSettings>,
) -> Result<Json<Settings>, AppError> {
    service::update(&state, &manager.0, body.0).await.map(Json)
}

/// Set the logo
///
/// It is written anew, as PNG, without anything but its pixels; a favicon is made of it.
#[utoipa::path(
    tag = "administration",
    operation_id = "set_logo",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "The settings as changed", body = Settings), errors::Send)
)]
#[put("/settings/logo")]
pub async fn set_logo(
    state: Data<State>,
    manager: SettingsManager,
    upload: Upload,
) -> Result<Json<Settings>, AppError> {
    let place = state.pictures.take()?;
    let (manager, file) = upload.read(&state, &manager.0, LOGO_MAX).await?;
    manager.may(DeskAction::ManageSettings)?;
    service::set_logo(&state, &manager, place, file).await.map(Json)
}

/// Take the logo away
#[utoipa::path(
    tag = "administration",
    operation_id = "delete_logo",
    responses((status = 204, description = "There is none"), errors::Act)
)]
#[delete("/settings/logo")]
pub async fn delete_logo(state: Data<State>, manager: SettingsManager) -> Result<HttpResponse, AppError> {
    service::delete_logo(&state, &manager.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Set the favicon
///
/// It is written anew, as PNG, without anything but its pixels, and takes the place of the one that is made of the logo.
#[utoipa::path(
    tag = "administration",
    operation_id = "set_favicon",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "The settings as changed", body = Settings), errors::Send)
)]
#[put("/settings/favicon")]
pub async fn set_favicon(
    state: Data<State>,
    manager: SettingsManager,
    upload: Upload,
) -> Result<Json<Settings>, AppError> {
    let place = state.pictures.take()?;
    let (manager, file) = upload.read(&state, &manager.0, LOGO_MAX).await?;
    manager.may(DeskAction::ManageSettings)?;
    service::set_favicon(&state, &manager, place, file).await.map(Json)
}

/// Take the favicon away
///
/// The one that is made of the logo takes its place, when there is a logo.
#[utoipa::path(
    tag = "administration",
    operation_id = "delete_favicon",
    responses((status = 204, description = "There is none of its own"), errors::Act)
)]
#[delete("/settings/favicon")]
pub async fn delete_favicon(state: Data<State>, manager: SettingsManager) -> Result<HttpResponse, AppError> {
    service::delete_favicon(&state, &manager.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
