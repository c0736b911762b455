//! The desk in numbers, as one person sees it (`GET /dashboard`).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::UserRef,
    ids::CategoryId,
    tickets::{Priority, Status, TicketSummary},
};

/// How many tickets that wait for the caller are named.
pub const WAITING_MAX: usize = 5;

/// How far back a dashboard looks: so many days, today among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Period {
    /// A week.
    #[serde(rename = "7d")]
    Week,
    /// Four weeks.
    #[default]
    #[serde(rename = "28d")]
    FourWeeks,
    /// A quarter of a year.
    #[serde(rename = "90d")]
    Quarter,
    /// A year.
    #[serde(rename = "365d")]
    Year,
}

impl Period {
    /// Every period, the shortest first.
    pub const ALL: [Self; 4] = [Self::Week, Self::FourWeeks, Self::Quarter, Self::Year];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Week => "7d",
            Self::FourWeeks => "28d",
            Self::Quarter => "90d",
            Self::Year => "365d",
        }
    }

    /// How many days it has.
    pub fn days(self) -> u32 {
        match self {
            Self::Week => 7,
            Self::FourWeeks => 28,
            Self::Quarter => 90,
            Self::Year => 365,
        }
    }
}

/// What a dashboard is to look at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct DashboardQuery {
    /// How far back; `28d` unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub period: Option<Period>,
    /// The time zone in which days begin, by its IANA name; UTC unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(example = "Europe/Madrid"))]
    pub time_zone: Option<String>,
}

/// The desk in numbers: only of tickets that the caller may see, all from one moment. "Unfinished" is what is not closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dashboard {
    /// The moment.
    pub as_of: DateTime<Utc>,
    /// How far back it looks.
    pub period: Period,
    /// When the period began. The one before it, which `before` is about, has as many days and ends here.
    pub from: DateTime<Utc>,
    /// How many tickets are unfinished.
    pub unfinished: i64,
    /// How many tickets stand in each state, in the states' order.
    pub by_status: Vec<StatusCount>,
    /// How many of the unfinished have each priority, the lowest first.
    pub by_priority: Vec<PriorityCount>,
    /// How many of the unfinished are in each category, the fullest first; those with none are left out.
    pub by_category: Vec<CategoryCount>,
    /// For staff: how many of the unfinished each person deals with, who has most first, and last those that nobody has.
    /// Whoever sees all tickets sees everybody on staff, those without a ticket too.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub by_assignee: Option<Vec<AssigneeCount>>,
    /// How long ago the unfinished were opened, the newest first.
    pub by_age: Vec<AgeCount>,
    /// What was opened and closed on each day of the period, in order.
    pub days: Vec<DayCount>,
    /// How long it took until somebody on staff first answered in public.
    pub first_response: Times,
    /// How long it took from opening to closing, of what is closed.
    pub resolution: Times,
    /// For staff: the tickets assigned to the caller.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub mine: Option<Mine>,
    /// For staff: what nobody deals with.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub unassigned: Option<Pile>,
    /// What the caller has to do something about, as the list's `waiting_for` understands it.
    pub waiting_for_me: Waiting,
}

/// How many tickets stand in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusCount {
    /// The state.
    pub status: Status,
    /// How many.
    pub count: i64,
}

/// How many tickets have a priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriorityCount {
    /// The priority.
    pub priority: Priority,
    /// How many.
    pub count: i64,
}

/// How many tickets are in a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryCount {
    /// The category.
    pub category_id: CategoryId,
    /// How many.
    pub count: i64,
}

/// How many tickets somebody deals with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssigneeCount {
    /// Who; `null` for what nobody deals with.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub assignee: Option<UserRef>,
    /// How many.
    pub count: i64,
    /// How many of those are urgent.
    pub urgent: i64,
}

/// How many tickets are of an age: opened at or after one moment and before another, as the list's `created_after` and
/// `created_before` understand them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgeCount {
    /// At or after this moment; the oldest have no bound.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub created_after: Option<DateTime<Utc>>,
    /// Before this moment; the newest have no bound.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub created_before: Option<DateTime<Utc>>,
    /// How many.
    pub count: i64,
}

/// What was opened and closed on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCount {
    /// The day, in the time zone that was asked for.
    pub date: NaiveDate,
    /// When it began.
    pub from: DateTime<Utc>,
    /// How many tickets were opened.
    pub created: i64,
    /// How many were closed, and still are.
    pub closed: i64,
}

/// How long something took, in this period and in the one before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Times {
    /// What happened in this period.
    pub recent: Lengths,
    /// What happened in the period before.
    pub before: Lengths,
}

/// How long something took: nearest ranks, in minutes, rounded down to whole ones up to a day, to hours above it and to days
/// above thirty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lengths {
    /// How many times it happened.
    pub count: i64,
    /// Half of them took no longer; none when it never happened.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub median_minutes: Option<i64>,
    /// Nine in ten took no longer; none when it never happened.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub p90_minutes: Option<i64>,
    /// How many took how long, the shortest first; the bands are always the same seven, and each time lies in one of them:
    /// under 1 hour, then up to 4, 8 and 24 hours, 3 days, 7 days, and longer.
    pub bands: Vec<LengthCount>,
}

/// How many times something took so long: at least one length and less than another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LengthCount {
    /// At least so many minutes.
    pub from_minutes: i64,
    /// Less than so many minutes; the longest have no bound.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub to_minutes: Option<i64>,
    /// How many.
    pub count: i64,
}

/// Tickets, and how many of them cannot wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pile {
    /// How many.
    pub count: i64,
    /// How many of those are urgent.
    pub urgent: i64,
}

/// What somebody on staff deals with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mine {
    /// How many are unfinished.
    pub count: i64,
    /// How many of those are urgent.
    pub urgent: i64,
    /// How long it took until somebody on staff first answered in public.
    pub first_response: Times,
    /// How long it took from opening to closing, of what is closed.
    pub resolution: Times,
}

/// What waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Waiting {
    /// How many.
    pub count: i64,
    /// The first five: the most urgent, then those with the latest activity.
    pub tickets: Vec<TicketSummary>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_called_what_it_is_called_on_the_wire() {
        for period in Period::ALL {
            assert_eq!(serde_json::to_value(period).unwrap(), period.as_str());
            assert_eq!(period.as_str(), format!("{}d", period.days()));
        }
        assert!(serde_json::from_str::<Period>(r#""8d""#).is_err());
    }
}
