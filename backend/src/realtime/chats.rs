//! Chats on the socket.

use std::{collections::BTreeMap, time::Duration};

use futures_util::{StreamExt, stream};
use shared::{
    chat::{MarkMessagesRead, SendMessage},
    ids::{EventId, MessageId, UserId},
    live::ServerFrame,
    problem::ProblemCode,
};
use tokio::{sync::mpsc::UnboundedReceiver, time::sleep};

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
    events::{self, EventKind, LoggedEvent},
    state::State,
};

/// How many people's messages are noted as delivered at the same time.
const NOTED: usize = 8;
/// How long to wait until what could not be noted is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// Events that are read at once.
const SINCE: i64 = 200;

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

/// What was written to somebody up to an event and has reached no device of theirs yet. What came since stands in the line of
/// their socket, and has not been written to it.
pub async fn undelivered(state: &State, user: UserId, up_to: EventId) -> Result<Messages, DbError> {
    let mut conn = state.db.lookup().await?;
    let mut messages = service::undelivered(&mut conn, user).await?;
    let mut after = up_to;
    // All that came since is read later than the messages, so none of those is without its event.
    while !messages.is_empty() {
        let events = events::after(&mut conn, after, SINCE).await?;
        let sent = |event: &&LoggedEvent| event.known == Some(EventKind::MessageSent) && event.subject == Some(user.0);
        for event in events.iter().filter(sent) {
            let (Some(from), Some(id)) = (event.actor, event.payload.message_id) else { continue };
            // Numbers of one conversation are in the order in which they were committed.
            if let Some(last) = messages.get_mut(&from).filter(|last| **last >= id) {
                *last = MessageId(id.0 - 1);
            }
        }
        match events.last() {
            Some(last) if i64::try_from(events.len()).is_ok_and(|read| read == SINCE) => after = last.id,
            _ => break,
        }
    }
    Ok(messages)
}

/// Notes what has reached a device of people, for as long as the program runs.
pub async fn note_reached(state: &State, mut reached: UnboundedReceiver<(UserId, Messages)>) {
    while let Some((first, messages)) = reached.recv().await {
        let mut people = BTreeMap::from([(first, messages)]);
        while let Ok((user, messages)) = reached.try_recv() {
            reaching::add(people.entry(user).or_default(), messages);
        }
        let note = async |(user, messages): (UserId, Messages)| {
            let Err(error) = service::delivered(state, user, &messages).await else { return };
            tracing::warn!(cause = error.cause().unwrap_or_default(), "a delivery could not be noted: {error}");
            // The device does not say so again: what cannot be noted now is noted when the database is back.
            if matches!(error.kind(), (ProblemCode::Unavailable, ..)) {
                sleep(AGAIN).await;
                state.live.reached(user, messages);
            }
        };
        stream::iter(people).for_each_concurrent(NOTED, note).await;
    }
}
