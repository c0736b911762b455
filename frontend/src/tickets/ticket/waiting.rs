//! What waits for the line in a person's answer boxes. Each has the name under which it is sent; a box says that something
//! waits in it while it holds what was sent from it under that name. The same words in the box of another tab are another text,
//! until the person sends them as well.

use serde::{Deserialize, Serialize};
use shared::{
    ids::{TicketId, UserId},
    tickets::{AddComment, Mention},
};

use super::attempt::Named;
use crate::api::ClientError;

/// A box of a person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Whose.
    pub user: UserId,
    /// On which ticket.
    pub ticket: TicketId,
    /// That of notes, not of replies.
    pub note: bool,
}

/// An answer or a note that waits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Later {
    /// Where it was written.
    pub place: Place,
    /// What is to be sent, under the name that it had the first time.
    pub named: Named,
    /// It is still to be looked whether it names somebody who would not see it.
    pub asks: bool,
    /// When it was sent the first time, in milliseconds since 1970 by this machine's clock.
    pub written: f64,
    /// Why it will not be sent as it is: for the other tabs of this browser, which hear of it once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Failed>,
    /// Whether this browser keeps it. Otherwise it is in this tab only.
    #[serde(skip)]
    pub kept: bool,
    #[serde(skip)]
    stage: Stage,
}

/// Why what waited was not sent, and the person decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failed {
    /// It names these, who would not see it.
    Asks(Vec<Mention>),
    /// The server said no.
    Refused(ClientError),
}

/// How far one that waits has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// It waits.
    #[default]
    Waits,
    /// It is on its way.
    UnderWay,
    /// The person wants it back while it is on its way: whether it arrives decides.
    TakenBack,
}

impl Later {
    /// One that waits from now on.
    pub fn new(place: Place, named: Named, asks: bool, written: f64) -> Self {
        Self { place, named, asks, written, failed: None, kept: false, stage: Stage::Waits }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        self.named.request.client_id.as_deref().unwrap_or_default()
    }

    /// What it says.
    pub fn body(&self) -> &str {
        &self.named.request.body
    }

    /// What is asked of the server.
    pub fn request(&self) -> &AddComment {
        &self.named.request
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

    /// How much of this person's would not be sent if this tab were closed.
    pub fn count_only_here(&self, user: UserId) -> usize {
        self.0.iter().filter(|later| later.place.user == user && !later.kept).count()
    }

    /// What is called so.
    pub fn find(&self, name: &str) -> Option<&Later> {
        self.0.iter().find(|later| later.name() == name)
    }

    /// Whether what is called so waits, and is not wanted back.
    pub fn waits(&self, name: &str) -> bool {
        self.find(name).is_some_and(|later| later.stage != Stage::TakenBack)
    }

    /// What waits in a box, here or in another tab, and says just this.
    pub fn saying(&self, place: Place, text: &str) -> Option<&Later> {
        self.0.iter().find(|later| later.place == place && later.body() == text)
    }

    /// The first of a box that is not wanted back.
    pub fn first_at(&self, place: Place) -> Option<&Later> {
        self.0.iter().find(|later| later.place == place && later.stage != Stage::TakenBack)
    }

    /// A moment for the next: now, but after all that wait. A clock that was set back changes no order.
    pub fn next_moment(&self, now: f64) -> f64 {
        self.0.iter().fold(now, |moment, later| if later.written >= moment { later.written + 1.0 } else { moment })
    }

    /// Adds one, in the place of what was called the same.
    pub fn add(&mut self, later: Later) {
        self.forget(later.name());
        self.0.push(later);
        self.0.sort_by(|one, other| one.written.total_cmp(&other.written));
    }

    /// Adds those that are not here yet. What is here knows more: it may be under way.
    pub fn take_in(&mut self, all: Vec<Later>) {
        for later in all {
            if self.find(later.name()).is_none() {
                self.add(later);
            }
        }
    }

    /// The next of a person's, which is under way from now on.
    pub fn begin(&mut self, user: UserId) -> Option<Later> {
        let next = self.0.iter_mut().find(|later| later.place.user == user && later.stage == Stage::Waits)?;
        next.stage = Stage::UnderWay;
        Some(next.clone())
    }

    /// Takes one out; false when it is under way, and stays.
    pub fn withdraw(&mut self, name: &str) -> bool {
        self.0.retain(|later| later.name() != name || later.stage != Stage::Waits);
        self.find(name).is_none()
    }

    /// The person wants it back: at once, or as soon as it turns out that it did not arrive.
    pub fn take_back(&mut self, name: &str) {
        if !self.withdraw(name) {
            self.0.iter_mut().filter(|later| later.name() == name).for_each(|later| later.stage = Stage::TakenBack);
        }
    }

    /// The person wants it sent after all.
    pub fn want(&mut self, name: &str) {
        let is_back = |later: &&mut Later| later.name() == name && later.stage == Stage::TakenBack;
        self.0.iter_mut().filter(is_back).for_each(|later| later.stage = Stage::UnderWay);
    }

    /// It did not arrive, and waits on, unless the person wants it back.
    pub fn stays(&mut self, name: &str) {
        self.0.retain(|later| later.name() != name || later.stage != Stage::TakenBack);
        self.0.iter_mut().filter(|later| later.name() == name).for_each(|later| later.stage = Stage::Waits);
    }

    /// It waits no more; whether the person still wanted it sent.
    pub fn forget(&mut self, name: &str) -> bool {
        let wanted = self.waits(name);
        self.0.retain(|later| later.name() != name);
        wanted
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
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const REPLY: Place = Place { user: UserId(1), ticket: TicketId(7), note: false };
    const NOTE: Place = Place { note: true, ..REPLY };
    const ELSEWHERE: Place = Place { user: UserId(2), ..REPLY };

    /// One whose name is its text.
    fn later(place: Place, body: &str, written: f64) -> Later {
        let request =
            AddComment { body: body.to_owned(), visibility: None, status: None, client_id: Some(body.to_owned()) };
        Later::new(place, Named { request, mixed: false, seen: None }, false, written)
    }

    fn row(all: &[(Place, &str)]) -> Row {
        let mut row = Row::default();
        for (place, body) in all {
            let written = row.next_moment(0.0);
            row.add(later(*place, body, written));
        }
        row
    }

    fn next(row: &mut Row, user: UserId) -> Option<String> {
        row.begin(user).map(|later| later.body().to_owned())
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn each_goes_once_at_a_time_in_its_turn_and_for_its_person_alone() {
        let mut row = row(&[(ELSEWHERE, "theirs"), (NOTE, "note"), (REPLY, "reply")]);
        assert_eq!(next(&mut row, UserId(1)).as_deref(), Some("note"));
        assert_eq!(next(&mut row, UserId(1)).as_deref(), Some("reply"));
        assert_eq!(next(&mut row, UserId(1)), None);
        row.stays("note");
        assert_eq!(next(&mut row, UserId(1)).as_deref(), Some("note"));
        assert!(row.forget("reply"), "it was wanted to the end");
        row.leave_to(UserId(1));
        assert!(row.find("note").is_some());
        assert!(row.find("reply").is_none() && row.find("theirs").is_none());
        assert!(row.is_for(UserId(1)) && !row.is_for(UserId(2)));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_taken_back_is_not_sent_again() {
        let mut row = row(&[(REPLY, "a"), (NOTE, "b")]);
        row.take_back("b");
        assert!(row.find("b").is_none(), "it waited, so it is back at once");
        assert_eq!(next(&mut row, UserId(1)).as_deref(), Some("a"));
        row.take_back("a");
        assert!(row.find("a").is_some(), "it may have arrived");
        assert!(!row.withdraw("a"), "it is on its way");
        assert!(row.first_at(REPLY).is_none(), "its box is the person's again");
        assert!(!row.waits("a"), "and says nothing of waiting");
        row.stays("a");
        assert!(row.is_empty(), "it did not arrive, so it is back");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_taken_back_on_its_way_and_sent_again_waits_on() {
        let mut row = row(&[(REPLY, "a")]);
        row.begin(UserId(1));
        row.take_back("a");
        row.want("a");
        assert!(row.waits("a"));
        assert_eq!(next(&mut row, UserId(1)), None, "it is on its way still");
        row.stays("a");
        assert_eq!(next(&mut row, UserId(1)).as_deref(), Some("a"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_was_taken_back_and_did_not_pass_is_not_given_back_twice() {
        let mut row = row(&[(REPLY, "a")]);
        row.begin(UserId(1));
        row.take_back("a");
        assert!(!row.forget("a"));
        assert!(!row.forget("a"), "another tab took it back");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn two_tabs_wait_in_one_box_and_what_says_the_same_is_found() {
        let row = row(&[(REPLY, "from one"), (REPLY, "from the other")]);
        let saying = |place, text| row.saying(place, text).map(Later::name);
        assert_eq!(saying(REPLY, "from the other"), Some("from the other"));
        assert_eq!(saying(REPLY, "from"), None);
        assert_eq!(saying(NOTE, "from one"), None);
        assert_eq!(row.first_at(REPLY).map(Later::name), Some("from one"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_found_again_changes_nothing_about_what_is_here() {
        let mut row = row(&[(REPLY, "b")]);
        row.begin(UserId(1));
        row.take_in(vec![later(REPLY, "b", 0.0), later(REPLY, "a", -5.0)]);
        assert_eq!(next(&mut row, UserId(1)).as_deref(), Some("a"), "the other is under way");
        assert_eq!(row.first_at(REPLY).map(Later::name), Some("a"), "it was written first");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn only_what_this_tab_alone_has_is_lost_with_it() {
        let mut row = Row::default();
        row.add(Later { kept: true, ..later(REPLY, "a", 0.0) });
        assert_eq!(row.count_only_here(UserId(1)), 0);
        row.add(later(NOTE, "with files", 1.0));
        assert_eq!((row.count_only_here(UserId(1)), row.count_only_here(UserId(2))), (1, 0));
    }
}
