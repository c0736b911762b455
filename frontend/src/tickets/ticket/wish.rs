//! What a person wants of a ticket, and what happens when somebody else wanted something else first.

use shared::{
    accounts::UserRef,
    permissions::TicketAction,
    problem::ProblemCode,
    tickets::{Status, Ticket, UpdateTicket},
};

use super::state::assign;
use crate::api::{ClientError, tickets as api};

/// A change to a ticket.
#[derive(Debug, Clone)]
pub enum Wish {
    /// New values for some fields; the version is put in when it is sent.
    Update(UpdateTicket),
    /// Another person, or nobody, deals with it.
    Assign(Option<UserRef>),
    /// It is done.
    Close,
    /// It is not done after all.
    Reopen,
}

impl Wish {
    /// The wish for a state: closing and reopening have ways of their own.
    pub fn for_status(from: Status, to: Status) -> Self {
        match (from, to) {
            (_, Status::Closed) => Self::Close,
            (Status::Closed, _) => Self::Reopen,
            _ => Self::Update(UpdateTicket { status: Some(to), ..UpdateTicket::default() }),
        }
    }

    /// Shows a ticket as it will be.
    pub fn show_in(&self, ticket: &mut Ticket) {
        match self {
            Self::Update(update) => {
                if let Some(title) = &update.title {
                    ticket.title.clone_from(title);
                }
                ticket.status = update.status.unwrap_or(ticket.status);
                ticket.priority = update.priority.unwrap_or(ticket.priority);
                ticket.category_id = update.category_id.unwrap_or(ticket.category_id);
            }
            Self::Assign(person) => ticket.assignee.clone_from(person),
            Self::Close => ticket.status = Status::Closed,
            Self::Reopen => {
                ticket.status = Status::Open;
                ticket.closed_at = None;
            }
        }
    }

    /// Whether it came true without the caller: a closed ticket cannot be closed again, nor an open one reopened.
    pub fn is_met_by(&self, current: &Ticket) -> bool {
        match self {
            Self::Close => current.status == Status::Closed,
            Self::Reopen => current.status != Status::Closed,
            Self::Update(_) | Self::Assign(_) => false,
        }
    }

    /// Whether it holds a text that somebody typed.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Update(update) if update.title.is_some() || update.description.is_some())
    }

    /// Asks the server for it.
    pub async fn send(&self, before: &Ticket) -> Result<Ticket, ClientError> {
        match self {
            Self::Update(update) => {
                let update = UpdateTicket { version: before.version, ..update.clone() };
                api::update(before.id, &update).await
            }
            Self::Assign(person) => assign(before, person.as_ref()).await,
            Self::Close => api::close(before.id, before.version).await,
            Self::Reopen => api::reopen(before.id, before.version).await,
        }
    }
}

/// A field that two people wanted otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The title.
    Title,
    /// The description.
    Description,
    /// The state.
    Status,
    /// The priority.
    Priority,
    /// The category.
    Category,
    /// Who deals with it.
    Assignee,
}

/// A change that came too late.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// The ticket as it is now.
    pub current: Ticket,
    /// What was wanted.
    pub wish: Wish,
    /// Where they differ: fields that the others changed and this change would overwrite.
    pub rows: Vec<Row>,
}

impl Conflict {
    /// The conflict an error tells of, if it does.
    pub fn met(error: &ClientError, before: &Ticket, wish: &Wish) -> Option<Self> {
        let problem = error.problem().filter(|problem| problem.code == ProblemCode::VersionConflict)?;
        let current: Ticket = serde_json::from_value(problem.current.clone()?).ok()?;
        let rows = rows(before, &current, wish);
        Some(Self { current: allowed(current, before), wish: wish.clone(), rows })
    }
}

/// What the caller may do comes with the ticket; if it did not, what they could do before stands.
fn allowed(mut current: Ticket, before: &Ticket) -> Ticket {
    if !current.actions.contains(&TicketAction::View) {
        current.actions.clone_from(&before.actions);
    }
    current
}

fn rows(before: &Ticket, current: &Ticket, wish: &Wish) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |row, wanted_otherwise: bool, changed: bool| {
        if wanted_otherwise && changed {
            rows.push(row);
        }
    };
    let person = |ticket: &Ticket| ticket.assignee.as_ref().map(|person| person.id);
    match wish {
        Wish::Update(update) => {
            let differs = |wanted: Option<&String>, now: &String| wanted.is_some_and(|wanted| wanted != now);
            add(Row::Title, differs(update.title.as_ref(), &current.title), before.title != current.title);
            let described = differs(update.description.as_ref(), &current.description);
            add(Row::Description, described, before.description != current.description);
            let state = update.status.is_some_and(|wanted| wanted != current.status);
            add(Row::Status, state, before.status != current.status);
            let priority = update.priority.is_some_and(|wanted| wanted != current.priority);
            add(Row::Priority, priority, before.priority != current.priority);
            let category = update.category_id.is_some_and(|wanted| wanted != current.category_id);
            add(Row::Category, category, before.category_id != current.category_id);
        }
        Wish::Assign(wanted) => {
            let otherwise = wanted.as_ref().map(|person| person.id) != person(current);
            add(Row::Assignee, otherwise, person(before) != person(current));
        }
        Wish::Close => add(Row::Status, current.status != Status::Closed, before.status != current.status),
        // A ticket that is still closed is reopened whatever else was changed; one that is not needs it no more.
        Wish::Reopen => {}
    }
    rows
}
