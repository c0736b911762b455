//! Demo data: a believable desk, the same for the same seed.
//!
//! The seed decides who the people are, what they write and what becomes of every ticket; the moments are counted back
//! from the last midnight (UTC), so that the desk always looks as if it had been used until yesterday. The same seed on
//! the same day gives the same rows. Only the password differs: it is drawn anew each time, one for all, since it opens
//! a real desk.
//!
//! A desk that is not empty keeps what it has; whoever is called like somebody who is already there gets a number after
//! the name. So it can also be filled more than once. Categories that tickets are about and that the desk has not are made,
//! and so are saved replies.
//!
//! Every row is marked as the demo's ([`marks`]) in the transaction that adds it, so that all of it, and nothing else, can be
//! removed at any time ([`service`]). From the page a smaller demo is loaded, in small batches beside the desk's work; from
//! the command line a desk is flooded.

mod calendar;
mod chats;
mod dice;
mod handlers;
pub mod marks;
mod people;
mod removal;
mod replies;
mod rows;
mod script;
pub mod service;
mod store;
mod story;
#[cfg(test)]
mod tests;
mod words;

use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use shared::{accounts::Role, ids::UserId, notifications::UpdateChoices, password::broken_rules_with_guesses};
use tokio::time::sleep;

use self::{
    calendar::Calendar,
    marks::{Kind, Work},
    people::People,
    rows::Ids,
    story::Desk,
};
use crate::{
    auth::{passwords::Passwords, secrets::random_text},
    db::{Conn, Db, now},
    error::AppError,
    events::{self, EventKind, NewEvent, Origin, change},
    notifications,
    text::fold,
    web::routes::Routes,
};

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes.service(handlers::get_demo).service(handlers::load_demo).service(handlers::remove_demo);
}

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
    pub const REPLIES: u64 = 7;
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

/// In what steps a desk is filled.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// Tickets of one transaction.
    batch: usize,
    /// The least time that others have to themselves between two of them.
    pause: Duration,
}

/// Fills the desk; answers with one login for each role.
pub async fn fill(db: &Db, size: Size, progress: Progress) -> Result<Vec<Login>, AppError> {
    let started = Instant::now();
    let password = password();
    let hash = Passwords::new(1).map_err(AppError::internal)?.hash(password.clone()).await?;
    let desk = desk(db, size, calendar::DAYS).await?;
    let bar = bar(size.tickets, progress);

    let work = db.write(async |conn| service::begin(conn, size.tickets, true).await).await?;
    let (widened, ids) = db
        .write(async |conn| -> Result<_, AppError> {
            let widened = store::widen(conn).await?;
            Ok((widened, add_people(conn, &desk, Some(&hash), work).await?))
        })
        .await?;
    let pace = Pace { batch: BATCH, pause: Duration::ZERO };
    let filled = fill_tickets(db, &desk, &ids, (pace, work), &bar).await;
    db.write(async |conn| store::narrow(conn, &widened).await).await?;
    filled?;
    fill_chats(db, &desk, &ids, work).await?;
    service::finish_loading(db, &Origin::default(), size.tickets, work).await?;
    store::analyze(&mut db.read().await?).await?;

    bar.finish_and_clear();
    if progress == Progress::Bar {
        let (people, seconds) = (desk.people.all.len(), started.elapsed().as_secs_f64());
        // Nowhere is left to say it when stdout is closed.
        let _ = writeln!(std::io::stdout(), "{} tickets and {people} people in {seconds:.1} s.", size.tickets);
    }
    Ok(logins(&desk.people, &password))
}

/// The desk to come: so many tickets over so many days, and nobody called like somebody who is there.
async fn desk(db: &Db, size: Size, days: u32) -> Result<Desk, AppError> {
    let taken = store::user_names(&mut db.read().await?).await?;
    let calendar = Calendar::of_days(days, now());
    let people = People::new(size.seed, size.tickets, &calendar, &taken);
    Ok(Desk { seed: size.seed, tickets: size.tickets, calendar, people })
}

/// Adds the people, and the categories and saved replies that are not there. Without a password nobody can log in as one of
/// them, and nobody writes mails to them.
async fn add_people(conn: &mut Conn, desk: &Desk, hash: Option<&str>, work: Work) -> Result<Ids, AppError> {
    service::go_on(conn, work, 0).await?;
    let users = store::insert_users(conn, rows::users(&desk.people, hash)).await?;
    marks::mark(conn, Kind::Person, &users).await?;
    if hash.is_none() {
        for &user in &users {
            notifications::service::choose(conn, UserId(user), &UpdateChoices::no_mail()).await?;
        }
    }
    let mut categories = store::categories(conn).await?;
    let nobody = Origin::default();
    let mut told = Vec::new();
    for name in words::categories() {
        if categories.iter().any(|(known, _)| *known == fold(name)) {
            continue;
        }
        let place = store::last_category(conn).await?.saturating_add(1);
        let id = store::insert_category(conn, name, place).await?;
        marks::mark(conn, Kind::Category, &[id]).await?;
        categories.push((fold(name), id));
        let changes = change("name", &"", &name).into_iter().collect();
        told.push(NewEvent::desk(&nobody, EventKind::CategoryCreated, id).changes(changes));
    }
    let ids = Ids { users, categories };
    let saved = replies::rows(desk, &ids, &store::reply_titles(conn).await?);
    let numbers = store::insert_replies(conn, saved.clone()).await?;
    marks::mark(conn, Kind::Reply, &numbers).await?;
    let mut past = rows::user_events(&desk.people, &ids.users);
    past.extend(replies::events(&saved, &numbers));
    events::append_rows(conn, past).await?;
    events::append_all(conn, &told).await?;
    Ok(ids)
}

async fn fill_tickets(
    db: &Db,
    desk: &Desk,
    ids: &Ids,
    (pace, work): (Pace, Work),
    bar: &ProgressBar,
) -> Result<(), AppError> {
    let counts = story::comment_counts(desk);
    let mut first = 0_u64;
    for counts in counts.chunks(pace.batch) {
        let started = Instant::now();
        let stories: Vec<_> = (first..).zip(counts).map(|(number, &count)| story::tell(desk, number, count)).collect();
        let told = i64::try_from(stories.len()).unwrap_or(i64::MAX);
        db.write(async |conn| -> Result<_, AppError> {
            let tickets = store::insert_tickets(conn, rows::tickets(&stories, ids)).await?;
            marks::mark(conn, Kind::Ticket, &tickets).await?;
            let comments = store::insert_comments(conn, rows::comments(&stories, &tickets, ids)).await?;
            marks::mark(conn, Kind::Comment, &comments).await?;
            service::go_on(conn, work, told).await?;
            let events = rows::events(&stories, &tickets, &comments, &desk.people, ids)?;
            Ok(events::append_rows(conn, events).await?)
        })
        .await?;
        first += counts.len() as u64;
        bar.inc(counts.len() as u64);
        if !pace.pause.is_zero() {
            sleep(pace.pause.max(started.elapsed())).await;
        }
    }
    Ok(())
}

async fn fill_chats(db: &Db, desk: &Desk, ids: &Ids, work: Work) -> Result<(), AppError> {
    let messages = chats::messages(&chats::tell(desk), ids);
    db.write(async |conn| -> Result<(), AppError> {
        service::go_on(conn, work, 0).await?;
        let numbers = store::insert_messages(conn, messages.clone()).await?;
        marks::mark(conn, Kind::Message, &numbers).await?;
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
