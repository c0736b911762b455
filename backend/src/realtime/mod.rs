//! The live stream: what happens is told to those whom it concerns while it happens (`GET /ws`).
//!
//! The log drives it: [`follower`] reads each event after it was committed and hands it to the [`hub`], which knows who is
//! connected and decides with [`visibility`] who may see it now. A [`socket`] says what it has seen last and gets the rest
//! ([`replay`]), so a connection that breaks loses nothing. What is not worth keeping (who is there, who looks at what, who is
//! writing; [`presence`]) passes between the processes on one database as [`signals`].

mod answers;
mod bell;
mod chats;
mod follower;
mod framing;
pub mod handlers;
pub mod hub;
mod incoming;
mod letters;
mod outbox;
mod people;
mod presence;
mod proof;
mod rates;
mod reaching;
mod replay;
mod seats;
pub mod seen;
mod signals;
mod socket;
mod store;
mod viewing;
mod visibility;

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use shared::{
    ids::{EventId, UserId},
    permissions::TechnicianScope,
};
use tokio::{
    sync::{
        Notify,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    },
    time::{MissedTickBehavior, interval},
};

use self::{
    hub::Hub,
    reaching::Messages,
    signals::{ProcessId, Signal},
};
use crate::{
    config::Config,
    db::{DatabaseUrl, Db, DbError},
    events,
    state::State,
    web::routes::Routes,
};

/// How quick things are.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How long a client may take to say `hello`.
    pub hello: Duration,
    /// How often the server asks whether a client is still there.
    pub ping: Duration,
    /// Who says nothing for so long is gone: a client, or another process.
    pub silence: Duration,
    /// How long a client may take to read a frame.
    pub patience: Duration,
    /// How long a person without a socket is not offline yet: a page that is loaded anew opens another one.
    pub grace: Duration,
    /// How long a device that does not say whether it is active may send nothing until its person counts as away.
    pub away: Duration,
    /// How often the log is looked at when nothing says that it has grown.
    pub look: Duration,
    /// How often a process tells the others that it is there.
    pub heartbeat: Duration,
    /// How often it is noted that those who are there are.
    pub note: Duration,
    /// How long it may stay unknown whether a session has ended until its socket is closed.
    pub doubt: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            hello: seconds(10),
            ping: seconds(20),
            silence: seconds(45),
            patience: seconds(10),
            grace: seconds(5),
            away: seconds(300),
            look: seconds(1),
            heartbeat: seconds(15),
            note: seconds(60),
            doubt: seconds(30),
        }
    }
}

/// What the process keeps for its sockets.
pub struct Live {
    /// Who is connected.
    pub hub: Hub,
    process: ProcessId,
    say: UnboundedSender<Signal>,
    reached: UnboundedSender<(UserId, Messages)>,
    /// That the other processes were told that this one stops.
    parted: Notify,
    /// Whether this one hears what the others say.
    hearing: AtomicBool,
    /// What the tasks take from, until they begin.
    waiting: Mutex<Option<Waiting>>,
}

/// What was put in by one side of the process and is taken out by another.
struct Waiting {
    said: UnboundedReceiver<Signal>,
    gone: UnboundedReceiver<(UserId, DateTime<Utc>)>,
    count: UnboundedReceiver<UserId>,
    reached: UnboundedReceiver<(UserId, Messages)>,
}

impl Live {
    /// Begins at the end of the log.
    pub async fn begin(db: &Db, config: &Config, scope: TechnicianScope) -> Result<Self, DbError> {
        // Nobody else has the file: there is nothing to hear.
        let (pace, alone) = (&config.live_pace, matches!(config.database, DatabaseUrl::Sqlite(_)));
        let end = EventId(events::count(&mut db.read().await?).await?);
        let (say, said) = unbounded_channel();
        let (go, gone) = unbounded_channel();
        let (counter, count) = unbounded_channel();
        let (reach, reached) = unbounded_channel();
        Ok(Self {
            hub: Hub::new(end, scope, *pace, say.clone(), go, counter),
            process: ProcessId::draw(),
            say,
            reached: reach,
            parted: Notify::new(),
            hearing: AtomicBool::new(alone),
            waiting: Mutex::new(Some(Waiting { said, gone, count, reached })),
        })
    }

    /// Waits until the other processes were told that this one stops, after [`Hub::close_all`].
    pub async fn parted(&self) {
        self.parted.notified().await;
    }

    /// Whether this process knows who is connected to the others: not while it cannot hear them.
    pub fn knows_the_others(&self) -> bool {
        self.hearing.load(Ordering::Relaxed)
    }

    /// What the others say is heard from now on, or no more. What they said before may have been missed, so they are asked,
    /// and what they may have said of somebody's bell is counted.
    fn hears(&self, hears: bool) {
        self.hearing.store(hears, Ordering::Relaxed);
        if hears {
            self.hub.ask();
            self.hub.recount_all();
        }
    }

    fn process(&self) -> ProcessId {
        self.process
    }

    /// A device of a person's got what was written to them.
    fn reached(&self, user: UserId, messages: Messages) {
        let _ = self.reached.send((user, messages));
    }
}

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes.service(handlers::open_socket).service(handlers::list_presence);
}

/// Everything that runs beside the sockets, for as long as the program does.
pub async fn run(state: &State) {
    let waiting = state.live.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
    let Some(Waiting { said, gone, count, reached }) = waiting else { return };
    let heard = Notify::new();
    tokio::join!(
        follower::follow(state, &heard),
        signals::hear(state, &heard),
        signals::send(state, said),
        signals::keep_alive(state, &state.live.say),
        tick(state),
        seen::note_gone(state, gone),
        seen::note_there(state),
        bell::count(state, count),
        chats::note_reached(state, reached),
    );
}

/// Looks who was left alone and who is gone.
async fn tick(state: &State) {
    let pace = &state.config.live_pace;
    let often = (pace.grace.min(pace.away) / 5).clamp(Duration::from_millis(20), Duration::from_secs(1));
    let mut every = interval(often);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        state.live.hub.set_scope(state.settings.technician_scope(), false);
        state.live.hub.tick();
    }
}

/// All that waits in a line, each once.
async fn drain(line: &mut UnboundedReceiver<UserId>) -> Option<BTreeSet<UserId>> {
    let mut waiting = BTreeSet::from([line.recv().await?]);
    while let Ok(user) = line.try_recv() {
        waiting.insert(user);
    }
    Some(waiting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_as_quick_as_the_documentation_says() {
        let seconds = Duration::from_secs;
        let Pace { hello, ping, silence, patience, grace, away, look, heartbeat, note, doubt } = Pace::default();
        assert_eq!((ping, silence, grace, away), (seconds(20), seconds(45), seconds(5), seconds(300)));
        assert_eq!((hello, patience, doubt), (seconds(10), seconds(10), seconds(30)));
        assert_eq!((look, note), (seconds(1), seconds(60)));
        // A process misses one and is still there.
        assert!(2 * heartbeat < silence, "{heartbeat:?}");
        // Two pings may be lost.
        assert!(2 * ping < silence, "{ping:?}");
    }
}
