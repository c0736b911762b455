//! Saved replies.

use shared::{
    ids::ReplyId,
    page::{MAX_LIMIT, Page},
    replies::{CreateReply, SavedReply, UpdateReply},
    tickets::PageQuery,
};

use super::{ClientError, delete, get, patch, post, with_query};

/// Every saved reply that the person has, by title.
pub async fn list() -> Result<Vec<SavedReply>, ClientError> {
    let mut query = PageQuery { limit: Some(MAX_LIMIT), cursor: None };
    let mut all = Vec::new();
    loop {
        let page: Page<SavedReply> = get(&with_query("/replies", &query)).await?;
        all.extend(page.items);
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return Ok(all);
        }
    }
}

/// Keeps a reply.
pub async fn create(request: &CreateReply) -> Result<SavedReply, ClientError> {
    post("/replies", request).await
}

/// Changes a saved reply.
pub async fn update(id: ReplyId, request: &UpdateReply) -> Result<SavedReply, ClientError> {
    patch(&format!("/replies/{id}"), request).await
}

/// Deletes a saved reply.
pub async fn remove(id: ReplyId) -> Result<(), ClientError> {
    delete(&format!("/replies/{id}")).await
}
