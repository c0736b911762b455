//! Searching the whole desk.

use serde::{Deserialize, Serialize};

use crate::{
    ids::TicketId,
    tickets::{AssigneeFilter, Priority, Status},
};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    /// A ticket, by its number, title or description.
    Ticket,
    /// A comment on a ticket.
    Comment,
    /// A person; for staff only.
    Person,
}

/// One thing found. `title` and `snippet` are HTML: `<mark>` around what matched, everything else escaped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchHit {
    /// What it is.
    pub kind: SearchKind,
    /// Its number: the ticket's, the comment's or the person's.
    pub id: i64,
    /// The ticket, or the one the comment is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
    /// The ticket's title or the person's name.
    pub title: String,
    /// The words around the first match; empty when only the title matched.
    pub snippet: String,
    /// How well it matches: larger is better, and only good for comparing hits of one answer.
    pub score: f64,
}

/// What is searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct SearchQuery {
    /// Words that must all be there, the last one also as the beginning of a word; case and accents make no difference.
    /// `#1042` is a ticket's number; `status:open,waiting`, `priority:urgent` and `assignee:me` (or `none`, or a number)
    /// narrow the tickets. Up to 200 characters; nothing is found when it is blank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Only hits of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<SearchKind>,
    /// At most this many, up to 100; 25 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// What of a searched text is no word but narrows the tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// A ticket's number: `#1042`.
    pub number: Option<TicketId>,
    /// Any of these states: `status:open,waiting`.
    pub statuses: Vec<Status>,
    /// Any of these priorities: `priority:urgent`.
    pub priorities: Vec<Priority>,
    /// Whose: `assignee:me`.
    pub assignee: Option<AssigneeFilter>,
}

impl Narrowing {
    /// Understands a text: what narrows, and the words that are left. What looks like a filter and is none is words.
    pub fn read(text: &str) -> (Self, String) {
        let mut narrowing = Self::default();
        let rest: Vec<&str> = text.split_whitespace().filter(|part| !narrowing.takes(part)).collect();
        (narrowing, rest.join(" "))
    }

    /// Whether tickets are narrowed by more than a number.
    pub fn has_filters(&self) -> bool {
        !self.statuses.is_empty() || !self.priorities.is_empty() || self.assignee.is_some()
    }

    fn takes(&mut self, part: &str) -> bool {
        if let Some(number) = part.strip_prefix('#').and_then(|digits| digits.parse().ok()) {
            self.number = Some(TicketId(number));
            return true;
        }
        match part.split_once(':') {
            Some(("status", value)) => all(value, &mut self.statuses),
            Some(("priority", value)) => all(value, &mut self.priorities),
            Some(("assignee", value)) => value.parse().map(|assignee| self.assignee = Some(assignee)).is_ok(),
            _ => false,
        }
    }
}

/// Takes a comma-separated list when every value is known.
fn all<T: std::str::FromStr>(text: &str, into: &mut Vec<T>) -> bool {
    text.split(',').map(str::parse).collect::<Result<Vec<T>, _>>().map(|found| into.extend(found)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_and_words_are_told_apart() {
        let (narrowing, words) =
            Narrowing::read("status:open,waiting toner assignee:me priority:urgent status:lost #7");
        assert_eq!(narrowing.statuses, [Status::Open, Status::Waiting]);
        assert_eq!(narrowing.priorities, [Priority::Urgent]);
        assert_eq!((narrowing.assignee, narrowing.number), (Some(AssigneeFilter::Me), Some(TicketId(7))));
        assert_eq!(words, "toner status:lost");
    }
}
