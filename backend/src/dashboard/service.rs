//! The numbers, added up.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use shared::{
    accounts::{Role, UserRef},
    dashboard::{
        AgeCount, AssigneeCount, CategoryCount, Dashboard, DashboardQuery, DayCount, Mine, Pile, PriorityCount,
        StatusCount, WAITING_MAX, Waiting,
    },
    ids::{CategoryId, UserId},
    tickets::{Priority, Status, TicketQuery, TicketSort, WaitingFor},
};

use super::{
    calendar::Calendar,
    lengths::times,
    rows::{Alike, InQuarter},
    store::{self, Part},
};
use crate::{
    accounts,
    auth::caller::Caller,
    db::{Conn, Db, DbError, now, to_micros},
    error::AppError,
    tickets::{
        list::{self, Reason, reasons},
        priority_code, status_code,
    },
};

/// Where one age ends and the next begins, in days.
const AGES: [i64; 4] = [1, 3, 7, 30];
/// People on staff who are shown without a ticket, at most.
const IDLE: i64 = 1_000;

/// The desk in numbers, as the caller sees it.
pub async fn read(db: &Db, caller: &Caller, query: &DashboardQuery) -> Result<Dashboard, AppError> {
    let zone = match query.time_zone.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        None => Tz::UTC,
        Some(name) => name.parse().map_err(|_| {
            AppError::MalformedParameter("time_zone is not the name of a time zone, like Europe/Madrid".to_owned())
        })?,
    };
    let now = now();
    let calendar = Calendar::ending(now, query.period.unwrap_or_default(), zone);
    let asked = Asked { caller, query, calendar: &calendar, now };
    db.snapshot(async |conn| asked.count(conn).await).await
}

/// What is asked for, understood.
struct Asked<'a> {
    caller: &'a Caller,
    query: &'a DashboardQuery,
    calendar: &'a Calendar,
    now: DateTime<Utc>,
}

impl Asked<'_> {
    async fn count(&self, conn: &mut Conn) -> Result<Dashboard, AppError> {
        let (me, role, calendar) = (self.caller.id(), self.caller.role(), self.calendar);
        let (before, from) = (to_micros(calendar.before), to_micros(calendar.from));
        let reasons = reasons(role, self.caller.scope, me);
        let parts = store::parts(&reasons);
        let ages = AGES.map(|days| self.now - TimeDelta::days(days));
        let alike = store::unfinished(conn, &parts, &ages.map(to_micros)).await?;
        let total = store::total(conn, &parts).await?;
        let opened = store::opened(conn, &parts, from).await?;
        let closings = store::closed_since(conn, &parts, from).await?;
        let first_response = times(store::first_responses(conn, &parts, before, from).await?);
        let resolution = times(store::resolutions(conn, &parts, before, from).await?);
        let unfinished: i64 = alike.iter().map(|group| group.n).sum();
        let staff = role.is_staff();
        Ok(Dashboard {
            as_of: self.now,
            period: self.query.period.unwrap_or_default(),
            from: calendar.from,
            unfinished,
            by_status: by_status(&alike, total - unfinished),
            by_priority: by_priority(&alike),
            by_category: by_category(&alike),
            by_assignee: if staff { Some(by_assignee(conn, &alike, reasons == [Reason::Any]).await?) } else { None },
            by_age: by_age(&alike, &ages),
            days: days(calendar, &opened, &closings),
            first_response,
            resolution,
            mine: if staff { Some(mine(conn, &alike, me, before, from).await?) } else { None },
            unassigned: staff.then(|| pile(&alike, None)),
            waiting_for_me: waiting(conn, self.caller).await?,
        })
    }
}

fn by_status(alike: &[Alike], closed: i64) -> Vec<StatusCount> {
    let count = |status: Status| match status {
        Status::Closed => closed,
        _ => alike.iter().filter(|group| group.status == status_code(status)).map(|group| group.n).sum(),
    };
    Status::ALL.iter().map(|&status| StatusCount { status, count: count(status) }).collect()
}

fn by_priority(alike: &[Alike]) -> Vec<PriorityCount> {
    let of = |priority: Priority| alike.iter().filter(move |group| group.priority == priority_code(priority));
    let count = |&priority: &Priority| PriorityCount { priority, count: of(priority).map(|group| group.n).sum() };
    Priority::ALL.iter().map(count).collect()
}

fn by_category(alike: &[Alike]) -> Vec<CategoryCount> {
    let mut counts = HashMap::<i64, i64>::new();
    for group in alike {
        if let Some(category) = group.category_id {
            *counts.entry(category).or_default() += group.n;
        }
    }
    let mut all: Vec<CategoryCount> =
        counts.into_iter().map(|(id, count)| CategoryCount { category_id: CategoryId(id), count }).collect();
    all.sort_unstable_by_key(|category| (-category.count, category.category_id));
    all
}

fn by_age(alike: &[Alike], ages: &[DateTime<Utc>; AGES.len()]) -> Vec<AgeCount> {
    let of = |place: usize| alike.iter().filter(move |group| usize::try_from(group.age) == Ok(place));
    let count = |place: usize| AgeCount {
        created_after: ages.get(place).copied(),
        created_before: place.checked_sub(1).and_then(|newer| ages.get(newer)).copied(),
        count: of(place).map(|group| group.n).sum(),
    };
    (0..=ages.len()).map(count).collect()
}

/// What somebody deals with, or nobody.
fn pile(alike: &[Alike], assignee: Option<UserId>) -> Pile {
    let assignee = assignee.map(|id| id.0);
    alike.iter().filter(|group| group.assignee_id == assignee).fold(Pile { count: 0, urgent: 0 }, add)
}

fn add(pile: Pile, group: &Alike) -> Pile {
    let urgent = if group.priority == priority_code(Priority::Urgent) { group.n } else { 0 };
    Pile { count: pile.count + group.n, urgent: pile.urgent + urgent }
}

/// Everybody's load; with the staff that has none when the caller sees all tickets, and so theirs.
async fn by_assignee(conn: &mut Conn, alike: &[Alike], with_idle: bool) -> Result<Vec<AssigneeCount>, DbError> {
    let mut piles = HashMap::<Option<UserId>, Pile>::new();
    if with_idle {
        let staff = accounts::service::last_seen(conn, &[Role::Technician, Role::Admin], UserId(0), IDLE).await?;
        piles.extend(staff.into_iter().map(|(id, _)| (Some(id), Pile { count: 0, urgent: 0 })));
    }
    for group in alike {
        let pile = piles.entry(group.assignee_id.map(UserId)).or_insert(Pile { count: 0, urgent: 0 });
        *pile = add(*pile, group);
    }
    let ids: Vec<UserId> = piles.keys().copied().flatten().collect();
    let people: HashMap<UserId, UserRef> = accounts::service::refs(conn, &ids).await?;
    let mut loads: Vec<AssigneeCount> = piles
        .into_iter()
        .map(|(id, pile)| AssigneeCount {
            assignee: id.and_then(|id| people.get(&id).cloned()),
            count: pile.count,
            urgent: pile.urgent,
        })
        .collect();
    loads.sort_by(|one, other| {
        let place = |load: &AssigneeCount| (load.assignee.is_none(), -load.count);
        let name = |load: &AssigneeCount| load.assignee.as_ref().map(|person| (person.name.to_lowercase(), person.id));
        place(one).cmp(&place(other)).then_with(|| name(one).cmp(&name(other)))
    });
    Ok(loads)
}

fn days(calendar: &Calendar, opened: &[InQuarter], closed: &[InQuarter]) -> Vec<DayCount> {
    let day = |&(date, from)| DayCount { date, from, created: 0, closed: 0 };
    let mut days: Vec<DayCount> = calendar.days.iter().map(day).collect();
    for group in opened {
        if let Some(day) = days.get_mut(calendar.place(group.quarter)) {
            day.created += group.n;
        }
    }
    for group in closed {
        if let Some(day) = days.get_mut(calendar.place(group.quarter)) {
            day.closed += group.n;
        }
    }
    days
}

async fn mine(conn: &mut Conn, alike: &[Alike], me: UserId, before: i64, from: i64) -> Result<Mine, DbError> {
    let Pile { count, urgent } = pile(alike, Some(me));
    let own: Vec<Part> = store::parts(&[Reason::Assignee(me)]);
    Ok(Mine {
        count,
        urgent,
        first_response: times(store::first_responses(conn, &own, before, from).await?),
        resolution: times(store::resolutions(conn, &own, before, from).await?),
    })
}

async fn waiting(conn: &mut Conn, caller: &Caller) -> Result<Waiting, AppError> {
    let query = TicketQuery {
        waiting_for: Some(WaitingFor::Me),
        sort: Some(TicketSort::PriorityDesc),
        ..TicketQuery::default()
    };
    Ok(Waiting {
        count: store::waiting(conn, caller.id(), caller.role()).await?,
        tickets: list::page_of(conn, caller, &query, WAITING_MAX).await?.items,
    })
}
