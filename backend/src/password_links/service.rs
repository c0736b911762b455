//! What happens when links are asked for, made and used.

use actix_web::{rt, web::Data};
use chrono::TimeDelta;
use shared::{
    ids::{PasswordLinkId, UserId},
    password_links::{HANDED_HOURS, PasswordLink, PasswordLinkInfo, RESET_MINUTES, WELCOME_DAYS},
    problem::FieldCode,
};

use super::store::{self, LinkKind, LinkRow};
use crate::{
    accounts::{self, rows::UserRow},
    auth::{
        caller::Caller,
        secrets::{Secrets, random_text},
    },
    db::{Conn, DbError, from_micros, now, to_micros},
    error::AppError,
    events::{self, EventKind, NewEvent, Origin},
    mail::{self, Letter},
    state::State,
};

/// A person asks for a link no more often than once in this time; more requests change nothing.
const BETWEEN_REQUESTS: TimeDelta = TimeDelta::minutes(1);
/// As many requests of a person in an hour are heard.
const REQUESTS_AN_HOUR: i64 = 5;
/// How long it is known that there was a link.
const KEPT: TimeDelta = TimeDelta::days(1);
/// The length of a nonce: 190 bits.
const NONCE: usize = 32;

/// Makes a link. Those of the same kind that the person had are void, except what they ask for themselves: else anybody
/// could ask again, and again, and leave them without any. Answers with its number and its end.
async fn make(conn: &mut Conn, user: UserId, kind: LinkKind) -> Result<(PasswordLinkId, LinkRow), AppError> {
    let now = now();
    let lasts = match kind {
        LinkKind::Welcome => TimeDelta::days(WELCOME_DAYS),
        LinkKind::Reset => TimeDelta::minutes(RESET_MINUTES),
        LinkKind::Handed => TimeDelta::hours(HANDED_HOURS),
    };
    let nonce = random_text(NONCE);
    let expires_at = to_micros(now + lasts);
    if kind != LinkKind::Reset {
        store::void(conn, user, kind, to_micros(now)).await?;
    }
    let id = store::insert(conn, user, kind, &nonce, to_micros(now), expires_at).await?;
    Ok((id, LinkRow { nonce, expires_at, used_at: None }))
}

/// Welcomes people whose accounts were made without a password: to each a mail with a link to set it, in the transaction
/// that made the accounts.
pub async fn welcome(conn: &mut Conn, people: &[&UserRow]) -> Result<(), AppError> {
    let mut letters = Vec::with_capacity(people.len());
    for &person in people {
        let (link, _) = make(conn, UserId(person.id), LinkKind::Welcome).await?;
        letters.push((person, Letter::Welcome { link }));
    }
    mail::service::queue_all(conn, letters).await
}

/// Makes all links of a person void: for whoever changes their password or address, or takes their access away.
pub async fn void_all(conn: &mut Conn, user: UserId) -> Result<(), DbError> {
    store::void_all(conn, user, to_micros(now())).await
}

/// The token of a link, while it is good.
pub async fn token_of(conn: &mut Conn, secrets: &Secrets, id: PasswordLinkId) -> Result<Option<String>, AppError> {
    let Some((link, _)) = store::find(conn, id).await? else { return Ok(None) };
    if is_good(&link) { secrets.link_token(id, &link.nonce).map(Some) } else { Ok(None) }
}

fn is_good(link: &LinkRow) -> bool {
    link.used_at.is_none() && link.expires_at > to_micros(now())
}

/// Mails a link to whoever this login is of, if anybody: in the background, so that neither the answer nor its timing tells.
pub fn request(state: Data<State>, login: String, address: String) {
    rt::spawn(async move {
        let origin = Origin { actor: None, address: Some(address) };
        if let Err(error) = send_reset(&state, &login, &origin).await {
            tracing::warn!(%error, cause = error.cause(), "could not write a mail that sets a password");
        }
    });
}

async fn send_reset(state: &State, login: &str, origin: &Origin) -> Result<(), AppError> {
    let found = accounts::service::find_by_login(&mut state.db.lookup().await?, login).await?;
    let Some(person) = found.filter(|person| person.active) else { return Ok(()) };
    let user = UserId(person.id);
    state
        .db
        .write(async |conn| -> Result<(), AppError> {
            // Two requests at once are one after the other.
            accounts::service::hold(conn, user).await?;
            let since = async |conn: &mut Conn, time| {
                store::count_since(conn, user, LinkKind::Reset, to_micros(now() - time)).await
            };
            if since(conn, BETWEEN_REQUESTS).await? > 0 || since(conn, TimeDelta::hours(1)).await? >= REQUESTS_AN_HOUR {
                return Ok(());
            }
            let (link, _) = make(conn, user, LinkKind::Reset).await?;
            mail::service::queue(conn, &person, &Letter::PasswordReset { link }).await?;
            Ok(events::append(conn, &NewEvent::desk(origin, EventKind::PasswordResetRequested, user.0)).await?)
        })
        .await
}

/// Makes a link for somebody, to be told or mailed to them.
pub async fn create(state: &State, caller: &Caller, user: UserId, send: bool) -> Result<PasswordLink, AppError> {
    let origin = caller.origin();
    let (id, link) = state
        .db
        .write(async |conn| -> Result<_, AppError> {
            let person = accounts::service::find(conn, user).await?.ok_or(AppError::NotFound)?;
            if !person.active {
                return Err(AppError::AccountInactive);
            }
            let kind = if person.password_hash.is_none() { LinkKind::Welcome } else { LinkKind::Handed };
            let (link, row) = make(conn, user, kind).await?;
            if send {
                let letter = match kind {
                    LinkKind::Welcome => Letter::Welcome { link },
                    LinkKind::Reset | LinkKind::Handed => Letter::PasswordLink { link },
                };
                mail::service::queue(conn, &person, &letter).await?;
            }
            events::append(conn, &NewEvent::desk(&origin, EventKind::PasswordLinkCreated, user.0)).await?;
            Ok((link, row))
        })
        .await?;
    let url = if send {
        None
    } else {
        Some(state.mail.shown_address_of(&super::path(&state.auth.secrets.link_token(id, &link.nonce)?)))
    };
    Ok(PasswordLink { url, expires_at: from_micros(link.expires_at) })
}

/// The good link that a token is of, and whose it is. Every other token is one and the same refusal.
async fn find(state: &State, token: &str) -> Result<(PasswordLinkId, LinkRow, UserRow), AppError> {
    let (id, proof) = Secrets::link_of(token).ok_or(AppError::LinkInvalid)?;
    let found = store::find(&mut state.db.lookup().await?, id).await?;
    found
        .filter(|(link, person)| {
            state.auth.secrets.is_link_proof(id, &link.nonce, proof) && is_good(link) && person.active
        })
        .map(|(link, person)| (id, link, person))
        .ok_or(AppError::LinkInvalid)
}

/// Whose password a link sets.
pub async fn info(state: &State, token: &str) -> Result<PasswordLinkInfo, AppError> {
    let (_, link, person) = find(state, token).await?;
    Ok(PasswordLinkInfo {
        username: person.username,
        name: person.name,
        first: person.password_hash.is_none(),
        expires_at: from_micros(link.expires_at),
    })
}

/// Which rules a password breaks, for the person whose link it is.
pub async fn check(state: &State, token: &str, password: String) -> Result<Vec<FieldCode>, AppError> {
    let (_, _, person) = find(state, token).await?;
    let about = [person.username, person.name, person.email].to_vec();
    state.auth.passwords.broken_rules(password, about).await
}

/// Sets a password with a link, which is then used up, and ends the person's sessions.
pub async fn reset(state: &State, token: &str, password: &str, address: String) -> Result<(), AppError> {
    let (id, _, person) = find(state, token).await?;
    let hash = accounts::service::hash_new(&state.auth.passwords, "password", password, &person).await?;
    let origin = Origin { actor: Some(UserId(person.id)), address: Some(address) };
    state
        .db
        .write(async |conn| -> Result<(), AppError> {
            // Whoever was quicker with the same link has used it.
            if !store::use_up(conn, id, to_micros(now())).await? {
                return Err(AppError::LinkInvalid);
            }
            accounts::service::set_password(conn, &origin, &person, &hash).await
        })
        .await?;
    state.auth.limits.forget(&crate::text::fold(&person.username));
    Ok(())
}

/// Removes the links that ended long ago.
pub async fn remove_old(conn: &mut Conn) -> Result<(), DbError> {
    store::remove(conn, to_micros(now() - KEPT)).await
}
