//! What waits for the line in the answer boxes of one tab: in each at most one text.

use shared::{
    ids::{TicketId, UserId},
    tickets::AddComment,
};

/// A box of a person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Whose.
    pub user: UserId,
    /// On which ticket.
    pub ticket: TicketId,
    /// That of notes, not of replies.
    pub note: bool,
}

/// An answer or a note that waits.
#[derive(Debug, Clone)]
pub struct Later {
    /// Where it was written.
    pub place: Place,
    /// What is to be sent, under the name that it had the first time.
    pub request: AddComment,
    /// It is still to be looked whether it names somebody who would not see it.
    pub asks: bool,
    under_way: bool,
    /// The person wants it back; while it is under way that is decided by whether it arrives.
    unwanted: bool,
}

impl Later {
    /// One that waits from now on.
    pub fn new(place: Place, request: AddComment, asks: bool) -> Self {
        Self { place, request, asks, under_way: false, unwanted: false }
    }
}

/// All that wait, the one that was sent first in front.
#[derive(Debug, Clone, Default)]
pub struct Row(Vec<Later>);

impl Row {
    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether something of this person's waits.
    pub fn is_for(&self, user: UserId) -> bool {
        self.0.iter().any(|later| later.place.user == user)
    }

    /// Whether something waits in a box.
    pub fn waits(&self, place: Place) -> bool {
        self.0.iter().any(|later| later.place == place)
    }

    /// Whether something waits in a box that holds another text by now.
    pub fn is_overwritten(&self, place: Place, text: &str) -> bool {
        self.0.iter().any(|later| later.place == place && later.request.body != text)
    }

    /// The text that waits in a box and is not wanted back.
    pub fn text(&self, place: Place) -> Option<&str> {
        self.0.iter().find(|later| later.place == place && !later.unwanted).map(|later| later.request.body.as_str())
    }

    /// Adds one, in the place of what waited in the same box.
    pub fn add(&mut self, later: Later) {
        self.forget(later.place);
        self.0.push(later);
    }

    /// The next of a person's, which is under way from now on.
    pub fn begin(&mut self, user: UserId) -> Option<Later> {
        let next = self.0.iter_mut().find(|later| later.place.user == user && !later.under_way)?;
        next.under_way = true;
        Some(next.clone())
    }

    /// Takes out what waits in a box; false when it is under way, and stays.
    pub fn withdraw(&mut self, place: Place) -> bool {
        self.0.retain(|later| later.place != place || later.under_way);
        !self.waits(place)
    }

    /// The person wants it back: at once, or as soon as it turns out that it did not arrive.
    pub fn take_back(&mut self, place: Place) {
        if !self.withdraw(place) {
            self.0.iter_mut().filter(|later| later.place == place).for_each(|later| later.unwanted = true);
        }
    }

    /// It did not arrive, and waits on, unless the person wants it back.
    pub fn stays(&mut self, place: Place) {
        self.0.retain(|later| later.place != place || !later.unwanted);
        self.0.iter_mut().filter(|later| later.place == place).for_each(|later| later.under_way = false);
    }

    /// It waits no more.
    pub fn forget(&mut self, place: Place) {
        self.0.retain(|later| later.place != place);
    }

    /// Nothing waits for anybody else.
    pub fn leave_to(&mut self, user: UserId) {
        self.0.retain(|later| later.place.user == user);
    }

    /// Nothing waits.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPLY: Place = Place { user: UserId(1), ticket: TicketId(7), note: false };
    const NOTE: Place = Place { note: true, ..REPLY };
    const ELSEWHERE: Place = Place { user: UserId(2), ..REPLY };

    fn later(place: Place, body: &str) -> Later {
        let request =
            AddComment { body: body.to_owned(), visibility: None, status: None, client_id: Some(body.to_owned()) };
        Later::new(place, request, false)
    }

    fn row(all: &[(Place, &str)]) -> Row {
        let mut row = Row::default();
        for (place, body) in all {
            row.add(later(*place, body));
        }
        row
    }

    fn next(row: &mut Row, user: UserId) -> Option<String> {
        row.begin(user).map(|later| later.request.body)
    }

    #[test]
    fn each_goes_once_at_a_time_in_its_turn_and_for_its_person_alone() {
        let mut row = row(&[(ELSEWHERE, "theirs"), (REPLY, "old"), (NOTE, "note"), (REPLY, "new")]);
        assert_eq!(next(&mut row, UserId(1)).as_deref(), Some("note"));
        assert_eq!(next(&mut row, UserId(1)).as_deref(), Some("new"));
        assert_eq!(next(&mut row, UserId(1)), None);
        row.stays(NOTE);
        assert_eq!(next(&mut row, UserId(1)).as_deref(), Some("note"));
        row.forget(REPLY);
        row.leave_to(UserId(1));
        assert!(row.waits(NOTE) && !row.waits(REPLY) && !row.waits(ELSEWHERE));
        assert!(row.is_for(UserId(1)) && !row.is_for(UserId(2)));
    }

    #[test]
    fn what_is_taken_back_is_not_sent_again() {
        let mut row = row(&[(REPLY, "a"), (NOTE, "b")]);
        row.take_back(NOTE);
        assert!(!row.waits(NOTE), "it waited, so it is back at once");
        assert_eq!((row.text(REPLY), row.text(NOTE)), (Some("a"), None));
        assert_eq!(next(&mut row, UserId(1)).as_deref(), Some("a"));
        row.take_back(REPLY);
        assert!(row.waits(REPLY), "it may have arrived");
        assert!(!row.withdraw(REPLY), "it is on its way");
        assert_eq!(row.text(REPLY), None, "its box is the person's again");
        row.stays(REPLY);
        assert!(row.is_empty(), "it did not arrive, so it is back");
    }

    #[test]
    fn another_text_in_the_box_is_another_answer() {
        let row = row(&[(REPLY, "a")]);
        assert!(row.is_overwritten(REPLY, "a quote\n\na"));
        assert!(!row.is_overwritten(REPLY, "a"));
        assert!(!row.is_overwritten(NOTE, "b"), "nothing waits there");
    }
}
