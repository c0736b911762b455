//! Changes of rows, one or many, shown at once and taken back where somebody else was faster, or where the person thinks
//! better of it.

use std::{collections::HashMap, sync::Arc, time::Duration};

use leptos::prelude::*;
use shared::{
    accounts::UserRef,
    ids::TicketId,
    tickets::{Aspect, BULK_MAX, ChangeOutcome, ChangeResult, ChangeTicket, ChangeTickets, Status, TicketSummary},
};

use super::{
    queue::{self, Basis},
    state::List,
};
use crate::{
    api::{ClientError, tickets as api},
    i18n::{I18n, tu_count, tu_string},
    session::use_session,
    tickets::words,
    ui::use_toasts,
};

/// How long the way back is offered. The keys lead there until the next change.
const STAY: Duration = Duration::from_secs(10);

/// A change that is not answered for so long is marked on its row.
const PATIENCE: Duration = Duration::from_secs(2);

/// Says what became of one ticket, by its number, or of how many: `told!(i18n, ids, assigned, name)`.
macro_rules! told {
    ($i18n:ident, $ids:ident, $key:ident $(, $value:ident)?) => {
        match $ids {
            [one] => tu_string!($i18n, views.bulk.done.$key.numbered, id = one.to_string() $(, $value = $value)?),
            many => tu_count!($i18n, many.len(), views.bulk.done.$key, count = many.len() $(, $value = $value)?),
        }
    };
}

/// What can be taken back: of each ticket the version it has since, and what it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    changes: Vec<ChangeTicket>,
}

/// A change of one thing, as it is wished for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// What becomes what.
    pub aspect: Aspect,
    /// The person it is given to, with their name.
    pub person: Option<UserRef>,
}

impl Wish {
    /// A change of something else than who deals with it.
    pub fn of(aspect: Aspect) -> Self {
        Self { aspect, person: None }
    }

    /// Somebody, or nobody, is to deal with it.
    pub fn give(person: Option<UserRef>) -> Self {
        Self { aspect: Aspect::Assignee(person.as_ref().map(|person| person.id)), person }
    }

    /// What a ticket is now of what this changes.
    fn former(&self, ticket: &TicketSummary) -> Aspect {
        match self.aspect {
            Aspect::Status(_) => Aspect::Status(ticket.status),
            Aspect::Priority(_) => Aspect::Priority(ticket.priority),
            Aspect::Category(_) => Aspect::Category(ticket.category_id),
            Aspect::Assignee(_) => Aspect::Assignee(ticket.assignee.as_ref().map(|person| person.id)),
        }
    }

    /// A ticket as it will be.
    fn shown_in(&self, ticket: &TicketSummary) -> TicketSummary {
        let mut ticket = ticket.clone();
        match self.aspect {
            Aspect::Status(status) => ticket.status = status,
            Aspect::Priority(priority) => ticket.priority = priority,
            Aspect::Category(category) => ticket.category_id = category,
            Aspect::Assignee(_) => ticket.assignee.clone_from(&self.person),
        }
        ticket
    }

    /// What was done, in words.
    fn words(&self, list: List, i18n: I18n, done: &[TicketId]) -> String {
        match self.aspect {
            Aspect::Status(Status::Closed) => told!(i18n, done, closed),
            Aspect::Status(status) => {
                let what = words::status(i18n, status).to_owned();
                told!(i18n, done, status, what)
            }
            Aspect::Priority(priority) => {
                let what = words::priority(i18n, priority).to_owned();
                told!(i18n, done, priority, what)
            }
            Aspect::Category(category) => match category.and_then(|id| list.categories.name_untracked(id)) {
                Some(what) => told!(i18n, done, category, what),
                None => told!(i18n, done, no_category),
            },
            Aspect::Assignee(_) => match self.person.as_ref().map(|person| person.name.clone()) {
                Some(name) => told!(i18n, done, assigned, name),
                None => told!(i18n, done, put_back),
            },
        }
    }
}

/// Changes tickets of the list. They are shown as they will be at once.
pub fn change(list: List, i18n: I18n, ids: &[TicketId], wish: Wish) {
    let rows: Vec<Arc<TicketSummary>> = ids.iter().filter_map(|id| list.row(*id)).collect();
    let rows: Vec<Arc<TicketSummary>> = rows.into_iter().filter(|row| wish.former(row) != wish.aspect).collect();
    if rows.is_empty() {
        return;
    }
    list.put(rows.iter().map(|row| wish.shown_in(row)).collect());
    let ids = rows.iter().map(|row| row.id).collect();
    in_turn(list, ids, async move { make(list, i18n, &rows, &wish).await });
}

/// Changes tickets when it is their turn, unless the person has gone by then: nobody else does it for them. Rows that wait for
/// long say so.
fn in_turn(list: List, ids: Vec<TicketId>, work: impl Future<Output = ()> + 'static) {
    let who = || use_session().user_untracked().map(|user| user.id);
    let asked = who();
    let (late, slow) = (list.moves.late, ids.clone());
    set_timeout(
        move || {
            let waiting = queue::waiting();
            late.try_update(|late| late.extend(slow.into_iter().filter(|id| waiting.contains(id))));
        },
        PATIENCE,
    );
    queue::join(ids.clone(), async move {
        if who() == asked {
            work.await;
        }
        let behind = queue::behind();
        late.try_update(|late| late.retain(|id| behind.contains(id) || !ids.contains(id)));
    });
}

/// Makes a change of rows, given as they were when it was wished for.
async fn make(list: List, i18n: I18n, rows: &[Arc<TicketSummary>], wish: &Wish) {
    // The keys lead back from this one now. Where it fails, they lead nowhere, not to the one before.
    list.set_taken(None);
    let bases = rows.iter().map(|row| (row, queue::basis(row)));
    let bases: Vec<(&Arc<TicketSummary>, Basis)> =
        bases.filter(|(_, basis)| wish.former(&basis.row) != wish.aspect).collect();
    // What became of the one before did not know of this.
    let again = bases.iter().filter(|(seen, basis)| !Arc::ptr_eq(seen, &basis.row));
    list.put(again.map(|(_, basis)| wish.shown_in(&basis.row)).collect());
    let bases: Vec<Basis> = bases.into_iter().map(|(_, basis)| basis).collect();
    let changes: Vec<ChangeTicket> =
        bases.iter().map(|basis| ChangeTicket::new(basis.row.id, basis.version, wish.aspect)).collect();
    let (outcomes, error) = send(&changes, false).await;
    queue::note(&bases, &outcomes);
    let known = |id: TicketId| outcomes.iter().any(|outcome| outcome.id == id);
    let rows = bases.iter().map(|basis| &basis.row);
    // What was not even tried is as it was.
    list.put(rows.clone().filter(|row| !known(row.id)).map(|row| TicketSummary::clone(row)).collect());
    let before: HashMap<TicketId, &Arc<TicketSummary>> = rows.map(|row| (row.id, row)).collect();
    let (mut done, mut back) = (Vec::new(), Vec::new());
    for outcome in &outcomes {
        if outcome.result == ChangeResult::Done {
            done.push(outcome.id);
            // Whoever put a ticket back may no longer see it: then it is not theirs to take back.
            let former = before.get(&outcome.id).map(|row| wish.former(row));
            back.extend(
                former
                    .zip(outcome.ticket.as_ref())
                    .map(|(former, ticket)| ChangeTicket::new(ticket.id, ticket.version, former)),
            );
        }
    }
    take_in(list, &outcomes, |id| before.get(&id).map(|row| TicketSummary::clone(row)));
    complain(i18n, &outcomes, error);
    if !done.is_empty() {
        offer(list, i18n, wish.words(list, i18n, &done), back);
    }
}

/// Sends changes, as many at once as the server takes; what was answered before an error counts.
async fn send(changes: &[ChangeTicket], undo: bool) -> (Vec<ChangeOutcome>, Option<ClientError>) {
    let mut outcomes = Vec::new();
    for part in changes.chunks(BULK_MAX) {
        match api::change(&ChangeTickets { changes: part.to_vec(), undo }).await {
            Ok(page) => outcomes.extend(page.items),
            Err(error) => return (outcomes, Some(error)),
        }
    }
    (outcomes, None)
}

/// Shows the tickets as they are by now; those that the person can no longer see, as they were.
fn take_in(list: List, outcomes: &[ChangeOutcome], before: impl Fn(TicketId) -> Option<TicketSummary>) {
    let fresh = outcomes.iter().filter_map(|outcome| outcome.ticket.clone().or_else(|| before(outcome.id)));
    list.put(fresh.collect());
    let gone: Vec<TicketId> =
        outcomes.iter().filter(|outcome| outcome.ticket.is_none()).map(|outcome| outcome.id).collect();
    if !gone.is_empty() {
        list.moves.left.try_update(|left| left.extend(gone));
    }
}

/// Says what could not be done, and why.
fn complain(i18n: I18n, outcomes: &[ChangeOutcome], error: Option<ClientError>) {
    if let Some(error) = error {
        // As on the page of a ticket: a change waits for no line, for it would be made blind to what others do meanwhile.
        let nothing = error == ClientError::Offline && outcomes.is_empty();
        let unchanged = || tu_string!(i18n, tickets.ticket.unchanged).to_owned();
        use_toasts().error(if nothing { unchanged() } else { error.said(i18n) });
    }
    for result in [ChangeResult::Conflict, ChangeResult::Forbidden, ChangeResult::NotFound, ChangeResult::Refused] {
        let ids: Vec<String> =
            outcomes.iter().filter(|outcome| outcome.result == result).map(|outcome| outcome.id.to_string()).collect();
        let which = some_of(&ids);
        if !ids.is_empty() {
            use_toasts().error(match result {
                ChangeResult::Conflict => tu_string!(i18n, views.bulk.conflict, which = which),
                ChangeResult::Forbidden => tu_string!(i18n, views.bulk.forbidden, which = which),
                ChangeResult::NotFound => tu_string!(i18n, views.bulk.not_found, which = which),
                ChangeResult::Refused | ChangeResult::Done => tu_string!(i18n, views.bulk.refused, which = which),
            });
        }
    }
}

/// The first few numbers of many.
fn some_of(ids: &[String]) -> String {
    const FEW: usize = 5;
    let few = ids.iter().take(FEW).map(String::as_str).collect::<Vec<_>>().join(", ");
    if ids.len() > FEW { format!("{few}… (+{})", ids.len() - FEW) } else { few }
}

/// Says what was done, with the way back.
fn offer(list: List, i18n: I18n, words: String, back: Vec<ChangeTicket>) {
    if back.is_empty() {
        list.set_taken(None);
        return use_toasts().success(words);
    }
    let taken = Taken { changes: back };
    list.set_taken(Some(taken.clone()));
    let label = tu_string!(i18n, tickets.ticket.undo).to_owned();
    use_toasts().offer(words, label, STAY, move || take_back(list, i18n, taken.clone()));
}

/// Whether there is something to take back, or will be once it is answered.
pub fn can_take_back(list: List) -> bool {
    list.taken().is_some() || !queue::waiting().is_empty()
}

/// Takes back what was done last, also when it is offered no more. What is shown already and not answered yet is what was
/// done last: it is taken back after its answer.
pub fn take_back_last(list: List, i18n: I18n) {
    let waiting = queue::waiting();
    if !waiting.is_empty() {
        in_turn(list, waiting.into_iter().collect(), async move {
            if let Some(taken) = list.taken() {
                use_toasts().withdraw_offers();
                list.set_taken(None);
                put_back(list, i18n, &taken).await;
            }
        });
    } else if let Some(taken) = list.taken() {
        use_toasts().withdraw_offers();
        take_back(list, i18n, taken);
    }
}

fn take_back(list: List, i18n: I18n, taken: Taken) {
    list.set_taken(None);
    let ids = taken.changes.iter().map(|change| change.id).collect();
    in_turn(list, ids, async move { put_back(list, i18n, &taken).await });
}

/// Makes tickets what they were, unless somebody has changed them since, and says which or how many.
async fn put_back(list: List, i18n: I18n, taken: &Taken) {
    let (outcomes, error) = send(&taken.changes, true).await;
    queue::note(&[], &outcomes);
    take_in(list, &outcomes, |_| None);
    let toasts = use_toasts();
    if let Some(error) = error {
        return toasts.error(error.said(i18n));
    }
    let is_done = |outcome: &&ChangeOutcome| outcome.result == ChangeResult::Done;
    let (done, kept): (Vec<_>, Vec<_>) = outcomes.iter().partition(is_done);
    let ids = |outcomes: Vec<&ChangeOutcome>| outcomes.iter().map(|outcome| outcome.id).collect::<Vec<_>>();
    let (done, kept) = (ids(done), ids(kept));
    let undone = match done.as_slice() {
        [] => tu_string!(i18n, views.bulk.not_undone).to_owned(),
        done => told!(i18n, done, undone),
    };
    match kept.as_slice() {
        [] => toasts.success(undone),
        kept => toasts.error(format!("{undone} {}", told!(i18n, kept, kept))),
    }
}
