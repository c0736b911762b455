//! `/tickets/{id}/mentionable` and `/previews`.

use actix_web::{
    get, post,
    web::{Data, Json},
};
use shared::{
    ids::TicketId,
    page::Page,
    tickets::{Mention, MentionQuery, Preview, PreviewComment},
};

use super::{candidates, preview::preview};
use crate::{
    auth::caller::Caller,
    error::AppError,
    state::State,
    web::{Id, Params, Valid, errors},
};

/// List whom a comment could mention
///
/// People who may see the ticket, by name, at most ten. A person who is not on staff is offered the requester, the
/// assignee, those who follow the ticket and the staff who answered.
#[utoipa::path(
    tag = "comments",
    operation_id = "list_mentionable",
    params(("id" = TicketId, Path, description = "The ticket"), MentionQuery),
    responses((status = 200, description = "People, on one page", body = Page<Mention>), errors::ListOfOneForSome)
)]
#[get("/tickets/{id}/mentionable")]
pub async fn list_mentionable(
    state: Data<State>,
    caller: Caller,
    id: Id<TicketId>,
    query: Params<MentionQuery>,
) -> Result<Json<Page<Mention>>, AppError> {
    candidates(&state.db, &caller, id.0, &query.0).await.map(Json)
}

/// See how a comment will look
///
/// Nothing is kept. With `ticket_id` names after an `@` are looked up as they would be for a comment on it. At most 120 a
/// minute.
#[utoipa::path(
    tag = "comments",
    operation_id = "preview_comment",
    request_body = PreviewComment,
    responses((status = 200, description = "The text as it will look", body = Preview), errors::SendInSparingly)
)]
#[post("/previews")]
pub async fn preview_comment(
    state: Data<State>,
    caller: Caller,
    body: Valid<PreviewComment>,
) -> Result<Json<Preview>, AppError> {
    preview(&state, &caller, body.0).await.map(Json)
}
