//! Who looks at which ticket, told to those who look at it too.

use std::collections::HashSet;

use shared::{
    ids::{TicketId, UserId},
    live::{ServerFrame, Viewer},
};

use super::{
    hub::{Hub, Inner, text},
    outbox::Fleeting,
    people::{SocketId, add_viewer},
    signals::Signal,
};

/// How many of those who look at a ticket are named: nobody reads more names, a letter to other processes is short, and each of
/// those who look is told of all others.
const VIEWERS: usize = 12;
/// Into how many lots tickets are counted; see [`Turns`].
const LOTS: usize = 1_024;

/// Those who look at a ticket: some by name, and how many more there are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lookers {
    /// Some of them.
    pub named: Vec<Viewer>,
    /// How many more.
    pub more: u32,
}

impl Lookers {
    /// Names no more of them than are read. Of many, those who write are named first.
    fn cut(&mut self) {
        if self.named.len() > VIEWERS {
            self.named.sort_by_key(|viewer| !viewer.writing);
            self.more += count(self.named.len() - VIEWERS);
            self.named.truncate(VIEWERS);
        }
    }

    /// As one of them is told of the others.
    fn without(&self, user: UserId) -> Self {
        let named: Vec<Viewer> = self.named.iter().filter(|viewer| viewer.user.id != user).cloned().collect();
        let is_named = named.len() < self.named.len();
        Self { named, more: if is_named { self.more } else { self.more.saturating_sub(1) } }
    }
}

fn count(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}

/// How often the log told something of tickets, counted by lots: a number that has not changed says that nothing was told of a
/// ticket, whatever was told of most others.
#[derive(Debug)]
pub struct Turns(Vec<u64>);

impl Default for Turns {
    fn default() -> Self {
        Self(vec![0; LOTS])
    }
}

impl Turns {
    fn place(ticket: TicketId) -> usize {
        usize::try_from(ticket.0.unsigned_abs()).unwrap_or_default() % LOTS
    }

    /// Something was told of a ticket.
    pub fn note(&mut self, ticket: TicketId) {
        if let Some(count) = self.0.get_mut(Self::place(ticket)) {
            *count = count.wrapping_add(1);
        }
    }

    /// How often something was told of those of its lot.
    fn of(&self, ticket: TicketId) -> u64 {
        self.0.get(Self::place(ticket)).copied().unwrap_or_default()
    }
}

impl Hub {
    /// A socket shows a ticket from now on, which its person may see, or none.
    pub fn view(&self, user: UserId, socket: SocketId, at: Option<(TicketId, bool)>) {
        self.inner().look_at(user, socket, at);
    }

    /// What a socket shows.
    pub fn viewed(&self, user: UserId, socket: SocketId) -> Option<TicketId> {
        let mut inner = self.inner();
        inner.people.get_mut(&user)?.socket(socket)?.viewing.map(|(ticket, _)| ticket)
    }

    /// A number that is another one after the log told anything of a ticket.
    pub fn turns(&self, ticket: TicketId) -> u64 {
        self.inner().turns.of(ticket)
    }
}

impl Inner {
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
    pub(super) fn lookers(&self, ticket: TicketId) -> Lookers {
        let mut people: Vec<_> = self.viewing.get(&ticket).into_iter().flatten().map(|(user, _)| *user).collect();
        // The sockets of one person stand together.
        people.dedup();
        let mut people: Vec<_> = people.iter().filter_map(|user| self.people.get(user)).collect();
        let more = people.len().saturating_sub(VIEWERS);
        if more > 0 {
            people.sort_by_key(|person| !person.writes(ticket));
        }
        let named = people.into_iter().take(VIEWERS).filter_map(|person| person.views(ticket)).collect();
        Lookers { named, more: count(more) }
    }

    /// Tells those who look at a ticket who else does; the other processes too, when it changed here.
    pub(super) fn show_viewers(&self, ticket: TicketId, here: bool) {
        let mut lookers = self.lookers(ticket);
        if here {
            let Lookers { named, more } = lookers.clone();
            self.say(Signal::Viewing { ticket, viewers: named, more });
        }
        for elsewhere in self.elsewhere.lookers(ticket) {
            elsewhere.named.iter().for_each(|viewer| add_viewer(&mut lookers.named, viewer));
            lookers.more = lookers.more.saturating_add(elsewhere.more);
        }
        lookers.cut();
        let frame = |user: UserId| {
            let Lookers { named: users, more } = lookers.without(user);
            text(&ServerFrame::Viewers { ticket_id: ticket, users, more })
        };
        let named: HashSet<UserId> = lookers.named.iter().map(|viewer| viewer.user.id).collect();
        // All who are not named are told the same.
        let mut unnamed = None;
        for &(user, socket) in self.viewing.get(&ticket).into_iter().flatten() {
            let frame =
                if named.contains(&user) { frame(user) } else { unnamed.get_or_insert_with(|| frame(user)).clone() };
            let sockets = self.people.get(&user).into_iter().flat_map(|person| &person.sockets);
            for open in sockets.filter(|open| open.id == socket) {
                open.outbox.replace(Fleeting::Viewers(ticket), frame.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::accounts::UserRef;

    use super::*;

    fn viewer(id: i64, writing: bool) -> Viewer {
        Viewer { user: UserRef { id: UserId(id), name: format!("person {id}"), avatar_url: None }, writing }
    }

    #[test]
    fn of_many_who_look_those_who_write_are_named_and_the_rest_are_counted() {
        let mut lookers = Lookers { named: (1..=20).map(|id| viewer(id, id == 20)).collect(), more: 3 };
        lookers.cut();
        let named: Vec<i64> = lookers.named.iter().map(|viewer| viewer.user.id.0).collect();
        assert_eq!((named.len(), named[0], lookers.more), (VIEWERS, 20, 11));
        // Nobody is told of themselves, by name or by number.
        let told = lookers.without(UserId(20));
        assert_eq!((told.named.len(), told.more), (VIEWERS - 1, 11));
        let told = lookers.without(UserId(19));
        assert_eq!((told.named.len(), told.more), (VIEWERS, 10));
        let mut few = Lookers { named: vec![viewer(1, false), viewer(2, true)], more: 0 };
        few.cut();
        assert_eq!(few.named.iter().map(|viewer| viewer.user.id.0).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn what_is_told_of_a_ticket_turns_its_number_and_not_that_of_others() {
        let mut turns = Turns::default();
        let (before, other) = (turns.of(TicketId(7)), turns.of(TicketId(8)));
        turns.note(TicketId(7));
        assert_ne!(turns.of(TicketId(7)), before);
        assert_eq!(turns.of(TicketId(8)), other);
    }
}
