//! Chats on the socket.

#![allow(clippy::unused_async, reason = "there are no chats yet")]

use shared::{ids::UserId, live::ServerFrame};

use tokio::sync::mpsc::UnboundedReceiver;

use super::{answers::require_write, drain, socket::Connection};
use crate::{db::DbError, error::AppError, events::LoggedEvent, state::State};

/// What the two people of a chat are told of an event.
pub async fn frame(_: &State, _: &LoggedEvent) -> Result<Option<ServerFrame>, DbError> {
    Ok(None)
}

/// Sends a message.
pub async fn send(
    connection: &Connection,
    _: UserId,
    _: String,
    _: Option<String>,
) -> Result<Option<ServerFrame>, AppError> {
    require_write(connection)?;
    Err(AppError::NotFound)
}

/// Marks all that somebody wrote as read.
pub async fn read(connection: &Connection, _: UserId) -> Result<(), AppError> {
    require_write(connection)?;
    Err(AppError::NotFound)
}

/// Notes that what was written to people reached them, for as long as the program runs.
pub async fn note_reached(_: &State, mut reached: UnboundedReceiver<UserId>) {
    while drain(&mut reached).await.is_some() {}
}
