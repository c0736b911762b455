//! What happened to one ticket, from the moment it was opened.

use shared::{
    accounts::Locale,
    tickets::{Priority, Status, Visibility},
};

use super::{
    calendar::{Calendar, HOUR, MINUTE},
    dice::Dice,
    kind,
    people::People,
    script,
};

/// The desk that tickets come to.
pub struct Desk {
    /// What everything is drawn from.
    pub seed: u64,
    /// How many tickets there are.
    pub tickets: u64,
    /// When things happen.
    pub calendar: Calendar,
    /// To whom.
    pub people: People,
}

/// Something that somebody does; people are places in [`People::all`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Opens the ticket.
    Open,
    /// Gives it to somebody.
    Assign(usize),
    /// Changes how soon it should be dealt with, from this.
    Prioritise(Priority),
    /// Moves it to another state.
    Go(Status),
    /// Writes.
    Comment(Visibility, String),
}

/// A deed, by whom and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: i64,
    /// Who.
    pub actor: usize,
    /// What.
    pub deed: Deed,
}

/// A ticket as it stands in the end, and how it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    pub title: String,
    pub description: String,
    /// The category's name.
    pub category: &'static str,
    pub requester: usize,
    pub assignee: Option<usize>,
    pub status: Status,
    pub priority: Priority,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub first_response_at: Option<i64>,
    pub closed_at: Option<i64>,
    /// Whether the last public word is not one of staff.
    pub awaits_staff: bool,
    /// In their order; the first one opens it.
    pub steps: Vec<Step>,
}

/// Where the newest tickets stand, the last one first: even the smallest desk has something of each to look at, and something
/// that was closed not long ago.
const NEWEST: [Status; 4] = [Status::Open, Status::Closed, Status::InProgress, Status::Waiting];

/// Where a ticket stands in the end. Tickets are closed within days; a few of any age are not.
pub fn status(desk: &Desk, number: u64) -> Status {
    let newer = desk.tickets.saturating_sub(number + 1);
    if let Some(status) = usize::try_from(newer).ok().and_then(|newer| NEWEST.get(newer)) {
        return *status;
    }
    let mut dice = Dice::new(desk.seed, kind::STATUS, number);
    let newer = float(newer);
    // So many of the newest are still being worked on: of a small desk a larger part, so that there is something to
    // see.
    let backlog = float(desk.tickets.min(5_000)) * 0.06 + float(desk.tickets.saturating_sub(5_000)) * 0.015;
    let age = newer / backlog.max(1.0);
    if dice.unit() > 0.95 * (-age).exp() + 0.006 {
        return Status::Closed;
    }
    let (open, in_progress) = if age < 0.4 { (62, 88) } else { (20, 62) };
    match dice.below(100) {
        roll if roll < open => Status::Open,
        roll if roll < in_progress => Status::InProgress,
        _ => Status::Waiting,
    }
}

fn float(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// How many comments each ticket has: exactly three times as many as there are tickets. The newest have few, as nobody
/// has answered yet; the others make up for it.
pub fn comment_counts(desk: &Desk) -> Vec<u8> {
    let mut counts = Vec::new();
    let mut left = 3 * desk.tickets;
    for number in (0..desk.tickets).rev() {
        let mut dice = Dice::new(desk.seed, kind::COMMENTS, number);
        let status = status(desk, number);
        let drawn = match status {
            Status::Open => dice.below(3),
            Status::InProgress => 1 + dice.below(4),
            Status::Waiting | Status::Closed => 1 + dice.below(5),
        };
        // What is owed to those that had fewer than three, or given back by those that had more.
        let fair = left.saturating_sub(3 * number);
        let wanted = if status != Status::Closed {
            drawn
        } else if fair > drawn {
            drawn + (fair - drawn).min(2)
        } else {
            fair.max(drawn - 1)
        };
        let count = if number == 0 { left } else { wanted.min(left) };
        left -= count;
        counts.push(u8::try_from(count).unwrap_or(u8::MAX));
    }
    counts.reverse();
    counts
}

/// Tells the story of one ticket.
pub fn tell(desk: &Desk, number: u64, comments: u8) -> Story {
    let mut dice = Dice::new(desk.seed, kind::TICKET, number);
    let created_at = desk.calendar.opened(number, desk.tickets, &mut Dice::new(desk.seed, kind::OPENED, number));
    let status = status(desk, number);
    let priority = match dice.below(100) {
        0..20 => Priority::Low,
        20..75 => Priority::Medium,
        75..93 => Priority::High,
        _ => Priority::Urgent,
    };
    let requester = desk.people.requester(&mut dice);
    let locale = desk.people.get(requester).map_or(Locale::Es, |person| person.locale);
    let has_technician = match status {
        Status::Open => dice.chance(30),
        Status::InProgress | Status::Waiting => true,
        Status::Closed => dice.chance(97),
    };
    let technician = has_technician.then(|| desk.people.technician(&mut dice));
    let play = script::Play { people: &desk.people, locale, status, priority, requester, technician, comments };
    let script = script::write(&play, &mut dice);
    let steps = stage(desk, created_at, priority, script.deeds, &mut dice);
    let mut story = Story {
        title: script.title,
        description: script.description,
        category: script.category,
        requester,
        assignee: None,
        status: Status::Open,
        priority,
        version: 0,
        created_at,
        updated_at: created_at,
        first_response_at: None,
        closed_at: None,
        awaits_staff: true,
        steps: Vec::new(),
    };
    for step in steps {
        story.live(step);
    }
    story
}

impl Story {
    /// Goes one step on, as the program would.
    fn live(&mut self, step: Step) {
        self.updated_at = step.at;
        match &step.deed {
            Deed::Assign(technician) => self.assignee = Some(*technician),
            Deed::Go(status) => {
                self.closed_at = (*status == Status::Closed).then_some(step.at);
                self.status = *status;
            }
            Deed::Comment(Visibility::Public, _) => {
                self.awaits_staff = step.actor == self.requester;
                if !self.awaits_staff {
                    self.first_response_at.get_or_insert(step.at);
                }
            }
            Deed::Open | Deed::Prioritise(_) | Deed::Comment(..) => {}
        }
        if !matches!(step.deed, Deed::Comment(..)) {
            self.version += 1;
        }
        self.steps.push(step);
    }
}

/// Gives every deed its moment: the urgent ones soon, those of the staff when they are at work, all before the end.
fn stage(desk: &Desk, opened: i64, priority: Priority, deeds: Vec<(usize, Deed)>, dice: &mut Dice) -> Vec<Step> {
    let usual = HOUR
        * match priority {
            Priority::Low => 110,
            Priority::Medium => 55,
            Priority::High => 20,
            Priority::Urgent => 5,
        };
    // Most take a fraction of the usual time and some a multiple.
    let percent =
        i64::try_from(10 + dice.below(120) + if dice.chance(12) { dice.below(500) } else { 0 }).unwrap_or(100);
    let left = desk.calendar.end - opened;
    let lifetime = (usual / 100 * percent).min(left / 10 * 9).max(1);
    let shares: Vec<u64> = deeds.iter().map(|_| 1 + dice.below(100)).collect();
    let all = i64::try_from(shares.iter().sum::<u64>()).unwrap_or(1).max(1);
    let mut passed = 0;
    let mut before = opened;
    let mut steps = vec![];
    for ((actor, deed), share) in deeds.into_iter().zip(shares) {
        if deed == Deed::Open {
            steps.push(Step { at: opened, actor, deed });
            continue;
        }
        passed += i64::try_from(share).unwrap_or(1);
        let due =
            opened + i64::try_from(i128::from(lifetime) * i128::from(passed) / i128::from(all)).unwrap_or(lifetime);
        let staff = desk.people.get(actor).is_some_and(|person| person.role.is_staff());
        let due = if staff { desk.calendar.at_work(due, dice) } else { due };
        let gap = MINUTE + i64::try_from(dice.below(4 * MINUTE.unsigned_abs())).unwrap_or(0);
        let mut at = due.max(before + gap);
        if at >= desk.calendar.end {
            at = before + (desk.calendar.end - before) / 2;
        }
        before = at;
        steps.push(Step { at, actor, deed });
    }
    steps
}
