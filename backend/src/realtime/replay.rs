//! What a client missed while it was not connected.

use chrono::TimeDelta;
use shared::{ids::EventId, live::ServerFrame};

use super::{
    chats,
    follower::{self, Standings},
    hub::text,
    outbox::Frame,
    visibility::{Eyes, is_of_chat, shown},
};
use crate::{
    db::{DbError, now},
    events::{self, LoggedEvent},
    state::State,
};

/// The most events that are told again.
const EVENTS: i64 = 1_000;
/// How long ago the first of them may be, in days.
const DAYS: i64 = 1;

/// What was missed.
#[derive(Debug)]
pub enum Missed {
    /// These frames, in their order.
    Frames(Vec<Frame>),
    /// Too much, or too long ago.
    TooMuch,
}

/// What a person may see now of the events after `seen` up to `end`.
pub async fn missed(state: &State, eyes: Eyes, seen: EventId, end: EventId) -> Result<Missed, DbError> {
    if seen >= end {
        // Who has seen more than there is has seen another log: one that was put back from a copy.
        let ahead = seen > end && events::count(&mut state.db.lookup().await?).await? < seen.0;
        return Ok(if ahead { Missed::TooMuch } else { Missed::Frames(Vec::new()) });
    }
    let count = end.0.saturating_sub(seen.0);
    if seen.0 < 0 || count > EVENTS {
        return Ok(Missed::TooMuch);
    }
    let events = events::after(&mut state.db.read().await?, seen, count).await?;
    if events.first().is_none_or(|first| now() - first.at > TimeDelta::days(DAYS)) {
        return Ok(Missed::TooMuch);
    }
    let mut standings = Standings::new();
    let mut frames = Vec::new();
    for event in &events {
        frames.extend(frame(state, event, &mut standings, eyes).await?);
    }
    Ok(Missed::Frames(frames))
}

async fn frame(
    state: &State,
    event: &LoggedEvent,
    standings: &mut Standings,
    eyes: Eyes,
) -> Result<Option<Frame>, DbError> {
    let said = if is_of_chat(event) {
        if event.actor == Some(eyes.id) || event.subject == Some(eyes.id.0) {
            chats::frame(state, event).await?
        } else {
            None
        }
    } else {
        let standing = follower::standing(state, event, standings).await?;
        shown(event, standing, eyes).map(|shown| ServerFrame::Event(shown.live(event)))
    };
    Ok(said.map(|said| Frame {
        reaches: matches!(&said, ServerFrame::Message { message, .. } if message.to_id == eyes.id),
        text: text(&said),
        event: event.id,
    }))
}
