//! Who is away is told by mail that somebody wrote to them: one mail for all that waits, and the next one only after a while
//! and when more has come. It says who wrote, not what: mails pass through other hands.
//!
//! The bell tells of it at the same moment, once for each conversation: whoever was there has seen the message itself.

mod store;

use std::{collections::BTreeSet, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use shared::{ids::UserId, live::PresenceState, notifications::NotificationKind};

use self::store::{Due, Told};
use crate::{
    accounts,
    db::{Conn, DbError, is_unique_violation, now, to_micros},
    error::AppError,
    mail::{self, Letter, Writer},
    notifications,
    state::State,
};

/// As many people are looked for at a time.
const BATCH: i64 = 100;
/// Messages are numbered before they are there for others to read, and of two conversations the one that began later may be
/// there first. After so long none can come with a lower number.
const SETTLED: Duration = Duration::from_mins(1);
/// The most writers that a mail names.
const NAMED: usize = 30;

/// When people who are away are told of messages.
#[derive(Debug, Clone)]
pub struct Pace {
    /// How long a message stays unread before its reader is told.
    pub after: Duration,
    /// How long it takes at least from one mail to the next.
    pub apart: Duration,
    /// How long somebody must not have been seen to be away.
    pub away: Duration,
    /// How often this is looked for.
    pub look: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            after: Duration::from_mins(10),
            apart: Duration::from_hours(1),
            away: Duration::from_mins(5),
            look: Duration::from_mins(1),
        }
    }
}

/// Moments that count at one look, in microseconds.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    now: i64,
    /// Messages written before this have waited long enough.
    written: i64,
    /// Messages written before this have all come. What was written since may be told once more.
    settled: i64,
    /// Who was told before this may be told again.
    told: i64,
    /// Who was not seen since this is away.
    seen: i64,
}

impl Bounds {
    fn at(pace: &Pace, now: DateTime<Utc>) -> Self {
        let before = |time| to_micros(now - TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX));
        Self {
            now: to_micros(now),
            written: before(pace.after),
            settled: before(pace.after.min(SETTLED)),
            told: before(pace.apart),
            seen: before(pace.away),
        }
    }
}

/// Tells people again and again, for as long as the program runs.
pub async fn forever(state: &State) {
    let look = state.config.chat_pace.look;
    // Not at once: whoever sits at the page has to be heard of first.
    let mut every = tokio::time::interval_at(tokio::time::Instant::now() + look, look);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        // Who is at a page of another process would be written to; what waits is looked for again soon.
        if !state.live.knows_the_others() {
            continue;
        }
        if let Err(error) = tell_all(state, now()).await {
            tracing::warn!(cause = error.cause().unwrap_or_default(), "could not tell people of their messages");
        }
    }
}

/// Tells everybody who is away at a moment and has waited for long enough; how many were told.
pub async fn tell_all(state: &State, now: DateTime<Utc>) -> Result<usize, AppError> {
    let bounds = Bounds::at(&state.config.chat_pace, now);
    let (mut told, mut after) = (0, 0);
    loop {
        let due = store::due(&mut state.db.read().await?, bounds, after, BATCH).await?;
        let Some(last) = due.last() else { return Ok(told) };
        after = last.person.0;
        for due in due {
            told += usize::from(tell(state, due, bounds).await?);
        }
    }
}

/// Tells one person; false when they are there, when nothing waits any more, or when another process was quicker.
async fn tell(state: &State, due: Due, bounds: Bounds) -> Result<bool, AppError> {
    // Whoever is at a page of the desk sees it there. Most others who have not read have only not read yet.
    if state.live.hub.presence(due.person) == PresenceState::Online {
        return Ok(false);
    }
    match state.db.write(async |conn| tell_within(conn, due, bounds).await).await {
        // Two tell somebody for the first time.
        Err(AppError::Database(DbError::Query(error))) if is_unique_violation(&error) => Ok(false),
        Ok(true) => {
            state.live.hub.bell_changed(due.person);
            Ok(true)
        }
        other => other,
    }
}

/// Tells them, unless they have read it since it was found that they were to be told, or were told of it.
async fn tell_within(conn: &mut Conn, Due { person, told }: Due, bounds: Bounds) -> Result<bool, AppError> {
    let oldest = store::oldest_after(conn, person, told.map_or(0, |told| told.last)).await?;
    if oldest.is_none_or(|oldest| oldest > bounds.written) {
        return Ok(false);
    }
    let Some(reader) = accounts::service::find(conn, person).await?.filter(|reader| reader.active) else {
        return Ok(false);
    };
    let waiting = store::waiting(conn, person).await?;
    // What has waited for long enough is among them.
    let last = store::last_until(conn, person, bounds.settled).await?.unwrap_or_default();
    // It may have been read since. What they were told of they are not told of again.
    let last = last.max(told.map_or(0, |told| told.last));
    if !store::claim(conn, person, told, Told { at: bounds.now, last }).await? {
        return Ok(false);
    }
    let channels = notifications::service::choices(conn, person).await?.of(NotificationKind::Chat);
    if channels.in_app {
        for from in waiting.iter().map(|waiting| UserId(waiting.from_id)).collect::<BTreeSet<_>>() {
            notifications::service::tell_of_chat(conn, person, from, bounds.now).await?;
        }
    }
    if channels.mail {
        let ids: Vec<UserId> = waiting.iter().map(|waiting| UserId(waiting.from_id)).take(NAMED).collect();
        let people = accounts::service::refs(conn, &ids).await?;
        let named = waiting.iter().filter_map(|waiting| {
            let name = people.get(&UserId(waiting.from_id))?.name.clone();
            Some(Writer { name, unread: u32::try_from(waiting.count).unwrap_or(u32::MAX) })
        });
        mail::service::queue(conn, &reader, &Letter::Chat { writers: named.collect() }).await?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_away_is_told_after_ten_minutes_and_once_an_hour() {
        let minutes = Duration::from_mins;
        let Pace { after, apart, away, look } = Pace::default();
        assert_eq!((after, apart, away), (minutes(10), minutes(60), minutes(5)));
        assert_eq!(look, minutes(1));
    }
}
