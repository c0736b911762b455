//! When people were last there. It is noted when they go, when this process stops, and once a minute of those who are there:
//! so it is known after the program was started again, however it ended.

use chrono::{DateTime, Utc};
use shared::{ids::UserId, live::PresenceState};
use tokio::{
    sync::mpsc::UnboundedReceiver,
    time::{MissedTickBehavior, interval},
};

use super::hub::Hub;
use crate::{accounts, db::now, state::State};

impl Hub {
    /// Those who are at a device that is connected to this process, or were within the time of grace. Of who is away it was
    /// noted while they were there.
    pub fn at_hand(&self) -> Vec<UserId> {
        let inner = self.inner();
        let there = inner.people.iter().filter(|(_, person)| person.state == PresenceState::Online);
        there.map(|(&user, _)| user).collect()
    }

    /// Those of them who are at a device. Who is away is not: that somebody was there keeps their mails from being written.
    fn at_work(&self) -> Vec<UserId> {
        let inner = self.inner();
        let there = inner.people.iter().filter(|(_, person)| person.is_present());
        there.filter(|(_, person)| person.state == PresenceState::Online).map(|(&user, _)| user).collect()
    }
}

/// Notes when those who go were last there.
pub async fn note_gone(state: &State, mut gone: UnboundedReceiver<(UserId, DateTime<Utc>)>) {
    while let Some((user, at)) = gone.recv().await {
        note(state, &[user], at).await;
    }
}

/// Notes again and again who is there.
pub async fn note_there(state: &State) {
    let mut every = interval(state.config.live_pace.note);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let at = now();
        note(state, &state.live.hub.at_work(), at).await;
    }
}

/// Notes that these people were there until a moment.
pub async fn note(state: &State, people: &[UserId], at: DateTime<Utc>) {
    if people.is_empty() {
        return;
    }
    let noted = state.db.write(async |conn| accounts::service::note_seen(conn, people, at).await).await;
    if let Err(error) = noted {
        tracing::warn!(%error, "when somebody was last there could not be noted");
    }
}
