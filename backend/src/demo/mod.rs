//! Demo data: a believable desk, the same for the same seed.
//!
//! The seed decides who the people are, what they write and what becomes of every ticket; the moments are counted back
//! from the last midnight (UTC), so that the desk always looks as if it had been used until yesterday. The same seed on
//! the same day gives the same rows. Only the password differs: it is drawn anew each time, one for all, since it opens
//! a real desk.
//!
//! A desk that is not empty keeps what it has; whoever is called like somebody who is already there gets a number after
//! the name. So it can also be filled more than once.

mod calendar;
mod chats;
mod dice;
mod people;
mod rows;
mod script;
mod store;
mod story;
#[cfg(test)]
mod tests;
mod words;

use std::{
    io::{IsTerminal, Write},
    time::Instant,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use shared::{accounts::Role, password::broken_rules_with_guesses};

use self::{calendar::Calendar, people::People, rows::Ids, story::Desk};
use crate::{
    auth::{passwords::Passwords, secrets::random_text},
    db::{Db, now},
    error::AppError,
    events,
};

/// Tickets of one transaction: enough to make its end cheap, few enough not to keep other writers waiting.
const BATCH: usize = 1_000;

/// What dice are thrown for: each has its own.
mod kind {
    pub const PERSON: u64 = 1;
    pub const OPENED: u64 = 2;
    pub const STATUS: u64 = 3;
    pub const COMMENTS: u64 = 4;
    pub const TICKET: u64 = 5;
    pub const CHATS: u64 = 6;
}

/// How much, from what.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// How many tickets.
    pub tickets: u64,
    /// What the data is drawn from.
    pub seed: u64,
}

/// Whether to show how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// A bar on the terminal, if it is one, and a line at the end.
    Bar,
    /// Nothing.
    Silent,
}

/// A login to try the desk with.
#[derive(Debug, Clone)]
pub struct Login {
    /// `admin`, `technician` or `user`.
    pub role: &'static str,
    /// The name.
    pub username: String,
    /// The password.
    pub password: String,
}

/// Fills the desk; answers with one login for each role.
pub async fn fill(db: &Db, size: Size, progress: Progress) -> Result<Vec<Login>, AppError> {
    let started = Instant::now();
    let password = password();
    let hash = Passwords::new(1).map_err(AppError::internal)?.hash(password.clone()).await?;
    let (taken, categories) = {
        let mut conn = db.read().await?;
        (store::user_names(&mut conn).await?, store::categories(&mut conn).await?)
    };
    let calendar = Calendar::ending(now());
    let people = People::new(size.seed, size.tickets, &calendar, &taken);
    let desk = Desk { seed: size.seed, tickets: size.tickets, calendar, people };
    let bar = bar(size.tickets, progress);

    let (widened, users) = db
        .write(async |conn| -> Result<_, AppError> {
            let widened = store::widen(conn).await?;
            let users = store::insert_users(conn, rows::users(&desk.people, &hash)).await?;
            events::append_rows(conn, rows::user_events(&desk.people, &users)).await?;
            Ok((widened, users))
        })
        .await?;
    let ids = Ids { users, categories };
    let filled = fill_tickets(db, &desk, &ids, &bar).await;
    db.write(async |conn| store::narrow(conn, &widened).await).await?;
    filled?;
    fill_chats(db, &desk, &ids).await?;
    store::analyze(&mut db.read().await?).await?;

    bar.finish_and_clear();
    if progress == Progress::Bar {
        let (people, seconds) = (desk.people.all.len(), started.elapsed().as_secs_f64());
        // Nowhere is left to say it when stdout is closed.
        let _ = writeln!(std::io::stdout(), "{} tickets and {people} people in {seconds:.1} s.", size.tickets);
    }
    Ok(logins(&desk.people, &password))
}

async fn fill_tickets(db: &Db, desk: &Desk, ids: &Ids, bar: &ProgressBar) -> Result<(), AppError> {
    let counts = story::comment_counts(desk);
    for (batch, counts) in (0_u64..).zip(counts.chunks(BATCH)) {
        let first = batch * BATCH as u64;
        let stories: Vec<_> = (first..).zip(counts).map(|(number, &count)| story::tell(desk, number, count)).collect();
        db.write(async |conn| -> Result<_, AppError> {
            let tickets = store::insert_tickets(conn, rows::tickets(&stories, ids)).await?;
            let comments = store::insert_comments(conn, rows::comments(&stories, &tickets, ids)).await?;
            let events = rows::events(&stories, &tickets, &comments, &desk.people, ids)?;
            Ok(events::append_rows(conn, events).await?)
        })
        .await?;
        bar.inc(counts.len() as u64);
    }
    Ok(())
}

async fn fill_chats(db: &Db, desk: &Desk, ids: &Ids) -> Result<(), AppError> {
    let messages = chats::messages(&chats::tell(desk), ids);
    db.write(async |conn| -> Result<(), AppError> {
        let numbers = store::insert_messages(conn, messages.clone()).await?;
        store::insert_conversations(conn, &chats::conversations(&messages, &numbers)).await?;
        Ok(events::append_rows(conn, chats::events(&messages, &numbers)).await?)
    })
    .await
}

/// A password that keeps the desk's own rule.
fn password() -> String {
    loop {
        let password = random_text(14);
        if broken_rules_with_guesses(&password, &[]).is_empty() {
            return password;
        }
    }
}

fn logins(people: &People, password: &str) -> Vec<Login> {
    [Role::Admin, Role::Technician, Role::User]
        .into_iter()
        .filter_map(|role| {
            let username = people.first(role)?.username.clone();
            Some(Login { role: role.as_str(), username, password: password.to_owned() })
        })
        .collect()
}

/// A bar that shows only on a terminal.
fn bar(tickets: u64, progress: Progress) -> ProgressBar {
    if progress == Progress::Silent || !std::io::stdout().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} tickets, {eta} left");
    ProgressBar::new(tickets).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
