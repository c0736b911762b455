//! Mails in the database.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::{
    ids::{MailId, TicketId},
    mail::{MailKind, MailState},
};

use super::rows::{MailRow, NewMail, kind_word, state_code};
use crate::{
    accounts::rows::{Face, UserRow},
    db::{
        Conn, DbError, LoadAll,
        schema::{mails, users},
    },
    insert_for_id, on_conn,
};

/// The state of those that wait.
const QUEUED: i16 = 0;

/// A mail that is due, as it was when it was looked for.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Due {
    pub id: i64,
    pub user_id: i64,
    pub ticket_id: Option<i64>,
    pub attempts: i32,
    pub next_attempt_at: i64,
    pub created_at: i64,
}

type DueColumns =
    (mails::id, mails::user_id, mails::ticket_id, mails::attempts, mails::next_attempt_at, mails::created_at);

/// The columns of [`Due`].
const DUE: DueColumns =
    (mails::id, mails::user_id, mails::ticket_id, mails::attempts, mails::next_attempt_at, mails::created_at);

/// What becomes of a mail that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The mail server has it.
    Sent,
    /// It is tried again at this moment.
    Again(i64, String),
    /// It is not tried again.
    Over(MailState, String),
}

/// Adds a mail.
pub async fn insert(conn: &mut Conn, mail: &NewMail) -> Result<MailId, DbError> {
    Ok(MailId(insert_for_id!(conn, mails, mail)?))
}

/// One mail, its reader and what it says.
pub async fn find(conn: &mut Conn, id: MailId) -> Result<Option<(MailRow, UserRow, Option<String>)>, DbError> {
    Ok(on_conn!(conn, |c| {
        mails::table
            .inner_join(users::table)
            .filter(mails::id.eq(id.0))
            .select((MailRow::as_select(), UserRow::as_select(), mails::letter))
            .first(c)
            .await
            .optional()
    })?)
}

/// A mail that was never tried.
#[derive(Debug, Clone, Queryable)]
pub struct Untried {
    pub id: i64,
    pub user_id: i64,
    pub letter: Option<String>,
}

/// The mails about a ticket to these people that wait and were never tried, newest first.
pub async fn untried(conn: &mut Conn, ticket: TicketId, readers: Vec<i64>) -> Result<Vec<Untried>, DbError> {
    Ok(on_conn!(conn, |c| {
        let query = mails::table
            .filter(mails::ticket_id.eq(ticket.0))
            .filter(mails::user_id.eq_any(readers))
            .filter(mails::state.eq(QUEUED))
            .filter(mails::attempts.eq(0))
            .order(mails::id.desc())
            .select((mails::id, mails::user_id, mails::letter));
        c.load_all(vec![query]).await
    })?)
}

/// Writes more into a mail, unless it was tried or written to meanwhile.
pub async fn rewrite(conn: &mut Conn, mail: &Untried, letter: &str) -> Result<bool, DbError> {
    let unchanged = mails::table
        .filter(mails::id.eq(mail.id))
        .filter(mails::state.eq(QUEUED))
        .filter(mails::attempts.eq(0))
        .filter(mails::letter.eq(&mail.letter));
    Ok(on_conn!(conn, |c| diesel::update(unchanged).set(mails::letter.eq(Some(letter))).execute(c).await)? > 0)
}

/// Keeps what a mail says now: what it tells of has other words.
pub async fn reword(conn: &mut Conn, id: i64, letter: &str) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::update(mails::table.find(id)).set(mails::letter.eq(Some(letter))).execute(c).await)?;
    Ok(())
}

/// Notes that a mail goes to another address than it was written for.
pub async fn readdress(conn: &mut Conn, id: i64, address: &str) -> Result<(), DbError> {
    on_conn!(conn, |c| diesel::update(mails::table.find(id)).set(mails::address.eq(address)).execute(c).await)?;
    Ok(())
}

/// When somebody was last sent a mail about a ticket.
pub async fn last_about(conn: &mut Conn, ticket: i64, reader: i64) -> Result<Option<i64>, DbError> {
    let found: Vec<Option<i64>> = on_conn!(conn, |c| {
        let query = mails::table
            .filter(mails::ticket_id.eq(ticket))
            .filter(mails::user_id.eq(reader))
            .filter(mails::state.eq(state_code(MailState::Sent)))
            .order(mails::id.desc())
            .limit(1)
            .select(mails::sent_at);
        c.load_all(vec![query]).await
    })?;
    Ok(found.into_iter().next().flatten())
}

/// Lets a mail wait that was due, unless somebody took it meanwhile.
pub async fn postpone(conn: &mut Conn, due: &Due, until: i64) -> Result<(), DbError> {
    let unchanged = mails::table
        .filter(mails::id.eq(due.id))
        .filter(mails::state.eq(QUEUED))
        .filter(mails::attempts.eq(due.attempts))
        .filter(mails::next_attempt_at.eq(due.next_attempt_at));
    on_conn!(conn, |c| diesel::update(unchanged).set(mails::next_attempt_at.eq(until)).execute(c).await)?;
    Ok(())
}

/// Mails before a place in their order, newest first, with their readers' names.
pub async fn list(
    conn: &mut Conn,
    state: Option<MailState>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<(MailRow, Face)>, DbError> {
    Ok(on_conn!(conn, |c| {
        let mut rows = mails::table
            .inner_join(users::table)
            .select((MailRow::as_select(), (users::name, users::avatar_at)))
            .order(mails::id.desc())
            .limit(limit)
            .into_boxed::<Backend>();
        if let Some(state) = state {
            rows = rows.filter(mails::state.eq(state_code(state)));
        }
        if let Some(before) = before {
            rows = rows.filter(mails::id.lt(before));
        }
        rows.load(c).await
    })?)
}

/// The kinds that somebody sits and waits for.
const AWAITED: [MailKind; 2] = [MailKind::PasswordReset, MailKind::PasswordLink];

/// The mails whose turn has come: those that somebody waits for, then the others, longest due first.
pub async fn due(conn: &mut Conn, now: i64, limit: i64) -> Result<Vec<Due>, DbError> {
    let others: Vec<Due> = on_conn!(&mut *conn, |c| {
        let query = mails::table
            .filter(mails::state.eq(QUEUED))
            .filter(mails::next_attempt_at.le(now))
            .order((mails::next_attempt_at, mails::id))
            .limit(limit)
            .select(DUE);
        c.load_all(vec![query]).await
    })?;
    // Asked last: what comes due between the two questions cannot be overtaken by the others that came with it.
    let mut found: Vec<Due> = on_conn!(conn, |c| {
        let query = mails::table
            .filter(mails::state.eq(QUEUED))
            .filter(mails::kind.eq_any(AWAITED.map(kind_word)))
            .filter(mails::next_attempt_at.le(now))
            .order((mails::next_attempt_at, mails::id))
            .limit(limit)
            .select(DUE);
        c.load_all(vec![query]).await
    })?;
    let fresh: Vec<Due> = others.into_iter().filter(|other| found.iter().all(|due| due.id != other.id)).collect();
    found.extend(fresh);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// When the next mail is due.
pub async fn next_due(conn: &mut Conn) -> Result<Option<i64>, DbError> {
    let next: Vec<i64> = on_conn!(conn, |c| {
        let query = mails::table
            .filter(mails::state.eq(QUEUED))
            .order((mails::next_attempt_at, mails::id))
            .limit(1)
            .select(mails::next_attempt_at);
        c.load_all(vec![query]).await
    })?;
    Ok(next.into_iter().next())
}

/// Takes a due mail to try it: nobody else does until `until`. False when somebody was quicker.
pub async fn claim(conn: &mut Conn, due: Due, until: i64) -> Result<bool, DbError> {
    let unchanged = mails::table
        .filter(mails::id.eq(due.id))
        .filter(mails::state.eq(QUEUED))
        .filter(mails::attempts.eq(due.attempts))
        .filter(mails::next_attempt_at.eq(due.next_attempt_at));
    Ok(on_conn!(conn, |c| {
        diesel::update(unchanged)
            .set((
                mails::attempts.eq(due.attempts + 1),
                mails::next_attempt_at.eq(until),
                mails::claimed_until.eq(Some(until)),
            ))
            .execute(c)
            .await
    })? > 0)
}

/// Gives back a mail that was claimed and not tried.
pub async fn give_back(conn: &mut Conn, claimed: Due, at: i64) -> Result<(), DbError> {
    let ours = mails::table
        .filter(mails::id.eq(claimed.id))
        .filter(mails::state.eq(QUEUED))
        .filter(mails::next_attempt_at.eq(claimed.next_attempt_at));
    let given = on_conn!(&mut *conn, |c| {
        diesel::update(ours)
            .set((
                mails::attempts.eq(claimed.attempts - 1),
                mails::next_attempt_at.eq(at),
                mails::claimed_until.eq(None::<i64>),
            ))
            .execute(c)
            .await
    })?;
    if given == 0 { release(conn, claimed.id).await } else { Ok(()) }
}

/// Ends the claim on a mail that somebody has taken out of the line.
pub async fn release(conn: &mut Conn, id: i64) -> Result<(), DbError> {
    let claim = diesel::update(mails::table.find(id)).set(mails::claimed_until.eq(None::<i64>));
    on_conn!(conn, |c| claim.execute(c).await)?;
    Ok(())
}

/// Notes what became of a mail. What was sent was sent; any other news counts only while it still waits.
pub async fn settle(conn: &mut Conn, id: i64, fate: &Fate, now: i64) -> Result<(), DbError> {
    let waiting = mails::table.filter(mails::id.eq(id)).filter(mails::state.eq(QUEUED));
    let settled = match fate {
        Fate::Sent => on_conn!(&mut *conn, |c| {
            diesel::update(mails::table.find(id))
                .set((
                    mails::state.eq(state_code(MailState::Sent)),
                    mails::sent_at.eq(Some(now)),
                    mails::last_error.eq(None::<String>),
                    mails::claimed_until.eq(None::<i64>),
                ))
                .execute(c)
                .await
        }),
        Fate::Again(at, why) => on_conn!(&mut *conn, |c| {
            diesel::update(waiting)
                .set((
                    mails::next_attempt_at.eq(*at),
                    mails::last_error.eq(Some(why)),
                    mails::claimed_until.eq(None::<i64>),
                ))
                .execute(c)
                .await
        }),
        Fate::Over(state, why) => on_conn!(&mut *conn, |c| {
            diesel::update(waiting)
                .set((
                    mails::state.eq(state_code(*state)),
                    mails::last_error.eq(Some(why)),
                    mails::claimed_until.eq(None::<i64>),
                ))
                .execute(c)
                .await
        }),
    }?;
    if settled == 0 { release(conn, id).await } else { Ok(()) }
}

/// Puts a mail that is still kept, and was not sent, at the head of the line; false when there is none such, or when somebody
/// is trying it right now: then it would go out twice.
pub async fn retry(conn: &mut Conn, id: MailId, now: i64) -> Result<bool, DbError> {
    let unsent = mails::table
        .filter(mails::id.eq(id.0))
        .filter(mails::state.ne(state_code(MailState::Sent)))
        .filter(mails::letter.is_not_null())
        .filter(mails::claimed_until.is_null().or(mails::claimed_until.le(now)));
    Ok(on_conn!(conn, |c| {
        diesel::update(unsent).set((mails::state.eq(QUEUED), mails::next_attempt_at.eq(now))).execute(c).await
    })? > 0)
}

/// Takes a waiting mail out of the line; false when it does not wait.
pub async fn cancel(conn: &mut Conn, id: MailId) -> Result<bool, DbError> {
    let waiting = mails::table.filter(mails::id.eq(id.0)).filter(mails::state.eq(QUEUED));
    Ok(on_conn!(conn, |c| {
        diesel::update(waiting).set(mails::state.eq(state_code(MailState::Cancelled))).execute(c).await
    })? > 0)
}

/// How many mails are in a state.
pub async fn count(conn: &mut Conn, state: MailState) -> Result<i64, DbError> {
    let of_state = mails::table.filter(mails::state.eq(state_code(state)));
    Ok(on_conn!(conn, |c| of_state.count().get_result(c).await)?)
}

/// What went wrong last with those that wait; else with one that was given up and was written since another one was sent.
pub async fn last_error(conn: &mut Conn) -> Result<Option<String>, DbError> {
    if let Some(error) = newest_error(conn, QUEUED, i64::MIN).await? {
        return Ok(Some(error));
    }
    let sent = last_sent(conn).await?.unwrap_or(i64::MIN);
    newest_error(conn, state_code(MailState::Failed), sent).await
}

/// What went wrong with the newest of those in a state that were written after some moment.
async fn newest_error(conn: &mut Conn, state: i16, after: i64) -> Result<Option<String>, DbError> {
    let found: Option<Option<String>> = on_conn!(conn, |c| {
        mails::table
            .filter(mails::state.eq(state))
            .filter(mails::created_at.gt(after))
            .filter(mails::last_error.is_not_null())
            .order(mails::id.desc())
            .select(mails::last_error)
            .first(c)
            .await
            .optional()
    })?;
    Ok(found.flatten())
}

/// When the mail server took the newest of those it has.
pub async fn last_sent(conn: &mut Conn) -> Result<Option<i64>, DbError> {
    let found: Option<Option<i64>> = on_conn!(conn, |c| {
        mails::table
            .filter(mails::state.eq(state_code(MailState::Sent)))
            .order(mails::id.desc())
            .select(mails::sent_at)
            .first(c)
            .await
            .optional()
    })?;
    Ok(found.flatten())
}

/// Whether a mail written before a moment still waits.
pub async fn waits_since(conn: &mut Conn, before: i64) -> Result<bool, DbError> {
    let oldest: Vec<i64> = on_conn!(conn, |c| {
        let query = mails::table.filter(mails::state.eq(QUEUED)).order(mails::id).limit(1).select(mails::created_at);
        c.load_all(vec![query]).await
    })?;
    Ok(oldest.into_iter().next().is_some_and(|oldest| oldest < before))
}

/// Gives up the mails that wait since before a moment.
pub async fn give_up(conn: &mut Conn, before: i64, why: &str) -> Result<(), DbError> {
    let old = mails::table.filter(mails::state.eq(QUEUED)).filter(mails::created_at.lt(before));
    on_conn!(conn, |c| {
        diesel::update(old)
            .set((mails::state.eq(state_code(MailState::Failed)), mails::last_error.eq(Some(why))))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Lets go of what the mails said that were written before a moment and no longer wait.
pub async fn forget_letters(conn: &mut Conn, before: i64) -> Result<(), DbError> {
    let done = mails::table
        .filter(mails::created_at.lt(before))
        .filter(mails::state.ne(QUEUED))
        .filter(mails::letter.is_not_null());
    on_conn!(conn, |c| diesel::update(done).set(mails::letter.eq(None::<String>)).execute(c).await)?;
    Ok(())
}

/// Removes the mails that were written before a moment and no longer wait.
pub async fn remove(conn: &mut Conn, before: i64) -> Result<(), DbError> {
    let done = mails::table.filter(mails::created_at.lt(before)).filter(mails::state.ne(QUEUED));
    on_conn!(conn, |c| diesel::delete(done).execute(c).await)?;
    Ok(())
}
