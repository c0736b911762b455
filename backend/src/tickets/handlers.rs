//! `/tickets` and `/comments`.

use actix_web::{
    HttpResponse, get, patch, post, put,
    web::{Data, Json},
};
use shared::{
    ids::{CommentId, TicketId},
    page::Page,
    tickets::{
        AddComment, AssignTicket, ChangeOutcome, ChangeState, ChangeTickets, Comment, CreateTicket, EditComment,
        HistoryEntry, MarkTicketRead, PageQuery, Ticket, TicketQuery, TicketSummary, UpdateTicket,
    },
};

use super::{
    bulk, comments, history, list, reads,
    service::{self, Created},
};
use crate::{
    auth::caller::Caller,
    error::AppError,
    state::State,
    web::{Body, Id, Optional, Params, Valid, errors},
};

/// List tickets
///
/// Those the caller may see. Every filter narrows; a cursor is good for the same filters and order. The items have no
/// `description`, which may be 100,000 characters long: `get_ticket` has it.
#[utoipa::path(
    tag = "tickets",
    operation_id = "list_tickets",
    params(TicketQuery),
    responses((status = 200, description = "A page of tickets", body = Page<TicketSummary>), errors::List)
)]
#[get("/tickets")]
pub async fn list_tickets(
    state: Data<State>,
    caller: Caller,
    query: Params<TicketQuery>,
) -> Result<Json<Page<TicketSummary>>, AppError> {
    list::list(&state.db, &caller, &query.0).await.map(Json)
}

/// Open a ticket
///
/// With a `client_id`, sending again is safe: what came already under that name is answered, as it is now, with 200. Whoever
/// sees the ticket no more is answered with what they asked for.
#[utoipa::path(
    tag = "tickets",
    operation_id = "create_ticket",
    request_body = CreateTicket,
    responses(
        (status = 201, description = "The ticket", body = Ticket),
        (status = 200, description = "The ticket, which had been opened already", body = Ticket),
        errors::Send
    )
)]
#[post("/tickets")]
pub async fn create_ticket(
    state: Data<State>,
    caller: Caller,
    body: Valid<CreateTicket>,
) -> Result<HttpResponse, AppError> {
    service::create(&state.db, &caller, body.0).await.map(created)
}

/// A ticket that was opened, now or before.
pub(crate) fn created(created: Created) -> HttpResponse {
    let location = format!("/api/v1/tickets/{}", created.ticket.id);
    let mut response = if created.fresh { HttpResponse::Created() } else { HttpResponse::Ok() };
    response.insert_header(("Location", location)).json(created.ticket)
}

/// Read a ticket
///
/// One the caller may not see answers like one that does not exist.
#[utoipa::path(
    tag = "tickets",
    operation_id = "get_ticket",
    params(("id" = TicketId, Path, description = "The ticket")),
    responses((status = 200, description = "The ticket", body = Ticket), errors::Read)
)]
#[get("/tickets/{id}")]
pub async fn get_ticket(state: Data<State>, caller: Caller, id: Id<TicketId>) -> Result<Json<Ticket>, AppError> {
    service::get(&state.db, &caller, id.0).await.map(Json)
}

/// Edit a ticket
///
/// `version` is the one the edit was made from; when the ticket is no longer of it, 409 with the ticket in `current`.
#[utoipa::path(
    tag = "tickets",
    operation_id = "update_ticket",
    params(("id" = TicketId, Path, description = "The ticket")),
    request_body = UpdateTicket,
    responses((status = 200, description = "The ticket as edited", body = Ticket), errors::Update)
)]
#[patch("/tickets/{id}")]
pub async fn update_ticket(
    state: Data<State>,
    caller: Caller,
    id: Id<TicketId>,
    body: Valid<UpdateTicket>,
) -> Result<Json<Ticket>, AppError> {
    service::update(&state.db, &caller, id.0, body.0).await.map(Json)
}

/// Close a ticket
#[utoipa::path(
    tag = "tickets",
    operation_id = "close_ticket",
    params(("id" = TicketId, Path, description = "The ticket")),
    request_body = Option<ChangeState>,
    responses((status = 200, description = "The ticket, closed", body = Ticket), errors::Update)
)]
#[post("/tickets/{id}/close")]
pub async fn close_ticket(
    state: Data<State>,
    caller: Caller,
    id: Id<TicketId>,
    body: Optional<ChangeState>,
) -> Result<Json<Ticket>, AppError> {
    service::close(&state.db, &caller, id.0, body.0.version).await.map(Json)
}

/// Open a closed ticket again
#[utoipa::path(
    tag = "tickets",
    operation_id = "reopen_ticket",
    params(("id" = TicketId, Path, description = "The ticket")),
    request_body = Option<ChangeState>,
    responses((status = 200, description = "The ticket, open again", body = Ticket), errors::Update)
)]
#[post("/tickets/{id}/reopen")]
pub async fn reopen_ticket(
    state: Data<State>,
    caller: Caller,
    id: Id<TicketId>,
    body: Optional<ChangeState>,
) -> Result<Json<Ticket>, AppError> {
    service::reopen(&state.db, &caller, id.0, body.0.version).await.map(Json)
}

/// Give a ticket to somebody on staff
///
/// An administrator gives it to anyone, or to nobody. A technician takes one that nobody has, or puts back their own.
#[utoipa::path(
    tag = "tickets",
    operation_id = "assign_ticket",
    params(("id" = TicketId, Path, description = "The ticket")),
    request_body = AssignTicket,
    responses((status = 200, description = "The ticket as given", body = Ticket), errors::Update)
)]
#[post("/tickets/{id}/assign")]
pub async fn assign_ticket(
    state: Data<State>,
    caller: Caller,
    id: Id<TicketId>,
    body: Body<AssignTicket>,
) -> Result<Json<Ticket>, AppError> {
    service::assign(&state.db, &caller, id.0, body.0).await.map(Json)
}

/// Change several tickets
///
/// Each by itself, in its own transaction: what cannot be done with one leaves the others alone, and the answer says what
/// became of each, in the order of the request. With `undo` it takes back what the caller did last.
#[utoipa::path(
    tag = "tickets",
    operation_id = "change_tickets",
    request_body = ChangeTickets,
    responses((status = 200, description = "What became of each", body = Page<ChangeOutcome>), errors::Send)
)]
#[post("/tickets/bulk")]
pub async fn change_tickets(
    state: Data<State>,
    caller: Caller,
    body: Valid<ChangeTickets>,
) -> Result<Json<Page<ChangeOutcome>>, AppError> {
    bulk::change(&state.db, &caller, &body.0).await.map(|outcomes| Json(Page::whole(outcomes)))
}

/// List a ticket's comments
///
/// Oldest first; internal notes for staff only. A page of long ones ends before its limit.
#[utoipa::path(
    tag = "comments",
    operation_id = "list_comments",
    params(("id" = TicketId, Path, description = "The ticket"), PageQuery),
    responses((status = 200, description = "A page of comments", body = Page<Comment>), errors::ListOfOne)
)]
#[get("/tickets/{id}/comments")]
pub async fn list_comments(
    state: Data<State>,
    caller: Caller,
    id: Id<TicketId>,
    query: Params<PageQuery>,
) -> Result<Json<Page<Comment>>, AppError> {
    comments::list(&state.db, &caller, id.0, &query.0).await.map(Json)
}

/// Comment on a ticket
///
/// In public, or for staff alone. With `status` the ticket goes to that state in the same breath: both are done, or neither.
/// With a `client_id`, sending again is safe: what came already under that name is answered, as it is now, with 200. So is
/// whoever sees the ticket no more, without what it mentions.
#[utoipa::path(
    tag = "comments",
    operation_id = "add_comment",
    params(("id" = TicketId, Path, description = "The ticket")),
    request_body = AddComment,
    responses(
        (status = 201, description = "The comment", body = Comment),
        (status = 200, description = "The comment, which had been written already", body = Comment),
        errors::Update
    )
)]
#[post("/tickets/{id}/comments")]
pub async fn add_comment(
    state: Data<State>,
    caller: Caller,
    id: Id<TicketId>,
    body: Valid<AddComment>,
) -> Result<HttpResponse, AppError> {
    let added = comments::add(&state.db, &caller, id.0, body.0).await?;
    let mut response = if added.fresh { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.json(added.comment))
}

/// Edit one's own comment
///
/// Within fifteen minutes; the old text stays in the history.
#[utoipa::path(
    tag = "comments",
    operation_id = "edit_comment",
    params(("id" = CommentId, Path, description = "The comment")),
    request_body = EditComment,
    responses((status = 200, description = "The comment as edited", body = Comment), errors::CreateIn)
)]
#[patch("/comments/{id}")]
pub async fn edit_comment(
    state: Data<State>,
    caller: Caller,
    id: Id<CommentId>,
    body: Valid<EditComment>,
) -> Result<Json<Comment>, AppError> {
    comments::edit(&state.db, &caller, id.0, body.0.body).await.map(Json)
}

/// Read a ticket's history
///
/// Oldest first; what concerns internal notes for staff only. A page of long texts ends before its limit.
#[utoipa::path(
    tag = "tickets",
    operation_id = "list_ticket_history",
    params(("id" = TicketId, Path, description = "The ticket"), PageQuery),
    responses((status = 200, description = "A page of history", body = Page<HistoryEntry>), errors::ListOfOne)
)]
#[get("/tickets/{id}/history")]
pub async fn list_ticket_history(
    state: Data<State>,
    caller: Caller,
    id: Id<TicketId>,
    query: Params<PageQuery>,
) -> Result<Json<Page<HistoryEntry>>, AppError> {
    history::list(&state.db, &caller, id.0, &query.0).await.map(Json)
}

/// Note how far a ticket has been read
///
/// Up to a comment, or to its end; what was read further stays read. Nobody else is told.
#[utoipa::path(
    tag = "tickets",
    operation_id = "mark_ticket_read",
    params(("id" = TicketId, Path, description = "The ticket")),
    request_body = Option<MarkTicketRead>,
    responses((status = 204, description = "Noted"), errors::CreateIn)
)]
#[put("/tickets/{id}/read")]
pub async fn mark_ticket_read(
    state: Data<State>,
    caller: Caller,
    id: Id<TicketId>,
    body: Optional<MarkTicketRead>,
) -> Result<HttpResponse, AppError> {
    reads::mark(&state.db, &caller, id.0, body.0.comment_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
