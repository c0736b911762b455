//! The task that sends what waits in the outbox.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, stream};
use rand::Rng;
use shared::{
    ids::MailId,
    mail::{MailState, MailTrouble},
};

pub use super::message::{Courier, CourierError};
use super::{
    QUEUED,
    config::Pace,
    current,
    letter::Letter,
    message::{Cause, Handed, LANES, Post},
    rows::MailRow,
    service,
    store::{self, Due, Fate},
};
use crate::{
    db::{DbError, from_micros, now, to_micros},
    error::AppError,
    password_links,
    state::State,
};

/// A mail is announced before its transaction is committed, so it is looked for more than once.
const SOON: [Duration; 4] =
    [Duration::from_millis(20), Duration::from_millis(100), Duration::from_millis(400), Duration::from_millis(1500)];
/// How many mails are taken at once.
const BATCH: u8 = 16;
/// What seeing to the mails of a batch takes beside handing them over, at the most.
const MARGIN: Duration = Duration::from_secs(30);
/// How often what is old is removed.
const TIDY: Duration = Duration::from_hours(1);
/// How long what a mail said is kept, in days.
const LETTER_DAYS: i64 = 7;
/// How long it is kept that there was a mail, in days.
const MAIL_DAYS: i64 = 90;
/// The longest cause of a failure that is kept, in characters.
const CAUSE: usize = 500;

/// Sends mails, and removes old ones, for as long as the program runs.
pub async fn run(state: &State, courier: Option<&Courier>) {
    tokio::join!(deliver(state, courier), tidy(state));
}

async fn deliver(state: &State, courier: Option<&Courier>) {
    let mut queued = QUEUED.subscribe();
    let mut soon = SOON.iter();
    let look = state.config.mail_pace.look;
    loop {
        let idle = match courier {
            Some(courier) => send_due(state, courier).await,
            None => give_up_old(state).await,
        };
        let idle = idle.unwrap_or_else(|error| {
            tracing::warn!(%error, "could not look for mails to send");
            look
        });
        let wait = soon.next().map_or(idle, |&soon| idle.min(soon));
        tokio::select! {
            _ = queued.changed() => {
                soon = SOON.iter();
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Without a mail server mails wait for a day, in case there is one soon.
async fn give_up_old(state: &State) -> Result<Duration, DbError> {
    let before = to_micros(now() - delta(state.config.mail_pace.give_up));
    if store::waits_since(&mut state.db.lookup().await?, before).await? {
        state.db.write(async |conn| store::give_up(conn, before, MailTrouble::NoServer.as_str()).await).await?;
    }
    Ok(state.config.mail_pace.look)
}

/// Sends all that is due. Answers with how long nothing else will be.
async fn send_due(state: &State, courier: &Courier) -> Result<Duration, DbError> {
    let pace = &state.config.mail_pace;
    loop {
        let due = store::due(&mut state.db.lookup().await?, to_micros(now()), BATCH.into()).await?;
        if due.is_empty() {
            break;
        }
        let Some(due) = without_early(state, due).await? else { continue };
        let claimed = claim(state, &due).await?;
        if claimed.is_empty() {
            // Another process has them.
            return Ok(pace.look.min(Duration::from_secs(1)));
        }
        let reached = AtomicBool::new(true);
        stream::iter(claimed)
            .for_each_concurrent(usize::from(LANES), async |due| {
                if reached.load(Ordering::Relaxed) {
                    let handed = try_one(state, courier, due).await;
                    if matches!(handed, Some(Handed::Unreachable(_))) {
                        reached.store(false, Ordering::Relaxed);
                    }
                } else {
                    give_back(state, due).await;
                }
            })
            .await;
        if !reached.into_inner() {
            return Ok(pace.pause);
        }
    }
    let next = store::next_due(&mut state.db.lookup().await?).await?;
    let until = next.map_or(pace.look, |next| (from_micros(next) - now()).to_std().unwrap_or_default());
    Ok(until.min(pace.look))
}

/// The due mails without those about a ticket that had better wait: for more of the same, or because their reader has just
/// had one. None when no other is left.
async fn without_early(state: &State, due: Vec<Due>) -> Result<Option<Vec<Due>>, DbError> {
    let pace = &state.config.mail_pace;
    let now = to_micros(now());
    let micros = |duration| delta(duration).num_microseconds().unwrap_or(i64::MAX);
    let (mut ready, mut early) = (Vec::new(), Vec::new());
    let mut conn = state.db.lookup().await?;
    for due in due {
        let mut from = due.created_at;
        if let (0, Some(ticket)) = (due.attempts, due.ticket_id) {
            let last = store::last_about(&mut conn, ticket, due.user_id).await?;
            from = from.saturating_add(micros(pace.settle)).max(last.unwrap_or(0).saturating_add(micros(pace.gather)));
        }
        if from <= now { ready.push(due) } else { early.push((due, from)) }
    }
    drop(conn);
    if !early.is_empty() {
        state
            .db
            .write(async |conn| -> Result<(), DbError> {
                for (due, from) in &early {
                    store::postpone(conn, due, *from).await?;
                }
                Ok(())
            })
            .await?;
    }
    Ok(if ready.is_empty() { None } else { Some(ready) })
}

/// Takes due mails for this process: nobody else tries them while it may still be trying, one after the other in each lane.
async fn claim(state: &State, due: &[Due]) -> Result<Vec<Due>, DbError> {
    let until = to_micros(now() + delta(hold(&state.config.mail_pace)));
    state
        .db
        .write(async |conn| {
            let mut claimed = Vec::new();
            for &due in due {
                if store::claim(conn, due, until).await? {
                    claimed.push(Due { attempts: due.attempts + 1, next_attempt_at: until, ..due });
                }
            }
            Ok::<_, DbError>(claimed)
        })
        .await
}

/// How long a batch may take at the most: in each lane every mail as long as one may.
fn hold(pace: &Pace) -> Duration {
    pace.patience.saturating_mul(BATCH.div_ceil(LANES).into()).saturating_add(MARGIN)
}

/// Puts a mail back that was taken and not tried.
async fn give_back(state: &State, due: Due) {
    let later = to_micros(now() + delta(state.config.mail_pace.pause));
    if let Err(error) = state.db.write(async |conn| store::give_back(conn, due, later).await).await {
        tracing::warn!(%error, mail = due.id, "could not put a mail back");
    }
}

/// Tries one mail and notes what became of it. Without that note it is tried again when its claim ends.
async fn try_one(state: &State, courier: &Courier, due: Due) -> Option<Handed> {
    match attempt(state, courier, due).await {
        Ok(handed) => {
            if let Some(Handed::Refused(cause) | Handed::NotNow(cause) | Handed::Unreachable(cause)) = &handed {
                tracing::warn!(cause = told(cause), mail = due.id, "a mail was not sent");
            }
            handed
        }
        Err(error) => {
            tracing::warn!(%error, cause = error.cause(), mail = due.id, "could not see to a mail");
            None
        }
    }
}

async fn attempt(state: &State, courier: &Courier, due: Due) -> Result<Option<Handed>, AppError> {
    let settle = async |fate: Fate| {
        state.db.write(async |conn| store::settle(conn, due.id, &fate, to_micros(now())).await).await
    };
    let (row, post) = match compose(state, due).await? {
        Composed::Ready(ready) => *ready,
        Composed::Decided => {
            state.db.write(async |conn| store::release(conn, due.id).await).await?;
            return Ok(None);
        }
        Composed::Pointless(why) => {
            settle(Fate::Over(MailState::Cancelled, why.as_str().to_owned())).await?;
            return Ok(None);
        }
    };
    let handed = courier.hand_over(post).await;
    let fate = match &handed {
        Handed::Over => Fate::Sent,
        Handed::Refused(cause) => Fate::Over(MailState::Failed, told(cause)),
        Handed::NotNow(cause) | Handed::Unreachable(cause) => {
            again(&state.config.mail_pace, from_micros(row.created_at), row.attempts, now(), told(cause))
        }
    };
    settle(fate).await?;
    Ok(Some(handed))
}

/// A claimed mail in words.
enum Composed {
    Ready(Box<(MailRow, Post)>),
    /// Somebody has taken it out of the line meanwhile.
    Decided,
    /// Nobody is served by sending it; why.
    Pointless(MailTrouble),
}

async fn compose(state: &State, due: Due) -> Result<Composed, AppError> {
    let mut conn = state.db.lookup().await?;
    let (row, reader, letter) = store::find(&mut conn, MailId(due.id)).await?.ok_or(AppError::NotFound)?;
    if row.state() != MailState::Queued {
        return Ok(Composed::Decided);
    }
    if !reader.active {
        return Ok(Composed::Pointless(MailTrouble::AccountInactive));
    }
    let Some(mut letter) = letter.as_deref().and_then(|letter| serde_json::from_str::<Letter>(letter).ok()) else {
        return Ok(Composed::Pointless(MailTrouble::TextGone));
    };
    let is_other = current::reword(&mut conn, &mut letter).await?;
    let reworded = is_other.then(|| serde_json::to_string(&letter)).transpose().map_err(AppError::internal)?;
    let letter = match current::for_reader(state, &mut conn, &reader, letter).await? {
        Ok(letter) => letter,
        Err(trouble) => return Ok(Composed::Pointless(trouble)),
    };
    let token = match letter.link() {
        Some(link) => {
            let Some(token) = password_links::service::token_of(&mut conn, &state.auth.secrets, link).await? else {
                return Ok(Composed::Pointless(MailTrouble::LinkOver));
            };
            Some(token)
        }
        None => None,
    };
    let rendered = service::in_words(state, &mut conn, &row, &reader, &letter, token.as_deref()).await?;
    drop(conn);
    // What was sent is what is shown to have been.
    if let Some(reworded) = &reworded {
        state.db.write(async |conn| store::reword(conn, row.id, reworded).await).await?;
    }
    if row.address != reader.email {
        state.db.write(async |conn| store::readdress(conn, row.id, &reader.email).await).await?;
    }
    let post = Post {
        name: reader.name,
        address: reader.email,
        id: format!("turno-{}-{}", row.id, row.created_at),
        thread: letter.ticket().map(|ticket| format!("turno-ticket-{ticket}")),
        letter: rendered,
    };
    Ok(Composed::Ready(Box::new((row, post))))
}

/// When a mail that was tried so often is tried again, if at all.
fn again(pace: &Pace, written: DateTime<Utc>, attempts: i32, now: DateTime<Utc>, cause: String) -> Fate {
    let last = written + delta(pace.give_up);
    if now >= last {
        return Fate::Over(MailState::Failed, cause);
    }
    let nth = usize::try_from(attempts).unwrap_or_default().saturating_sub(1);
    let pause = pace.retries.get(nth).or(pace.retries.last()).copied().unwrap_or(pace.look);
    // Those that failed together do not come back together.
    let pause = pause.mul_f64(rand::rng().random_range(0.8..1.2));
    Fate::Again(to_micros((now + delta(pause)).min(last)), cause)
}

/// A cause as it is kept: one line of bounded length.
fn told(cause: &Cause) -> String {
    cause.trouble.told(&cause.detail).chars().map(|c| if c.is_control() { ' ' } else { c }).take(CAUSE).collect()
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

/// Removes what is old.
async fn tidy(state: &State) {
    let mut every = tokio::time::interval(TIDY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let before = |days| to_micros(now() - TimeDelta::days(days));
        let tidied = state
            .db
            .write(async |conn| -> Result<(), DbError> {
                store::forget_letters(conn, before(LETTER_DAYS)).await?;
                store::remove(conn, before(MAIL_DAYS)).await?;
                password_links::service::remove_old(conn).await
            })
            .await;
        if let Err(error) = tidied {
            tracing::warn!(%error, "could not remove old mails");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(attempts: i32, age: Duration) -> Option<Duration> {
        let now = now();
        match again(&Pace::default(), now - delta(age), attempts, now, "x".to_owned()) {
            Fate::Again(at, _) => Some((from_micros(at) - now).to_std().unwrap()),
            Fate::Over(MailState::Failed, _) => None,
            fate => panic!("{fate:?}"),
        }
    }

    #[test]
    fn tries_grow_rarer_and_end_after_a_day() {
        let mut before = Duration::ZERO;
        for attempts in 1..=7 {
            let pause = pause(attempts, Duration::from_secs(10)).unwrap();
            assert!(pause > before, "{attempts}: {pause:?}");
            before = pause;
        }
        assert!(pause(40, Duration::from_hours(5)).unwrap() < Duration::from_hours(3));
        assert!(pause(40, Duration::from_hours(23)).unwrap() <= Duration::from_hours(1), "the last try is at the end");
        assert_eq!(pause(2, Duration::from_hours(24)), None);
    }

    #[test]
    fn a_claim_outlasts_the_slowest_batch() {
        let pace = Pace::default();
        let rounds = u32::from(BATCH).div_ceil(LANES.into());
        assert!(rounds > 3 && hold(&pace) > pace.patience * rounds);
    }

    #[test]
    fn a_cause_is_one_short_line() {
        let detail = format!("550 no\r\nsuch {}", "x".repeat(900));
        let cause = told(&Cause { trouble: MailTrouble::Refused, detail });
        assert!(cause.starts_with("refused: 550 no"), "{cause}");
        assert!(!cause.contains(['\r', '\n']) && cause.chars().count() == CAUSE);
    }
}
