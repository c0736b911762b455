//! `/conversations` and `/messages`.

use actix_web::{
    HttpResponse, delete, get, patch, post, put,
    web::{Data, Json},
};
use shared::{
    chat::{
        ChatPeopleQuery, ChatPerson, ConversationPage, EditMessage, MarkMessagesRead, Message, MessageQuery,
        SendMessage,
    },
    ids::{MessageId, UserId},
    page::Page,
    tickets::PageQuery,
};

use super::{edits, service};
use crate::{
    auth::caller::Caller,
    error::AppError,
    state::State,
    web::{Body, Id, Params, Valid, errors},
};

/// List one's conversations
///
/// The one written in last first, each with its last message and how many are unread; and how many are in all.
#[utoipa::path(
    tag = "chat",
    operation_id = "list_conversations",
    params(PageQuery),
    responses((status = 200, description = "A page of conversations", body = ConversationPage), errors::Find)
)]
#[get("/conversations")]
pub async fn list_conversations(
    state: Data<State>,
    caller: Caller,
    query: Params<PageQuery>,
) -> Result<Json<ConversationPage>, AppError> {
    service::conversations(&state, &caller, &query.0).await.map(Json)
}

/// List whom one may write to
///
/// People with access, by name, at most 25: staff for everybody, and everybody for staff.
#[utoipa::path(
    tag = "chat",
    operation_id = "list_chat_people",
    params(ChatPeopleQuery),
    responses((status = 200, description = "People, on one page", body = Page<ChatPerson>), errors::Find)
)]
#[get("/conversations/people")]
pub async fn list_chat_people(
    state: Data<State>,
    caller: Caller,
    query: Params<ChatPeopleQuery>,
) -> Result<Json<Page<ChatPerson>>, AppError> {
    service::people(&state, &caller, query.0.q.as_deref()).await.map(Json)
}

/// Read a conversation
///
/// Newest first; the cursor leads backwards. What was written stays readable when the two may no longer write to each other.
#[utoipa::path(
    tag = "chat",
    operation_id = "list_messages",
    params(("user_id" = UserId, Path, description = "The other person"), MessageQuery),
    responses((status = 200, description = "A page of messages", body = Page<Message>), errors::ListOfOne)
)]
#[get("/conversations/{user_id}/messages")]
pub async fn list_messages(
    state: Data<State>,
    caller: Caller,
    id: Id<UserId>,
    query: Params<MessageQuery>,
) -> Result<Json<Page<Message>>, AppError> {
    service::list(&state, &caller, id.0, &query.0).await.map(Json)
}

/// Write to somebody
///
/// With a `client_id`, sending again is safe: what came already under that name is answered, as it is now, with 200.
/// Somebody one may not write to is not there (404); somebody without access gets no messages (409).
#[utoipa::path(
    tag = "chat",
    operation_id = "send_message",
    params(("user_id" = UserId, Path, description = "To whom")),
    request_body = SendMessage,
    responses(
        (status = 201, description = "The message", body = Message),
        (status = 200, description = "The message, which had been sent already", body = Message),
        errors::Update
    )
)]
#[post("/conversations/{user_id}/messages")]
pub async fn send_message(
    state: Data<State>,
    caller: Caller,
    id: Id<UserId>,
    body: Body<SendMessage>,
) -> Result<HttpResponse, AppError> {
    let sent = service::send(&state, &caller, id.0, body.0).await?;
    Ok(answer(&sent))
}

/// A message that was sent, now or before.
fn answer(sent: &service::Sent) -> HttpResponse {
    let mut response = if sent.fresh { HttpResponse::Created() } else { HttpResponse::Ok() };
    response.json(&sent.message)
}

/// Mark messages as read
///
/// All that the other one wrote, up to a message or all of it.
#[utoipa::path(
    tag = "chat",
    operation_id = "mark_read",
    params(("user_id" = UserId, Path, description = "Who wrote them")),
    request_body = MarkMessagesRead,
    responses((status = 204, description = "Marked"), errors::CreateIn)
)]
#[put("/conversations/{user_id}/read")]
pub async fn mark_read(
    state: Data<State>,
    caller: Caller,
    id: Id<UserId>,
    body: Body<MarkMessagesRead>,
) -> Result<HttpResponse, AppError> {
    service::mark_read(&state, &caller, id.0, body.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Edit one's own message
///
/// Within fifteen minutes. What it said before is not kept.
#[utoipa::path(
    tag = "chat",
    operation_id = "edit_message",
    params(("id" = MessageId, Path, description = "The message")),
    request_body = EditMessage,
    responses((status = 200, description = "The message as edited", body = Message), errors::Update)
)]
#[patch("/messages/{id}")]
pub async fn edit_message(
    state: Data<State>,
    caller: Caller,
    id: Id<MessageId>,
    body: Valid<EditMessage>,
) -> Result<Json<Message>, AppError> {
    edits::edit(&state, &caller, id.0, body.0.body).await.map(Json)
}

/// Delete one's own message
///
/// Within fifteen minutes. Its place stays, without text and files; deleting it again changes nothing.
#[utoipa::path(
    tag = "chat",
    operation_id = "delete_message",
    params(("id" = MessageId, Path, description = "The message")),
    responses((status = 204, description = "Deleted"), errors::ActOnOne)
)]
#[delete("/messages/{id}")]
pub async fn delete_message(state: Data<State>, caller: Caller, id: Id<MessageId>) -> Result<HttpResponse, AppError> {
    edits::delete(&state, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
