//! `/audit`.

use actix_web::{
    get,
    web::{Data, Json},
};
use shared::{
    audit::{AuditEntry, AuditQuery},
    page::Page,
};

use super::service;
use crate::{
    auth::caller::AuditReader,
    error::AppError,
    state::State,
    web::{Params, errors},
};

/// Read the audit log
///
/// Everything that happened on the desk, newest first.
#[utoipa::path(
    tag = "administration",
    operation_id = "list_audit",
    params(AuditQuery),
    responses((status = 200, description = "Entries, newest first", body = Page<AuditEntry>), errors::List)
)]
#[get("/audit")]
pub async fn list_audit(
    state: Data<State>,
    _reader: AuditReader,
    query: Params<AuditQuery>,
) -> Result<Json<Page<AuditEntry>>, AppError> {
    service::list(&state.db, &query.0).await.map(Json)
}
