//! Who has how many sockets open, from the request that opens one to its end.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use shared::ids::UserId;

use super::outbox::{Closing, Outbox};
use crate::{auth::caller::Proof, error::AppError};

/// The most sockets that one person has opened with the same thing, whether they said `hello` or not; the oldest go when there
/// are more.
const OF_ONE_PERSON: usize = 40;
/// The most of them while those that are to go still do: nobody opens another one then.
const WITH_THOSE_THAT_GO: usize = 2 * OF_ONE_PERSON;

/// What somebody opened a socket with. Each has places of its own, so that what their programs open closes none of their pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Opener {
    /// A session: a page of theirs.
    Page,
    /// A personal token: a program of theirs.
    Program,
}

impl From<Proof> for Opener {
    fn from(proof: Proof) -> Self {
        match proof {
            Proof::Session(_) => Self::Page,
            Proof::Token(_) => Self::Program,
        }
    }
}

/// See the [module](self).
#[derive(Debug, Clone)]
pub struct Seats {
    most: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    /// Each person's, the oldest first.
    of: HashMap<(UserId, Opener), Vec<Arc<Outbox>>>,
}

/// A place for a socket; given back when it is dropped.
#[derive(Debug)]
pub struct Seat {
    /// What waits to be written to the socket.
    pub outbox: Arc<Outbox>,
    whose: (UserId, Opener),
    seats: Seats,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.lock();
        taken.all -= 1;
        if let Some(theirs) = taken.of.get_mut(&self.whose) {
            theirs.retain(|outbox| !Arc::ptr_eq(outbox, &self.outbox));
            if theirs.is_empty() {
                taken.of.remove(&self.whose);
            }
        }
        gauge(taken.all);
    }
}

fn gauge(open: usize) {
    #[allow(clippy::cast_precision_loss, reason = "there are fewer sockets than a float tells apart")]
    metrics::gauge!("live_sockets_open").set(open as f64);
}

impl Seats {
    /// So many places.
    pub fn new(most: usize) -> Self {
        Self { most, taken: Arc::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more socket of a person's, unless all are taken or they have far too many.
    pub fn take(&self, user: UserId, opener: Opener) -> Result<Seat, AppError> {
        let mut taken = self.lock();
        if taken.all >= self.most {
            return Err(AppError::Full { cause: "all sockets are taken".to_owned() });
        }
        let whose = (user, opener);
        let theirs = taken.of.entry(whose).or_default();
        if theirs.len() >= WITH_THOSE_THAT_GO {
            return Err(AppError::Full { cause: "one person has too many sockets".to_owned() });
        }
        let outbox = Arc::<Outbox>::default();
        theirs.push(outbox.clone());
        let staying: Vec<_> = theirs.iter().filter(|outbox| !outbox.is_closing()).collect();
        let surplus = staying.len().saturating_sub(OF_ONE_PERSON);
        staying.into_iter().take(surplus).for_each(|oldest| oldest.close(Closing::Crowded));
        taken.all += 1;
        gauge(taken.all);
        drop(taken);
        Ok(Seat { outbox, whose, seats: self.clone() })
    }

    /// How many places are taken.
    pub fn taken(&self) -> usize {
        self.lock().all
    }

    /// Closes every socket: the server stops.
    pub fn close_all(&self) {
        self.lock().of.values().flatten().for_each(|outbox| outbox.close(Closing::GoingAway));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_given_back_and_no_more_are_given_than_there_are() {
        let seats = Seats::new(2);
        let take = |user| seats.take(UserId(user), Opener::Page);
        let (one, other) = (take(1).unwrap(), take(1).unwrap());
        assert!(matches!(take(2), Err(AppError::Full { .. })));
        drop(one);
        assert_eq!(seats.taken(), 1);
        assert!(take(2).is_ok());
        drop(other);
        assert_eq!(seats.taken(), 0);
        assert!(seats.lock().of.is_empty());
    }

    #[test]
    fn nobody_takes_the_places_of_all() {
        let seats = Seats::new(1_000);
        let take = |user| seats.take(UserId(user), Opener::Page);
        let mut theirs: Vec<Seat> = (0..OF_ONE_PERSON).map(|_| take(1).unwrap()).collect();
        let closing = |theirs: &[Seat]| theirs.iter().filter(|seat| seat.outbox.is_closing()).count();
        assert_eq!(closing(&theirs), 0);
        theirs.extend((0..OF_ONE_PERSON).map(|_| take(1).unwrap()));
        assert!(theirs[..OF_ONE_PERSON].iter().all(|oldest| oldest.outbox.is_closing()));
        assert_eq!(closing(&theirs), OF_ONE_PERSON);
        // Those that are to be closed are not closed yet.
        assert!(take(1).is_err());
        assert!(take(2).is_ok());
        theirs.remove(0);
        assert!(take(1).is_ok());
    }

    #[test]
    fn what_programs_open_closes_no_page() {
        let seats = Seats::new(1_000);
        let page = seats.take(UserId(1), Opener::Page).unwrap();
        let programs: Vec<Seat> =
            (0..=OF_ONE_PERSON).map(|_| seats.take(UserId(1), Opener::Program).unwrap()).collect();
        assert!(!page.outbox.is_closing());
        let closing: Vec<bool> = programs.iter().map(|seat| seat.outbox.is_closing()).collect();
        assert_eq!((closing[0], closing[1..].contains(&true)), (true, false), "the oldest of them goes");
    }
}
