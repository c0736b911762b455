//! What a client missed while it was not connected.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use shared::{
    accounts::Role,
    chat::Message,
    ids::{EventId, MessageId},
    live::ServerFrame,
};

use super::{
    chats,
    follower::{self, Standings},
    hub::text,
    outbox::Frame,
    visibility::{Eyes, is_of_chat, shown},
};
use crate::{
    chat::service,
    db::now,
    error::AppError,
    events::{self, EventKind, LoggedEvent},
    state::State,
};

/// The most events that are told again.
const EVENTS: i64 = 1_000;
/// How long ago the first of them may be, in days.
const DAYS: i64 = 1;
/// The most that is told again, in bytes.
const BYTES: usize = 4_000_000;
/// Events that are read, and told, at once: nobody holds more than their frames.
const PAGE: i64 = 50;

/// What a person missed, page by page. Begins with [`Replay::new`].
#[derive(Debug)]
pub struct Replay {
    eyes: Eyes,
    /// What was told so far.
    told: EventId,
    end: EventId,
    /// What may still be told, in bytes.
    left: usize,
    /// Messages that were told: each once, as it is now, however often it changed meanwhile.
    messages: HashSet<MessageId>,
    begun: bool,
}

/// What comes next.
#[derive(Debug)]
pub enum Next {
    /// These frames, in their order; then more.
    Frames(Vec<Frame>),
    /// Nothing: all was told.
    End,
    /// Too much, too long ago, or the person may see something else since: what is shown has to be read anew.
    TooMuch,
}

impl Replay {
    /// What a person may see now of the events after `seen` up to `end`.
    pub fn new(eyes: Eyes, seen: EventId, end: EventId) -> Self {
        Self { eyes, told: seen, end, left: BYTES, messages: HashSet::new(), begun: false }
    }

    /// Reads the next page.
    pub async fn next(&mut self, state: &State) -> Result<Next, AppError> {
        if self.told >= self.end {
            // Who has seen more than there is has seen another log: one that was put back from a copy.
            let ahead = self.told > self.end && events::count(&mut state.db.lookup().await?).await? < self.told.0;
            return Ok(if ahead { Next::TooMuch } else { Next::End });
        }
        let count = self.end.0.saturating_sub(self.told.0);
        if self.told.0 < 0 || count > EVENTS {
            return Ok(Next::TooMuch);
        }
        let events = events::after(&mut state.db.read().await?, self.told, count.min(PAGE)).await?;
        let Some((first, last)) = events.first().zip(events.last()) else { return Ok(Next::TooMuch) };
        let old = !self.begun && now() - first.at > TimeDelta::days(DAYS);
        if old || events.iter().any(|event| self.changes_what_they_see(event)) {
            return Ok(Next::TooMuch);
        }
        let frames = self.frames(state, &events).await?;
        self.begun = true;
        self.told = last.id;
        let bytes = frames.iter().map(|frame| frame.text.len()).sum();
        match self.left.checked_sub(bytes) {
            Some(left) => self.left = left,
            None => return Ok(Next::TooMuch),
        }
        Ok(Next::Frames(frames))
    }

    /// Whether the person may see more, or less, of everything since an event.
    fn changes_what_they_see(&self, event: &LoggedEvent) -> bool {
        match event.known {
            Some(EventKind::UserUpdated) => event.subject == Some(self.eyes.id.0),
            Some(EventKind::SettingsUpdated) => self.eyes.role == Role::Technician,
            _ => false,
        }
    }

    async fn frames(&mut self, state: &State, events: &[LoggedEvent]) -> Result<Vec<Frame>, AppError> {
        let mut messages = self.messages(state, events).await?;
        let mut standings = Standings::new();
        let mut frames = Vec::new();
        for event in events {
            let said = if !is_of_chat(event) {
                let standing = follower::standing(state, event, &mut standings).await?;
                shown(event, standing, self.eyes).map(|shown| ServerFrame::Event(shown.live(event)))
            } else if !self.concerns(event) {
                None
            } else if let Some(receipt) = chats::receipt(event) {
                Some(receipt)
            } else {
                let message = event.payload.message_id.and_then(|id| messages.remove(&id));
                message.map(|message| ServerFrame::Message { event: Some(event.id), message })
            };
            frames.extend(said.map(|said| Frame {
                delivers: chats::delivered_by(&said, self.eyes.id),
                text: text(&said),
                event: Some(event.id),
            }));
        }
        Ok(frames)
    }

    /// Whether an event of a chat is the person's.
    fn concerns(&self, event: &LoggedEvent) -> bool {
        event.actor == Some(self.eyes.id) || event.subject == Some(self.eyes.id.0)
    }

    /// The messages that events tell of and that were not told yet.
    async fn messages(
        &mut self,
        state: &State,
        events: &[LoggedEvent],
    ) -> Result<HashMap<MessageId, Message>, AppError> {
        let told = events.iter().filter(|event| is_of_chat(event) && self.concerns(event));
        let ids: Vec<MessageId> = told
            .filter(|event| chats::receipt(event).is_none())
            .filter_map(|event| event.payload.message_id)
            .filter(|id| !self.messages.contains(id))
            .collect();
        self.messages.extend(&ids);
        let mut conn = state.db.lookup().await?;
        let found = service::find_all(&mut conn, &ids).await?;
        drop(conn);
        let shown = found.shown().await.map_err(AppError::internal)?;
        Ok(shown.into_iter().map(|message| (message.id, message)).collect())
    }
}
