//! Failed logins, as the audit log tells of them: each one while there are few, and how many there were when there are
//! many. Whoever tries passwords by the thousand must fill neither the disk nor the lane that all changes go through.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use serde_json::json;
use shared::{ids::UserId, tickets::Change};

use crate::{
    db::{Db, DbError},
    events::{self, EventKind, NewEvent, Origin},
};

/// Failures of one account from one address that are told one by one, a minute.
const EACH: u32 = 5;
/// Failures that are told one by one, a minute, whoever they are of; and as many sums.
const ALL: u32 = 60;
/// What is kept of what was typed, in characters: enough for any name, too little for an essay.
const TYPED_MAX: usize = 100;

/// A failed login.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Failure {
    /// From where.
    pub address: String,
    /// What was typed as the name, without what does not show.
    pub typed: String,
    /// Whose account that is, if it is anybody's.
    pub user: Option<UserId>,
}

impl Failure {
    /// A failure, with what was typed cut and cleaned. The password is no part of it.
    pub fn new(address: &str, typed: &str, user: Option<UserId>) -> Self {
        let typed = typed.trim().chars().filter(|c| !c.is_control()).take(TYPED_MAX).collect();
        Self { address: address.to_owned(), typed, user }
    }
}

/// The failures of the present minute.
#[derive(Debug, Default)]
pub struct LoginFailures(Mutex<Minute>);

#[derive(Debug, Default)]
struct Minute {
    told: u32,
    untold: HashMap<Failure, (u32, u64)>,
    /// Those beyond what is told apart.
    others: u64,
}

/// What has to be told of a minute that is over.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    of_one: Vec<(Failure, u64)>,
    others: u64,
}

impl LoginFailures {
    /// Counts a failure; answers whether it is to be told by itself.
    fn count(&self, failure: &Failure) -> bool {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let may_tell = minute.told < ALL;
        let full = minute.untold.len() >= ALL as usize;
        if !minute.untold.contains_key(failure) && full {
            minute.others += 1;
            return false;
        }
        let (told, untold) = minute.untold.entry(failure.clone()).or_default();
        if *told < EACH && may_tell {
            *told += 1;
            minute.told += 1;
            return true;
        }
        *untold += 1;
        false
    }

    /// Ends the minute.
    fn sums(&self) -> Sums {
        let Minute { untold, others, .. } = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let of_one = untold.into_iter().filter(|(_, (_, count))| *count > 0).map(|(of, (_, count))| (of, count));
        Sums { of_one: of_one.collect(), others }
    }

    /// Notes a failure in the log, or counts it. That it could not be noted is no reason to answer otherwise.
    pub async fn record(&self, db: &Db, failure: &Failure) {
        if self.count(failure)
            && let Err(error) = append(db, &[(Some(failure), 1)]).await
        {
            tracing::warn!(%error, "a failed login could not be noted");
        }
    }

    /// Notes how many more there were in the minute that is over.
    pub async fn record_sums(&self, db: &Db) -> Result<(), DbError> {
        let Sums { of_one, others } = self.sums();
        let mut told: Vec<(Option<&Failure>, u64)> = of_one.iter().map(|(of, count)| (Some(of), *count)).collect();
        if others > 0 {
            told.push((None, others));
        }
        if told.is_empty() { Ok(()) } else { append(db, &told).await }
    }
}

/// Appends what is to be told, with one commit.
async fn append(db: &Db, told: &[(Option<&Failure>, u64)]) -> Result<(), DbError> {
    let origin = |(failure, _): &(Option<&Failure>, u64)| Origin {
        actor: None,
        address: failure.map(|failure| failure.address.clone()),
    };
    let origins: Vec<Origin> = told.iter().map(origin).collect();
    let events: Vec<NewEvent> = told
        .iter()
        .zip(&origins)
        .map(|((failure, times), origin)| {
            let mut event = NewEvent::whole_desk(origin, EventKind::LoginFailed);
            event.subject = failure.and_then(|failure| failure.user).map(|user| user.0);
            let told = [
                failure.map(|failure| ("login", json!(failure.typed))),
                (*times > 1 || failure.is_none()).then(|| ("times", json!(times))),
            ];
            let changes = told.into_iter().flatten();
            let changes = changes.map(|(field, to)| Change { field: field.to_owned(), from: json!(null), to });
            event.changes(changes.collect())
        })
        .collect();
    db.write(async |conn| events::append_all(conn, &events).await).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(address: usize, typed: &str) -> Failure {
        Failure::new(&format!("192.0.2.{address}"), typed, None)
    }

    #[test]
    fn the_first_are_told_one_by_one_and_the_rest_as_a_sum() {
        let failures = LoginFailures::default();
        let ana = failure(1, "ana");
        let told = (0..1_000).filter(|_| failures.count(&ana)).count();
        assert_eq!(told, EACH as usize);
        assert!(failures.count(&failure(2, "ana")));
        assert_eq!(failures.sums(), Sums { of_one: vec![(ana.clone(), 1_000 - u64::from(EACH))], others: 0 });
        // Another minute.
        assert!(failures.count(&ana));
        assert_eq!(failures.sums(), Sums::default());
    }

    #[test]
    fn a_flood_from_everywhere_stays_bounded() {
        let failures = LoginFailures::default();
        let flood = (0..10_000).map(|n| failure(n, &format!("name{n}")));
        let told = flood.filter(|failure| failures.count(failure)).count();
        assert_eq!(told, ALL as usize);
        assert_eq!(failures.sums(), Sums { of_one: Vec::new(), others: 10_000 - u64::from(ALL) });
    }

    #[test]
    fn what_was_typed_is_cut_and_cleaned() {
        assert_eq!(failure(1, " an\u{0}a\n").typed, "ana");
        assert_eq!(failure(1, &"ñ".repeat(5_000)).typed.chars().count(), TYPED_MAX);
    }
}
