//! What somebody types into the search box, understood.

use shared::{
    ids::TicketId,
    tickets::{AssigneeFilter, Priority, Status},
};

use crate::db::full_text;

/// What is searched for.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Asked {
    /// A ticket's number.
    pub number: Option<TicketId>,
    /// Folded words of letters and digits, nothing else: no database reads a meaning into them.
    pub words: Vec<String>,
    /// Any of these states.
    pub statuses: Vec<Status>,
    /// Any of these priorities.
    pub priorities: Vec<Priority>,
    /// Whose.
    pub assignee: Option<AssigneeFilter>,
}

impl Asked {
    /// Understands a text. What looks like a filter and is none is searched for as words.
    pub fn parse(text: &str) -> Self {
        let mut asked = Self::default();
        let rest: Vec<&str> = text.split_whitespace().filter(|part| !asked.filter(part)).collect();
        asked.words = full_text::words(&rest.join(" "));
        if asked.number.is_none()
            && let [only] = asked.words.as_slice()
        {
            asked.number = only.parse().ok().map(TicketId);
        }
        asked
    }

    /// Whether tickets are narrowed by more than words.
    pub fn has_filters(&self) -> bool {
        !self.statuses.is_empty() || !self.priorities.is_empty() || self.assignee.is_some()
    }

    fn filter(&mut self, part: &str) -> bool {
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
        let asked = Asked::parse("status:open,waiting Impresión assignee:me priority:urgent HP/M479");
        assert_eq!(asked.statuses, [Status::Open, Status::Waiting]);
        assert_eq!(asked.priorities, [Priority::Urgent]);
        assert_eq!(asked.assignee, Some(AssigneeFilter::Me));
        assert_eq!(asked.words, ["impresion", "hp", "m479"]);
        assert_eq!(asked.number, None);
    }

    #[test]
    fn a_number_is_a_tickets_and_a_word() {
        assert_eq!(Asked::parse("#1042").number, Some(TicketId(1042)));
        assert!(Asked::parse("#1042").words.is_empty());
        let asked = Asked::parse("1042");
        assert_eq!((asked.number, asked.words.as_slice()), (Some(TicketId(1042)), &["1042".to_owned()][..]));
        assert_eq!(Asked::parse("toner 1042").number, None);
    }

    #[test]
    fn no_operator_reaches_a_database() {
        let asked = Asked::parse(r#""NEAR(a b, 3)" * % _ -x +y title:z AND status:lost"#);
        assert_eq!(asked.words, ["near", "a", "b", "3", "x", "y", "title", "z", "and", "status", "lost"]);
        assert!(asked.statuses.is_empty());
        assert_eq!(Asked::parse(" \"'%* "), Asked::default());
    }
}
