//! What the processes on one database tell each other beside the log: who is connected where, who is typing, who looks at
//! what, whose notifications were read. It is never stored for long and nothing depends on its arrival: a process that missed
//! something asks again.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use shared::{
    accounts::Role,
    ids::{TicketId, UserId},
    live::{PresenceState, Viewer},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender},
    time::{MissedTickBehavior, interval, timeout},
};

use super::store;
use crate::{
    db::{DatabaseUrl, DbError, listen, now, to_micros},
    state::State,
};

/// The largest letter, in bytes: PostgreSQL passes on fewer than 8,000.
const LETTER: usize = 7_000;
/// How many people one signal names.
pub const PEOPLE: usize = 50;
/// How often MySQL is asked for letters.
const LOOK: Duration = Duration::from_millis(250);
/// How many heartbeats long a letter is kept on MySQL: longer than it takes anybody to read it.
const KEPT: u32 = 4;
/// Letters that were begun first may be kept last: so far back they are looked for.
const BACK: i64 = 50;
/// How long after its connection was lost the listener, and who could not say something, tries again.
const AGAIN: Duration = Duration::from_secs(1);

/// A process, by a number it drew when it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProcessId(u64);

impl ProcessId {
    /// A new one.
    pub fn draw() -> Self {
        Self(rand::random())
    }
}

/// Where a person is connected, as far as one process knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Where {
    /// Who.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// Whether they are there.
    pub state: PresenceState,
    /// When they were last there, if they have gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<DateTime<Utc>>,
}

impl Where {
    /// Where somebody is who has not just gone.
    pub fn of(user: UserId, role: Role, state: PresenceState) -> Self {
        Self { user, role, state, seen: None }
    }
}

/// What one process tells the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Signal {
    /// It began, or missed something: all shall say what they know.
    Ask,
    /// It is still there.
    Alive,
    /// It stops: nobody is connected to it any more.
    Gone,
    /// What it says from here on is all there is.
    Anew,
    /// It has said everything: what it said before and did not repeat is void.
    Whole,
    /// Who is connected to it.
    People {
        /// Some of them.
        people: Vec<Where>,
    },
    /// Who looks at a ticket through it.
    Viewing {
        /// The ticket.
        ticket: TicketId,
        /// Who they are, up to twelve.
        viewers: Vec<Viewer>,
        /// How many more there are.
        #[serde(default)]
        more: u32,
    },
    /// Somebody is writing to somebody.
    Typing {
        /// Who.
        from: UserId,
        /// To whom.
        to: UserId,
    },
    /// Another number of somebody's notifications is unread now.
    Bell {
        /// Whose.
        user: UserId,
    },
}

/// Signals of one process, in their order.
#[derive(Debug, Serialize, Deserialize)]
pub struct Letter {
    /// Whose.
    pub from: ProcessId,
    /// What it says. What a process of another version says, and this one does not understand, is left out; the rest is not.
    #[serde(deserialize_with = "understood")]
    pub signals: Vec<Signal>,
}

fn understood<'de, D: Deserializer<'de>>(letter: D) -> Result<Vec<Signal>, D::Error> {
    let said = Vec::<serde_json::Value>::deserialize(letter)?;
    Ok(said.into_iter().filter_map(|signal| serde_json::from_value(signal).ok()).collect())
}

/// Sends what this process has to say, in its order, until it has said that it stops: from there on it says nothing, or the
/// others would take it for a new one.
pub async fn send(state: &State, mut said: UnboundedReceiver<Signal>) {
    let mut lost = false;
    while let Some(first) = next(&mut said, lost).await {
        let mut waiting = vec![first];
        while let Ok(signal) = said.try_recv() {
            waiting.push(signal);
        }
        let stops = waiting.iter().position(|signal| *signal == Signal::Gone);
        if let Some(place) = stops {
            waiting.truncate(place + 1);
        }
        match post(state, waiting).await {
            Ok(()) if std::mem::take(&mut lost) => state.live.hub.say_all(),
            Ok(()) => {}
            // Once for each time that the database is away.
            Err(error) => {
                if !std::mem::replace(&mut lost, true) {
                    tracing::warn!(%error, "the other processes could not be told who is there");
                }
            }
        }
        if stops.is_some() {
            return state.live.parted.notify_one();
        }
    }
}

/// What is to be said next. When something was lost that is soon anything: as soon as it arrives, all is said anew.
async fn next(said: &mut UnboundedReceiver<Signal>, lost: bool) -> Option<Signal> {
    if lost { timeout(AGAIN, said.recv()).await.unwrap_or(Some(Signal::Alive)) } else { said.recv().await }
}

async fn post(state: &State, signals: Vec<Signal>) -> Result<(), DbError> {
    if matches!(state.config.database, DatabaseUrl::Sqlite(_)) {
        // Nobody else has the file.
        return Ok(());
    }
    let mut conn = state.db.read().await?;
    for letter in letters(state.live.process(), signals) {
        store::post(&mut conn, &letter, to_micros(now())).await?;
    }
    Ok(())
}

/// As few letters as hold the signals.
fn letters(from: ProcessId, signals: Vec<Signal>) -> Vec<String> {
    let mut letters = Vec::new();
    let mut letter = Letter { from, signals: Vec::new() };
    let mut size = 0;
    for signal in signals {
        let length = serde_json::to_string(&signal).map_or(0, |text| text.len() + 1);
        if size + length > LETTER && !letter.signals.is_empty() {
            letters.extend(serde_json::to_string(&letter));
            letter.signals.clear();
            size = 0;
        }
        size += length;
        letter.signals.push(signal);
    }
    letters.extend(serde_json::to_string(&letter));
    letters
}

fn open(state: &State, letter: &str) {
    match serde_json::from_str::<Letter>(letter) {
        Ok(letter) if letter.from != state.live.process() => state.live.hub.hear(letter),
        Ok(_) => {}
        // A process of another version writes another kind of letter.
        Err(error) => tracing::debug!(%error, "a letter of another process was not understood"),
    }
}

/// Hears what other processes say and what they commit, for as long as the program runs.
pub async fn hear(state: &State, committed: &tokio::sync::Notify) {
    match &state.config.database {
        // Nobody else has the file.
        DatabaseUrl::Sqlite(_) => {}
        DatabaseUrl::Postgres(url) => loop {
            let heard = |heard| match heard {
                // What was said meanwhile is lost.
                listen::Heard::Connected => {
                    state.live.hears(true);
                    committed.notify_one();
                }
                listen::Heard::Notice { channel, .. } if channel == listen::EVENTS => committed.notify_one(),
                listen::Heard::Notice { payload, .. } => open(state, &payload),
            };
            let error = listen::listen(url, heard).await;
            state.live.hears(false);
            tracing::warn!(error, "the connection that hears of other processes was lost");
            tokio::time::sleep(AGAIN).await;
        },
        DatabaseUrl::MySql(_) => look(state).await,
    }
}

/// Reads what stands in the table, for as long as the program runs.
async fn look(state: &State) {
    let mut every = interval(LOOK);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last = None;
    let mut read: BTreeSet<i64> = BTreeSet::new();
    let mut fails = false;
    loop {
        every.tick().await;
        match unread(state, &mut last, &mut read).await {
            Ok(letters) => {
                for letter in &letters {
                    open(state, letter);
                }
                // What was said meanwhile may be lost, or tidied away.
                if std::mem::take(&mut fails) {
                    state.live.hears(true);
                }
            }
            // Once for each time that the database is away.
            Err(error) => {
                if !std::mem::replace(&mut fails, true) {
                    state.live.hears(false);
                    tracing::warn!(%error, "what other processes say could not be read");
                }
            }
        }
    }
}

/// The letters that were not read yet. A number is given when a letter is begun, so one with a smaller number may come
/// after one with a larger.
async fn unread(state: &State, last: &mut Option<i64>, read: &mut BTreeSet<i64>) -> Result<Vec<String>, DbError> {
    let mut conn = state.db.read().await?;
    let Some(end) = *last else {
        let end = store::end(&mut conn).await?;
        read.extend(store::after(&mut conn, end - BACK).await?.into_iter().map(|(id, _)| id));
        *last = Some(end);
        drop(conn);
        state.live.hears(true);
        return Ok(Vec::new());
    };
    let found = store::after(&mut conn, end - BACK).await?;
    drop(conn);
    let mut letters = Vec::new();
    for (id, letter) in found {
        if read.insert(id) {
            letters.push(letter);
        }
        *last = (*last).max(Some(id));
    }
    *read = read.split_off(&(last.unwrap_or_default() - BACK));
    Ok(letters)
}

/// Says now and then that this process is there, for as long as the program runs.
pub async fn keep_alive(state: &State, say: &UnboundedSender<Signal>) {
    let mut every = interval(state.config.live_pace.heartbeat);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut old = None;
    loop {
        every.tick().await;
        let _ = say.send(Signal::Alive);
        if matches!(state.config.database, DatabaseUrl::MySql(_))
            && let Err(error) = tidy(state, &mut old).await
        {
            tracing::warn!(%error, "old letters of other processes could not be removed");
        }
    }
}

/// Removes the letters up to the one that was the last a while ago, and notes which one that is now. That is by this process's
/// clock alone, whatever the clocks of those say who wrote them.
async fn tidy(state: &State, old: &mut Option<(i64, Instant)>) -> Result<(), DbError> {
    let kept = state.config.live_pace.heartbeat * KEPT;
    if old.is_some_and(|(_, noted)| noted.elapsed() < kept) {
        return Ok(());
    }
    let mut conn = state.db.read().await?;
    if let Some((last, _)) = *old {
        store::tidy(&mut conn, last).await?;
    }
    *old = Some((store::end(&mut conn).await?, Instant::now()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_never_larger_than_a_notice_may_be() {
        let people: Vec<Where> = (0..i64::try_from(PEOPLE).expect("few"))
            .map(|id| Where {
                seen: Some(now()),
                ..Where::of(UserId(i64::MAX - id), Role::Technician, PresenceState::Offline)
            })
            .collect();
        let signals: Vec<Signal> = (0..20).map(|_| Signal::People { people: people.clone() }).collect();
        let letters = letters(ProcessId(7), signals.clone());
        assert!(letters.len() > 5);
        assert!(letters.iter().all(|letter| letter.len() < 8_000));
        let opened: Vec<Signal> = letters
            .iter()
            .flat_map(|letter| serde_json::from_str::<Letter>(letter).expect("a letter").signals)
            .collect();
        assert_eq!(opened, signals);
    }

    #[test]
    fn what_is_not_understood_takes_nothing_else_with_it() {
        let said = r#"{"from":7,"signals":[{"type":"alive"},{"type":"sings","song":"la"},{"type":"bell","user":3}]}"#;
        let letter: Letter = serde_json::from_str(said).expect("a letter");
        assert_eq!(letter.signals, [Signal::Alive, Signal::Bell { user: UserId(3) }]);
    }
}
