//! Whom a person may write to, and whose words they may read.

use shared::{ids::UserId, permissions::may_chat, problem::FieldCode};

use super::{
    rows::{MessageRow, Pair},
    store,
};
use crate::{
    accounts::{self, rows::UserRow},
    auth::caller::Caller,
    db::Conn,
    error::AppError,
};

/// The person to whom the caller writes. Whom they may not write to is as unknown as nobody (404); somebody without access
/// reads no message (409).
pub async fn recipient(conn: &mut Conn, caller: &Caller, to: UserId) -> Result<UserRow, AppError> {
    if to == caller.id() {
        return Err(AppError::field("user_id", FieldCode::Unknown));
    }
    let person = accounts::service::find(conn, to).await?.ok_or(AppError::NotFound)?;
    if !may_chat(caller.role(), person.role()) {
        return Err(AppError::NotFound);
    }
    if person.active { Ok(person) } else { Err(AppError::AccountInactive) }
}

/// The person whose conversation with the caller is read: somebody they may write to, or have written with before either of
/// them changed.
pub async fn partner(conn: &mut Conn, caller: &Caller, with: UserId) -> Result<UserRow, AppError> {
    if with == caller.id() {
        return Err(AppError::NotFound);
    }
    let person = accounts::service::find(conn, with).await?.ok_or(AppError::NotFound)?;
    let open = person.active && may_chat(caller.role(), person.role());
    if open || store::have_written(conn, Pair::of(caller.id(), with)).await? {
        return Ok(person);
    }
    Err(AppError::NotFound)
}

/// Refuses all but one of the two whom a message concerns.
pub fn require_concerned(caller: &Caller, message: Option<MessageRow>) -> Result<MessageRow, AppError> {
    message.filter(|message| message.concerns(caller.id())).ok_or(AppError::NotFound)
}
