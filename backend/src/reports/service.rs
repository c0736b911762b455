//! What happens when a list is taken away as a file.

use std::{collections::HashMap, fs::File};

use actix_web::web::block;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use shared::{
    ids::CategoryId,
    reports::{ExportFormat, ExportQuery},
    tickets::{AssigneeFilter, CategoryFilter, Change, Status, TicketQuery, TicketSummary},
};
use tokio::sync::mpsc::{Sender, channel};

use super::{
    line::{Heading, Line, Step, write},
    turns::Turn,
    words::{Column, Words},
};
use crate::{
    auth::caller::Caller,
    categories,
    db::{Conn, now},
    error::AppError,
    events::{self, EventKind, NewEvent},
    settings::service::{Brand, brand},
    state::State,
    tickets::list,
    web::Asking,
};

/// Tickets handed on at once, and read at once where an index leads from one page to the next.
const PAGE: usize = 500;
/// Tickets read at once where words are looked for, since what the words find is found anew for each page. Some 4 MB, and
/// written before a server takes the pause between two readings for the end (`db/bounds.rs`).
const PAGE_OF_FOUND: usize = 4_000;
/// Pages that wait for the thread that writes.
const QUEUE: usize = 2;

/// What is asked for, understood.
pub struct Order<'a> {
    format: ExportFormat,
    query: &'a ExportQuery,
    words: &'static Words,
    zone: Tz,
    made_at: DateTime<Utc>,
}

impl<'a> Order<'a> {
    /// Understands it, or says what is wrong.
    pub fn understand(caller: &Caller, format: ExportFormat, query: &'a ExportQuery) -> Result<Self, AppError> {
        let zone = match query.time_zone.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
            None => Tz::UTC,
            Some(name) => name.parse().map_err(|_| {
                AppError::MalformedParameter("time_zone is not the name of a time zone, like Europe/Madrid".to_owned())
            })?,
        };
        let words = Words::of(query.locale.unwrap_or(caller.user.locale()));
        Ok(Self { format, query, words, zone, made_at: now() })
    }

    /// The name of the file.
    pub fn file_name(&self) -> String {
        format!("tickets-{}.{}", self.made_at.with_timezone(&self.zone).format("%Y-%m-%d"), self.format.as_str())
    }

    /// Writes the file and notes in the log who took what: before anybody has it, and not when it was not finished.
    pub async fn carry_out(&self, state: &State, caller: &Caller, asking: &Asking) -> Result<File, AppError> {
        let turn = state.exports.turn(caller.id(), asking).await?;
        let (steps, told) = channel(QUEUE);
        let (format, spool) = (self.format, state.storage.spool().to_owned());
        let writing = actix_web::rt::spawn(block(move || write(format, &spool, told)));
        let brand = brand(&mut state.db.read().await?).await?;
        let reader = Reader { order: self, caller, asking, steps, turn: &turn };
        let address = state.config.public_url.clone();
        let count = state.db.snapshot(async |conn| reader.read(conn, brand, address).await).await;
        let written = writing.await.map_err(AppError::internal)?.map_err(AppError::internal)?;
        // When both fail, the one that read knows why: the other only noticed.
        let (count, file) = match (count, written) {
            (Ok(Some(count)), Ok(file)) => (count, file),
            (Err(error), _) => return Err(error),
            (Ok(_), Err(error)) => return Err(error.into()),
            (Ok(None), Ok(_)) => return Err(AppError::internal("the file ended before its list")),
        };
        self.note(state, caller, count).await?;
        Ok(file)
    }

    async fn note(&self, state: &State, caller: &Caller, count: usize) -> Result<(), AppError> {
        let said = |field: &str, value: serde_json::Value| Change {
            field: field.to_owned(),
            from: None::<()>.into(),
            to: value,
        };
        let changes = vec![
            said("format", self.format.as_str().into()),
            said("filters", json(&self.query.list())?),
            said("count", count.into()),
        ];
        let origin = caller.origin();
        state
            .db
            .write(async |conn| -> Result<_, AppError> {
                let event = NewEvent { subject: None, ..NewEvent::desk(&origin, EventKind::Exported, 0) };
                Ok(events::append(conn, &event.changes(changes.clone())).await?)
            })
            .await
    }
}

fn json(value: &impl Serialize) -> Result<serde_json::Value, AppError> {
    serde_json::to_value(value).map_err(AppError::internal)
}

/// The side that reads.
struct Reader<'a> {
    order: &'a Order<'a>,
    caller: &'a Caller,
    asking: &'a Asking,
    steps: Sender<Step>,
    turn: &'a Turn,
}

impl Reader<'_> {
    /// Hands the whole list on, by the list's own pages: what the caller may see, what the filters leave, in its order.
    /// Answers how many tickets there were, or none when the other side gave up, which then says why.
    async fn read(self, conn: &mut Conn, brand: Brand, address: Option<url::Url>) -> Result<Option<usize>, AppError> {
        let categories = categories::service::names(conn).await?;
        let mut query = self.order.query.list();
        let (mut count, mut brand) = (0, Some(brand));
        let at_once = if list::looks_for_words(&query) { PAGE_OF_FOUND } else { PAGE };
        loop {
            let page = list::page_of(conn, self.caller, &query, at_once).await?;
            if self.asking.has_left() {
                return Err(Asking::gone());
            }
            self.turn.goes_on()?;
            if let Some(brand) = brand.take() {
                let heading = self.heading(brand, address.clone(), &categories, &page.items);
                if self.steps.send(Step::Begin(Box::new(heading))).await.is_err() {
                    return Ok(None);
                }
            }
            count += page.items.len();
            let mut lines = page.items.into_iter().map(|ticket| line(ticket, &categories)).peekable();
            while lines.peek().is_some() {
                let some = lines.by_ref().take(PAGE).collect();
                if self.steps.send(Step::Lines(some)).await.is_err() {
                    return Ok(None);
                }
            }
            query.cursor = page.next_cursor;
            if query.cursor.is_none() {
                return Ok(self.steps.send(Step::End).await.is_ok().then_some(count));
            }
        }
    }

    fn heading(
        &self,
        brand: Brand,
        address: Option<url::Url>,
        categories: &HashMap<CategoryId, String>,
        first: &[TicketSummary],
    ) -> Heading {
        let order = self.order;
        Heading {
            brand,
            words: order.words,
            zone: order.zone,
            made_at: order.made_at,
            made_by: self.caller.user.name.clone(),
            filters: filters(order, &order.query.list(), categories, first),
            address,
        }
    }
}

fn line(ticket: TicketSummary, categories: &HashMap<CategoryId, String>) -> Line {
    Line {
        id: ticket.id.0,
        title: ticket.title,
        status: ticket.status,
        priority: ticket.priority,
        category: ticket.category_id.and_then(|id| categories.get(&id).cloned()),
        requester: ticket.requester.name,
        assignee: ticket.assignee.map(|person| person.name),
        created_at: ticket.created_at,
        updated_at: ticket.updated_at,
        closed_at: ticket.closed_at,
    }
}

/// The filters in words. A person is named as the tickets name them: whoever sees none of theirs gets the number back that
/// they asked with, and no name for it.
fn filters(
    order: &Order<'_>,
    query: &TicketQuery,
    categories: &HashMap<CategoryId, String>,
    first: &[TicketSummary],
) -> Vec<(&'static str, String)> {
    let words = order.words;
    let numbered = |id: i64| format!("{} {id}", words.report.number);
    let mut all = Vec::new();
    if let Some(set) = query.status.as_ref().filter(|set| !set.0.is_empty() && set.0.len() < Status::ALL.len()) {
        let statuses: Vec<&str> = set.0.iter().map(|&status| words.status(status)).collect();
        all.push((words.column(Column::Status), statuses.join(", ")));
    }
    if let Some(priority) = query.priority {
        all.push((words.column(Column::Priority), words.priority(priority).to_owned()));
    }
    if let Some(category) = query.category_id {
        let name = match category {
            CategoryFilter::Id(id) => categories.get(&id).cloned().unwrap_or_else(|| numbered(id.0)),
            CategoryFilter::Without(_) => words.report.no_category.to_owned(),
        };
        all.push((words.column(Column::Category), name));
    }
    if let Some(assignee) = query.assignee_id {
        let name = match assignee {
            AssigneeFilter::Me => words.report.me.to_owned(),
            AssigneeFilter::Nobody => words.report.nobody.to_owned(),
            AssigneeFilter::Id(id) => {
                let named = first.first().and_then(|ticket| ticket.assignee.clone());
                named.map_or_else(|| numbered(id.0), |person| person.name)
            }
        };
        all.push((words.column(Column::Assignee), name));
    }
    if let Some(id) = query.requester_id {
        let name = first.first().map_or_else(|| numbered(id.0), |ticket| ticket.requester.name.clone());
        all.push((words.column(Column::Requester), name));
    }
    if query.waiting_for.is_some() {
        all.push((words.report.waiting_for, words.report.me.to_owned()));
    }
    if let Some(text) = query.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        all.push((words.report.containing, text.to_owned()));
    }
    for (name, moment) in [
        (words.report.from, query.created_after),
        (words.report.until, query.created_before),
        (words.report.closed_from, query.closed_after),
        (words.report.closed_until, query.closed_before),
    ] {
        all.extend(moment.map(|at| (name, words.moment(at, order.zone))));
    }
    all.push((words.report.order, words.sort(query.sort.unwrap_or_default()).to_owned()));
    all
}
