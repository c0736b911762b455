//! People, for those who run the desk.

use shared::{
    accounts::{CreateUser, UpdateUser, User, UserQuery},
    ids::UserId,
    imports::{ImportQuery, UserImport},
    page::Page,
};
use web_sys::File;

use super::{ClientError, form_with_file, get, patch, post, post_form, with_query};

/// Lists the people who match, by name.
pub async fn list(query: &UserQuery) -> Result<Page<User>, ClientError> {
    get(&with_query("/users", query)).await
}

/// Reads a person.
pub async fn read(id: UserId) -> Result<User, ClientError> {
    get(&format!("/users/{id}")).await
}

/// Imports a file of people, or tells what that would do.
pub async fn import(file: &File, dry_run: bool) -> Result<UserImport, ClientError> {
    post_form(&with_query("/users/import", &ImportQuery { dry_run }), &form_with_file(file, &file.name())?).await
}

/// Makes a person.
pub async fn create(request: &CreateUser) -> Result<User, ClientError> {
    post("/users", request).await
}

/// Changes a person.
pub async fn update(id: UserId, request: &UpdateUser) -> Result<User, ClientError> {
    patch(&format!("/users/{id}"), request).await
}
