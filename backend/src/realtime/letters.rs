//! What this process and the others on the database tell each other of who is there.

use std::time::Instant;

use shared::{ids::TicketId, live::PresenceState};

use super::{
    hub::{Hub, Inner},
    people::Process,
    signals::{Letter, PEOPLE, ProcessId, Signal, Where},
    viewing::Lookers,
};
use crate::db::now;

impl Hub {
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
    /// Tells the other processes all there is.
    fn say_all(&self) {
        let _ = self.say.send(Signal::Anew);
        let people: Vec<Where> =
            self.people.iter().map(|(&user, person)| Where::of(user, person.role, person.state)).collect();
        for people in people.chunks(PEOPLE) {
            let _ = self.say.send(Signal::People { people: people.to_vec() });
        }
        for &ticket in self.viewing.keys() {
            let Lookers { named: viewers, more } = self.lookers(ticket);
            let _ = self.say.send(Signal::Viewing { ticket, viewers, more });
        }
        let _ = self.say.send(Signal::Whole);
    }

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
            Signal::Viewing { ticket, viewers, more } => {
                let (process, _) = self.elsewhere.heard(from);
                if viewers.is_empty() {
                    process.viewing.remove(&ticket);
                } else {
                    process.viewing.insert(ticket, Lookers { named: viewers, more });
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
        self.publish(place.user, place.seen);
        if let Some(before) = before.filter(|before| *before != place.role) {
            self.change_role(place.user, before);
        }
    }

    /// Nobody is connected any more through a process that is gone.
    pub(super) fn bury(&mut self, process: Process) {
        // It notes nothing any more. Who was there was there until it was last heard of.
        let left = Some(process.gone.map_or_else(|| now() - process.heard.elapsed(), |(_, at)| at));
        for (user, place) in process.people.into_iter().chain(process.stale) {
            if place.state == PresenceState::Online {
                self.publish_and_note(user, left);
            } else {
                // Until when they were at a device was noted when they left it.
                self.publish(user, left);
            }
        }
        for ticket in process.viewing.into_keys() {
            self.show_viewers(ticket, false);
        }
    }
}
