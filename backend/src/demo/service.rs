//! The demo as an administrator loads and removes it from the page, beside the desk's work.
//!
//! Both run in the background, a few rows in each transaction and as long without one as the last one took, so that whoever
//! else writes waits for one batch at most: SQLite has one writer. How far it is stands in the database, in the transaction
//! of each batch, with the moment. When the program ends half-way nobody goes on; after [`SILENT`] that shows as broken off,
//! and what is there can be removed. Removing again goes on where it stopped, since it looks for what still is there. Whoever was
//! silent for so long only because the machine slept finds with its next batch that the work is another's by now, and stops.
//!
//! The log keeps everything: what the demo's people did when it was loaded, and what happened to its tickets since. Events
//! carry the hash of all before them, so taking some out would break the chain for all that follow, and a log that can
//! forget proves nothing. Its rows name people and tickets by number alone, without foreign keys, and are read by outer
//! joins: those of rows that are gone show without a name. Numbers are never given twice. What was loaded and removed is
//! told by an event each.

use std::time::{Duration, Instant};

use actix_web::{rt, web::Data};
use indicatif::ProgressBar;
use shared::{
    demo::{DemoPhase, DemoState},
    ids::{CategoryId, UserId},
};
use tokio::time::sleep;

pub use super::marks::{has_own_people, has_own_tickets};
use super::{
    Pace, Size, add_people, desk, fill_chats, fill_tickets,
    marks::{self, Kind, StateRow, Work},
    removal,
};
use crate::{
    accounts,
    auth::caller::Caller,
    categories,
    db::{Conn, Db, DbError, now, to_micros},
    error::AppError,
    events::{self, EventKind, NewEvent, Origin, change},
    replies,
    state::State,
    tickets, views,
};

/// What the page loads: enough to see every list and chart with something in it.
const SIZE: Size = Size { tickets: 60, seed: 1 };
/// Over how many days those tickets came in.
const DAYS: u32 = 42;
/// The steps in which they are loaded.
const PACE: Pace = Pace { batch: 6, pause: Duration::from_millis(100) };
/// Tickets that one transaction removes, or takes out of a category or from a person.
const BATCH: i64 = 25;
/// The least time that others have to themselves between two of them.
const PAUSE: Duration = Duration::from_millis(20);
/// Whoever works on it says so more often than this.
const SILENT: Duration = Duration::from_mins(1);
/// How often a batch is tried that something else was in the way of.
const ATTEMPTS: u32 = 5;

const TAKEN_OVER: &str = "Somebody else loads or removes the demo by now.";
const UNDER_WAY: &str = "The demo is being loaded or removed. Wait until that is done.";

/// What the database says is going on, at this moment.
fn phase(row: &StateRow) -> DemoPhase {
    let silent = to_micros(now()) - row.beat_at > i64::try_from(SILENT.as_micros()).unwrap_or(i64::MAX);
    match row.state {
        0 => DemoPhase::Idle,
        1 if !silent => DemoPhase::Loading,
        2 => DemoPhase::Loaded,
        3 if !silent => DemoPhase::Removing,
        _ => DemoPhase::Interrupted,
    }
}

fn code(phase: DemoPhase) -> i16 {
    match phase {
        DemoPhase::Idle => 0,
        DemoPhase::Loading => 1,
        DemoPhase::Loaded => 2,
        DemoPhase::Removing => 3,
        DemoPhase::Interrupted => 4,
    }
}

/// A phase that begins now, as the database keeps it.
fn beginning(phase: DemoPhase, total: i64, run: i64) -> StateRow {
    StateRow { state: code(phase), done: 0, total, beat_at: to_micros(now()), run }
}

/// Begins to load or remove the demo, within a transaction that holds its state: whoever did so before is at an end.
async fn take_up(conn: &mut Conn, phase: DemoPhase, total: i64, before: &StateRow) -> Result<Work, DbError> {
    let row = beginning(phase, total, before.run.saturating_add(1));
    marks::set_state(conn, row).await?;
    Ok(Work { state: row.state, run: row.run })
}

/// Says that so many more are done, within the transaction that does them; refused when the work is another's by now.
pub(super) async fn go_on(conn: &mut Conn, work: Work, more: i64) -> Result<(), AppError> {
    if marks::beat(conn, work, more, to_micros(now())).await? { Ok(()) } else { Err(AppError::DemoRefused(TAKEN_OVER)) }
}

/// How the demo stands, for somebody who stays when they remove it.
pub async fn state(conn: &mut Conn, keep: UserId) -> Result<DemoState, AppError> {
    let row = marks::state(conn).await?;
    let phase = phase(&row);
    if phase == DemoPhase::Idle {
        let may_load = !has_own_tickets(conn).await?;
        return Ok(DemoState {
            phase,
            done: 0,
            total: 0,
            may_load,
            people: 0,
            tickets: 0,
            own_comments: 0,
            own_messages: 0,
            own_files: 0,
            own_replies: 0,
            own_views: 0,
        });
    }
    let (own_replies, own_views) = marks::private_of_people(conn, keep.0).await?;
    Ok(DemoState {
        phase,
        done: row.done,
        total: row.total,
        may_load: false,
        people: marks::count(conn, Kind::Person).await?,
        tickets: marks::count(conn, Kind::Ticket).await?,
        own_comments: marks::own_comments(conn).await?,
        own_messages: marks::own_messages(conn).await?,
        own_files: marks::own_files(conn).await?,
        own_replies,
        own_views,
    })
}

/// Says that a demo of so many tickets is being loaded; unless it `adds` to what is there, refuses a second one.
pub(super) async fn begin(conn: &mut Conn, tickets: u64, adds: bool) -> Result<Work, AppError> {
    let before = marks::hold_state(conn).await?;
    match phase(&before) {
        DemoPhase::Loading | DemoPhase::Removing => return Err(AppError::DemoRefused(UNDER_WAY)),
        DemoPhase::Loaded | DemoPhase::Interrupted if !adds => {
            return Err(AppError::DemoRefused("The demo is there already. Remove it first."));
        }
        DemoPhase::Idle | DemoPhase::Loaded | DemoPhase::Interrupted => {}
    }
    if !adds && has_own_tickets(conn).await? {
        return Err(AppError::DemoRefused("The desk has tickets of its own."));
    }
    let total = i64::try_from(tickets).unwrap_or(i64::MAX);
    Ok(take_up(conn, DemoPhase::Loading, total, &before).await?)
}

/// Says that it is loaded.
pub(super) async fn finish_loading(db: &Db, origin: &Origin, tickets: u64, work: Work) -> Result<(), AppError> {
    let total = i64::try_from(tickets).unwrap_or(i64::MAX);
    db.write(async |conn| -> Result<(), AppError> {
        go_on(conn, work, 0).await?;
        marks::set_state(conn, StateRow { done: total, ..beginning(DemoPhase::Loaded, total, work.run) }).await?;
        let counted = change("rows", &0, &total).into_iter().collect();
        let event = NewEvent::whole_desk(origin, EventKind::DemoLoaded).changes(counted);
        Ok(events::append(conn, &event).await?)
    })
    .await
}

/// Begins to load the demo.
pub async fn load(state: &Data<State>, caller: &Caller) -> Result<DemoState, AppError> {
    let work = state.db.write(async |conn| begin(conn, SIZE.tickets, false).await).await?;
    let (working, origin) = (state.clone(), caller.origin());
    rt::spawn(async move {
        let loaded = fill(&working.db, &origin, work).await;
        give_up(&working.db, work, loaded).await;
    });
    self::state(&mut state.db.read().await?, caller.id()).await
}

async fn fill(db: &Db, origin: &Origin, work: Work) -> Result<(), AppError> {
    let mut desk = desk(db, SIZE, DAYS).await?;
    desk.people = desk.people.without_administrators();
    let ids = db.write(async |conn| add_people(conn, &desk, None, work).await).await?;
    fill_tickets(db, &desk, &ids, (PACE, work), &ProgressBar::hidden()).await?;
    fill_chats(db, &desk, &ids, work).await?;
    finish_loading(db, origin, SIZE.tickets, work).await
}

/// Says that something was broken off, if it was and nobody else has taken it up since.
async fn give_up(db: &Db, work: Work, ended: Result<(), AppError>) {
    let Err(error) = ended else { return };
    tracing::error!(cause = error.cause().unwrap_or_default(), %error, "the demo was broken off half-way");
    let said = db
        .write(async |conn| -> Result<(), DbError> {
            let row = marks::hold_state(conn).await?;
            if (row.state, row.run) != (work.state, work.run) {
                return Ok(());
            }
            marks::set_state(conn, StateRow { state: code(DemoPhase::Interrupted), ..row }).await
        })
        .await;
    // If not, it will show by its silence.
    if let Err(error) = said {
        tracing::warn!(%error, "could not say so");
    }
}

/// Begins to remove the demo.
pub async fn remove(state: &Data<State>, caller: &Caller) -> Result<DemoState, AppError> {
    let (keep, origin) = (caller.id().0, caller.origin());
    let work = state
        .db
        .write(async |conn| -> Result<Work, AppError> {
            let before = marks::hold_state(conn).await?;
            match phase(&before) {
                DemoPhase::Loading | DemoPhase::Removing => return Err(AppError::DemoRefused(UNDER_WAY)),
                DemoPhase::Idle => return Err(AppError::DemoRefused("There is no demo.")),
                DemoPhase::Loaded | DemoPhase::Interrupted => {}
            }
            let total = marks::count(conn, Kind::Ticket).await? + marks::count(conn, Kind::Person).await?;
            let mut told = Vec::new();
            for run in marks::runs(conn, Kind::Person).await? {
                let had = removal::shut_out(conn, run, keep).await?;
                told.extend(had.into_iter().map(|id| shut_out(&origin, id)));
            }
            let work = take_up(conn, DemoPhase::Removing, total, &before).await?;
            events::append_all(conn, &told).await?;
            Ok(work)
        })
        .await?;
    let working = state.clone();
    rt::spawn(async move {
        let removed = empty(&working.db, &origin, keep, work).await;
        give_up(&working.db, work, removed).await;
    });
    self::state(&mut state.db.read().await?, caller.id()).await
}

/// Removes all of it but one person: whoever does it.
async fn empty(db: &Db, origin: &Origin, keep: i64, work: Work) -> Result<(), AppError> {
    let (saved, tickets, people, categories) = {
        let mut conn = db.read().await?;
        (
            marks::runs(&mut conn, Kind::Reply).await?,
            marks::runs(&mut conn, Kind::Ticket).await?,
            marks::runs(&mut conn, Kind::Person).await?,
            marks::runs(&mut conn, Kind::Category).await?,
        )
    };
    // Before their authors go: nobody gets from them what the demo brought, changed or not.
    for run in saved {
        step(db, async |conn| -> Result<_, AppError> {
            let told = replies::service::remove(conn, origin, run).await?;
            go_on(conn, work, 0).await?;
            Ok(events::append_all(conn, &told).await?)
        })
        .await?;
    }
    let mut removed = 0;
    for (mut first, last) in tickets {
        loop {
            let ids = removal::tickets_of(&mut db.read().await?, (first, last), BATCH).await?;
            let Some(newest) = ids.last() else { break };
            first = newest.saturating_add(1);
            removed += count(&ids);
            step(db, async |conn| -> Result<_, AppError> {
                removal::tickets(conn, &ids, to_micros(now())).await?;
                go_on(conn, work, count(&ids)).await
            })
            .await?;
        }
    }
    for run in people {
        for id in removal::people_of(&mut db.read().await?, run).await? {
            if id != keep {
                take_out(db, origin, (id, keep), work).await?;
            }
        }
    }
    for run in categories {
        for category in removal::categories_of(&mut db.read().await?, run).await? {
            dissolve(db, origin, category, work).await?;
        }
    }
    db.write(async |conn| -> Result<(), AppError> {
        go_on(conn, work, 0).await?;
        marks::clear(conn).await?;
        marks::set_state(conn, beginning(DemoPhase::Idle, 0, work.run)).await?;
        let counted = change("rows", &removed, &0).into_iter().collect();
        let event = NewEvent::whole_desk(origin, EventKind::DemoRemoved).changes(counted);
        Ok(events::append(conn, &event).await?)
    })
    .await
}

/// That an account has no access any more: their sockets are closed, and the log tells of it.
fn shut_out(origin: &Origin, id: i64) -> NewEvent<'_> {
    let changes = change("active", &true, &false).into_iter().collect();
    NewEvent::desk(origin, EventKind::UserDeactivated, id).changes(changes)
}

fn count(ids: &[i64]) -> i64 {
    i64::try_from(ids.len()).unwrap_or(i64::MAX)
}

/// Takes a person out of the desk: the tickets of others that they had are nobody's then, and so are the new ones of a
/// category. What they shared with the staff becomes the heir's.
async fn take_out(db: &Db, origin: &Origin, (id, heir): (i64, i64), work: Work) -> Result<(), AppError> {
    let (person, heir) = {
        let mut conn = db.read().await?;
        let person = accounts::service::find(&mut conn, UserId(id)).await?;
        (person, accounts::service::find(&mut conn, UserId(heir)).await?.ok_or(AppError::NotFound)?)
    };
    let Some(person) = person else { return Ok(()) };
    until_done(db, async |conn| -> Result<_, AppError> {
        let mut told = tickets::service::leave_assignee(conn, origin, &person, BATCH).await?;
        let done = is_last(&told);
        let at = to_micros(now());
        if done {
            told.extend(categories::service::forget_assignee(conn, origin, &person).await?);
            told.extend(replies::service::hand_over(conn, origin, &person, &heir).await?);
            told.extend(views::service::hand_over(conn, origin, &person, &heir).await?);
            if removal::is_needed(conn, id).await? {
                if removal::disarm(conn, id).await? {
                    told.push(shut_out(origin, id));
                }
            } else {
                removal::person(conn, id, at).await?;
            }
        }
        go_on(conn, work, i64::from(done)).await?;
        events::append_all(conn, &told).await?;
        Ok(done)
    })
    .await
}

/// Deletes a category; the tickets of others are in none then.
async fn dissolve(db: &Db, origin: &Origin, (id, name): (i64, String), work: Work) -> Result<(), AppError> {
    until_done(db, async |conn| -> Result<_, AppError> {
        let mut told = tickets::service::leave_category(conn, origin, CategoryId(id), BATCH).await?;
        let done = is_last(&told);
        if done {
            removal::category(conn, id).await?;
            let changes = change("name", &name.as_str(), &"").into_iter().collect();
            told.push(NewEvent::desk(origin, EventKind::CategoryDeleted, id).changes(changes));
        }
        go_on(conn, work, 0).await?;
        events::append_all(conn, &told).await?;
        Ok(done)
    })
    .await
}

/// Whether fewer tickets were changed than one batch may, so that none is left.
fn is_last(told: &[NewEvent<'_>]) -> bool {
    told.len() < usize::try_from(BATCH).unwrap_or(usize::MAX)
}

/// One batch after the other, until one says that it was the last.
async fn until_done(db: &Db, batch: impl AsyncFn(&mut Conn) -> Result<bool, AppError>) -> Result<(), AppError> {
    while !step(db, &batch).await? {}
    Ok(())
}

/// One batch, and as much time for everybody else. What somebody did meanwhile, as giving a ticket to a person who is about
/// to go, is in its way once: the next try finds it.
async fn step<T>(db: &Db, batch: impl AsyncFn(&mut Conn) -> Result<T, AppError>) -> Result<T, AppError> {
    let mut attempt = 1;
    loop {
        let started = Instant::now();
        let result = db.write(&batch).await;
        sleep(PAUSE.max(started.elapsed())).await;
        match result {
            // Trying again would not give the work back.
            Err(AppError::DemoRefused(why)) => return Err(AppError::DemoRefused(why)),
            Err(error) if attempt < ATTEMPTS => tracing::debug!(%error, attempt, "trying a batch of the demo again"),
            result => return result,
        }
        attempt += 1;
    }
}
