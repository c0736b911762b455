//! What somebody types into the search box, understood.

use std::ops::Deref;

use shared::{ids::TicketId, search::Narrowing};

use crate::db::full_text::{self, Word};

/// What is searched for.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What is no word.
    pub narrowing: Narrowing,
    /// The only ticket that is looked in: `#1042 toner`. Without words its number is all there is to look for.
    pub within: Option<TicketId>,
    /// Words of letters and digits, nothing else: no database reads a meaning into them.
    pub words: Vec<Word>,
}

impl Asked {
    /// Understands a text. What looks like a filter and is none is searched for as words.
    pub fn parse(text: &str) -> Self {
        let (mut narrowing, rest) = Narrowing::read(text);
        let words = full_text::words(&rest);
        let within = if words.is_empty() { None } else { narrowing.number.take() };
        if within.is_none()
            && narrowing.number.is_none()
            && let [only] = words.as_slice()
        {
            narrowing.number = only.folded.parse().ok().map(TicketId);
        }
        Self { narrowing, within, words }
    }
}

impl Deref for Asked {
    type Target = Narrowing;

    fn deref(&self) -> &Narrowing {
        &self.narrowing
    }
}

#[cfg(test)]
mod tests {
    use shared::tickets::{AssigneeFilter, Priority, Status};

    use super::*;

    fn words(asked: &Asked) -> Vec<&str> {
        asked.words.iter().map(|word| word.folded.as_str()).collect()
    }

    #[test]
    fn filters_and_words_are_told_apart() {
        let asked = Asked::parse("status:open,waiting Impresión assignee:me priority:urgent HP/M479");
        assert_eq!(asked.statuses, [Status::Open, Status::Waiting]);
        assert_eq!(asked.priorities, [Priority::Urgent]);
        assert_eq!(asked.assignee, Some(AssigneeFilter::Me));
        assert_eq!(words(&asked), ["impresion", "hp", "m479"]);
        assert_eq!(asked.number, None);
        let spanish = Asked::parse("estado:abierto,en_espera Impresión asignado:yo prioridad:urgente HP/M479");
        assert_eq!((spanish.narrowing, spanish.words), (asked.narrowing, asked.words));
    }

    #[test]
    fn a_number_is_a_tickets_and_a_word() {
        assert_eq!(Asked::parse("#1042").number, Some(TicketId(1042)));
        assert!(Asked::parse("#1042").words.is_empty());
        let asked = Asked::parse("1042");
        assert_eq!((asked.number, words(&asked)), (Some(TicketId(1042)), vec!["1042"]));
        assert_eq!(Asked::parse("toner 1042").number, None);
        for text in ["#1042 toner", "toner #1042"] {
            let asked = Asked::parse(text);
            assert_eq!((asked.number, asked.within, words(&asked)), (None, Some(TicketId(1042)), vec!["toner"]));
        }
        assert_eq!(Asked::parse("#1042 status:open").number, Some(TicketId(1042)));
    }

    #[test]
    fn no_operator_reaches_a_database() {
        let asked = Asked::parse(r#""NEAR(a b, 3)" * % _ -x +y title:z AND status:lost"#);
        assert_eq!(words(&asked), ["near", "a", "b", "3", "x", "y", "title", "z", "and", "status", "lost"]);
        assert!(asked.statuses.is_empty());
        assert_eq!(Asked::parse(" \"'%* "), Asked::default());
    }
}
