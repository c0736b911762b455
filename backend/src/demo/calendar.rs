//! When things happen in a demo desk: working days, of two years unless told, with their rush in the morning, their quiet Augusts
//! and a few tickets from people who work on Sunday.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc, Weekday};

use super::dice::Dice;
use crate::db::{from_micros, to_micros};

/// How long a desk has been open that is filled from the command line.
pub const DAYS: u32 = 730;
/// A minute as moments are kept.
pub const MINUTE: i64 = 60_000_000;
/// An hour as moments are kept.
pub const HOUR: i64 = 60 * MINUTE;
/// A day as moments are kept.
pub const DAY: i64 = 24 * HOUR;

/// How much comes in on each hour of a day, in UTC.
const RUSH: [u64; 24] = [2, 1, 1, 1, 1, 3, 20, 70, 120, 130, 120, 105, 85, 60, 75, 90, 80, 50, 25, 12, 8, 6, 4, 3];
/// When technicians work, in UTC.
const OFFICE: std::ops::Range<u32> = 7..17;

/// Days that end on a midnight.
pub struct Calendar {
    /// How many there are.
    days: u32,
    /// The end: nothing happens at it or after.
    pub end: i64,
    /// How much came in before the end of each day.
    filled: Vec<u64>,
}

impl Calendar {
    /// The two years before a moment's midnight (UTC).
    #[cfg(test)]
    pub fn ending(now: DateTime<Utc>) -> Self {
        Self::of_days(DAYS, now)
    }

    /// So many days before a moment's midnight (UTC); at least one.
    pub fn of_days(days: u32, now: DateTime<Utc>) -> Self {
        let days = days.max(1);
        let last = now.date_naive();
        let first = last - TimeDelta::days(i64::from(days));
        let mut sum = 0;
        let filled = first
            .iter_days()
            .take(days as usize)
            .zip(0..)
            .map(|(day, age)| {
                sum += busyness(day, age, days);
                sum
            })
            .collect();
        Self { days, end: to_micros(last.and_time(chrono::NaiveTime::MIN).and_utc()), filled }
    }

    /// The beginning.
    pub fn start(&self) -> i64 {
        self.end - i64::from(self.days) * DAY
    }

    /// When the ticket of this number, of so many, was opened. A ticket with a larger number is not older.
    pub fn opened(&self, number: u64, tickets: u64, dice: &mut Dice) -> i64 {
        // Every ticket has a span of its own of all that comes in, and falls anywhere in it.
        let all = u128::from(self.filled.last().copied().unwrap_or(1)) << 40;
        let (number, tickets) = (u128::from(number), u128::from(tickets.max(1)));
        let (from, to) = (all * number / tickets, all * (number + 1) / tickets);
        let place = from + (to - from) * u128::from(dice.next() >> 32) / (1 << 32);
        let day = self.filled.partition_point(|&filled| u128::from(filled) << 40 <= place);
        let before = day.checked_sub(1).and_then(|day| self.filled.get(day)).copied().unwrap_or(0);
        let after = self.filled.get(day).copied().unwrap_or(before + 1);
        let share = u64::try_from((place - (u128::from(before) << 40)) / u128::from(after - before)).unwrap_or(0);
        self.start() + i64::try_from(day).unwrap_or(0) * DAY + time_of_day(share)
    }

    /// The first moment at or after this one when technicians work, unless that is after the end.
    pub fn at_work(&self, moment: i64, dice: &mut Dice) -> i64 {
        let at = from_micros(moment);
        let works = |day: NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        if works(at.date_naive()) && OFFICE.contains(&at.hour()) {
            return moment;
        }
        let today = at.date_naive();
        let from = if at.hour() < OFFICE.start { today } else { today + TimeDelta::days(1) };
        let Some(day) = from.iter_days().find(|day| works(*day)) else { return moment };
        let opening = to_micros(day.and_time(chrono::NaiveTime::MIN).and_utc()) + i64::from(OFFICE.start) * HOUR;
        let came = opening + i64::try_from(dice.below(150)).unwrap_or(0) * MINUTE;
        if came < self.end { came } else { moment }
    }
}

/// How much comes in on a day that is this many days after the first, of so many.
fn busyness(day: NaiveDate, age: u32, days: u32) -> u64 {
    let weekday = match day.weekday() {
        Weekday::Mon => 125,
        Weekday::Tue => 112,
        Weekday::Wed => 104,
        Weekday::Thu => 102,
        Weekday::Fri => 88,
        Weekday::Sat => 9,
        Weekday::Sun => 6,
    };
    let season = match (day.month(), day.day()) {
        (8, _) => 45,
        (12, 24..) | (1, ..=6) => 35,
        (1 | 9, _) => 115,
        _ => 100,
    };
    let growth = 70 + u64::from(age) * 30 / u64::from(days);
    (weekday * season * growth / 1000).max(1)
}

/// The time of day before which this share (of 2^40) of a day's tickets comes in.
fn time_of_day(share: u64) -> i64 {
    let all: u64 = RUSH.iter().sum();
    let mut place = u128::from(share) * u128::from(all);
    for (hour, rush) in (0..).zip(RUSH) {
        let length = u128::from(rush) << 40;
        if place < length {
            let within = place * u128::from(HOUR.unsigned_abs()) / length;
            return hour * HOUR + i64::try_from(within).unwrap_or(0);
        }
        place -= length;
    }
    DAY - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        Calendar::ending("2026-11-24T10:20:30Z".parse().unwrap())
    }

    #[test]
    fn tickets_come_in_order_within_two_years() {
        let calendar = calendar();
        for tickets in [1, 7, 5_000] {
            let moments: Vec<i64> =
                (0..tickets).map(|n| calendar.opened(n, tickets, &mut Dice::new(1, 1, n))).collect();
            assert!(moments.is_sorted());
            assert!(moments.iter().all(|moment| (calendar.start()..calendar.end).contains(moment)));
        }
    }

    #[test]
    fn most_come_in_office_hours() {
        let calendar = calendar();
        let in_hours = (0..5_000)
            .map(|n| from_micros(calendar.opened(n, 5_000, &mut Dice::new(1, 1, n))))
            .filter(|at| at.weekday().num_days_from_monday() < 5 && (6..19).contains(&at.hour()))
            .count();
        assert!((4_500..4_980).contains(&in_hours), "{in_hours}");
    }

    #[test]
    fn technicians_answer_on_the_next_working_day() {
        let calendar = calendar();
        let saturday = to_micros("2026-11-14T12:00:00Z".parse().unwrap());
        let at = from_micros(calendar.at_work(saturday, &mut Dice::new(1, 1, 1)));
        assert_eq!((at.day(), at.weekday()), (16, Weekday::Mon));
        assert!(OFFICE.contains(&at.hour()));
        let monday = to_micros("2026-11-16T12:00:00Z".parse().unwrap());
        assert_eq!(calendar.at_work(monday, &mut Dice::new(1, 1, 1)), monday);
    }
}
