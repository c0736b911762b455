//! Who is connected, here and through other processes, and what that makes of them: there, away or gone.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use shared::{
    accounts::{Role, UserRef},
    ids::{TicketId, UserId},
    live::{PresenceState, Viewer},
};

use super::{
    outbox::Outbox,
    rates::{PASSING, Rate},
    seats::Opener,
    signals::{ProcessId, Where},
    viewing::Lookers,
};
use crate::db::now;

/// A socket, by a number that is larger the later it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketId(pub u64);

/// What is known of a device as it connects.
#[derive(Debug, Clone, Copy)]
pub struct Device {
    /// Whether its person counts as there by it: not with a token that may only read, which shows nothing of them.
    pub present: bool,
    /// What it was opened with.
    pub opener: Opener,
    /// For how long nobody has been at it; none when it does not say so.
    pub idle: Option<Duration>,
}

/// One device's connection to this process.
#[derive(Debug)]
pub struct Socket {
    /// Which.
    pub id: SocketId,
    /// What waits to be written to it.
    pub outbox: Arc<Outbox>,
    /// See [`Device::present`].
    pub present: bool,
    /// See [`Device::opener`].
    pub opener: Opener,
    /// Since when the person is not at it; none while they are.
    pub idle: Option<Instant>,
    /// Whether it says by itself when that changes.
    pub tells: bool,
    /// When it last sent anything that a person does.
    pub used: Instant,
    /// The ticket it shows, and whether an answer is being written.
    pub viewing: Option<(TicketId, bool)>,
}

impl Socket {
    /// One that was opened just now.
    pub fn open(id: SocketId, outbox: Arc<Outbox>, Device { present, opener, .. }: Device) -> Self {
        Self { id, outbox, present, opener, idle: None, tells: false, used: Instant::now(), viewing: None }
    }

    /// The same of a device that says that nobody has been at it for so long: by what it sends of itself as it comes, its person
    /// is not there. They were there at least until they were last `seen`, at whatever device.
    pub fn left_alone_for(self, idle: Duration, seen: Option<DateTime<Utc>>) -> Self {
        let since_seen = seen.map(|seen| (now() - seen).to_std().unwrap_or_default());
        let moment = Instant::now();
        // A clock that does not reach back so far began with the machine.
        let since = moment.checked_sub(since_seen.map_or(idle, |since| since.min(idle))).unwrap_or(moment);
        Self { idle: Some(since), tells: true, ..self }
    }

    /// Whether the person is at it, from a moment on.
    pub fn set_active(&mut self, active: bool, moment: Instant) {
        self.idle = if active { None } else { self.idle.or(Some(moment)) };
    }
}

/// Somebody who is, or a moment ago was, connected to this process.
#[derive(Debug)]
pub struct Person {
    /// As others see them.
    pub face: UserRef,
    /// What they may do.
    pub role: Role,
    /// Their connections, the oldest first.
    pub sockets: Vec<Socket>,
    /// As others were told.
    pub state: PresenceState,
    /// When the last connection ended by which they count as there, if none is left; and when they were last at a device.
    pub left: Option<(Instant, DateTime<Utc>)>,
    /// When the last of the devices that are connected no more went.
    closed: Option<Instant>,
    /// When they were last at any of those.
    seen: Option<Instant>,
    /// What they may still tell others in passing.
    pub passing: Rate,
}

impl Person {
    /// Somebody who has just come.
    pub fn new(face: UserRef, role: Role) -> Self {
        let passing = Rate::new(PASSING, Instant::now());
        let (sockets, state) = (Vec::new(), PresenceState::Offline);
        Self { face, role, sockets, state, left: None, closed: None, seen: None, passing }
    }

    /// Whether any of their devices is connected to this process now.
    pub fn is_connected(&self) -> bool {
        !self.sockets.is_empty()
    }

    /// Whether any of those makes them count as there.
    pub fn is_present(&self) -> bool {
        self.sockets.iter().any(|socket| socket.present)
    }

    /// One of their sockets.
    pub fn socket(&mut self, id: SocketId) -> Option<&mut Socket> {
        self.sockets.iter_mut().find(|socket| socket.id == id)
    }

    /// What their connections make of them. Who has just lost the last one stays what they were for the time of grace.
    pub fn state_at(&self, moment: Instant, grace: Duration) -> PresenceState {
        if self.sockets.iter().any(|socket| socket.present && socket.idle.is_none()) {
            PresenceState::Online
        } else if self.is_present() {
            PresenceState::Away
        } else if self.left.is_some_and(|(left, _)| moment.saturating_duration_since(left) < grace) {
            self.state
        } else {
            PresenceState::Offline
        }
    }

    /// Notes when the connection of a device ended and until when they were at it, and that there may be none left; whether
    /// no other one was there for longer.
    pub fn note_left(&mut self, closed: Instant, seen: Instant) -> bool {
        let last = self.closed.map_or(closed, |last| last.max(closed));
        let seen = self.seen.map_or(seen, |last| last.max(seen));
        (self.closed, self.seen) = (Some(last), Some(seen));
        self.left = (!self.is_present()).then(|| (last, now() - seen.elapsed()));
        self.left.is_some() && last == closed
    }

    /// When they left the device that they were at last, whether it is still connected or not; none when they left none.
    pub fn left_last(&self) -> Option<Instant> {
        let idle = self.sockets.iter().filter(|socket| socket.present).filter_map(|socket| socket.idle);
        idle.max().max(self.seen)
    }

    /// Devices that do not say by themselves whether somebody is there count as left alone after a while.
    pub fn leave_alone(&mut self, moment: Instant, away: Duration) -> bool {
        let mut changed = false;
        for socket in &mut self.sockets {
            let is_over = moment.saturating_duration_since(socket.used) >= away;
            if socket.idle.is_none() && !socket.tells && is_over {
                socket.set_active(false, moment);
                changed = true;
            }
        }
        changed
    }

    /// Whether they are writing an answer in a ticket.
    pub fn writes(&self, ticket: TicketId) -> bool {
        self.sockets.iter().any(|socket| socket.viewing == Some((ticket, true)))
    }

    /// How they look at a ticket, if they do.
    pub fn views(&self, ticket: TicketId) -> Option<Viewer> {
        let views = self.sockets.iter().filter_map(|socket| socket.viewing).filter(|&(which, _)| which == ticket);
        views
            .reduce(|one, other| (ticket, one.1 || other.1))
            .map(|(_, writing)| Viewer { user: self.face.clone(), writing })
    }
}

/// Another process on the same database.
#[derive(Debug)]
pub struct Process {
    /// When it last said anything.
    pub heard: Instant,
    /// Who is connected to it.
    pub people: HashMap<UserId, Where>,
    /// Who was, by what it said before it began to say everything anew.
    pub stale: HashMap<UserId, Where>,
    /// Who looks at what through it.
    pub viewing: HashMap<TicketId, Lookers>,
    /// When it said that it stops. Those who were connected to it have the time of grace to come back through another one.
    pub gone: Option<(Instant, DateTime<Utc>)>,
}

/// The other processes.
#[derive(Debug, Default)]
pub struct Elsewhere(HashMap<ProcessId, Process>);

impl Elsewhere {
    /// Whether there is none that would hear anything.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|process| process.gone.is_some())
    }

    /// Whether a process said that it stops.
    pub fn is_gone(&self, id: ProcessId) -> bool {
        self.0.get(&id).is_some_and(|process| process.gone.is_some())
    }

    /// A process that has just said something, and whether it is a new one.
    pub fn heard(&mut self, id: ProcessId) -> (&mut Process, bool) {
        let fresh = !self.0.contains_key(&id);
        let begin = || Process {
            heard: Instant::now(),
            people: HashMap::new(),
            stale: HashMap::new(),
            viewing: HashMap::new(),
            gone: None,
        };
        let process = self.0.entry(id).or_insert_with(begin);
        process.heard = Instant::now();
        (process, fresh)
    }

    /// Forgets those that said nothing for so long, and those that stopped so long ago.
    pub fn remove_dead(&mut self, moment: Instant, silence: Duration, grace: Duration) -> Vec<Process> {
        let since = |past: Instant| moment.saturating_duration_since(past);
        let dead =
            |process: &Process| process.gone.map_or(since(process.heard) > silence, |(gone, _)| since(gone) >= grace);
        self.0.extract_if(|_, process| dead(process)).map(|(_, process)| process).collect()
    }

    /// Where somebody is connected, at most so.
    pub fn find(&self, user: UserId) -> Option<Where> {
        let found = self.0.values().filter_map(|process| process.people.get(&user).or(process.stale.get(&user)));
        found.copied().min_by_key(|place| rank(place.state))
    }

    /// Who looks at a ticket.
    pub fn lookers(&self, ticket: TicketId) -> impl Iterator<Item = &Lookers> {
        self.0.values().filter_map(move |process| process.viewing.get(&ticket))
    }
}

/// Whoever is there somewhere is there, and whoever is away somewhere is not gone.
pub fn rank(state: PresenceState) -> u8 {
    match state {
        PresenceState::Online => 0,
        PresenceState::Away => 1,
        PresenceState::Offline => 2,
    }
}

/// Adds somebody to those who look at a ticket, once.
pub fn add_viewer(viewers: &mut Vec<Viewer>, viewer: &Viewer) {
    match viewers.iter_mut().find(|known| known.user.id == viewer.user.id) {
        Some(known) => known.writing |= viewer.writing,
        None => viewers.push(viewer.clone()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn somebody() -> Person {
        Person::new(UserRef { id: UserId(1), name: "Ana".to_owned(), avatar_url: None }, Role::User)
    }

    fn socket(active: bool) -> Socket {
        let (viewing, device) =
            (Some((TicketId(3), active)), Device { present: true, opener: Opener::Page, idle: None });
        let mut socket = Socket { viewing, ..Socket::open(SocketId(1), Arc::default(), device) };
        socket.set_active(active, Instant::now());
        socket
    }

    #[test]
    fn several_devices_are_one_person() {
        let mut person = somebody();
        person.sockets = vec![socket(false), socket(true)];
        let (now, grace) = (Instant::now(), Duration::from_secs(5));
        assert_eq!(person.state_at(now, grace), PresenceState::Online);
        assert_eq!(person.views(TicketId(3)).map(|viewer| viewer.writing), Some(true));
        assert!(person.views(TicketId(4)).is_none());
        person.sockets.pop();
        assert_eq!(person.state_at(now, grace), PresenceState::Away);
        person.state = PresenceState::Away;
        person.sockets.pop();
        assert!(person.note_left(Instant::now(), Instant::now()));
        assert_eq!(person.state_at(Instant::now(), grace), PresenceState::Away);
        assert_eq!(person.state_at(Instant::now() + grace, grace), PresenceState::Offline);
    }

    #[test]
    fn nobody_is_there_by_a_device_that_only_reads() {
        let mut person = somebody();
        let reads = || Socket { present: false, ..socket(true) };
        person.sockets = vec![reads(), socket(true)];
        let (now, grace) = (Instant::now(), Duration::from_secs(5));
        assert_eq!(person.state_at(now, grace), PresenceState::Online);
        person.state = PresenceState::Online;
        person.sockets.pop();
        assert!(person.note_left(now, now), "none is left that shows them");
        assert_eq!(person.state_at(now, grace), PresenceState::Online);
        assert_eq!(person.state_at(now + grace, grace), PresenceState::Offline);
        assert!(person.is_connected() && !person.is_present());
    }

    #[test]
    fn they_were_last_there_at_the_device_that_they_were_at_last() {
        let mut person = somebody();
        person.sockets = vec![socket(true), socket(true)];
        let heard = Instant::now();
        let closed = heard + Duration::from_millis(1);
        person.sockets.pop();
        assert!(!person.note_left(closed, closed), "another one is left");
        // One that nothing was heard of since before the other was closed.
        person.sockets.pop();
        assert!(!person.note_left(heard, heard));
        assert_eq!(person.left.map(|(left, _)| left), Some(closed));
        // One that comes back by itself does not take them further back.
        person.sockets.push(socket(true).left_alone_for(Duration::from_mins(1), None));
        assert_eq!(person.left_last(), Some(closed));
    }

    #[test]
    fn who_was_away_was_last_there_before_and_still_has_the_time_of_grace() {
        let mut person = somebody();
        let (closed, grace) = (Instant::now(), Duration::from_secs(5));
        let before = closed.checked_sub(Duration::from_mins(1)).expect("a machine that has run for a minute");
        person.state = PresenceState::Away;
        let moment = now();
        assert!(person.note_left(closed, before));
        let ago = moment - person.left.expect("they left").1;
        assert!(ago > TimeDelta::seconds(55) && ago < TimeDelta::seconds(65), "{ago}");
        assert_eq!(person.state_at(closed, grace), PresenceState::Away);
        assert_eq!(person.state_at(closed + grace, grace), PresenceState::Offline);
        // It is the first time that they leave it that counts, and no more once they are back.
        let mut device = socket(true);
        device.set_active(false, before);
        device.set_active(false, closed);
        assert_eq!(device.idle, Some(before));
        device.set_active(true, closed);
        assert_eq!(device.idle, None);
    }

    #[test]
    fn a_device_that_nobody_was_at_as_it_came_was_left_when_its_person_was_last_there() {
        let minutes = |device: &Socket| device.idle.expect("nobody is at it").elapsed().as_secs() / 60;
        let ago = |minutes| Some(now() - TimeDelta::minutes(minutes));
        let left = |seen| socket(true).left_alone_for(Duration::from_mins(20), seen);
        assert_eq!(minutes(&left(None)), 20);
        assert_eq!(minutes(&left(ago(40))), 20, "nobody had noted it");
        assert_eq!(minutes(&left(ago(10))), 10, "they were at another one");
        assert_eq!(minutes(&left(ago(-10))), 0, "a clock that was put back");
        let mut person = somebody();
        person.sockets = vec![left(None)];
        let (moment, grace) = (Instant::now(), Duration::from_secs(5));
        assert_eq!(person.state_at(moment, grace), PresenceState::Away);
        assert!(person.sockets.iter().all(|socket| socket.tells), "what else it sends would bring them back");
        person.sockets.push(socket(true));
        assert_eq!(person.state_at(moment, grace), PresenceState::Online);
    }

    #[test]
    fn a_device_that_does_not_tell_is_left_alone_after_a_while() {
        let mut person = somebody();
        person.sockets = vec![socket(true), Socket { tells: true, ..socket(true) }];
        let away = Duration::from_mins(5);
        assert!(!person.leave_alone(Instant::now(), away));
        assert!(person.leave_alone(Instant::now() + away, away));
        let active: Vec<bool> = person.sockets.iter().map(|socket| socket.idle.is_none()).collect();
        assert_eq!(active, [false, true]);
    }
}
