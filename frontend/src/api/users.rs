//! People, for those who run the desk.

use shared::{
    accounts::{CreateUser, UpdateUser, User, UserQuery},
    ids::UserId,
    page::Page,
};

use super::{ClientError, get, patch, post, with_query};

/// Lists the people who match, by name.
pub async fn list(query: &UserQuery) -> Result<Page<User>, ClientError> {
    get(&with_query("/users", query)).await
}

/// Makes a person.
pub async fn create(request: &CreateUser) -> Result<User, ClientError> {
    post("/users", request).await
}

/// Changes a person.
pub async fn update(id: UserId, request: &UpdateUser) -> Result<User, ClientError> {
    patch(&format!("/users/{id}"), request).await
}
