//! Lengths of time in the reader's language: `12 min`, `3 h`.

use chrono::TimeDelta;

use crate::{i18n::Locale, time};

/// The largest unit that fits, and how many of it; never less than a minute.
fn unit(length: TimeDelta) -> (i64, &'static str) {
    let minutes = length.num_minutes().max(1);
    match minutes {
        0..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    }
}

/// A length of time, rounded down to its largest unit.
pub fn span(locale: Locale, length: TimeDelta) -> String {
    let (count, unit) = unit(length);
    let display = if unit == "day" { "long" } else { "short" };
    time::measure(locale, count, unit, display)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_unit_that_fits() {
        assert_eq!(unit(TimeDelta::seconds(5)), (1, "minute"));
        assert_eq!(unit(TimeDelta::minutes(59)), (59, "minute"));
        assert_eq!(unit(TimeDelta::minutes(60)), (1, "hour"));
        assert_eq!(unit(TimeDelta::hours(49)), (2, "day"));
    }
}
