//! `/search`.

use actix_web::{
    get,
    web::{Data, Json},
};
use shared::{
    page::Page,
    search::{SearchHit, SearchQuery},
};

use super::service;
use crate::{
    auth::caller::Caller,
    error::AppError,
    state::State,
    web::{Params, errors},
};

/// Search the desk
///
/// Best match first, on one page; only what the caller may see.
#[utoipa::path(
    tag = "search",
    operation_id = "search",
    params(SearchQuery),
    responses((status = 200, description = "What was found", body = Page<SearchHit>), errors::Find)
)]
#[get("/search")]
pub async fn search(
    state: Data<State>,
    caller: Caller,
    query: Params<SearchQuery>,
) -> Result<Json<Page<SearchHit>>, AppError> {
    service::search(&state.db, &caller, &query.0).await.map(|hits| Json(Page::whole(hits)))
}
