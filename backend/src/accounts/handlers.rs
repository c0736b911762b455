//! `/me` and `/users`.

use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::header::{CACHE_CONTROL, ETag, EntityTag, Header, IF_NONE_MATCH, IfNoneMatch},
    patch, post, put,
    web::{Data, Json},
};
use serde::Deserialize;
use shared::{
    accounts::{ChangePassword, CreateUser, UpdateMe, UpdateUser, User, UserQuery},
    ids::UserId,
    imports::{self, ImportQuery, UserImport},
    notifications::Me,
    page::Page,
    permissions::DeskAction,
};

use super::{avatars, import, own, service};
use crate::{
    auth::caller::{Caller, Onlooker, SessionCaller, UserManager},
    error::AppError,
    state::State,
    web::{
        Id, Params, Valid, errors,
        upload::{Bytes, Upload, UploadForm},
    },
};

/// Read one's own account
#[utoipa::path(
    tag = "me",
    operation_id = "get_me",
    responses((status = 200, description = "The caller", body = Me), errors::Ask)
)]
#[get("/me")]
pub async fn get_me(state: Data<State>, caller: Caller) -> Result<Json<Me>, AppError> {
    own::read(&state, &caller, caller.user.clone().into()).await.map(Json)
}

/// Change one's own account
#[utoipa::path(
    tag = "me",
    operation_id = "update_me",
    request_body = UpdateMe,
    responses((status = 200, description = "The caller as changed", body = Me), errors::Send)
)]
#[patch("/me")]
pub async fn update_me(state: Data<State>, caller: Caller, body: Valid<UpdateMe>) -> Result<Json<Me>, AppError> {
    let user = own::update(&state, &caller, body.0).await?;
    own::read(&state, &caller, user).await.map(Json)
}

/// Change one's own password
///
/// Ends the caller's other sessions; tokens stay. Needs a session: no token sets a password.
#[utoipa::path(
    tag = "me",
    operation_id = "change_password",
    request_body = ChangePassword,
    responses((status = 204, description = "Changed"), errors::Send),
    security(("session" = [], "csrf" = []))
)]
#[put("/me/password")]
pub async fn change_password(
    state: Data<State>,
    caller: SessionCaller,
    body: Valid<ChangePassword>,
) -> Result<HttpResponse, AppError> {
    own::change_password(&state, &caller, body.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Set one's own picture
///
/// A PNG, JPEG, GIF or WebP of up to 5 MB. Its middle is cut out square and written anew, without what the camera added.
#[utoipa::path(
    tag = "me",
    operation_id = "set_avatar",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "The caller as changed", body = User), errors::Send)
)]
#[put("/me/avatar")]
pub async fn set_avatar(state: Data<State>, caller: Caller, upload: Upload) -> Result<Json<User>, AppError> {
    let place = state.pictures.take()?;
    let (caller, file) = upload.read(&state, &caller, avatars::FILE_MAX).await?;
    avatars::set(&state.db, &caller, place, file).await.map(Json)
}

/// Take one's own picture away
#[utoipa::path(
    tag = "me",
    operation_id = "delete_avatar",
    responses((status = 204, description = "There is none any more"), errors::Act)
)]
#[delete("/me/avatar")]
pub async fn delete_avatar(state: Data<State>, caller: Caller) -> Result<HttpResponse, AppError> {
    avatars::remove(&state.db, &caller).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Which picture of a person.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct AvatarQuery {
    /// As in `avatar_url`. While it is the present picture's, browsers need not ask again.
    v: Option<i64>,
}

/// Read a person's picture
///
/// For anyone who is logged in. It does not extend the session: the page asks for it by itself.
#[utoipa::path(
    tag = "users",
    operation_id = "get_avatar",
    params(("id" = UserId, Path, description = "The person"), AvatarQuery),
    responses(
        (status = 200, description = "A square of 256 pixels", content(
            (Bytes = "image/jpeg"),
            (Bytes = "image/png"),
        )),
        (status = 304, description = "It is the one that If-None-Match names"),
        errors::ListOfOne
    )
)]
#[get("/users/{id}/avatar")]
pub async fn get_avatar(
    state: Data<State>,
    _onlooker: Onlooker,
    id: Id<UserId>,
    query: Params<AvatarQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let avatar = avatars::read(&state.db, id.0).await?;
    let tag = EntityTag::new_strong(avatar.set_at.to_string());
    // The address names the picture: what is there never changes.
    let caching =
        if query.0.v == Some(avatar.set_at) { "private, max-age=31536000, immutable" } else { "private, no-cache" };
    let known = match IfNoneMatch::parse(&request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key(IF_NONE_MATCH),
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((CACHE_CONTROL, caching)).insert_header(ETag(tag));
    if known {
        return Ok(answer.finish());
    }
    Ok(answer.content_type(avatar.media_type).body(avatar.bytes))
}

/// List people
#[utoipa::path(
    tag = "users",
    operation_id = "list_users",
    params(UserQuery),
    responses((status = 200, description = "People by name", body = Page<User>), errors::List)
)]
#[get("/users")]
pub async fn list_users(
    state: Data<State>,
    _manager: UserManager,
    query: Params<UserQuery>,
) -> Result<Json<Page<User>>, AppError> {
    service::list(&state.db, &query.0).await.map(Json)
}

/// Make a person
///
/// Without a password they are mailed a link to set one. A password and a role on staff need a session: no token sets a
/// password, or makes a technician or an administrator, whose link could go to whoever holds the token.
#[utoipa::path(
    tag = "users",
    operation_id = "create_user",
    request_body = CreateUser,
    responses((status = 201, description = "The person", body = User), errors::Create)
)]
#[post("/users")]
pub async fn create_user(
    state: Data<State>,
    manager: UserManager,
    body: Valid<CreateUser>,
) -> Result<HttpResponse, AppError> {
    if body.0.password.is_some() || body.0.role.is_staff() {
        manager.0.session()?;
    }
    let user = service::create(&state.db, &state.auth.passwords, &manager.0.origin(), body.0).await?;
    Ok(HttpResponse::Created().json(user))
}

/// Make many people
///
/// From a CSV file in UTF-8, up to 2 MB and 5,000 lines, with the columns `username`, `name` and `email`, and perhaps `role`
/// (`user` unless told) and `locale` (`es` unless told), in any order, separated by commas or semicolons. All of them are made
/// or, when a line cannot be, none: then the answer is 422 `import_refused` with the report in `current`. Whoever has both the
/// user name and the address already stays as they are. Nobody gets a password. A file that names a role on staff needs a
/// session, as making one such person does.
#[utoipa::path(
    tag = "users",
    operation_id = "import_users",
    params(ImportQuery),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "What was done, or would be", body = UserImport), errors::Create)
)]
#[post("/users/import")]
pub async fn import_users(
    state: Data<State>,
    manager: UserManager,
    query: Params<ImportQuery>,
    upload: Upload,
) -> Result<Json<UserImport>, AppError> {
    let (manager, file) = upload.read(&state, &manager.0, imports::FILE_MAX).await?;
    manager.may(DeskAction::ManageUsers)?;
    import::import(&state.db, &manager, &file, query.0.dry_run).await.map(Json)
}

/// Read a person
#[utoipa::path(
    tag = "users",
    operation_id = "get_user",
    params(("id" = UserId, Path, description = "The person")),
    responses((status = 200, description = "The person", body = User), errors::Read)
)]
#[get("/users/{id}")]
pub async fn get_user(state: Data<State>, _manager: UserManager, id: Id<UserId>) -> Result<Json<User>, AppError> {
    service::get(&state.db, id.0).await.map(Json)
}

/// Change a person
///
/// A password, an address, to which links go that set one, and a role on staff need a session: no token sets them.
#[utoipa::path(
    tag = "users",
    operation_id = "update_user",
    params(("id" = UserId, Path, description = "The person")),
    request_body = UpdateUser,
    responses((status = 200, description = "The person as changed", body = User), errors::Update)
)]
#[patch("/users/{id}")]
pub async fn update_user(
    state: Data<State>,
    manager: UserManager,
    id: Id<UserId>,
    body: Valid<UpdateUser>,
) -> Result<Json<User>, AppError> {
    if body.0.password.is_some() || body.0.email.is_some() {
        manager.0.session()?;
    }
    service::update(&state, &manager.0, id.0, body.0).await.map(Json)
}

/// Deactivate a person
///
/// Nothing of theirs is lost; they cannot log in. The last active administrator stays.
#[utoipa::path(
    tag = "users",
    operation_id = "delete_user",
    params(("id" = UserId, Path, description = "The person")),
    responses((status = 204, description = "Deactivated"), errors::Change)
)]
#[delete("/users/{id}")]
pub async fn delete_user(state: Data<State>, manager: UserManager, id: Id<UserId>) -> Result<HttpResponse, AppError> {
    service::deactivate(&state, &manager.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
