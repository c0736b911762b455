//! Who does and says what about one ticket, in which order.

use shared::{
    accounts::Locale,
    tickets::{Priority, Status, Visibility},
};

use super::{
    dice::Dice,
    people::People,
    story::Deed,
    words::{self, Topic, Use, Words},
};

/// What is known before anybody acts.
pub struct Play<'a> {
    pub people: &'a People,
    pub locale: Locale,
    /// Where it ends.
    pub status: Status,
    pub priority: Priority,
    pub requester: usize,
    pub technician: Option<usize>,
    pub comments: u8,
}

/// A ticket's text and its deeds, each with who does it.
pub struct Script {
    pub title: String,
    pub description: String,
    pub category: &'static str,
    pub deeds: Vec<(usize, Deed)>,
}

/// Writes it.
pub fn write(play: &Play, dice: &mut Dice) -> Script {
    let words = words::words(play.locale);
    let topic = dice.pick(&words.topics).unwrap_or(&words.general);
    let titles = topic.titles();
    let place = dice.place(titles.len());
    let (title, description) = titles.get(place).copied().unwrap_or_default();
    let mut pen = Pen { words, topic, title: place + 1, key: dice.next(), used: Vec::new(), asked: None };
    let title = words.fill(title, pen.key);
    let description = describe(play, &mut pen, description, dice);
    let mut deeds = vec![(play.requester, Deed::Open)];
    Actors { play, pen, dice, deeds: &mut deeds, status: Status::Open }.act();
    Script { title, description, category: topic.category, deeds }
}

fn describe(play: &Play, pen: &mut Pen, description: &str, dice: &mut Dice) -> String {
    let mut text = String::new();
    if dice.chance(70) {
        text.push_str(&pen.write(Use::Greeting, dice));
        text.push_str("\n\n");
    }
    text.push_str(&pen.words.fill(description, pen.key));
    for _ in 0..dice.below(3) {
        let detail = pen.write(Use::Detail, dice);
        text.push_str(if detail.contains('\n') { "\n\n" } else { " " });
        text.push_str(&detail);
        if detail.contains('\n') {
            break;
        }
    }
    let last = match play.priority {
        Priority::Urgent => Some(Use::Urgency),
        Priority::High if dice.chance(40) => Some(Use::Urgency),
        Priority::Low if dice.chance(50) => Some(Use::Patience),
        _ => None,
    };
    if let Some(last) = last {
        text.push_str("\n\n");
        text.push_str(&pen.write(last, dice));
    }
    text
}

/// Writes texts that go with one title, none twice as long as there are others.
struct Pen {
    words: &'static Words,
    topic: &'static Topic,
    /// Which of the topic's titles, from 1.
    title: usize,
    key: u64,
    used: Vec<&'static str>,
    /// The place of the question that waits for its reply.
    asked: Option<usize>,
}

impl Pen {
    fn write(&mut self, wanted: Use, dice: &mut Dice) -> String {
        let all = self.words.of(self.topic, wanted, self.title);
        // Replies stand in the order of their questions.
        let reply = self.asked.filter(|_| wanted == Use::Reply).and_then(|place| all.get(place));
        let fresh: Vec<&str> = all.iter().copied().filter(|text| !self.used.contains(text)).collect();
        let drawn = dice.pick(if fresh.is_empty() { &all } else { &fresh });
        let Some(&text) = reply.or(drawn) else { return String::new() };
        match wanted {
            Use::Question => self.asked = all.iter().position(|known| *known == text),
            Use::Reply => self.asked = None,
            _ => {}
        }
        self.used.push(text);
        self.words.fill(text, self.key)
    }
}

/// Lets people act.
struct Actors<'a, 'b> {
    play: &'a Play<'a>,
    pen: Pen,
    dice: &'b mut Dice,
    deeds: &'b mut Vec<(usize, Deed)>,
    status: Status,
}

impl Actors<'_, '_> {
    fn act(mut self) {
        let play = self.play;
        if play.technician.is_some() {
            self.triage();
        }
        let closes = play.status == Status::Closed;
        let thanks = closes && play.technician.is_some() && play.comments > 2 && self.dice.chance(35);
        let after = u8::from(thanks && self.dice.chance(50));
        let reopens = closes && play.technician.is_some() && self.dice.chance(3);
        self.talk(play.comments - after, thanks && after == 0);
        if !closes {
            return self.go_by_staff(play.status);
        }
        let who = play.technician.filter(|_| self.dice.chance(88)).unwrap_or(play.requester);
        self.go(who, Status::Closed);
        if reopens {
            self.go(play.requester, Status::Open);
            let who = play.technician.unwrap_or(play.requester);
            self.go(who, Status::Closed);
        }
        if after > 0 {
            self.comment(play.requester, Visibility::Public, Use::Thanks);
        }
    }

    /// Somebody takes it or is given it, and perhaps begins.
    fn triage(&mut self) {
        let Some(technician) = self.play.technician else { return };
        if self.dice.chance(8) {
            // Somebody else had it first.
            let other = self.play.people.technician(self.dice);
            if other != technician {
                self.deeds.push((other, Deed::Assign(other)));
                self.deeds.push((self.play.people.admin(self.dice), Deed::Assign(technician)));
            }
        }
        if !self.deeds.iter().any(|(_, deed)| matches!(deed, Deed::Assign(_))) {
            let giver = if self.dice.chance(80) { technician } else { self.play.people.admin(self.dice) };
            self.deeds.push((giver, Deed::Assign(technician)));
        }
        if self.dice.chance(8) {
            let before = if self.play.priority == Priority::Medium { Priority::Low } else { Priority::Medium };
            self.deeds.push((technician, Deed::Prioritise(before)));
        }
        if self.play.status != Status::Open && self.dice.chance(75) {
            self.go(technician, Status::InProgress);
        }
    }

    /// Everything that is written before the ticket is where it ends.
    fn talk(&mut self, comments: u8, thanks: bool) {
        let play = self.play;
        let mut last_public = comments;
        if thanks {
            last_public -= 1;
        }
        let mut staff_spoke = false;
        let mut staff_next = play.technician.is_some() || self.dice.chance(40);
        for place in 0..comments {
            let is_last = place + 1 == last_public;
            if thanks && place == last_public {
                self.comment(play.requester, Visibility::Public, Use::Thanks);
            } else if !is_last && self.dice.chance(17) || (is_last && self.dice.chance(5)) {
                let who = self.staff();
                self.comment(who, Visibility::Internal, Use::Note);
            } else if play.status == Status::Closed && is_last && play.technician.is_some() {
                let who = self.staff();
                self.comment(who, Visibility::Public, Use::Solution);
            } else if staff_next {
                let who = self.staff();
                self.comment(who, Visibility::Public, if staff_spoke { Use::Attempt } else { Use::Question });
                if play.status == Status::Closed && self.status == Status::InProgress && self.dice.chance(20) {
                    self.go(who, Status::Waiting);
                }
                (staff_spoke, staff_next) = (true, false);
            } else {
                let reply = match (staff_spoke, self.pen.asked) {
                    (true, Some(_)) => Use::Reply,
                    (true, None) => Use::Trial,
                    (false, _) => Use::FollowUp,
                };
                self.comment(play.requester, Visibility::Public, reply);
                if self.status == Status::Waiting && self.dice.chance(80) {
                    self.go_by_staff(Status::InProgress);
                }
                staff_next = play.technician.is_some() || self.dice.chance(30);
            }
        }
    }

    fn staff(&mut self) -> usize {
        self.play.technician.unwrap_or_else(|| self.play.people.technician(self.dice))
    }

    fn comment(&mut self, who: usize, visibility: Visibility, what: Use) {
        let mut text = self.pen.write(what, self.dice);
        if matches!(what, Use::Solution | Use::Attempt) && self.dice.chance(30) {
            text.push_str("\n\n");
            text.push_str(&self.pen.write(Use::Closing, self.dice));
        }
        self.deeds.push((who, Deed::Comment(visibility, text)));
    }

    fn go_by_staff(&mut self, status: Status) {
        let who = self.staff();
        self.go(who, status);
    }

    /// Goes to another state, unless it is there.
    fn go(&mut self, who: usize, status: Status) {
        if self.status.can_become(status) {
            self.status = status;
            self.deeds.push((who, Deed::Go(status)));
        }
    }
}
