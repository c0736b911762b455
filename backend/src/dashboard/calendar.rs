//! When the days of a period begin where the person is.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use shared::dashboard::Period;

use crate::db::to_micros;

/// A quarter of an hour, in microseconds. Every time zone of today is so many of them from UTC, so every day begins with
/// one.
pub const QUARTER: i64 = 15 * 60 * 1_000_000;

/// The days of a period, the last one today, and the period before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Each day and when it begins.
    pub days: Vec<(NaiveDate, DateTime<Utc>)>,
    /// When the period begins.
    pub from: DateTime<Utc>,
    /// When the one before it began, which has as many days.
    pub before: DateTime<Utc>,
}

impl Calendar {
    /// The period that ends at a moment, in a time zone.
    pub fn ending(now: DateTime<Utc>, period: Period, zone: Tz) -> Self {
        let today = now.with_timezone(&zone).date_naive();
        let ago = |days: u32| today.checked_sub_days(Days::new(days.into())).unwrap_or(today);
        let count = period.days();
        let days: Vec<_> = (0..count).rev().map(ago).map(|date| (date, beginning(date, zone))).collect();
        Self { from: days.first().map_or(now, |(_, from)| *from), before: beginning(ago(2 * count - 1), zone), days }
    }

    /// The place of the day in which a quarter of an hour lies, which is none of those before the period.
    pub fn place(&self, quarter: i64) -> usize {
        let begun = self.days.partition_point(|(_, from)| to_micros(*from) <= quarter.saturating_mul(QUARTER));
        begun.saturating_sub(1)
    }
}

/// When a day begins: at midnight, or as soon after it as there is a time, where clocks are put forward at midnight.
fn beginning(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    (0..12)
        .find_map(|quarter| zone.from_local_datetime(&(midnight + TimeDelta::minutes(15 * quarter))).earliest())
        .map_or_else(|| midnight.and_utc(), |begins| begins.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn days_begin_where_the_person_is() {
        let calendar = Calendar::ending(at("2026-03-04T23:30:00Z"), Period::Week, Tz::Europe__Madrid);
        assert_eq!(calendar.days.len(), 7);
        // It is past midnight there.
        assert_eq!(calendar.days[6], ("2026-03-05".parse().unwrap(), at("2026-03-04T23:00:00Z")));
        assert_eq!(calendar.from, at("2026-02-26T23:00:00Z"));
        assert_eq!(calendar.before, at("2026-02-19T23:00:00Z"));
        let quarter = |text| to_micros(at(text)) / QUARTER;
        assert_eq!(calendar.place(quarter("2026-03-04T22:59:59Z")), 5);
        assert_eq!(calendar.place(quarter("2026-03-04T23:00:00Z")), 6);
        assert_eq!(calendar.place(quarter("2026-02-26T23:14:59Z")), 0);
    }

    #[test]
    fn a_day_may_be_longer_or_begin_late() {
        let autumn = Calendar::ending(at("2026-10-26T12:00:00Z"), Period::Week, Tz::Europe__Madrid);
        let lengths: Vec<_> = autumn.days.windows(2).map(|two| (two[1].1 - two[0].1).num_hours()).collect();
        assert_eq!(lengths, [24, 24, 24, 24, 24, 25]);
        // In Havana clocks go from midnight to one.
        let spring = beginning("2026-03-08".parse().unwrap(), Tz::America__Havana);
        assert_eq!(spring, at("2026-03-08T05:00:00Z"));
    }

    #[test]
    fn the_period_before_is_as_long() {
        for period in Period::ALL {
            let calendar = Calendar::ending(at("2026-06-30T10:00:00Z"), period, Tz::UTC);
            assert_eq!(u32::try_from(calendar.days.len()), Ok(period.days()));
            assert_eq!((calendar.from - calendar.before).num_days(), i64::from(period.days()));
        }
    }
}
