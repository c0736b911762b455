//! `/conversations` and `/messages`.

use actix_web::{
    HttpRequest, HttpResponse, delete, get, patch, post, put,
    web::{Data, Json},
};
use shared::{
    chat::{
        ChatPeopleQuery, ChatPerson, Conversation, ConversationPage, EditMessage, MarkMessagesRead, Message,
        MessageQuery, SendMessage, TicketFromMessages,
    },
    ids::{MessageFileId, MessageId, UserId},
    page::Page,
    tickets::{PageQuery, Ticket},
};
use utoipa::ToSchema;

use super::{edits, files, service, tickets};
use crate::{
    attachments::{download, upload},
    auth::caller::{Caller, Onlooker},
    error::AppError,
    state::State,
    tickets::handlers::created,
    web::{Asking, Body, Id, Params, TwoIds, Valid, errors, upload::Pieces},
};

/// The form of a message with files, for the document; it is read piece by piece.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it describes a form that is never held in memory")]
struct MessageForm {
    /// The file, under its name. The field may come several times.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
    /// What to say beside the files: light Markdown, up to 10,000 characters.
    #[schema(max_length = 10_000)]
    body: Option<String>,
    /// What the program calls the message; see `SendMessage`.
    #[schema(max_length = 64)]
    client_id: Option<String>,
}

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
    Onlooker(caller): Onlooker,
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
    Onlooker(caller): Onlooker,
    query: Params<ChatPeopleQuery>,
) -> Result<Json<Page<ChatPerson>>, AppError> {
    service::people(&state, &caller, &query.0).await.map(Json)
}

/// See one conversation
///
/// Who the other one is, whether one may still write to them, what was written last and how many are unread, also when nothing was
/// written yet. Somebody one may not write to and never wrote with is not there (404).
#[utoipa::path(
    tag = "chat",
    operation_id = "get_conversation",
    params(("user_id" = UserId, Path, description = "The other person")),
    responses((status = 200, description = "The conversation", body = Conversation), errors::Look)
)]
#[get("/conversations/{user_id}")]
pub async fn get_conversation(
    state: Data<State>,
    Onlooker(caller): Onlooker,
    id: Id<UserId>,
) -> Result<Json<Conversation>, AppError> {
    service::conversation(&state, &caller, id.0).await.map(Json)
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
    Onlooker(caller): Onlooker,
    id: Id<UserId>,
    query: Params<MessageQuery>,
) -> Result<Json<Page<Message>>, AppError> {
    service::list(&state, &caller, id.0, &query.0).await.map(Json)
}

/// Write to somebody
///
/// With a `client_id`, sending again is safe: what came already under that name is answered, as it is now, with 200, whoever the
/// other one is by then. Somebody one may not write to is not there (404); somebody without access gets no messages (409). Sixty
/// may come at once, and from there on one each second, unless the desk lets more (429); what came already is not counted, an edit is.
#[utoipa::path(
    tag = "chat",
    operation_id = "send_message",
    params(("user_id" = UserId, Path, description = "To whom")),
    request_body = SendMessage,
    responses(
        (status = 201, description = "The message", body = Message),
        (status = 200, description = "The message, which had been sent already", body = Message),
        errors::SayTo
    )
)]
#[post("/conversations/{user_id}/messages")]
pub async fn send_message(
    state: Data<State>,
    Onlooker(caller): Onlooker,
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

/// Send files to somebody
///
/// One message with all of them, or none. The same files may be sent as may be attached to tickets: see
/// `get_attachment_rules`. With a `client_id`, sending again is safe, and it counts as one message, as with `send_message`.
/// Whoever has sent too much is told so before the files are read, whether or not they came already. Many at
/// once wait for their turn, and too many are refused (429), as with `upload_attachment`.
#[utoipa::path(
    tag = "chat",
    operation_id = "upload_message_files",
    params(("user_id" = UserId, Path, description = "To whom")),
    request_body(content = MessageForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "The message", body = Message),
        (status = 200, description = "The message, which had been sent already", body = Message),
        errors::SayTo
    )
)]
#[post("/conversations/{user_id}/files")]
pub async fn upload_message_files(
    state: Data<State>,
    Onlooker(caller): Onlooker,
    id: Id<UserId>,
    asking: Asking,
    Pieces(form): Pieces,
) -> Result<HttpResponse, AppError> {
    let may = files::may_send(&state, &caller, id.0);
    let fields = [files::BODY, files::CLIENT_ID];
    let (_under_way, upload) = upload::take(&state, caller.id(), &asking, form, &fields, may).await?;
    let sent = files::send(&state, &caller, id.0, upload).await?;
    Ok(answer(&sent))
}

/// Download a file of a message
///
/// For the two alone; always as a download under its own name, as attachments are.
#[utoipa::path(
    tag = "chat",
    operation_id = "download_message_file",
    params(
        ("id" = MessageId, Path, description = "The message"),
        ("file_id" = MessageFileId, Path, description = "The file")
    ),
    responses(
        (status = 200, description = "The file", body = String, content_type = "*/*"),
        (status = 206, description = "A part of it", body = String, content_type = "*/*"),
        (status = 304, description = "The caller has it already"),
        errors::Download
    )
)]
#[get("/messages/{id}/files/{file_id}")]
pub async fn download_message_file(
    state: Data<State>,
    Onlooker(caller): Onlooker,
    ids: TwoIds<MessageId, MessageFileId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let found = files::find(&state, &caller, ids.0, ids.1).await?;
    download::file(&state, &request, &found.into_stored()).await
}

/// See a picture of a message small
///
/// As the small pictures of attachments. Pages show them by themselves, so it does not extend the session.
#[utoipa::path(
    tag = "chat",
    operation_id = "get_message_thumbnail",
    params(
        ("id" = MessageId, Path, description = "The message"),
        ("file_id" = MessageFileId, Path, description = "The file")
    ),
    responses(
        (status = 200, description = "The small picture", content(
            (String = "image/jpeg"),
            (String = "image/png"),
        )),
        (status = 304, description = "The caller has it already"),
        errors::Look
    )
)]
#[get("/messages/{id}/files/{file_id}/thumbnail")]
pub async fn get_message_thumbnail(
    state: Data<State>,
    onlooker: Onlooker,
    ids: TwoIds<MessageId, MessageFileId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let found = files::find(&state, &onlooker.0, ids.0, ids.1).await?;
    download::thumbnail(&state, &request, &found.into_stored()).await
}

/// Make a ticket of messages
///
/// The messages chosen become its description, in the order they were written, and their files its attachments. It is the
/// user's of the two; between staff, the caller's. With a `client_id`, sending again is safe, as with `create_ticket`.
#[utoipa::path(
    tag = "chat",
    operation_id = "create_ticket_from_messages",
    params(("user_id" = UserId, Path, description = "The other person")),
    request_body = TicketFromMessages,
    responses(
        (status = 201, description = "The ticket", body = Ticket),
        (status = 200, description = "The ticket, which had been opened already", body = Ticket),
        errors::Update
    )
)]
#[post("/conversations/{user_id}/ticket")]
pub async fn create_ticket_from_messages(
    state: Data<State>,
    caller: Caller,
    id: Id<UserId>,
    body: Valid<TicketFromMessages>,
) -> Result<HttpResponse, AppError> {
    tickets::create(&state, &caller, id.0, body.0).await.map(created)
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
    Onlooker(caller): Onlooker,
    id: Id<UserId>,
    body: Body<MarkMessagesRead>,
) -> Result<HttpResponse, AppError> {
    service::mark_read(&state, &caller, id.0, body.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Edit one's own message
///
/// Within fifteen minutes. What it said before is not kept. It counts as a message does (`send_message`), unless it changes
/// nothing.
#[utoipa::path(
    tag = "chat",
    operation_id = "edit_message",
    params(("id" = MessageId, Path, description = "The message")),
    request_body = EditMessage,
    responses((status = 200, description = "The message as edited", body = Message), errors::SayTo)
)]
#[patch("/messages/{id}")]
pub async fn edit_message(
    state: Data<State>,
    Onlooker(caller): Onlooker,
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
pub async fn delete_message(
    state: Data<State>,
    Onlooker(caller): Onlooker,
    id: Id<MessageId>,
) -> Result<HttpResponse, AppError> {
    edits::delete(&state, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
