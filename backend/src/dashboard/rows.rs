//! What the database counts.

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Nullable, SmallInt},
};

/// Unfinished tickets that are alike.
#[derive(Debug, QueryableByName)]
pub struct Alike {
    /// Their state.
    #[diesel(sql_type = SmallInt)]
    pub status: i16,
    /// Their priority.
    #[diesel(sql_type = SmallInt)]
    pub priority: i16,
    /// Their category.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub category_id: Option<i64>,
    /// Who deals with them.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub assignee_id: Option<i64>,
    /// The place of their age among those that were asked for.
    #[diesel(sql_type = BigInt)]
    pub age: i64,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub n: i64,
}

/// What happened in a quarter of an hour.
#[derive(Debug, QueryableByName)]
pub struct InQuarter {
    /// The quarters of an hour from 1970 until then.
    #[diesel(sql_type = BigInt)]
    pub quarter: i64,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub n: i64,
}

/// What took equally long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Took {
    /// 1 for what happened in the period, 0 for what happened in the one before.
    #[diesel(sql_type = BigInt)]
    pub recent: i64,
    /// How long, in minutes: whole ones up to a day, then whole hours, and above thirty days whole days.
    #[diesel(sql_type = BigInt)]
    pub minutes: i64,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub n: i64,
}

/// A count.
#[derive(Debug, QueryableByName)]
pub struct Count {
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub n: i64,
}
