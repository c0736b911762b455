//! The queue: which tickets a caller may list, in which order, from where.
//!
//! A filter like "mine or nobody's, open or waiting, latest first" follows no single index: an OR makes a database read
//! all that matches and sort it. So the list is asked in pieces, one for each reason a ticket may be seen and each state,
//! and every piece is one range of one index that reads no more rows than a page has. The pieces are merged here.

use std::{collections::HashSet, convert::identity};

use serde::{Deserialize, Serialize};
use shared::{
    accounts::Role,
    ids::{TicketId, UserId},
    page::Page,
    permissions::TechnicianScope,
    tickets::{CategoryFilter, Status, TicketQuery, TicketSort, TicketSummary, WaitingFor},
};

use super::{
    looked_for::{LookedFor, assignee_of},
    ranges, reads,
    rows::{ListedTicket, TicketRow},
};
use crate::{
    auth::caller::Caller,
    db::{Conn, Db, full_text::Word, to_micros},
    error::AppError,
    web::paging,
};

/// Why a caller may see a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// They may see all.
    Any,
    /// It is assigned to them.
    Assignee(UserId),
    /// Nobody has it.
    Unassigned,
    /// They opened it.
    Requester(UserId),
    /// They follow it.
    Watcher(UserId),
}

/// The reasons that count for a caller: together, exactly what [`shared::permissions::can_on_ticket`] lets them view.
pub fn reasons(role: Role, scope: TechnicianScope, me: UserId) -> Vec<Reason> {
    use Reason::{Any, Assignee, Requester, Unassigned, Watcher};
    match (role, scope) {
        (Role::Admin, _) | (Role::Technician, TechnicianScope::All) => vec![Any],
        (Role::Technician, TechnicianScope::Queue) => vec![Assignee(me), Unassigned, Requester(me), Watcher(me)],
        (Role::Technician, TechnicianScope::Assigned) => vec![Assignee(me), Requester(me), Watcher(me)],
        (Role::User, _) => vec![Requester(me), Watcher(me)],
    }
}

/// One range to ask the database for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub reason: Reason,
    /// One state, or several, or all.
    pub statuses: Vec<Status>,
    /// Only the ticket of [`Filter::number`], whatever its words.
    pub by_number: bool,
}

/// The filters and the order, with everything resolved.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Any of these; all when there are none.
    pub priorities: Vec<i16>,
    /// Some(None) for those of none.
    pub category: Option<Option<i64>>,
    /// Some(None) for those nobody has.
    pub assignee: Option<Option<UserId>>,
    pub requester: Option<UserId>,
    /// Whether the last public word is not one of staff.
    pub awaits_staff: Option<bool>,
    /// A ticket that is looked for by its number: beside what the words find, or alone when there are none.
    pub number: Option<TicketId>,
    /// The only ticket whose words count.
    pub within: Option<TicketId>,
    /// Words that the title and the description hold, all of them; the last one is a beginning.
    pub words: Vec<Word>,
    /// In microseconds.
    pub created_after: Option<i64>,
    pub created_before: Option<i64>,
    /// In microseconds. Then the only state asked for is closed.
    pub closed_after: Option<i64>,
    pub closed_before: Option<i64>,
    pub sort: TicketSort,
    pub after: Option<Key>,
    pub limit: i64,
}

/// Where a ticket stands in an order: compared from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key(pub i16, pub i64, pub i64);

impl Key {
    /// The place of a ticket.
    pub fn of(row: &TicketRow, sort: TicketSort) -> Self {
        match sort {
            TicketSort::UpdatedAsc | TicketSort::UpdatedDesc => Self(0, row.updated_at, row.id),
            TicketSort::CreatedAsc | TicketSort::CreatedDesc => Self(0, row.created_at, row.id),
            TicketSort::PriorityAsc | TicketSort::PriorityDesc => Self(row.priority, row.updated_at, row.id),
        }
    }
}

/// The pieces that together are the list.
pub fn pieces(reasons: &[Reason], asked: &[Status], filter: &Filter, me: UserId) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for &reason in reasons.iter().filter(|reason| !is_covered(**reason, reasons, filter, me)) {
        if filter.number.is_some() {
            pieces.push(Piece { reason, statuses: asked.to_vec(), by_number: true });
        }
        if !filter.words.is_empty() {
            // What the words find is sorted anyway, so it is asked for once.
            pieces.push(Piece { reason, statuses: asked.to_vec(), by_number: false });
        }
        if filter.number.is_some() || !filter.words.is_empty() {
            continue;
        }
        // An index leads from these to the order only through one state.
        let by_state = matches!(reason, Reason::Assignee(_) | Reason::Unassigned)
            // Of one requester there are few enough to sort.
            || (reason == Reason::Any
                && filter.requester.is_none()
                && (!asked.is_empty()
                    || filter.assignee.is_some()
                    || filter.category.is_some()
                    || !filter.priorities.is_empty()
                    || matches!(filter.sort, TicketSort::PriorityAsc | TicketSort::PriorityDesc)));
        if by_state {
            let states = if asked.is_empty() { Status::ALL } else { asked };
            let one = |status| Piece { reason, statuses: vec![status], by_number: false };
            pieces.extend(states.iter().copied().map(one));
        } else {
            pieces.push(Piece { reason, statuses: asked.to_vec(), by_number: false });
        }
    }
    pieces
}

/// Whether the filter leaves nothing to a reason that another one does not already give.
fn is_covered(reason: Reason, reasons: &[Reason], filter: &Filter, me: UserId) -> bool {
    match (reason, filter.assignee) {
        (Reason::Unassigned, Some(Some(_))) | (Reason::Assignee(_), Some(None)) => true,
        (Reason::Assignee(_), Some(Some(other))) => other != me,
        (Reason::Requester(_) | Reason::Watcher(_), Some(Some(other))) if other == me => {
            reasons.contains(&Reason::Assignee(me))
        }
        (Reason::Requester(_) | Reason::Watcher(_), Some(None)) => reasons.contains(&Reason::Unassigned),
        _ => false,
    }
}

/// A page of the tickets a caller may see.
pub async fn list(db: &Db, caller: &Caller, query: &TicketQuery) -> Result<Page<TicketSummary>, AppError> {
    let limit = paging::limit(query.limit)?;
    let mut conn = if is_short(caller, query) { db.lookup().await? } else { db.read().await? };
    let Page { items, next_cursor } = listed(&mut conn, caller, query, limit).await?;
    drop(conn);
    Ok(Page { items: reads::noted(db, caller, items).await?, next_cursor })
}

/// The same on a connection that is there already and of any size, for whoever walks the whole list.
pub async fn page_of(
    conn: &mut Conn,
    caller: &Caller,
    query: &TicketQuery,
    limit: usize,
) -> Result<Page<TicketSummary>, AppError> {
    let Page { items, next_cursor } = listed(conn, caller, query, limit).await?;
    Ok(Page { items: items.into_iter().map(Into::into).collect(), next_cursor })
}

async fn listed(
    conn: &mut Conn,
    caller: &Caller,
    query: &TicketQuery,
    limit: usize,
) -> Result<Page<ListedTicket>, AppError> {
    let text = paging::search_text(query.q.as_deref())?;
    let filters = TicketQuery { limit: None, cursor: None, q: text, ..query.clone() };
    let scope = paging::scope("tickets", &filters)?;
    let after = paging::decode(&scope, query.cursor.as_deref())?;
    let Some((pieces, filter)) = understood(caller, &filters, after, paging::one_more(limit)) else {
        return Ok(Page { items: Vec::new(), next_cursor: None });
    };
    let sort = filter.sort;
    let found = ranges::list(conn, &pieces, &filter, caller.id()).await?;
    let found = merged(found, sort.is_descending(), |ticket| Key::of(&ticket.row, sort));
    paging::page(&scope, found, limit, |ticket| Key::of(&ticket.row, sort), identity)
}

/// Whether a page of the list is read from the beginning of one range for each state, and nothing else is: so little that it takes
/// less than a trip to another thread.
fn is_short(caller: &Caller, query: &TicketQuery) -> bool {
    let TicketQuery { status, sort, cursor, limit, .. } = query.clone();
    let plain = TicketQuery { status, sort, cursor, limit, ..TicketQuery::default() };
    *query == plain && reasons(caller.role(), caller.scope, caller.id()) == [Reason::Any]
}

/// What was found in several ranges, in its order and each ticket once: it may be seen for two reasons, and stand in two places
/// when it was changed while one range was read and the next one not yet.
fn merged<T>(mut found: Vec<T>, descending: bool, key: impl Fn(&T) -> Key) -> Vec<T> {
    found.sort_by(|one, other| {
        let (one, other) = (key(one), key(other));
        if descending { other.cmp(&one) } else { one.cmp(&other) }
    });
    let mut seen = HashSet::new();
    found.retain(|ticket| seen.insert(key(ticket).2));
    found
}

/// How many tickets a list has for a caller, counted no further than `most`.
pub async fn count(conn: &mut Conn, caller: &Caller, query: &TicketQuery, most: usize) -> Result<usize, AppError> {
    let text = paging::search_text(query.q.as_deref())?;
    let query = TicketQuery { q: text, ..query.clone() };
    match understood(caller, &query, None, paging::one_more(most)) {
        Some((pieces, filter)) => Ok(ranges::count(conn, &pieces, &filter, most).await?),
        None => Ok(0),
    }
}

/// Whether words are looked for: what they find is found anew for each page, where else an index leads to the next.
pub fn looks_for_words(query: &TicketQuery) -> bool {
    query.q.as_deref().is_some_and(|text| !LookedFor::read(text).words.is_empty())
}

/// What is asked for, and where it is; none when nothing can match.
fn understood(caller: &Caller, query: &TicketQuery, after: Option<Key>, limit: i64) -> Option<(Vec<Piece>, Filter)> {
    let me = caller.id();
    let text = query.q.as_deref().map(LookedFor::read);
    if text.as_ref().is_some_and(LookedFor::is_nothing) {
        return None;
    }
    let text = text.unwrap_or_default();
    let mut statuses = query.status.as_ref().map(|set| set.0.clone()).unwrap_or_default();
    let mut filter = Filter {
        priorities: query.priority.map(super::priority_code).into_iter().collect(),
        category: query.category_id.map(|category| match category {
            CategoryFilter::Id(id) => Some(id.0),
            CategoryFilter::Without(_) => None,
        }),
        assignee: query.assignee_id.map(|assignee| assignee_of(assignee, me)),
        requester: query.requester_id,
        awaits_staff: None,
        number: text.number,
        within: text.within,
        words: text.words.clone(),
        created_after: query.created_after.map(to_micros),
        created_before: query.created_before.map(to_micros),
        closed_after: query.closed_after.map(to_micros),
        closed_before: query.closed_before.map(to_micros),
        sort: query.sort.unwrap_or_default(),
        after,
        limit,
    };
    if !text.narrow(&mut filter, &mut statuses, me) {
        return None;
    }
    if (filter.closed_after.is_some() || filter.closed_before.is_some()) && !closed_only(&mut statuses) {
        return None;
    }
    if query.waiting_for == Some(WaitingFor::Me) && !wait(&mut filter, &mut statuses, caller.role(), me) {
        return None;
    }
    let reasons = reasons(caller.role(), caller.scope, me);
    Some((pieces(&reasons, &statuses, &filter, me), filter))
}

/// Narrows to what is closed: only that has a moment at which it was. False when the states asked for leave nothing of it.
fn closed_only(statuses: &mut Vec<Status>) -> bool {
    let some = statuses.is_empty() || statuses.contains(&Status::Closed);
    *statuses = vec![Status::Closed];
    some
}

/// Narrows to what waits for a caller: of staff, what they have and somebody else had the last word on; of anybody else,
/// what they opened and staff let wait. Closed tickets wait for nobody. False when the other filters leave nothing of it.
fn wait(filter: &mut Filter, statuses: &mut Vec<Status>, role: Role, me: UserId) -> bool {
    let waiting: &[Status] =
        if role.is_staff() { &[Status::Open, Status::InProgress, Status::Waiting] } else { &[Status::Waiting] };
    let others = if role.is_staff() {
        filter.awaits_staff = Some(true);
        filter.assignee.replace(Some(me)).is_some_and(|assignee| assignee != Some(me))
    } else {
        filter.requester.replace(me).is_some_and(|requester| requester != me)
    };
    if statuses.is_empty() {
        statuses.extend(waiting);
    }
    statuses.retain(|status| waiting.contains(status));
    !others && !statuses.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::full_text;

    fn filter() -> Filter {
        Filter {
            priorities: Vec::new(),
            category: None,
            assignee: None,
            requester: None,
            awaits_staff: None,
            number: None,
            within: None,
            words: Vec::new(),
            created_after: None,
            created_before: None,
            closed_after: None,
            closed_before: None,
            sort: TicketSort::UpdatedDesc,
            after: None,
            limit: 26,
        }
    }

    #[test]
    fn an_administrators_whole_list_is_one_range() {
        assert_eq!(pieces(&[Reason::Any], &[], &filter(), UserId(1)).len(), 1);
        let open = [Status::Open, Status::Waiting];
        assert_eq!(pieces(&[Reason::Any], &open, &filter(), UserId(1)).len(), 2);
    }

    #[test]
    fn a_number_is_looked_for_by_itself_and_as_a_word() {
        let both = Filter { number: Some(TicketId(365)), words: full_text::words("365"), ..filter() };
        let asked = pieces(&[Reason::Any], &[], &both, UserId(1));
        assert_eq!(asked.iter().map(|piece| piece.by_number).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn a_ticket_that_changed_meanwhile_is_listed_once() {
        let found = vec![Key(0, 5, 1), Key(0, 9, 1), Key(0, 7, 2), Key(0, 9, 1)];
        assert_eq!(merged(found.clone(), true, |&key| key), [Key(0, 9, 1), Key(0, 7, 2)]);
        assert_eq!(merged(found, false, |&key| key), [Key(0, 5, 1), Key(0, 7, 2)]);
    }

    #[test]
    fn mine_is_not_asked_for_twice() {
        let me = UserId(1);
        let reasons = reasons(Role::Technician, TechnicianScope::Queue, me);
        let mine = Filter { assignee: Some(Some(me)), ..filter() };
        let open = [Status::Open];
        assert_eq!(
            pieces(&reasons, &open, &mine, me),
            [Piece { reason: Reason::Assignee(me), statuses: vec![Status::Open], by_number: false }]
        );
        let nobodys = Filter { assignee: Some(None), ..filter() };
        assert_eq!(
            pieces(&reasons, &open, &nobodys, me),
            [Piece { reason: Reason::Unassigned, statuses: vec![Status::Open], by_number: false }]
        );
    }

    #[test]
    fn what_was_closed_at_some_time_is_closed() {
        for (asked, some) in [(vec![], true), (vec![Status::Open, Status::Closed], true), (vec![Status::Open], false)] {
            let mut statuses = asked.clone();
            assert_eq!(closed_only(&mut statuses), some, "{asked:?}");
            assert_eq!(statuses, [Status::Closed]);
        }
    }

    #[test]
    fn what_waits_is_narrowed_further_by_the_other_filters() {
        let me = UserId(1);
        let waits = |filter: Filter, statuses: &[Status], role| {
            let (mut filter, mut statuses) = (filter, statuses.to_vec());
            wait(&mut filter, &mut statuses, role, me).then_some((filter.assignee, filter.requester, statuses))
        };
        let unfinished = vec![Status::Open, Status::InProgress, Status::Waiting];
        assert_eq!(waits(filter(), &[], Role::Technician), Some((Some(Some(me)), None, unfinished)));
        assert_eq!(waits(filter(), &[], Role::User), Some((None, Some(me), vec![Status::Waiting])));
        assert_eq!(waits(filter(), &[Status::Closed], Role::Admin), None);
        assert_eq!(waits(Filter { assignee: Some(None), ..filter() }, &[], Role::Admin), None);
        assert_eq!(waits(Filter { requester: Some(UserId(2)), ..filter() }, &[], Role::User), None);
    }
}
