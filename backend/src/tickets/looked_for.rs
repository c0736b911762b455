//! What the list's text looks for: the filters and words that the search understands too.

use shared::{
    ids::{TicketId, UserId},
    search::Narrowing,
    tickets::{AssigneeFilter, Status},
};

use super::{list::Filter, priority_code};
use crate::db::full_text::{self, Word};

/// Where no index keeps any of the words, the texts of no more tickets than this are looked through, or comments: the latest.
pub const LATEST: u32 = 50_000;

/// What a list's text looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookedFor {
    /// What is no word.
    pub narrowing: Narrowing,
    /// A ticket by its number: `#365`; `365` may also be an error code, a model, an invoice.
    pub number: Option<TicketId>,
    /// The ticket that the words must be of: `#365 toner`.
    pub within: Option<TicketId>,
    /// Words that are all there.
    pub words: Vec<Word>,
}

impl LookedFor {
    /// Understands a text.
    pub fn read(text: &str) -> Self {
        let (narrowing, rest) = Narrowing::read(text);
        let words = full_text::words(&rest);
        let (number, within) = match narrowing.number {
            Some(number) if words.is_empty() => (Some(number), None),
            within => (rest.parse().ok().map(TicketId).filter(|_| within.is_none()), within),
        };
        Self { narrowing, number, within, words }
    }

    /// Whether it looks for nothing that there could be: signs without a letter or a digit.
    pub fn is_nothing(&self) -> bool {
        self.number.is_none() && self.words.is_empty() && !self.narrowing.has_filters()
    }

    /// Narrows what is listed to what the text says. False when that and the other filters leave nothing.
    pub fn narrow(&self, filter: &mut Filter, statuses: &mut Vec<Status>, me: UserId) -> bool {
        let Narrowing { statuses: states, priorities, assignee, .. } = &self.narrowing;
        let priorities: Vec<i16> = priorities.iter().map(|&priority| priority_code(priority)).collect();
        let assignee = assignee.map(|assignee| assignee_of(assignee, me));
        let others = assignee.is_some() && filter.assignee.is_some_and(|chosen| Some(chosen) != assignee);
        filter.assignee = filter.assignee.or(assignee);
        both(statuses, states) && both(&mut filter.priorities, &priorities) && !others
    }
}

/// Somebody's number, or none for those nobody has.
pub fn assignee_of(filter: AssigneeFilter, me: UserId) -> Option<UserId> {
    match filter {
        AssigneeFilter::Id(id) => Some(id),
        AssigneeFilter::Me => Some(me),
        AssigneeFilter::Nobody => None,
    }
}

/// Leaves of a choice what another one has too; an empty one is of everything. False when nothing is left.
fn both<T: Copy + Ord>(chosen: &mut Vec<T>, said: &[T]) -> bool {
    if said.is_empty() {
        return true;
    }
    if chosen.is_empty() {
        chosen.extend_from_slice(said);
        chosen.sort_unstable();
        chosen.dedup();
    } else {
        chosen.retain(|one| said.contains(one));
    }
    !chosen.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_looked_for_by_itself_and_as_a_word() {
        let read = |text| {
            let LookedFor { number, within, words, .. } = LookedFor::read(text);
            (number, within, words)
        };
        let ticket = Some(TicketId(365));
        assert_eq!(read("#365"), (ticket, None, Vec::new()));
        assert_eq!(read("365"), (ticket, None, full_text::words("365")));
        assert_eq!(read("estado:abierto 365"), (ticket, None, full_text::words("365")));
        assert_eq!(read("error 365"), (None, None, full_text::words("error 365")));
        assert_eq!(read("error #365"), (None, ticket, full_text::words("error")));
        assert_eq!(read("#365 42"), (None, ticket, full_text::words("42")));
    }

    #[test]
    fn two_choices_leave_what_is_in_both() {
        let left = |chosen: &[i16], said: &[i16]| {
            let mut chosen = chosen.to_vec();
            both(&mut chosen, said).then_some(chosen)
        };
        assert_eq!(left(&[], &[]), Some(vec![]));
        assert_eq!(left(&[2], &[]), Some(vec![2]));
        assert_eq!(left(&[], &[3, 1, 3]), Some(vec![1, 3]));
        assert_eq!(left(&[1, 2], &[2, 3]), Some(vec![2]));
        assert_eq!(left(&[1], &[2]), None);
    }

    #[test]
    fn signs_alone_look_for_nothing() {
        assert!(LookedFor::read("%% ¿?").is_nothing());
        for text in ["#3", "a", "estado:abierto", "asignado:yo %"] {
            assert!(!LookedFor::read(text).is_nothing(), "{text}");
        }
    }
}
