//! Who is there and who is writing, told to those whom it concerns, here and through other processes.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use shared::{
    accounts::Role,
    ids::UserId,
    live::{Presence, PresenceState, ServerFrame},
    permissions::may_chat,
};

use super::{
    Pace,
    hub::{Hub, Inner, text},
    outbox::Fleeting,
    people::{SocketId, rank},
    signals::{Signal, Where},
};
use crate::db::now;

impl Inner {
    /// Says something to the other processes, if there are any.
    pub(super) fn say(&self, signal: Signal) {
        if !self.elsewhere.is_empty() {
            let _ = self.say.send(signal);
        }
    }

    /// Works out what a person's connections to this process make of them, and tells whom it concerns when that changed.
    pub(super) fn settle(&mut self, user: UserId) {
        let grace = self.pace.grace;
        let Some(person) = self.people.get_mut(&user) else { return };
        let state = person.state_at(Instant::now(), grace);
        let before = std::mem::replace(&mut person.state, state);
        let changed = before != state;
        // Who leaves their devices was last there then, however long those stay connected.
        if let (PresenceState::Online, PresenceState::Away, Some(last)) = (before, state, person.left_last()) {
            let _ = self.gone.send((user, now() - last.elapsed()));
        }
        let (role, left) = (person.role, person.left.map(|(_, left)| left));
        let is_gone = state == PresenceState::Offline;
        if is_gone {
            person.left = None;
        }
        // Who only reads is connected, though nobody is told.
        let is_over = is_gone && !person.is_connected();
        if changed {
            self.say(Signal::People { people: vec![Where { user, role, state, seen: left.filter(|_| is_gone) }] });
        }
        if is_over {
            self.people.remove(&user);
        }
        if changed {
            self.publish_and_note(user, left);
        }
    }

    /// A person who has no socket left that shows them goes without the time of grace.
    fn part(&mut self, user: UserId) {
        let Some(person) = self.people.get_mut(&user) else { return };
        let left = person.left.take().map(|(_, left)| left);
        let (role, state) = (person.role, PresenceState::Offline);
        person.state = state;
        if !person.is_connected() {
            self.people.remove(&user);
        }
        self.say(Signal::People { people: vec![Where { user, role, state, seen: left }] });
        self.publish_and_note(user, left);
    }

    /// Where a person is, over all processes.
    fn place(&self, user: UserId) -> Option<(Role, PresenceState)> {
        let here = self.people.get(&user).map(|person| (person.role, person.state));
        let there = self.elsewhere.find(user).map(|place| (place.role, place.state));
        [here, there]
            .into_iter()
            .flatten()
            .filter(|(_, state)| *state != PresenceState::Offline)
            .min_by_key(|(_, state)| rank(*state))
    }

    /// [Publishes](Self::publish) it of somebody who was connected here, or to a process that is gone, and has it noted when they
    /// were last there.
    pub(super) fn publish_and_note(&mut self, user: UserId, left: Option<DateTime<Utc>>) {
        let was_there = self.known.contains_key(&user);
        self.publish(user, left);
        if let Some(left) = left.filter(|_| was_there && !self.known.contains_key(&user)) {
            let _ = self.gone.send((user, left));
        }
    }

    /// Tells those who may chat with a person when they came, went, or are away.
    pub(super) fn publish(&mut self, user: UserId, left: Option<DateTime<Utc>>) {
        let before = self.known.get(&user).copied();
        let after = self.place(user);
        if before.map(|(_, state)| state) == after.map(|(_, state)| state) {
            return;
        }
        let Some((role, _)) = after.or(before) else { return };
        let last_seen_at = if let Some(place) = after {
            self.known.insert(user, place);
            None
        } else {
            self.known.remove(&user);
            Some(left.unwrap_or_else(now))
        };
        let state = after.map_or(PresenceState::Offline, |(_, state)| state);
        let presence = Presence { user_id: user, state, last_seen_at };
        let frame = text(&ServerFrame::Presence(presence));
        for (_, person) in self.people.iter().filter(|(other, _)| **other != user) {
            if may_chat(person.role, role) {
                let what = Fleeting::Presence(user);
                person.sockets.iter().for_each(|socket| socket.outbox.replace(what, frame.clone()));
            }
        }
    }

    /// A person's role changed: who may chat with them now learns whether they are there, who no longer may does not, and
    /// the other way round.
    pub(super) fn change_role(&mut self, user: UserId, before: Role) {
        let (role, state) = match (self.place(user), self.people.get(&user)) {
            (Some(place), _) => {
                self.known.insert(user, place);
                place
            }
            // Nobody is told of who only reads; they are told of others.
            (None, Some(person)) => (person.role, PresenceState::Offline),
            (None, None) => return,
        };
        let told = |user_id, state| text(&ServerFrame::Presence(Presence { user_id, state, last_seen_at: None }));
        let own: Vec<_> = self.people.get(&user).into_iter().flat_map(|person| &person.sockets).collect();
        for (&other, &(other_role, other_state)) in self.known.iter().filter(|(other, _)| **other != user) {
            let (did, does) = (may_chat(before, other_role), may_chat(role, other_role));
            if did == does {
                continue;
            }
            let seen = |state| if does { state } else { PresenceState::Offline };
            let frame = told(other, seen(other_state));
            for socket in &own {
                socket.outbox.replace(Fleeting::Presence(other), frame.clone());
            }
            let frame = told(user, seen(state));
            for socket in self.people.get(&other).into_iter().flat_map(|person| &person.sockets) {
                socket.outbox.replace(Fleeting::Presence(user), frame.clone());
            }
        }
    }

    pub(super) fn show_typing(&self, from: UserId, to: UserId) {
        let frame = text(&ServerFrame::Typing { from });
        for socket in self.people.get(&to).into_iter().flat_map(|person| &person.sockets) {
            socket.outbox.replace(Fleeting::Typing(from), frame.clone());
        }
    }

    /// Who sent a message is no longer writing it.
    pub(super) fn stop_typing(&self, from: UserId, to: UserId) {
        for socket in self.people.get(&to).into_iter().flat_map(|person| &person.sockets) {
            socket.outbox.forget(Fleeting::Typing(from));
        }
    }
}

impl Hub {
    /// A device says whether somebody is at it.
    pub fn set_active(&self, user: UserId, socket: SocketId, active: bool) {
        let mut inner = self.inner();
        if let Some(open) = inner.people.get_mut(&user).and_then(|person| person.socket(socket)) {
            open.set_active(active, Instant::now());
            open.tells = true;
            open.used = Instant::now();
            inner.settle(user);
        }
    }

    /// A socket is no more, whose person was at it until a moment, unless they had left it before. `at_once`: they are offline
    /// without the time of grace, unless another device was there since.
    pub fn leave(&self, user: UserId, socket: SocketId, until: Instant, at_once: bool) {
        let mut inner = self.inner();
        inner.look_at(user, socket, None);
        let Some(person) = inner.people.get_mut(&user) else { return };
        let Some(place) = person.sockets.iter().position(|open| open.id == socket) else { return };
        let open = person.sockets.remove(place);
        let seen = open.idle.map_or(until, |idle| idle.min(until));
        let was_last = open.present && person.note_left(until, seen);
        if at_once && was_last {
            inner.part(user);
        } else {
            inner.settle(user);
        }
    }

    /// How long what a person tells others in passing has to wait before it is passed on.
    pub fn passing(&self, user: UserId) -> Duration {
        self.inner().people.get_mut(&user).map_or(Duration::ZERO, |person| person.passing.wait(Instant::now()))
    }

    /// A device sent something that a person does.
    pub fn note_use(&self, user: UserId, socket: SocketId) {
        let mut inner = self.inner();
        if let Some(open) = inner.people.get_mut(&user).and_then(|person| person.socket(socket)) {
            open.used = Instant::now();
            if open.idle.is_some() && !open.tells {
                open.idle = None;
                inner.settle(user);
            }
        }
    }

    /// Somebody is writing to somebody whom they may chat with.
    pub fn typing(&self, from: UserId, to: UserId) {
        let inner = self.inner();
        inner.show_typing(from, to);
        inner.say(Signal::Typing { from, to });
    }

    /// Whether a person is there, over all processes.
    pub fn presence(&self, user: UserId) -> PresenceState {
        self.inner().known.get(&user).map_or(PresenceState::Offline, |(_, state)| *state)
    }

    /// Looks who was left alone, whose time of grace is over, and which processes are gone.
    pub fn tick(&self) {
        let mut inner = self.inner();
        let (moment, Pace { away, silence, grace, .. }) = (Instant::now(), inner.pace);
        for process in inner.elsewhere.remove_dead(moment, silence, grace) {
            inner.bury(process);
        }
        let changed: Vec<UserId> = inner
            .people
            .iter_mut()
            .filter_map(|(&user, person)| (person.leave_alone(moment, away) || person.left.is_some()).then_some(user))
            .collect();
        for user in changed {
            inner.settle(user);
        }
    }
}
