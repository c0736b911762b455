//! Follows the event log and tells each event, in its order, to those who may see it.

use std::{
    collections::{HashMap, hash_map::Entry},
    time::Duration,
};

use shared::ids::{TicketId, UserId};
use tokio::{sync::Notify, time::timeout};

use super::{chats, visibility::is_of_chat};
use crate::{
    accounts,
    db::{DatabaseUrl, DbError},
    events::{self, EventKind, LoggedEvent},
    settings,
    state::State,
    tickets::access::{self, Standing},
};

/// Events that are read at once.
const BATCH: i64 = 200;
/// How long to wait after the database could not be read.
const AGAIN: Duration = Duration::from_millis(250);

/// How people stand to tickets, as read since the events at hand were.
pub type Standings = HashMap<TicketId, Option<Standing>>;

/// Tells what is appended to the log, for as long as the program runs. What cannot be read is read again: no event is
/// skipped.
pub async fn follow(state: &State, heard: &Notify) {
    let look = match state.config.database {
        // Nothing tells what other processes commit.
        DatabaseUrl::MySql(_) => state.config.live_pace.look.min(Duration::from_millis(250)),
        _ => state.config.live_pace.look,
    };
    let mut commits = state.db.commits();
    let mut fails = false;
    loop {
        commits.mark_unchanged();
        match step(state).await {
            Ok(true) => continue,
            Ok(false) => fails = false,
            Err(error) => {
                // Once for each time that the database is away.
                if !std::mem::replace(&mut fails, true) {
                    tracing::warn!(%error, "the event log could not be followed");
                }
                tokio::time::sleep(AGAIN).await;
                continue;
            }
        }
        let woken = async {
            tokio::select! {
                changed = commits.changed() => drop(changed),
                () = heard.notified() => {}
            }
        };
        let _ = timeout(look, woken).await;
    }
}

/// Tells the next events; whether there may be more.
async fn step(state: &State) -> Result<bool, DbError> {
    let position = state.live.hub.position();
    let batch = events::after(&mut state.db.read().await?, position, BATCH).await?;
    let mut standings = Standings::new();
    for event in &batch {
        if event.known == Some(EventKind::SettingsUpdated) {
            settings::kept::refresh(state).await?;
        }
        if !state.live.hub.passes(event.id) {
            tell(state, event, &mut standings).await?;
        }
        apply(state, event);
    }
    Ok(i64::try_from(batch.len()).is_ok_and(|read| read == BATCH))
}

/// How people stand to an event's ticket now.
pub async fn standing<'a>(
    state: &State,
    event: &LoggedEvent,
    standings: &'a mut Standings,
) -> Result<Option<&'a Standing>, DbError> {
    let Some(ticket) = event.ticket else { return Ok(None) };
    Ok(match standings.entry(ticket) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(unknown) => {
            let read = access::standing(&mut state.db.lookup().await?, ticket).await?;
            unknown.insert(read)
        }
    }
    .as_ref())
}

async fn tell(state: &State, event: &LoggedEvent, standings: &mut Standings) -> Result<(), DbError> {
    if is_of_chat(event) {
        let people = [event.actor, event.subject.map(UserId)].into_iter().flatten().collect();
        // Most of what is said concerns nobody here: it need not be read.
        if state.live.hub.passes_all(event.id, &people) {
            return Ok(());
        }
        let frame = chats::frame(state, event).await?;
        state.live.hub.tell_chat(event.id, &people, frame.as_ref());
        return Ok(());
    }
    before(state, event).await?;
    let standing = standing(state, event, standings).await?;
    state.live.hub.tell(event, standing);
    Ok(())
}

/// What has to be known before an event is told: what somebody may do since.
async fn before(state: &State, event: &LoggedEvent) -> Result<(), DbError> {
    if event.known == Some(EventKind::SettingsUpdated) {
        state.live.hub.set_scope(state.settings.technician_scope(), true);
    }
    if let (Some(EventKind::UserUpdated | EventKind::UserDeactivated), Some(subject)) = (event.known, event.subject) {
        let user = accounts::service::find(&mut state.db.lookup().await?, UserId(subject)).await?;
        if let Some(user) = user {
            state.live.hub.set_person(&user);
        }
    }
    Ok(())
}

/// What an event does to those who are connected, besides being told.
fn apply(state: &State, event: &LoggedEvent) {
    let about = event.subject.map(UserId);
    match event.known {
        // When it was passed by.
        Some(EventKind::SettingsUpdated) => state.live.hub.set_scope(state.settings.technician_scope(), true),
        Some(EventKind::LoggedOut | EventKind::SessionRevoked | EventKind::TokenRevoked) => {
            if let Some(user) = event.actor {
                state.live.hub.recheck(user);
            }
        }
        Some(EventKind::UserUpdated | EventKind::UserDeactivated | EventKind::PasswordChanged) => {
            if let Some(user) = about {
                state.live.hub.recheck(user);
            }
        }
        _ => {}
    }
}
