//! Which rows are of the demo, and how far it is loaded or removed.
//!
//! Runs of numbers are kept, not each number: a batch of rows is added in one go, so a million tickets are a thousand runs.
//! They are read whole and put into the queries as bounds. What the desk made itself lies in the gaps between them, so
//! looking for it never reads the demo.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{
        Conn, DbError,
        schema::{
            attachments, comments,
            demo::{demo_rows, demo_state},
            messages, replies, saved_views, tickets, users,
        },
    },
    on_conn,
};

/// The state's number.
const ROW: i16 = 1;

/// What a row of the demo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person.
    Person,
    /// A category.
    Category,
    /// A ticket.
    Ticket,
    /// A comment.
    Comment,
    /// A private message.
    Message,
    /// A saved reply.
    Reply,
}

impl Kind {
    /// As the database keeps it: the migration names the first five.
    fn code(self) -> i16 {
        match self {
            Self::Person => 1,
            Self::Category => 2,
            Self::Ticket => 3,
            Self::Comment => 4,
            Self::Message => 5,
            Self::Reply => 6,
        }
    }
}

/// Numbers from the first to the last.
pub type Run = (i64, i64);

/// The fewest runs that hold exactly these numbers.
fn runs_of(ids: &[i64]) -> Vec<Run> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    merged(ids.into_iter().map(|id| (id, id)))
}

/// Runs, in their order, with those made one that follow each other.
fn merged(runs: impl IntoIterator<Item = Run>) -> Vec<Run> {
    let mut merged: Vec<Run> = Vec::new();
    for (first, last) in runs {
        match merged.last_mut() {
            Some(before) if before.1 + 1 >= first => before.1 = before.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

/// What lies before, between and after runs.
fn gaps(runs: &[Run]) -> Vec<Run> {
    let mut gaps = Vec::with_capacity(runs.len() + 1);
    let mut from = i64::MIN;
    for &(first, last) in runs {
        if from < first {
            gaps.push((from, first - 1));
        }
        from = last.saturating_add(1);
    }
    gaps.push((from, i64::MAX));
    gaps
}

/// Says of rows that they are the demo's, in the transaction that adds them.
pub async fn mark(conn: &mut Conn, kind: Kind, ids: &[i64]) -> Result<(), DbError> {
    for (first, last) in runs_of(ids) {
        let row = (demo_rows::kind.eq(kind.code()), demo_rows::first_id.eq(first), demo_rows::last_id.eq(last));
        on_conn!(&mut *conn, |c| diesel::insert_into(demo_rows::table).values(row).execute(c).await)?;
    }
    Ok(())
}

/// The numbers of the demo's rows of a kind, in their order.
pub async fn runs(conn: &mut Conn, kind: Kind) -> Result<Vec<Run>, DbError> {
    let runs: Vec<Run> = on_conn!(conn, |c| {
        demo_rows::table
            .filter(demo_rows::kind.eq(kind.code()))
            .order(demo_rows::first_id)
            .select((demo_rows::first_id, demo_rows::last_id))
            .load(c)
            .await
    })?;
    Ok(merged(runs))
}

/// No row is the demo's any more.
pub async fn clear(conn: &mut Conn) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::delete(demo_rows::table).execute(c).await)?;
    Ok(())
}

/// Whether there is a ticket that is not the demo's.
pub async fn has_own_tickets(conn: &mut Conn) -> Result<bool, DbError> {
    // The newest are the likeliest to be the desk's own.
    for (first, last) in gaps(&runs(conn, Kind::Ticket).await?).into_iter().rev() {
        let within = tickets::table.filter(tickets::id.between(first, last)).select(tickets::id);
        let found: Option<i64> = on_conn!(&mut *conn, |c| within.first(c).await.optional())?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether there is anybody besides one person who is not the demo's.
pub async fn has_own_people(conn: &mut Conn, besides: i64) -> Result<bool, DbError> {
    for (first, last) in gaps(&runs(conn, Kind::Person).await?).into_iter().rev() {
        let others = users::table.filter(users::id.between(first, last)).filter(users::id.ne(besides));
        let found: Option<i64> = on_conn!(&mut *conn, |c| others.select(users::id).first(c).await.optional())?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many comments on the demo's tickets are not the demo's.
pub async fn own_comments(conn: &mut Conn) -> Result<i64, DbError> {
    let tickets = runs(conn, Kind::Ticket).await?;
    let mut count = 0;
    for (first, last) in gaps(&runs(conn, Kind::Comment).await?) {
        for &(first_ticket, last_ticket) in &tickets {
            let within = comments::table
                .filter(comments::id.between(first, last))
                .filter(comments::ticket_id.between(first_ticket, last_ticket))
                .count();
            count += on_conn!(&mut *conn, |c| within.get_result::<i64>(c).await)?;
        }
    }
    Ok(count)
}

/// How many private messages to and from the demo's people are not the demo's.
pub async fn own_messages(conn: &mut Conn) -> Result<i64, DbError> {
    let people = runs(conn, Kind::Person).await?;
    let mut count = 0;
    for (first, last) in gaps(&runs(conn, Kind::Message).await?) {
        for &(one, other) in &people {
            let with = messages::low_id.between(one, other).or(messages::high_id.between(one, other));
            let within = messages::table.filter(messages::id.between(first, last)).filter(with).count();
            count += on_conn!(&mut *conn, |c| within.get_result::<i64>(c).await)?;
        }
    }
    Ok(count)
}

/// How many files are on the demo's tickets. It brings none, so they are the desk's own.
pub async fn own_files(conn: &mut Conn) -> Result<i64, DbError> {
    let mut count = 0;
    for (first, last) in runs(conn, Kind::Ticket).await? {
        let within = attachments::table.filter(attachments::ticket_id.between(first, last)).count();
        count += on_conn!(&mut *conn, |c| within.get_result::<i64>(c).await)?;
    }
    Ok(count)
}

/// How many saved replies, and how many views, the demo's people keep for themselves alone, except one of them. The replies
/// that the demo brought are nobody's own.
pub async fn private_of_people(conn: &mut Conn, except: i64) -> Result<(i64, i64), DbError> {
    let mut count = (0, 0);
    let own = gaps(&runs(conn, Kind::Reply).await?);
    for (first, last) in runs(conn, Kind::Person).await? {
        for &(from, to) in &own {
            let replies = replies::table
                .filter(replies::id.between(from, to))
                .filter(replies::author_id.between(first, last).and(replies::author_id.ne(except)))
                .filter(replies::shared.eq(false))
                .count();
            count.0 += on_conn!(&mut *conn, |c| replies.get_result::<i64>(c).await)?;
        }
        let views = saved_views::table
            .filter(saved_views::user_id.between(first, last).and(saved_views::user_id.ne(except)))
            .filter(saved_views::shared.eq(false))
            .count();
        count.1 += on_conn!(&mut *conn, |c| views.get_result::<i64>(c).await)?;
    }
    Ok(count)
}

/// How many rows of a kind are marked.
pub async fn count(conn: &mut Conn, kind: Kind) -> Result<i64, DbError> {
    Ok(runs(conn, kind).await?.iter().map(|(first, last)| last - first + 1).sum())
}

/// How far the demo is loaded or removed.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = demo_state, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct StateRow {
    /// See the migration.
    pub state: i16,
    /// How many are done.
    pub done: i64,
    /// Of how many.
    pub total: i64,
    /// When whoever works on it last said so, in microseconds.
    pub beat_at: i64,
    /// How often loading or removing it was begun.
    pub run: i64,
}

/// Loading or removing the demo, by whoever began it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// Which of the two, as [`StateRow::state`] says.
    pub state: i16,
    /// See [`StateRow::run`].
    pub run: i64,
}

/// How far it is.
pub async fn state(conn: &mut Conn) -> Result<StateRow, DbError> {
    Ok(on_conn!(conn, |c| demo_state::table.find(ROW).select(StateRow::as_select()).first(c).await)?)
}

/// The same, held until the transaction ends.
pub async fn hold_state(conn: &mut Conn) -> Result<StateRow, DbError> {
    let row = demo_state::table.find(ROW);
    Ok(match conn {
        // The one writer needs no lock.
        Conn::Sqlite(c) => row.select(StateRow::as_select()).first(&mut **c).await,
        Conn::Postgres(c) => row.select(StateRow::as_select()).for_update().first(&mut **c).await,
        Conn::MySql(c) => row.select(StateRow::as_select()).for_update().first(&mut **c).await,
    }?)
}

/// Says what is going on from now on.
pub async fn set_state(conn: &mut Conn, row: StateRow) -> Result<(), DbError> {
    let columns = (
        demo_state::state.eq(row.state),
        demo_state::done.eq(row.done),
        demo_state::total.eq(row.total),
        demo_state::beat_at.eq(row.beat_at),
        demo_state::run.eq(row.run),
    );
    on_conn!(conn, |c| diesel::update(demo_state::table.find(ROW)).set(columns).execute(c).await)?;
    Ok(())
}

/// Says that so many more are done; false when the work is no longer that of whoever says so. Until the transaction ends,
/// nobody else takes it over.
pub async fn beat(conn: &mut Conn, work: Work, more: i64, now: i64) -> Result<bool, DbError> {
    let own = demo_state::table
        .filter(demo_state::id.eq(ROW))
        .filter(demo_state::run.eq(work.run))
        .filter(demo_state::state.eq(work.state));
    let columns = (demo_state::done.eq(demo_state::done + more), demo_state::beat_at.eq(now));
    Ok(on_conn!(conn, |c| diesel::update(own).set(columns).execute(c).await)? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_hold_their_numbers_and_no_other() {
        assert!(runs_of(&[]).is_empty());
        assert_eq!(runs_of(&[7, 5, 6, 9, 11, 10]), [(5, 7), (9, 11)]);
        assert_eq!(merged([(1, 4), (5, 9), (12, 12)]), [(1, 9), (12, 12)]);
    }

    #[test]
    fn gaps_are_all_other_numbers() {
        assert_eq!(gaps(&[]), [(i64::MIN, i64::MAX)]);
        assert_eq!(gaps(&[(5, 7), (9, 11)]), [(i64::MIN, 4), (8, 8), (12, i64::MAX)]);
    }
}
