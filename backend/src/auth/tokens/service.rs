//! What happens when tokens are made, used and revoked.

use chrono::{DateTime, TimeDelta, Utc};
use shared::{
    ids::TokenId,
    problem::FieldCode,
    tokens::{CreateToken, CreatedToken, TOKENS_MAX, Token, TokenScope},
};

use super::{
    secret,
    store::{self, NewToken, TokenRow},
};
use crate::{
    accounts::{self, rows::UserRow},
    auth::caller::Caller,
    db::{Conn, Db, DbError, from_micros, now, to_micros},
    error::AppError,
    events::{self, EventKind, NewEvent, change},
    state::State,
};

/// How far the note of a token's last use lags behind it at most: a program may ask many times a second.
const LAG: TimeDelta = TimeDelta::minutes(1);

/// The token of this text and its person, when neither has ended. Notes the use, once a minute.
pub async fn find(state: &State, text: &str, address: &str) -> Result<Option<(TokenRow, UserRow)>, AppError> {
    if !secret::is_wellformed(text) {
        return Ok(None);
    }
    let now = now();
    let found = {
        let mut conn = state.db.lookup().await?;
        store::find(&mut conn, &secret::digest(text), now).await?
    };
    if let Some((token, _)) = &found
        && token.last_used_at.is_none_or(|at| now - from_micros(at) >= LAG)
    {
        note_use(&state.db, TokenId(token.id), now, address).await;
    }
    Ok(found)
}

/// What the token is asked for does not depend on this, so its failure is only logged.
async fn note_use(db: &Db, token: TokenId, now: DateTime<Utc>, address: &str) {
    let noted = db.write(async |conn| -> Result<(), DbError> { store::touch(conn, token, now, address).await });
    if let Err(error) = noted.await {
        tracing::warn!(%error, "could not note the use of a token");
    }
}

/// The caller's tokens, latest first.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Token>, AppError> {
    let mut conn = db.read().await?;
    Ok(store::of_user(&mut conn, caller.id()).await?.into_iter().map(Into::into).collect())
}

/// Makes a token for the caller. Its text is in the answer and nowhere else.
pub async fn create(db: &Db, caller: &Caller, request: CreateToken) -> Result<CreatedToken, AppError> {
    let now = now();
    if request.expires_at.is_some_and(|at| at <= now) {
        return Err(AppError::field("expires_at", FieldCode::InThePast));
    }
    let token = secret::new();
    let name = request.name.trim();
    let new = NewToken {
        user_id: caller.user.id,
        name,
        digest: &secret::digest(&token),
        scopes: store::scopes_code(&request.scopes),
        created_at: to_micros(now),
        expires_at: request.expires_at.map(to_micros),
    };
    let scopes: Vec<TokenScope> = TokenScope::ALL.into_iter().filter(|scope| request.scopes.contains(scope)).collect();
    let origin = caller.origin();
    let id = db
        .write(async |conn| -> Result<_, AppError> {
            // Two requests at once cannot both find room for the last one.
            accounts::service::lock(conn, caller.id()).await?;
            if store::count(conn, caller.id()).await? >= TOKENS_MAX {
                return Err(AppError::LimitReached);
            }
            let id = store::insert(conn, &new).await?;
            let changes = [change("name", &"", &name), change("scopes", &Vec::new(), &scopes)];
            let event = NewEvent::desk(&origin, EventKind::TokenCreated, id.0);
            events::append(conn, &event.changes(changes.into_iter().flatten().collect())).await?;
            Ok(id)
        })
        .await?;
    Ok(CreatedToken {
        id,
        token,
        name: name.to_owned(),
        scopes,
        created_at: now,
        expires_at: request.expires_at.map(|at| from_micros(to_micros(at))),
    })
}

/// The owner of a token that has not ended, within a transaction.
pub async fn owner(conn: &mut Conn, id: TokenId) -> Result<Option<UserRow>, DbError> {
    store::owner(conn, id, now()).await
}

/// A token that has not ended, with its owner.
pub async fn present(conn: &mut Conn, id: TokenId) -> Result<Option<(TokenRow, UserRow)>, DbError> {
    store::present(conn, id, now()).await
}

/// Revokes a token of the caller.
pub async fn revoke(db: &Db, caller: &Caller, id: TokenId) -> Result<(), AppError> {
    let origin = caller.origin();
    db.write(async |conn| -> Result<(), AppError> {
        let token = store::of_user_by_id(conn, caller.id(), id).await?.ok_or(AppError::NotFound)?;
        if !store::delete(conn, id).await? {
            return Err(AppError::NotFound);
        }
        let changes = change("name", &token.name.as_str(), &"").into_iter().collect();
        Ok(events::append(conn, &NewEvent::desk(&origin, EventKind::TokenRevoked, id.0).changes(changes)).await?)
    })
    .await
}
