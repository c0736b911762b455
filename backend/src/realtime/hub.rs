//! Who is connected to this process, and what each of them is told.
//!
//! One lock guards all of it and is never held over a wait: an event is told to everybody, and the position moves past it,
//! in one go, so that a socket that joins knows exactly which events its line will hold.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use bytestring::ByteString;
use chrono::{DateTime, Utc};
use shared::{
    accounts::Role,
    chat::Message,
    ids::{EventId, TicketId, UserId},
    live::{PresenceState, ServerFrame},
    permissions::{TechnicianScope, TicketAction, can_on_ticket, may_chat},
};
use tokio::sync::mpsc::UnboundedSender;

use super::{
    Pace, chats,
    outbox::{Closing, Frame, Outbox},
    people::{Device, Elsewhere, Person, Socket, SocketId},
    seats::{Opener, Seat, Seats},
    signals::{Signal, Where},
    viewing::Turns,
    visibility::{Eyes, Shown, shown},
};
use crate::{
    accounts::rows::UserRow,
    db::from_micros,
    error::AppError,
    events::{EventKind, LoggedEvent},
    limits,
    tickets::access::Standing,
};

/// The most sockets of one person's pages that are told what happens, and of their programs; the oldest go when there are more.
const OF_ONE_PERSON: usize = 20;

/// See the [module](self).
#[derive(Debug)]
pub struct Hub {
    inner: Mutex<Inner>,
    next: AtomicU64,
    seats: Seats,
}

#[derive(Debug)]
pub(super) struct Inner {
    /// The last event that was told.
    pub(super) position: EventId,
    /// What technicians see, as the last events were told.
    pub(super) scope: TechnicianScope,
    /// Those who are connected to this process.
    pub(super) people: HashMap<UserId, Person>,
    /// The other processes.
    pub(super) elsewhere: Elsewhere,
    /// Those who are not offline, over all processes, as was told.
    pub(super) known: HashMap<UserId, (Role, PresenceState)>,
    /// The sockets of this process that show a ticket.
    pub(super) viewing: HashMap<TicketId, BTreeSet<(UserId, SocketId)>>,
    /// How often something was told of tickets.
    pub(super) turns: Turns,
    /// What the other processes are told.
    pub(super) say: UnboundedSender<Signal>,
    /// Who went, and when.
    pub(super) gone: UnboundedSender<(UserId, DateTime<Utc>)>,
    /// Whose unread notifications are to be counted, and told to them.
    pub(super) count: UnboundedSender<UserId>,
    /// How quick things are.
    pub(super) pace: Pace,
    /// How often the log said that somebody's rights or sessions changed; see [`Hub::changes`].
    changes: u64,
    /// Whether this process stops: nobody joins any more.
    leaving: bool,
}

/// What a socket that joined is told first.
#[derive(Debug)]
pub struct Joined {
    /// What it is called.
    pub socket: SocketId,
    /// Its line holds every event after this one that its person may see.
    pub position: EventId,
    /// Who is online, of those whom the person may chat with.
    pub online: Vec<UserId>,
    /// Who is away.
    pub away: Vec<UserId>,
}

/// A frame as it is sent.
pub fn text(frame: &ServerFrame) -> ByteString {
    // It is plain data: that it cannot be written does not happen.
    serde_json::to_string(frame).unwrap_or_default().into()
}

impl Inner {
    pub(super) fn eyes(&self, person: &Person) -> Eyes {
        Eyes { id: person.face.id, role: person.role, scope: self.scope }
    }

    /// Passes an event by, unless somebody hears it; whether it did. Who joins in between hears what comes after it.
    fn pass_unless(&mut self, event: EventId, heard: impl FnOnce(&Self) -> bool) -> bool {
        let passes = !heard(self);
        if passes {
            self.position = event;
        }
        passes
    }

    fn push(&self, user: UserId, frame: &Frame) {
        for socket in self.people.get(&user).into_iter().flat_map(|person| &person.sockets) {
            socket.outbox.push(frame.clone());
        }
    }

    /// Tells an event to those who may see it.
    fn tell(&self, event: &LoggedEvent, standing: Option<&Standing>) {
        let mut written: Vec<(Shown, Frame)> = Vec::new();
        for person in self.people.values().filter(|person| !person.sockets.is_empty()) {
            let Some(shown) = shown(event, standing, self.eyes(person)) else { continue };
            let known = written.iter().position(|(how, _)| *how == shown);
            let at = known.unwrap_or_else(|| {
                let text = text(&ServerFrame::Event(shown.live(event)));
                written.push((shown, Frame { text, event: Some(event.id), delivers: None }));
                written.len() - 1
            });
            let Some((_, frame)) = written.get(at) else { continue };
            person.sockets.iter().for_each(|socket| socket.outbox.push(frame.clone()));
        }
    }

    /// Those who look at a ticket that they may no longer see do not.
    fn turn_away(&mut self, ticket: TicketId, standing: Option<&Standing>) {
        let lookers: Vec<_> = self.viewing.get(&ticket).into_iter().flatten().copied().collect();
        for (user, socket) in lookers {
            let sees = self.people.get(&user).is_some_and(|person| {
                let Eyes { id, role, scope } = self.eyes(person);
                standing.is_some_and(|standing| can_on_ticket(role, scope, standing.relation(id), TicketAction::View))
            });
            if !sees {
                self.look_at(user, socket, None);
            }
        }
    }
}

impl Hub {
    /// A hub that has told all up to an event.
    pub(super) fn new(
        position: EventId,
        scope: TechnicianScope,
        pace: Pace,
        say: UnboundedSender<Signal>,
        gone: UnboundedSender<(UserId, DateTime<Utc>)>,
        count: UnboundedSender<UserId>,
    ) -> Self {
        let inner = Inner {
            position,
            scope,
            people: HashMap::new(),
            elsewhere: Elsewhere::default(),
            known: HashMap::new(),
            viewing: HashMap::new(),
            turns: Turns::default(),
            say,
            gone,
            count,
            pace,
            changes: 0,
            leaving: false,
        };
        Self { inner: Mutex::new(inner), next: AtomicU64::new(1), seats: Seats::new(limits::sockets()) }
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more socket of a person's, if there is one.
    pub fn seat(&self, user: UserId, opener: Opener) -> Result<Seat, AppError> {
        if self.inner().leaving {
            return Err(AppError::Unavailable { cause: "the server stops".to_owned() });
        }
        self.seats.take(user, opener)
    }

    /// How many sockets there are.
    pub fn sockets(&self) -> usize {
        self.seats.taken()
    }

    /// The last event that was told.
    pub fn position(&self) -> EventId {
        self.inner().position
    }

    /// How often the log said that somebody's rights or sessions changed. Whoever reads a person and their session, and finds
    /// the same number afterwards, has read nothing out of date: what was committed meanwhile is told later.
    pub fn changes(&self) -> u64 {
        self.inner().changes
    }

    /// A person's socket begins to be told what comes; not when they may be another by now than was read at `changes`.
    pub fn join(&self, user: &UserRow, changes: u64, outbox: Arc<Outbox>, device: Device) -> Option<Joined> {
        let id = SocketId(self.next.fetch_add(1, Ordering::Relaxed));
        let mut inner = self.inner();
        if inner.changes != changes {
            return None;
        }
        if inner.leaving {
            outbox.close(Closing::GoingAway);
        }
        let (who, role) = (UserId(user.id), user.role());
        inner.become_known(user, false);
        let person = inner.people.entry(who).or_insert_with(|| Person::new(user.to_ref(), role));
        if device.present {
            person.left = None;
        }
        let socket = Socket::open(id, outbox, device);
        person.sockets.push(match device.idle {
            Some(idle) => socket.left_alone_for(idle, user.last_seen_at.map(from_micros)),
            None => socket,
        });
        // Those that are to be closed may still be here: in a rush each of them counts.
        let alike: Vec<_> = person.sockets.iter().filter(|socket| socket.opener == device.opener).collect();
        let surplus = alike.len().saturating_sub(OF_ONE_PERSON);
        alike.into_iter().take(surplus).for_each(|oldest| oldest.outbox.close(Closing::Crowded));
        inner.settle(who);
        let of = |state: PresenceState| {
            let those = inner.known.iter().filter(|&(&other, &(other_role, present))| {
                present == state && other != who && may_chat(role, other_role)
            });
            let mut ids: Vec<UserId> = those.map(|(&other, _)| other).collect();
            ids.sort_unstable();
            ids
        };
        Some(Joined {
            socket: id,
            position: inner.position,
            online: of(PresenceState::Online),
            away: of(PresenceState::Away),
        })
    }

    /// Passes an event by when nobody is connected who could be told of it; whether it did.
    pub fn passes(&self, event: EventId) -> bool {
        self.inner().pass_unless(event, |inner| inner.people.values().any(Person::is_connected))
    }

    /// The same for an event that is told to these people alone.
    pub fn passes_all(&self, event: EventId, people: &BTreeSet<UserId>) -> bool {
        self.inner().pass_unless(event, |inner| {
            people.iter().any(|user| inner.people.get(user).is_some_and(Person::is_connected))
        })
    }

    /// Tells an event that is not about a chat. `standing` is how people stand to its ticket now.
    pub fn tell(&self, event: &LoggedEvent, standing: Option<&Standing>) {
        let mut inner = self.inner();
        inner.tell(event, standing);
        if let Some(ticket) = event.ticket {
            inner.turn_away(ticket, standing);
            inner.turns.note(ticket);
        }
        inner.position = event.id;
        inner.tell_rights(event);
    }

    /// Tells something that is for the two people of a chat alone.
    pub fn tell_chat(&self, event: EventId, people: &BTreeSet<UserId>, frame: Option<&ServerFrame>) {
        let mut inner = self.inner();
        if let Some(frame) = frame {
            let written = Frame { text: text(frame), event: Some(event), delivers: None };
            for &user in people {
                inner.push(user, &Frame { delivers: chats::delivered_by(frame, user), ..written.clone() });
            }
            if let ServerFrame::Message { message: Message { from_id, to_id, .. }, .. } = frame {
                inner.stop_typing(*from_id, *to_id);
            }
        }
        inner.position = event;
    }

    /// Has everything of a person's looked at again: whether their session still is, and what they may do.
    pub fn recheck(&self, user: UserId) {
        let mut inner = self.inner();
        inner.changes += 1;
        for socket in inner.people.get(&user).into_iter().flat_map(|person| &person.sockets) {
            socket.outbox.recheck();
        }
    }

    /// Technicians may see something else from now on. They are told so here, unless `logged`: then the event tells them.
    pub fn set_scope(&self, scope: TechnicianScope, logged: bool) {
        let mut inner = self.inner();
        if std::mem::replace(&mut inner.scope, scope) == scope {
            return;
        }
        let frame = inner.resync();
        for person in inner.people.values().filter(|person| person.role == Role::Technician) {
            for socket in &person.sockets {
                if !logged {
                    socket.outbox.push(frame.clone());
                }
                socket.outbox.recheck();
            }
        }
    }

    /// A person is called otherwise from now on, as the log says, or has another role: then the event tells them.
    pub fn set_person(&self, user: &UserRow) {
        let mut inner = self.inner();
        inner.changes += 1;
        inner.become_known(user, true);
    }

    /// The same as was read at `changes`; whether it was not out of date.
    pub fn set_person_as_of(&self, user: &UserRow, changes: u64) -> bool {
        let mut inner = self.inner();
        let holds = inner.changes == changes;
        if holds {
            inner.become_known(user, false);
        }
        holds
    }

    /// Closes every socket, and lets no other one in: the server stops.
    pub fn close_all(&self) {
        let mut inner = self.inner();
        inner.leaving = true;
        let _ = inner.say.send(Signal::Gone);
        self.seats.close_all();
    }
}

impl Inner {
    /// Tells to read everything anew. It is about no event, so it is never left out as known.
    fn resync(&self) -> Frame {
        Frame { text: text(&ServerFrame::Resync { event: self.position }), event: None, delivers: None }
    }

    /// Whoever may see something else since an event reads everything anew, whatever is known of them by now: a socket that
    /// joined between the change and here has replayed nothing as one who saw otherwise.
    fn tell_rights(&self, event: &LoggedEvent) {
        if !matches!(event.known, Some(EventKind::UserUpdated | EventKind::SettingsUpdated)) {
            return;
        }
        let changed = |field: &str| event.payload.changes.iter().any(|change| change.field == field);
        let concerns = |person: &&Person| match event.known {
            Some(EventKind::UserUpdated) => event.subject == Some(person.face.id.0) && changed("role"),
            Some(EventKind::SettingsUpdated) => person.role == Role::Technician && changed("technician_scope"),
            _ => false,
        };
        let frame = self.resync();
        for person in self.people.values().filter(concerns) {
            person.sockets.iter().for_each(|socket| socket.outbox.push(frame.clone()));
        }
    }

    /// Notes how a person is called and what they may do. Of another role they are told here, unless it is `logged`.
    fn become_known(&mut self, user: &UserRow, logged: bool) {
        let (id, role) = (UserId(user.id), user.role());
        let frame = self.resync();
        let Some(person) = self.people.get_mut(&id) else { return };
        person.face = user.to_ref();
        let before = std::mem::replace(&mut person.role, role);
        if before != role {
            if !logged {
                person.sockets.iter().for_each(|socket| socket.outbox.push(frame.clone()));
            }
            let state = person.state;
            self.say(Signal::People { people: vec![Where::of(id, role, state)] });
            self.change_role(id, before);
        }
    }
}

#[cfg(test)]
mod tests;
