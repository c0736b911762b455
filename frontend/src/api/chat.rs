//! Private messages. None of it extends the session: whoever only chats is asked like everybody else whether they are
//! still there.

use serde::Serialize;
use shared::{
    chat::{
        ChatPerson, Conversation, ConversationPage, EditMessage, MarkMessagesRead, Message, MessageQuery, SendMessage,
        TicketFromMessages,
    },
    ids::{MessageId, UserId},
    page::Page,
    tickets::{PageQuery, Ticket},
};

use super::{
    ClientError, delete_background, get_background, patch_background, post, post_background, put_background, with_query,
};

/// The person's conversations, the one written in last first.
pub async fn conversations(query: &PageQuery) -> Result<ConversationPage, ClientError> {
    get_background(&with_query("/conversations", query)).await
}

/// The person's conversation with somebody, written in or not: above all, who that is.
pub async fn conversation(with: UserId) -> Result<Conversation, ClientError> {
    get_background(&format!("/conversations/{with}")).await
}

/// Whom the person may write to, by part of their name; anybody when it is empty.
pub async fn people(q: &str) -> Result<Page<ChatPerson>, ClientError> {
    #[derive(Serialize)]
    struct Query<'a> {
        q: Option<&'a str>,
    }
    get_background(&with_query("/conversations/people", &Query { q: Some(q).filter(|q| !q.is_empty()) })).await
}

/// What was written between the person and somebody, newest first.
pub async fn messages(with: UserId, query: &MessageQuery) -> Result<Page<Message>, ClientError> {
    get_background(&with_query(&format!("/conversations/{with}/messages"), query)).await
}

/// Writes to somebody. Sent again under the same `client_id`, it is stored once.
pub async fn send(to: UserId, request: &SendMessage) -> Result<Message, ClientError> {
    post_background(&format!("/conversations/{to}/messages"), request).await
}

/// Says how far the person has read what somebody wrote.
pub async fn mark_read(from: UserId, up_to: MessageId) -> Result<(), ClientError> {
    put_background(&format!("/conversations/{from}/read"), &MarkMessagesRead { up_to: Some(up_to) }).await
}

/// Edits the person's own message.
pub async fn edit(id: MessageId, request: &EditMessage) -> Result<Message, ClientError> {
    patch_background(&format!("/messages/{id}"), request).await
}

/// Deletes the person's own message; its place stays.
pub async fn remove(id: MessageId) -> Result<(), ClientError> {
    delete_background(&format!("/messages/{id}")).await
}

/// Makes a ticket of messages. That is the desk's work, and extends the session as any other does.
pub async fn make_ticket(with: UserId, request: &TicketFromMessages) -> Result<Ticket, ClientError> {
    post(&format!("/conversations/{with}/ticket"), request).await
}
