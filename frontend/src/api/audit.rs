//! The audit log, for administrators.

use shared::{
    accounts::User,
    audit::{AuditEntry, AuditQuery},
    ids::UserId,
    page::Page,
};

use super::{ClientError, get, get_background, with_query};

/// Lists the entries that match, newest first.
pub async fn list(query: &AuditQuery) -> Result<Page<AuditEntry>, ClientError> {
    get(&with_query("/audit", query)).await
}

/// Who has this number.
pub async fn person(id: UserId) -> Result<User, ClientError> {
    get_background(&format!("/users/{id}")).await
}
