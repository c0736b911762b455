//! Whether whoever opened a socket may still have it: their session or token as it is now.

use chrono::{DateTime, Utc};
use shared::tokens::TokenScope;

use crate::{
    accounts::rows::UserRow,
    auth::{self, caller::Proof},
    db::{DbError, from_micros},
    state::State,
};

/// Who somebody is, by a session or a token that has not ended.
#[derive(Debug)]
pub struct Proven {
    /// Who, as they are now.
    pub user: UserRow,
    /// Whether they may change anything.
    pub may_write: bool,
    /// When it ends, if nothing extends it.
    pub ends_at: Option<DateTime<Utc>>,
}

/// Looks whether a session or a token still is; none when it has ended.
pub async fn prove(state: &State, proof: Proof) -> Result<Option<Proven>, DbError> {
    let mut conn = state.db.lookup().await?;
    Ok(match proof {
        Proof::Session(session) => auth::service::present(&mut conn, session.key)
            .await?
            .map(|(user, ends_at)| Proven { user, may_write: true, ends_at: Some(ends_at) }),
        Proof::Token(token) => auth::tokens::service::present(&mut conn, token).await?.map(|(token, user)| Proven {
            user,
            may_write: token.scopes().contains(&TokenScope::Write),
            ends_at: token.expires_at.map(from_micros),
        }),
    })
}
