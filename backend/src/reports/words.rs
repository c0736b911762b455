//! What the files say, in both languages.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use shared::{
    accounts::Locale,
    tickets::{Priority, Status, TicketSort},
};

/// How many columns a list has.
pub const COLUMNS: usize = 10;

/// The words of one language.
pub struct Words {
    /// The language's tag.
    pub tag: &'static str,
    /// The name of the list.
    pub title: &'static str,
    columns: [&'static str; COLUMNS],
    statuses: [&'static str; 4],
    priorities: [&'static str; 4],
    sorts: [&'static str; 6],
    /// How Excel writes a moment.
    pub excel_moment: &'static str,
    moment: &'static str,
    page: (&'static str, &'static str),
    made: (&'static str, &'static str),
    count: (&'static str, &'static str),
    /// What tells in which zone moments are.
    pub hours_in: &'static str,
    /// The filter of words.
    pub waiting_for: &'static str,
    pub containing: &'static str,
    /// The filter from a moment.
    pub from: &'static str,
    /// The filter until a moment.
    pub until: &'static str,
    /// The filter from the moment of closing.
    pub closed_from: &'static str,
    /// The filter until the moment of closing.
    pub closed_until: &'static str,
    /// The order.
    pub order: &'static str,
    /// A person whose name is not to be told.
    pub number: &'static str,
    /// The caller.
    pub me: &'static str,
    /// No technician.
    pub nobody: &'static str,
    /// No category.
    pub no_category: &'static str,
    /// A list without tickets.
    pub empty: &'static str,
}

const SPANISH: Words = Words {
    tag: "es",
    title: "Tickets",
    columns: [
        "Número",
        "Título",
        "Estado",
        "Prioridad",
        "Categoría",
        "Solicita",
        "Técnico",
        "Creado",
        "Actividad",
        "Cerrado",
    ],
    statuses: ["Abierto", "En proceso", "En espera", "Cerrado"],
    priorities: ["Baja", "Media", "Alta", "Urgente"],
    sorts: [
        "Actividad reciente",
        "Actividad más antigua",
        "Más nuevos",
        "Más antiguos",
        "Más urgentes",
        "Menos urgentes",
    ],
    excel_moment: "dd/mm/yyyy hh:mm",
    moment: "%d/%m/%Y %H:%M",
    page: ("Página", "de"),
    made: ("Generado el", "por"),
    count: ("ticket", "tickets"),
    hours_in: "Horas de",
    waiting_for: "En espera de",
    containing: "Palabras",
    from: "Creado desde",
    until: "Creado antes de",
    closed_from: "Cerrado desde",
    closed_until: "Cerrado antes de",
    order: "Orden",
    number: "n.º",
    me: "yo",
    nobody: "Sin asignar",
    no_category: "Sin categoría",
    empty: "Ningún ticket coincide.",
};

const ENGLISH: Words = Words {
    tag: "en",
    title: "Tickets",
    columns: [
        "Number",
        "Title",
        "Status",
        "Priority",
        "Category",
        "Requester",
        "Technician",
        "Created",
        "Activity",
        "Closed",
    ],
    statuses: ["Open", "In progress", "Waiting", "Closed"],
    priorities: ["Low", "Medium", "High", "Urgent"],
    sorts: ["Recent activity", "Oldest activity", "Newest", "Oldest", "Most urgent", "Least urgent"],
    excel_moment: "yyyy-mm-dd hh:mm",
    moment: "%Y-%m-%d %H:%M",
    page: ("Page", "of"),
    made: ("Made on", "by"),
    count: ("ticket", "tickets"),
    hours_in: "Times in",
    waiting_for: "Waiting for",
    containing: "Words",
    from: "Created from",
    until: "Created before",
    closed_from: "Closed from",
    closed_until: "Closed before",
    order: "Order",
    number: "no.",
    me: "me",
    nobody: "Unassigned",
    no_category: "No category",
    empty: "No ticket matches.",
};

impl Words {
    /// Those of a language.
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::Es => &SPANISH,
            Locale::En => &ENGLISH,
        }
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[&'static str; COLUMNS] {
        &self.columns
    }

    /// The name of a column, as it also names the filter of the same thing.
    pub fn column(&self, column: Column) -> &'static str {
        self.columns.get(column as usize).copied().unwrap_or_default()
    }

    /// A state.
    pub fn status(&self, status: Status) -> &'static str {
        let [open, in_progress, waiting, closed] = self.statuses;
        match status {
            Status::Open => open,
            Status::InProgress => in_progress,
            Status::Waiting => waiting,
            Status::Closed => closed,
        }
    }

    /// A priority.
    pub fn priority(&self, priority: Priority) -> &'static str {
        let [low, medium, high, urgent] = self.priorities;
        match priority {
            Priority::Low => low,
            Priority::Medium => medium,
            Priority::High => high,
            Priority::Urgent => urgent,
        }
    }

    /// An order.
    pub fn sort(&self, sort: TicketSort) -> &'static str {
        let place = TicketSort::ALL.iter().position(|&each| each == sort).unwrap_or_default();
        self.sorts.get(place).copied().unwrap_or_default()
    }

    /// A moment, to the minute.
    pub fn moment(&self, at: DateTime<Utc>, zone: Tz) -> String {
        at.with_timezone(&zone).format(self.moment).to_string()
    }

    /// Which page of how many.
    pub fn page(&self, number: usize, of: usize) -> String {
        let (page, preposition) = self.page;
        format!("{page} {number} {preposition} {of}")
    }

    /// When a file was made, and by whom.
    pub fn made(&self, at: &str, by: &str) -> String {
        let (made, preposition) = self.made;
        format!("{made} {at} {preposition} {by}")
    }

    /// How many tickets.
    pub fn count(&self, count: usize) -> String {
        let (one, many) = self.count;
        format!("{count} {}", if count == 1 { one } else { many })
    }
}

/// The columns, in their order, but the last, which a page has no room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The number.
    Id,
    /// The title.
    Title,
    /// The state.
    Status,
    /// The priority.
    Priority,
    /// The category.
    Category,
    /// Who has the problem.
    Requester,
    /// Who has the ticket.
    Assignee,
    /// When it was opened.
    Created,
    /// When something last happened.
    Updated,
}
