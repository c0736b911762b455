//! Who is connected to this process, and what each of them is told.
//!
//! One lock guards all of it and is never held over a wait: an event is told to everybody, and the position moves past it,
//! in one go, so that a socket that joins knows exactly which events its line will hold.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Instant,
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
    Pace,
    outbox::{Closing, Frame, Outbox},
    people::{Elsewhere, Person, Socket, SocketId},
    signals::{Signal, Where},
    visibility::{Eyes, Shown, shown},
};
use crate::{accounts::rows::UserRow, error::AppError, events::LoggedEvent, tickets::access::Standing};

/// The most sockets of one person; the oldest goes when there are more.
const OF_ONE_PERSON: usize = 20;
/// The most sockets of this process.
const SEATS: usize = 20_000;

/// See the [module](self).
#[derive(Debug)]
pub struct Hub {
    inner: Mutex<Inner>,
    next: AtomicU64,
    taken: Arc<AtomicUsize>,
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
    /// What the other processes are told.
    pub(super) say: UnboundedSender<Signal>,
    /// Who went, and when.
    pub(super) gone: UnboundedSender<(UserId, DateTime<Utc>)>,
    /// How quick things are.
    pub(super) pace: Pace,
}

/// A place for a socket; given back when it is dropped.
#[derive(Debug)]
pub struct Seat(Arc<AtomicUsize>);

impl Drop for Seat {
    fn drop(&mut self) {
        let left = self.0.fetch_sub(1, Ordering::Relaxed) - 1;
        gauge(left);
    }
}

fn gauge(open: usize) {
    #[allow(clippy::cast_precision_loss, reason = "there are fewer sockets than a float tells apart")]
    metrics::gauge!("live_sockets_open").set(open as f64);
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
                written.push((shown, Frame { text, event: event.id, reaches: false }));
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
    ) -> Self {
        let inner = Inner {
            position,
            scope,
            people: HashMap::new(),
            elsewhere: Elsewhere::default(),
            known: HashMap::new(),
            viewing: HashMap::new(),
            say,
            gone,
            pace,
        };
        Self { inner: Mutex::new(inner), next: AtomicU64::new(1), taken: Arc::default() }
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more socket, unless there are as many as this process holds.
    pub fn seat(&self) -> Result<Seat, AppError> {
        let taken = self.taken.fetch_add(1, Ordering::Relaxed) + 1;
        let seat = Seat(self.taken.clone());
        if taken > SEATS {
            return Err(AppError::Unavailable { cause: "all sockets are taken".to_owned() });
        }
        gauge(taken);
        Ok(seat)
    }

    /// How many sockets there are.
    pub fn sockets(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// The last event that was told.
    pub fn position(&self) -> EventId {
        self.inner().position
    }

    /// A person's socket begins to be told what comes.
    pub fn join(&self, user: &UserRow, outbox: Arc<Outbox>) -> Joined {
        let id = SocketId(self.next.fetch_add(1, Ordering::Relaxed));
        let mut inner = self.inner();
        let (who, role) = (UserId(user.id), user.role());
        let person = inner.people.entry(who).or_insert_with(|| Person::new(user.to_ref(), role));
        person.left = None;
        if person.sockets.len() >= OF_ONE_PERSON
            && let Some(oldest) = person.sockets.first()
        {
            oldest.outbox.close(Closing::Crowded);
        }
        person.sockets.push(Socket { id, outbox, active: true, tells: false, used: Instant::now(), viewing: None });
        inner.become_known(user);
        inner.settle(who);
        let of = |state: PresenceState| {
            let those = inner.known.iter().filter(|&(&other, &(other_role, present))| {
                present == state && other != who && may_chat(role, other_role)
            });
            let mut ids: Vec<UserId> = those.map(|(&other, _)| other).collect();
            ids.sort_unstable();
            ids
        };
        Joined {
            socket: id,
            position: inner.position,
            online: of(PresenceState::Online),
            away: of(PresenceState::Away),
        }
    }

    /// A socket is no more. Who logged out is offline at once.
    pub fn leave(&self, user: UserId, socket: SocketId, at_once: bool) {
        let mut inner = self.inner();
        inner.look_at(user, socket, None);
        let Some(person) = inner.people.get_mut(&user) else { return };
        person.sockets.retain(|open| open.id != socket);
        person.note_left();
        if at_once && person.sockets.is_empty() {
            inner.part(user);
        } else {
            inner.settle(user);
        }
    }

    /// Passes an event by when nobody is connected who could be told of it; whether it did.
    pub fn passes(&self, event: EventId) -> bool {
        let mut inner = self.inner();
        let nobody = inner.people.values().all(|person| person.sockets.is_empty());
        if nobody {
            inner.position = event;
        }
        nobody
    }

    /// Tells an event that is not about a chat. `standing` is how people stand to its ticket now.
    pub fn tell(&self, event: &LoggedEvent, standing: Option<&Standing>) {
        let mut inner = self.inner();
        inner.tell(event, standing);
        if let Some(ticket) = event.ticket {
            inner.turn_away(ticket, standing);
        }
        inner.position = event.id;
    }

    /// Tells something that is for two people alone; `reaches` is whom a message reaches with it.
    pub fn tell_pair(&self, event: EventId, pair: [UserId; 2], frame: Option<&ServerFrame>, reaches: Option<UserId>) {
        let mut inner = self.inner();
        if let Some(frame) = frame {
            let written = Frame { text: text(frame), event, reaches: false };
            for user in BTreeSet::from(pair) {
                inner.push(user, &Frame { reaches: reaches == Some(user), ..written.clone() });
            }
            if let ServerFrame::Message { message: Message { from_id, to_id, .. }, .. } = frame {
                inner.stop_typing(*from_id, *to_id);
            }
        }
        inner.position = event;
    }

    /// Has everything of a person's looked at again: whether their session still is, and what they may do.
    pub fn recheck(&self, user: UserId) {
        for socket in self.inner().people.get(&user).into_iter().flat_map(|person| &person.sockets) {
            socket.outbox.recheck();
        }
    }

    /// Technicians may see something else from now on.
    pub fn set_scope(&self, scope: TechnicianScope) {
        let mut inner = self.inner();
        if std::mem::replace(&mut inner.scope, scope) == scope {
            return;
        }
        let frame = inner.resync();
        for person in inner.people.values().filter(|person| person.role == Role::Technician) {
            for socket in &person.sockets {
                socket.outbox.push(frame.clone());
                socket.outbox.recheck();
            }
        }
    }

    /// A person is called otherwise or may do something else from now on.
    pub fn set_person(&self, user: &UserRow) {
        let mut inner = self.inner();
        let (id, role) = (UserId(user.id), user.role());
        let frame = inner.resync();
        let Some(person) = inner.people.get_mut(&id) else { return };
        person.face = user.to_ref();
        let before = std::mem::replace(&mut person.role, role);
        if before != role {
            person.sockets.iter().for_each(|socket| socket.outbox.push(frame.clone()));
            let state = person.state;
            inner.say(Signal::People { people: vec![Where { user: id, role, state }] });
            inner.change_role(id, before);
        }
    }

    /// Closes every socket: the server stops.
    pub fn close_all(&self) {
        let inner = self.inner();
        let _ = inner.say.send(Signal::Gone);
        for socket in inner.people.values().flat_map(|person| &person.sockets) {
            socket.outbox.close(Closing::GoingAway);
        }
    }
}

impl Inner {
    fn resync(&self) -> Frame {
        let event = self.position;
        Frame { text: text(&ServerFrame::Resync { event }), event, reaches: false }
    }
}
