//! Logging in and out, and keeping a session alive.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use shared::{
    fields::EMAIL_MAX,
    ids::{SessionId, UserId},
    session::{SessionInfo, SessionMode},
};

use super::{
    caller::{Caller, Proof, Session, SessionCaller},
    failures::Failure,
    secrets::SessionKey,
    store, tokens,
};
use crate::{
    accounts::{self, folding::email_in_ascii, rows::UserRow},
    db::{Conn, DbError, from_micros, now, to_micros},
    error::AppError,
    events::{self, EventKind, NewEvent, Origin},
    state::State,
    text,
};

/// How far the note of a session's last use lags behind it at most, where no end moves with it.
const NOTED: TimeDelta = TimeDelta::minutes(1);

/// A request to log in.
pub struct Attempt<'a> {
    /// What was typed.
    pub login: &'a str,
    /// The password.
    pub password: String,
    /// From where.
    pub address: String,
    /// With what.
    pub user_agent: String,
}

/// A session that has just begun.
pub struct Begun {
    /// Which.
    pub session: Session,
    /// Whose.
    pub user: UserRow,
}

/// Begins a session, or says only that the name or the password is wrong, and notes that somebody tried.
pub async fn log_in(state: &State, attempt: Attempt<'_>) -> Result<Begun, AppError> {
    // Failures are remembered by this, so it is no longer than a name or an address can be. Not by the account, whose other name
    // a pause would tell.
    let typed: String = attempt.login.trim().chars().take(EMAIL_MAX).collect();
    // However the domain of an address is spelled, it is one account.
    let account = text::fold(&email_in_ascii(&typed).unwrap_or(typed));
    let pause = state.auth.limits.try_account(&account);
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
    let user = {
        let mut conn = state.db.read().await?;
        accounts::service::find_by_login(&mut conn, attempt.login).await?
    };
    let failure = Failure::new(&attempt.address, attempt.login, user.as_ref().map(|user| UserId(user.id)));
    let begun = begin(state, attempt, user, &account).await;
    if matches!(begun, Err(AppError::WrongCredentials)) {
        state.auth.failures.record(&state.db, &failure).await;
    }
    begun
}

async fn begin(state: &State, attempt: Attempt<'_>, user: Option<UserRow>, account: &str) -> Result<Begun, AppError> {
    let hash = user.as_ref().filter(|user| user.active).and_then(|user| user.password_hash.clone());
    let matches = state.auth.passwords.verify(attempt.password, hash.clone()).await?;
    if matches {
        state.auth.limits.forget(account);
    }
    let user = user.filter(|_| matches).ok_or(AppError::WrongCredentials)?;

    let now = now();
    let expires_at = now + state.config.session_timeout;
    let origin = Origin { actor: Some(UserId(user.id)), address: Some(attempt.address) };
    let row = store::NewSession {
        user_id: user.id,
        created_at: to_micros(now),
        last_used_at: to_micros(now),
        expires_at: to_micros(expires_at),
        address: origin.address.as_deref().unwrap_or_default(),
        user_agent: &attempt.user_agent,
    };
    let session = state
        .db
        .write(async |conn| -> Result<_, AppError> {
            // This holds the person's row. Whoever changes it now comes after, and ends this session too; who changed it
            // while the password was being compared has been here before.
            accounts::service::record_seen(conn, UserId(user.id), now).await?;
            let present = accounts::service::find(conn, UserId(user.id)).await?;
            if !present.is_some_and(|present| present.active && present.password_hash == hash) {
                return Err(AppError::WrongCredentials);
            }
            let session = store::insert(conn, &row).await?;
            events::append(conn, &NewEvent::desk(&origin, EventKind::LoggedIn, user.id)).await?;
            Ok(session)
        })
        .await?;
    let key = SessionKey { id: session, began_at: row.created_at };
    Ok(Begun { session: Session { key, last_used_at: now, expires_at }, user })
}

/// The owner of a session that has not ended, within a transaction.
pub async fn owner(conn: &mut Conn, session: SessionKey) -> Result<Option<UserRow>, DbError> {
    Ok(store::find(conn, session, now()).await?.map(|(_, owner)| owner))
}

/// The owner of a session that has not ended, and when it does.
pub async fn present(conn: &mut Conn, session: SessionKey) -> Result<Option<(UserRow, DateTime<Utc>)>, DbError> {
    Ok(store::find(conn, session, now()).await?.map(|(row, owner)| (owner, from_micros(row.expires_at))))
}

/// A caller as they are at this moment, within a transaction: for what goes on for so long that they may have left, been
/// sent away or become somebody else since it began.
pub async fn again(conn: &mut Conn, caller: &Caller) -> Result<Caller, AppError> {
    let user = match caller.proof {
        Proof::Session(session) => owner(conn, session.key).await?.ok_or(AppError::NotAuthenticated)?,
        Proof::Token(token) => tokens::service::owner(conn, token).await?.ok_or(AppError::TokenRefused)?,
    };
    Ok(Caller { user, ..caller.clone() })
}

/// The same outside of one: for what has come slowly, now that all of it is there.
pub async fn once_more(state: &State, caller: &Caller) -> Result<Caller, AppError> {
    again(&mut state.db.lookup().await?, caller).await
}

/// The session a token names, when it has not ended, with its owner.
pub async fn find(state: &State, session: SessionKey) -> Result<Option<(store::SessionRow, UserRow)>, AppError> {
    let mut conn = state.db.lookup().await?;
    Ok(store::find(&mut conn, session, now()).await?)
}

/// How far a session's end lags behind its last use at most, so that a burst of requests writes once.
fn granularity(timeout: Duration) -> Duration {
    (timeout / 20).min(Duration::from_secs(1))
}

/// Notes a deliberate request: in strict mode the session now ends a whole timeout later. Answers with its end.
pub async fn extend(state: &State, session: Session, user: UserId, force: bool) -> Result<DateTime<Utc>, AppError> {
    let (present, now) = (session.expires_at, now());
    if state.config.session_mode == SessionMode::Absolute {
        if now - session.last_used_at >= NOTED {
            state.db.write(async |conn| note_use(conn, session, user, now).await).await?;
        }
        return Ok(present);
    }
    let expires_at = now + state.config.session_timeout;
    let lag = (expires_at - present).to_std().unwrap_or_default();
    if lag < granularity(state.config.session_timeout) && !force {
        return Ok(present);
    }
    let end = state
        .db
        .write(async |conn| -> Result<_, DbError> {
            let end = store::extend(conn, session.key.id, now, expires_at).await?;
            if end.is_some() {
                accounts::service::refresh_seen(conn, user, now).await?;
            }
            Ok(end)
        })
        .await?;
    end.ok_or(AppError::NotAuthenticated)
}

/// Notes that a session was used whose end stays where it is.
async fn note_use(conn: &mut Conn, session: Session, user: UserId, now: DateTime<Utc>) -> Result<(), DbError> {
    store::note_use(conn, session.key.id, now).await?;
    accounts::service::refresh_seen(conn, user, now).await
}

/// What the page is told of the session.
pub fn info(state: &State, session: Session, user: UserRow) -> Result<SessionInfo, AppError> {
    Ok(SessionInfo {
        user: user.into(),
        csrf_token: state.auth.secrets.csrf_token(session.key)?,
        expires_at: session.expires_at,
        now: now(),
        mode: state.config.session_mode,
        event: state.live.hub.position(),
    })
}

/// Ends the caller's session.
pub async fn log_out(state: &State, caller: &SessionCaller) -> Result<(), AppError> {
    match end(state, caller, caller.session.key.id, EventKind::LoggedOut).await {
        // Somebody was quicker, in another tab: what was asked for is so.
        Err(AppError::NotFound) => Ok(()),
        ended => ended,
    }
}

/// Ends another session of the caller.
pub async fn revoke(state: &State, caller: &Caller, session: SessionId) -> Result<(), AppError> {
    end(state, caller, session, EventKind::SessionRevoked).await
}

/// Ends every session of the caller but the one they ask with.
pub async fn revoke_others(state: &State, caller: &SessionCaller) -> Result<(), AppError> {
    let origin = caller.origin();
    let own = caller.session.key.id;
    state
        .db
        .write(async |conn| -> Result<(), AppError> {
            let others: Vec<i64> = store::of_user(conn, caller.id(), now())
                .await?
                .into_iter()
                .map(|row| row.id)
                .filter(|&id| id != own.0)
                .collect();
            store::delete_all_but(conn, caller.id(), Some(own)).await?;
            let told: Vec<_> =
                others.into_iter().map(|id| NewEvent::desk(&origin, EventKind::SessionRevoked, id)).collect();
            Ok(events::append_all(conn, &told).await?)
        })
        .await
}

async fn end(state: &State, caller: &Caller, session: SessionId, kind: EventKind) -> Result<(), AppError> {
    let origin = caller.origin();
    state
        .db
        .write(async |conn| -> Result<(), AppError> {
            if !store::delete(conn, caller.id(), session).await? {
                return Err(AppError::NotFound);
            }
            Ok(events::append(conn, &NewEvent::desk(&origin, kind, session.0)).await?)
        })
        .await
}

/// Ends every session of a person but one. For whoever changes a password or deactivates an account.
pub async fn end_sessions(conn: &mut Conn, user: UserId, kept: Option<SessionId>) -> Result<(), DbError> {
    store::delete_all_but(conn, user, kept).await
}

/// The caller's sessions.
pub async fn list(state: &State, caller: &SessionCaller) -> Result<Vec<shared::session::DeviceSession>, AppError> {
    let mut conn = state.db.read().await?;
    let rows = store::of_user(&mut conn, caller.id(), now()).await?;
    Ok(rows.into_iter().map(|row| row.into_device(caller.session.key.id)).collect())
}

/// Removes what has ended, forgets quiet addresses and sums up failed logins, once a minute, for as long as the program runs.
pub async fn sweep(state: &State) {
    let mut every = tokio::time::interval(Duration::from_mins(1));
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        state.auth.limits.forget_quiet();
        state.auth.messages.forget_quiet();
        if let Err(error) = state.auth.failures.record_sums(&state.db).await {
            tracing::warn!(%error, "failed logins could not be noted");
        }
        if let Err(error) = state.db.write(async |conn| store::delete_ended(conn, now()).await).await {
            tracing::warn!(%error, "could not remove ended sessions");
        }
    }
}
