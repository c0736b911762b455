//! Lists of tickets under a name.

use shared::{
    ids::ViewId,
    page::Page,
    views::{CreateView, UpdateView, View, ViewCounts},
};

use super::{ClientError, delete, get_background, patch, post};

/// Every view the person sees. The page asks by itself.
pub async fn list() -> Result<Page<View>, ClientError> {
    get_background("/views").await
}

/// How many tickets are in each. The page asks by itself.
pub async fn counts() -> Result<ViewCounts, ClientError> {
    get_background("/views/counts").await
}

/// Keeps one.
pub async fn create(request: &CreateView) -> Result<View, ClientError> {
    post("/views", request).await
}

/// Changes one.
pub async fn update(id: ViewId, request: &UpdateView) -> Result<View, ClientError> {
    patch(&format!("/views/{id}"), request).await
}

/// Deletes one.
pub async fn remove(id: ViewId) -> Result<(), ClientError> {
    delete(&format!("/views/{id}")).await
}
