//! Categories of tickets.

use shared::{
    categories::{Category, CreateCategory, UpdateCategory},
    ids::CategoryId,
    page::Page,
};

use super::{ClientError, delete, get, patch, post};

/// Every category, in its order.
pub async fn list() -> Result<Page<Category>, ClientError> {
    get("/categories").await
}

/// Makes a category.
pub async fn create(request: &CreateCategory) -> Result<Category, ClientError> {
    post("/categories", request).await
}

/// Renames or moves a category.
pub async fn update(id: CategoryId, request: &UpdateCategory) -> Result<Category, ClientError> {
    patch(&format!("/categories/{id}"), request).await
}

/// Deletes a category that no ticket uses.
pub async fn remove(id: CategoryId) -> Result<(), ClientError> {
    delete(&format!("/categories/{id}")).await
}
