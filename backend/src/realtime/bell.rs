//! How many notifications a person has not read, told to all their devices when that changes otherwise than by an event: what
//! was read on one of them is read on all.
//!
//! Whoever changes it says for whom, here and to the other processes; how many there are is counted afterwards, by one task, so
//! that of two changes the later one is told last.

use futures_util::{StreamExt, stream};
use shared::{ids::UserId, live::ServerFrame};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    drain,
    hub::{Hub, Inner, text},
    outbox::Fleeting,
    people::Person,
    signals::Signal,
    visibility::Eyes,
};
use crate::{db::DbError, notifications, state::State};

/// For so many people it is counted at the same time.
const COUNTED: usize = 4;

impl Hub {
    /// Another number of a person's notifications is unread now, as was committed.
    pub fn bell_changed(&self, user: UserId) {
        let inner = self.inner();
        inner.count_for(user);
        inner.say(Signal::Bell { user });
    }

    /// Somebody's may be another one since: what other processes said of it was not heard.
    pub(super) fn recount_all(&self) {
        let inner = self.inner();
        inner.people.keys().for_each(|&user| inner.count_for(user));
    }

    /// What a person who is connected to this process may see.
    fn eyes(&self, user: UserId) -> Option<Eyes> {
        let inner = self.inner();
        inner.people.get(&user).filter(|person| person.is_connected()).map(|person| inner.eyes(person))
    }

    fn tell_unread(&self, user: UserId, unread: u32) {
        let frame = text(&ServerFrame::Notifications { unread });
        for socket in self.inner().people.get(&user).into_iter().flat_map(|person| &person.sockets) {
            socket.outbox.replace(Fleeting::Notifications, frame.clone());
        }
    }
}

impl Inner {
    /// Has a person's notifications counted, if a device of theirs is here to be told.
    pub(super) fn count_for(&self, user: UserId) {
        if self.people.get(&user).is_some_and(Person::is_connected) {
            let _ = self.count.send(user);
        }
    }
}

/// Counts, and tells, for as long as the program runs.
pub async fn count(state: &State, mut changed: UnboundedReceiver<UserId>) {
    while let Some(people) = drain(&mut changed).await {
        let tell = async |user| {
            // The page asks by itself now and then.
            if let Err(error) = tell(state, user).await {
                tracing::warn!(%error, "somebody's notifications could not be counted");
            }
        };
        stream::iter(people).for_each_concurrent(COUNTED, tell).await;
    }
}

async fn tell(state: &State, user: UserId) -> Result<(), DbError> {
    let Some(Eyes { id, role, scope }) = state.live.hub.eyes(user) else { return Ok(()) };
    let unread = notifications::service::unread(&mut state.db.read().await?, id, role, scope).await?;
    state.live.hub.tell_unread(user, unread);
    Ok(())
}
