//! What a person is told of.

use shared::{
    ids::NotificationId,
    notifications::{MarkRead, Me, NotificationPage, NotificationQuery},
};

use super::{ClientError, get, get_background, put, with_query};

/// What the person is told of, because they ask.
pub async fn list(query: &NotificationQuery) -> Result<NotificationPage, ClientError> {
    get(&with_query("/notifications", query)).await
}

/// The same because the page wants to know; does not extend the session.
pub async fn look(query: &NotificationQuery) -> Result<NotificationPage, ClientError> {
    get_background(&with_query("/notifications", query)).await
}

/// Marks these as read, or all.
pub async fn mark_read(ids: Option<Vec<NotificationId>>) -> Result<(), ClientError> {
    put("/notifications/read", &MarkRead { ids }).await
}

/// The person's own account with how they are told of what happens.
pub async fn me() -> Result<Me, ClientError> {
    get("/me").await
}

/// The same, asked by the page by itself.
pub async fn me_in_background() -> Result<Me, ClientError> {
    get_background("/me").await
}
