//! What the files say, in the language of their reader.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use shared::tickets::TicketSort;

pub use crate::words::Words;
use crate::words::fill;

/// How many columns a list has.
pub const COLUMNS: usize = 10;

impl Words {
    /// The names of the columns.
    pub fn columns(&self) -> [&'static str; COLUMNS] {
        let names = &self.report.columns;
        [
            names.id,
            names.title,
            names.status,
            names.priority,
            names.category,
            names.requester,
            names.assignee,
            names.created,
            names.updated,
            names.closed,
        ]
    }

    /// The name of a column, as it also names the filter of the same thing.
    pub fn column(&self, column: Column) -> &'static str {
        self.columns().get(column as usize).copied().unwrap_or_default()
    }

    /// An order.
    pub fn sort(&self, sort: TicketSort) -> &'static str {
        let names = &self.report.sorts;
        match sort {
            TicketSort::UpdatedDesc => names.updated_desc,
            TicketSort::UpdatedAsc => names.updated_asc,
            TicketSort::CreatedDesc => names.created_desc,
            TicketSort::CreatedAsc => names.created_asc,
            TicketSort::PriorityDesc => names.priority_desc,
            TicketSort::PriorityAsc => names.priority_asc,
        }
    }

    /// A moment, to the minute.
    pub fn moment(&self, at: DateTime<Utc>, zone: Tz) -> String {
        at.with_timezone(&zone).format(self.report.moment).to_string()
    }

    /// Which page of how many.
    pub fn page(&self, number: usize, of: usize) -> String {
        fill(self.report.page, &[("number", &number.to_string()), ("count", &of.to_string())])
    }

    /// When a file was made, and by whom.
    pub fn made(&self, at: &str, by: &str) -> String {
        fill(self.report.made, &[("moment", at), ("name", by)])
    }

    /// How many tickets.
    pub fn count(&self, count: usize) -> String {
        self.report.count.say(self.locale, count)
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

#[cfg(test)]
mod tests {
    use chrono::format::{Item, StrftimeItems};
    use shared::accounts::Locale;

    use super::*;

    #[test]
    fn each_language_writes_a_moment_to_the_minute() {
        for locale in Locale::ALL {
            let words = Words::of(locale);
            let format = words.report.moment;
            assert!(StrftimeItems::new(format).all(|item| item != Item::Error), "{locale:?}: {format}");
            let at = |seconds| words.moment(DateTime::from_timestamp(seconds, 0).unwrap(), Tz::UTC);
            assert_ne!(at(0), at(60), "{locale:?}: {format}");
        }
    }

    #[test]
    fn numbers_are_filled_in() {
        let words = Words::of(Locale::Es);
        assert_eq!([1, 2].map(|count| words.count(count)), ["1 ticket", "2 tickets"]);
        assert_eq!(words.page(2, 3), "Página 2 de 3");
        assert_eq!(words.made("hoy", "Ana"), "Generado el hoy por Ana");
    }
}
