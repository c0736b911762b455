//! Chats on the socket.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use shared::{
    chat::{MarkMessagesRead, SendMessage},
    ids::{MessageId, UserId},
    live::ServerFrame,
};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    answers::require_write,
    reaching::{self, Messages},
    socket::Connection,
};
use crate::{
    auth::{self, caller::Caller},
    chat::service,
    db::DbError,
    error::AppError,
    events::{EventKind, LoggedEvent},
    state::State,
};

/// How many people's messages are noted as delivered at the same time.
const NOTED: usize = 8;

/// What the two people of a chat are told of an event: the message as it is now, or how far it got.
pub async fn frame(state: &State, event: &LoggedEvent) -> Result<Option<ServerFrame>, DbError> {
    if let Some(receipt) = receipt(event) {
        return Ok(Some(receipt));
    }
    let Some(id) = event.payload.message_id else { return Ok(None) };
    let message = service::message(&mut state.db.lookup().await?, id).await?;
    Ok(message.map(|message| ServerFrame::Message { event: Some(event.id), message }))
}

/// How far messages got, when an event says that.
pub fn receipt(event: &LoggedEvent) -> Option<ServerFrame> {
    let read = match event.known? {
        EventKind::MessagesRead => true,
        EventKind::MessagesDelivered => false,
        _ => return None,
    };
    let (by, from, up_to) = (event.actor?, UserId(event.subject?), event.payload.message_id?);
    Some(ServerFrame::Receipt { event: event.id, by, from, up_to, read, at: event.at })
}

/// Sends a message. Its event acknowledges it, to every socket; one that had come before is answered here.
pub async fn send(
    connection: &Connection,
    to: UserId,
    body: String,
    client_id: Option<String>,
) -> Result<Option<ServerFrame>, AppError> {
    let (state, caller) = (&connection.state, writer(connection).await?);
    let sent = service::send(state, &caller, to, SendMessage { body, client_id }).await?;
    Ok((!sent.fresh).then_some(ServerFrame::Message { event: None, message: sent.message }))
}

/// Marks all that somebody wrote as read.
pub async fn read(connection: &Connection, from: UserId) -> Result<(), AppError> {
    let caller = writer(connection).await?;
    service::mark_read(&connection.state, &caller, from, MarkMessagesRead::default()).await
}

/// The person of a socket as they are now, if they may change anything.
async fn writer(connection: &Connection) -> Result<Caller, AppError> {
    require_write(connection)?;
    auth::service::again(&mut connection.state.db.lookup().await?, &connection.caller).await
}

/// What a frame delivers to somebody: a message to them, and who wrote it.
pub fn delivered_by(frame: &ServerFrame, to: UserId) -> Option<(UserId, MessageId)> {
    match frame {
        ServerFrame::Message { message, .. } if message.to_id == to => Some((message.from_id, message.id)),
        _ => None,
    }
}

/// What was written to somebody and has reached no device of theirs yet.
pub async fn undelivered(state: &State, user: UserId) -> Result<Messages, DbError> {
    service::undelivered(&mut state.db.lookup().await?, user).await
}

/// Notes what has reached a device of people, for as long as the program runs.
pub async fn note_reached(state: &State, mut reached: UnboundedReceiver<(UserId, Messages)>) {
    while let Some((first, messages)) = reached.recv().await {
        let mut people = BTreeMap::from([(first, messages)]);
        while let Ok((user, messages)) = reached.try_recv() {
            reaching::add(people.entry(user).or_default(), messages);
        }
        let note = async |(user, messages): (UserId, Messages)| {
            if let Err(error) = service::delivered(state, user, &messages).await {
                tracing::warn!(cause = error.cause().unwrap_or_default(), "a delivery could not be noted: {error}");
            }
        };
        stream::iter(people).for_each_concurrent(NOTED, note).await;
    }
}
