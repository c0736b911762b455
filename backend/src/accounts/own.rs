//! What people do with their own accounts.

use shared::{
    accounts::{ChangePassword, UpdateMe, User},
    notifications::Me,
    problem::FieldCode,
};

use super::{
    folding::folded_name,
    rows::{UserChanges, locale_code, theme_code},
    service::{apply, hash},
    store,
};
use crate::{
    auth::{
        self,
        caller::{Caller, SessionCaller},
    },
    error::AppError,
    events::{self, EventKind, NewEvent},
    notifications, password_links,
    state::State,
    text::fold,
};

/// Changes the caller's own account.
pub async fn update(state: &State, caller: &Caller, request: UpdateMe) -> Result<User, AppError> {
    let changes = UserChanges {
        name_folded: request.name.as_deref().map(folded_name),
        name: request.name.map(|name| name.trim().to_owned()),
        locale: request.locale.map(locale_code),
        theme: request.theme.map(theme_code),
        ..UserChanges::default()
    };
    let choices = request.notifications;
    if changes.is_empty() && choices.is_none() {
        return Ok(caller.user.clone().into());
    }
    let origin = caller.origin();
    state
        .db
        .write(async |conn| -> Result<User, AppError> {
            let mut chosen = false;
            if let Some(choices) = &choices {
                // Two changes at once are one after the other, and the second is made from what the first has left.
                store::lock(conn, caller.id()).await?;
                chosen = notifications::service::choose(conn, caller.id(), choices).await?;
            }
            if !changes.is_empty() {
                return apply(conn, &origin, caller.id(), &changes).await;
            }
            if chosen {
                events::append(conn, &NewEvent::desk(&origin, EventKind::UserUpdated, caller.user.id)).await?;
            }
            Ok(caller.user.clone().into())
        })
        .await
}

/// The caller's own account, with how they are told of what happens.
pub async fn read(state: &State, caller: &Caller, user: User) -> Result<Me, AppError> {
    let mut conn = state.db.lookup().await?;
    Ok(Me { user, notifications: notifications::service::choices(&mut conn, caller.id()).await? })
}

/// Changes the caller's own password and ends their other sessions.
pub async fn change_password(state: &State, caller: &SessionCaller, request: ChangePassword) -> Result<(), AppError> {
    let account = fold(&caller.user.username);
    tokio::time::sleep(state.auth.limits.try_account(&account)).await;
    let known = caller.user.password_hash.clone();
    let matches = state.auth.passwords.verify(request.current_password, known.clone()).await?;
    if !matches {
        return Err(AppError::field("current_password", FieldCode::PasswordWrong));
    }
    state.auth.limits.forget(&account);
    let about = [caller.user.username.as_str(), &caller.user.name, &caller.user.email];
    let hash = hash(&state.auth.passwords, "new_password", &request.new_password, about).await?;
    let changes = UserChanges { password_hash: Some(hash), ..UserChanges::default() };
    let origin = caller.origin();
    state
        .db
        .write(async |conn| -> Result<(), AppError> {
            // While the passwords were compared and hashed, an administrator may have set another one, which ends this
            // session, or taken the access away: that counts.
            store::lock(conn, caller.id()).await?;
            let owner = auth::service::owner(conn, caller.session.key).await?.ok_or(AppError::NotAuthenticated)?;
            if owner.password_hash != known {
                return Err(AppError::field("current_password", FieldCode::PasswordWrong));
            }
            store::update(conn, caller.id(), &changes).await?;
            auth::service::end_sessions(conn, caller.id(), Some(caller.session.key.id)).await?;
            password_links::service::void_all(conn, caller.id()).await?;
            let event = NewEvent::desk(&origin, EventKind::PasswordChanged, caller.user.id);
            Ok(events::append(conn, &event).await?)
        })
        .await
}
