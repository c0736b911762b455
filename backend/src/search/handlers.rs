//! `/search`.

use actix_web::{
    get,
    web::{Data, Json},
};
use shared::{
    page::Page,
    search::{SearchHit, SearchQuery},
    tickets::{SimilarQuery, SimilarTicket},
};

use super::{service, similar};
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

/// Find tickets like a title
///
/// Of those the caller may see, the latest ones that share enough words with it, most alike first; on one page.
#[utoipa::path(
    tag = "search",
    operation_id = "list_similar_tickets",
    params(SimilarQuery),
    responses((status = 200, description = "The tickets", body = Page<SimilarTicket>), errors::Find)
)]
#[get("/tickets/similar")]
pub async fn list_similar_tickets(
    state: Data<State>,
    caller: Caller,
    query: Params<SimilarQuery>,
) -> Result<Json<Page<SimilarTicket>>, AppError> {
    similar::similar(&state.db, &caller, &query.0).await.map(|tickets| Json(Page::whole(tickets)))
}
