//! Moments in the database are microseconds since 1970-01-01T00:00:00Z.

use chrono::{DateTime, SubsecRound, Utc};

/// Now, to the microsecond, as every moment is kept.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// A moment as the database keeps it.
pub fn to_micros(moment: DateTime<Utc>) -> i64 {
    moment.timestamp_micros()
}

/// A moment as the program keeps it. Columns hold only what [`to_micros`] wrote, which always fits.
pub fn from_micros(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}
