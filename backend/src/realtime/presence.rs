//! Who is there, who looks at what and who is writing, told to those whom it concerns, here and through other processes.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use shared::{
    accounts::Role,
    ids::{TicketId, UserId},
    live::{Presence, PresenceState, ServerFrame, Viewer},
    permissions::may_chat,
};

use super::{
    Pace,
    hub::{Hub, Inner, text},
    outbox::Fleeting,
    people::{Process, SocketId, add_viewer, rank},
    signals::{Letter, PEOPLE, ProcessId, Signal, Where},
};
use crate::db::now;

/// How many of those who look at a ticket other processes are told: nobody reads more names, and a letter is short.
const VIEWERS: usize = 12;

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
        let changed = std::mem::replace(&mut person.state, state) != state;
        let (role, left) = (person.role, person.left);
        if changed {
            self.say(Signal::People { people: vec![Where { user, role, state }] });
        }
        if state == PresenceState::Offline {
            self.people.remove(&user);
        }
        if changed {
            self.publish(user, left.map(|(_, left)| left));
        }
    }

    /// A person who has no socket left goes without the time of grace.
    pub(super) fn part(&mut self, user: UserId) {
        let Some(person) = self.people.remove(&user) else { return };
        let (role, state) = (person.role, PresenceState::Offline);
        self.say(Signal::People { people: vec![Where { user, role, state }] });
        self.publish(user, person.left.map(|(_, left)| left));
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

    /// Tells those who may chat with a person when they came, went, or are away.
    fn publish(&mut self, user: UserId, left: Option<DateTime<Utc>>) {
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
        // Where they were connected it is noted.
        if let Some(left) = left.filter(|_| after.is_none()) {
            let _ = self.gone.send((user, left));
        }
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
        let Some((role, state)) = self.place(user) else { return };
        self.known.insert(user, (role, state));
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

    /// A socket shows a ticket from now on, or none.
    pub(super) fn look_at(&mut self, user: UserId, socket: SocketId, at: Option<(TicketId, bool)>) {
        let Some(open) = self.people.get_mut(&user).and_then(|person| person.socket(socket)) else { return };
        let before = std::mem::replace(&mut open.viewing, at);
        let [left, on] = [before, at].map(|view| view.map(|(ticket, _)| ticket));
        let left = left.filter(|_| left != on);
        if let Some(left) = left {
            // What waits to be told of it is no longer wanted, or no longer theirs to know.
            open.outbox.forget(Fleeting::Viewers(left));
        }
        if let Some((ticket, _)) = before
            && let Some(lookers) = self.viewing.get_mut(&ticket)
        {
            lookers.remove(&(user, socket));
            if lookers.is_empty() {
                self.viewing.remove(&ticket);
            }
        }
        if let Some((ticket, _)) = at {
            self.viewing.entry(ticket).or_default().insert((user, socket));
        }
        for ticket in left.into_iter().chain(on) {
            self.show_viewers(ticket, true);
        }
    }

    /// Those who look at a ticket through this process.
    fn viewers(&self, ticket: TicketId) -> Vec<Viewer> {
        let mut viewers = Vec::new();
        for (user, _) in self.viewing.get(&ticket).into_iter().flatten() {
            if let Some(viewer) = self.people.get(user).and_then(|person| person.views(ticket)) {
                add_viewer(&mut viewers, &viewer);
            }
        }
        viewers
    }

    /// Tells those who look at a ticket who else does; the other processes too, when it changed here.
    fn show_viewers(&self, ticket: TicketId, here: bool) {
        let mut viewers = self.viewers(ticket);
        if here {
            let some = viewers.iter().take(VIEWERS).cloned().collect();
            self.say(Signal::Viewing { ticket, viewers: some });
        }
        self.elsewhere.viewers(ticket).for_each(|viewer| add_viewer(&mut viewers, viewer));
        for (user, socket) in self.viewing.get(&ticket).into_iter().flatten() {
            let users = viewers.iter().filter(|viewer| viewer.user.id != *user).cloned().collect();
            let frame = text(&ServerFrame::Viewers { ticket_id: ticket, users });
            let sockets = self.people.get(user).into_iter().flat_map(|person| &person.sockets);
            for open in sockets.filter(|open| open.id == *socket) {
                open.outbox.replace(Fleeting::Viewers(ticket), frame.clone());
            }
        }
    }

    fn show_typing(&self, from: UserId, to: UserId) {
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

    /// Tells the other processes all there is.
    fn say_all(&self) {
        let _ = self.say.send(Signal::Anew);
        let people: Vec<Where> =
            self.people.iter().map(|(&user, person)| Where { user, role: person.role, state: person.state }).collect();
        for people in people.chunks(PEOPLE) {
            let _ = self.say.send(Signal::People { people: people.to_vec() });
        }
        for &ticket in self.viewing.keys() {
            let viewers = self.viewers(ticket).into_iter().take(VIEWERS).collect();
            let _ = self.say.send(Signal::Viewing { ticket, viewers });
        }
        let _ = self.say.send(Signal::Whole);
    }
}

impl Hub {
    /// A device says whether somebody is at it.
    pub fn set_active(&self, user: UserId, socket: SocketId, active: bool) {
        let mut inner = self.inner();
        if let Some(open) = inner.people.get_mut(&user).and_then(|person| person.socket(socket)) {
            open.active = active;
            open.tells = true;
            open.used = Instant::now();
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
            if !open.active && !open.tells {
                open.active = true;
                inner.settle(user);
            }
        }
    }

    /// A socket shows a ticket from now on, which its person may see, or none.
    pub fn view(&self, user: UserId, socket: SocketId, at: Option<(TicketId, bool)>) {
        self.inner().look_at(user, socket, at);
    }

    /// What a socket shows.
    pub fn viewed(&self, user: UserId, socket: SocketId) -> Option<TicketId> {
        let mut inner = self.inner();
        inner.people.get_mut(&user)?.socket(socket)?.viewing.map(|(ticket, _)| ticket)
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

    /// Tells the other processes all there is: they may have missed something.
    pub fn say_all(&self) {
        self.inner().say_all();
    }

    /// Asks the other processes who is there: this one begins, or missed something.
    pub fn ask(&self) {
        let inner = self.inner();
        let _ = inner.say.send(Signal::Ask);
        inner.say_all();
    }

    /// Takes in what another process says.
    pub fn hear(&self, letter: Letter) {
        let mut inner = self.inner();
        if inner.elsewhere.is_gone(letter.from) {
            return;
        }
        let (_, fresh) = inner.elsewhere.heard(letter.from);
        let asked = letter.signals.contains(&Signal::Ask);
        // Who was not known did not hear what was said before, nor was heard. Who stops needs to know nothing.
        if (fresh || asked) && !letter.signals.contains(&Signal::Gone) {
            if fresh && !asked {
                let _ = inner.say.send(Signal::Ask);
            }
            inner.say_all();
        }
        for signal in letter.signals {
            inner.take_in(letter.from, signal);
        }
    }
}

impl Inner {
    fn take_in(&mut self, from: ProcessId, signal: Signal) {
        match signal {
            Signal::Ask | Signal::Alive => {}
            Signal::Gone => {
                let (process, _) = self.elsewhere.heard(from);
                process.gone = Some((Instant::now(), now()));
                let viewed = std::mem::take(&mut process.viewing);
                for ticket in viewed.into_keys() {
                    self.show_viewers(ticket, false);
                }
            }
            Signal::Anew => {
                let (process, _) = self.elsewhere.heard(from);
                let people = std::mem::take(&mut process.people);
                process.stale.extend(people);
                let viewed: Vec<TicketId> = process.viewing.drain().map(|(ticket, _)| ticket).collect();
                for ticket in viewed {
                    self.show_viewers(ticket, false);
                }
            }
            Signal::Whole => {
                let (process, _) = self.elsewhere.heard(from);
                let stale = std::mem::take(&mut process.stale);
                for user in stale.into_keys() {
                    self.publish(user, None);
                }
            }
            Signal::People { people } => {
                for place in people {
                    self.place_elsewhere(from, place);
                }
            }
            Signal::Viewing { ticket, viewers } => {
                let (process, _) = self.elsewhere.heard(from);
                if viewers.is_empty() {
                    process.viewing.remove(&ticket);
                } else {
                    process.viewing.insert(ticket, viewers);
                }
                self.show_viewers(ticket, false);
            }
            Signal::Typing { from, to } => self.show_typing(from, to),
            Signal::Bell { user } => self.count_for(user),
        }
    }

    fn place_elsewhere(&mut self, process: ProcessId, place: Where) {
        let (process, _) = self.elsewhere.heard(process);
        process.stale.remove(&place.user);
        if place.state == PresenceState::Offline {
            process.people.remove(&place.user);
        } else {
            process.people.insert(place.user, place);
        }
        let before = self.known.get(&place.user).map(|(role, _)| *role);
        self.publish(place.user, None);
        if let Some(before) = before.filter(|before| *before != place.role) {
            self.change_role(place.user, before);
        }
    }

    /// Nobody is connected any more through a process that is gone.
    fn bury(&mut self, process: Process) {
        // It notes nothing any more. Who was there was there until it was last heard of.
        let left = Some(process.gone.map_or_else(|| now() - process.heard.elapsed(), |(_, at)| at));
        for user in process.people.into_keys().chain(process.stale.into_keys()) {
            self.publish(user, left);
        }
        for ticket in process.viewing.into_keys() {
            self.show_viewers(ticket, false);
        }
    }
}
