//! Files on messages: kept as those on tickets are, for the two alone.

use shared::{
    chat::MessageWithFiles,
    fields,
    ids::{MessageFileId, MessageId, UserId},
};

use super::{
    access,
    rows::{FullFile, NewFile, Pair, folded},
    service::{self, Draft, Entered, Sent},
    store,
};
use crate::{
    attachments::{
        self,
        entry::Kept,
        upload::{Field, Upload},
    },
    auth::{self, caller::Caller, message_rate::Counted},
    db::Conn,
    error::AppError,
    state::State,
};

/// The field with what is said beside the files: 10,000 characters, and what a form makes of line ends.
pub const BODY: Field = ("body", 80_000);
/// The field with what the program calls the message.
pub const CLIENT_ID: Field = ("client_id", 1_000);

/// Refuses whoever may not write to somebody, or has written too much, before anything is read from them; but not whoever has
/// written with them: what came already is answered, and the name that tells so comes with the files.
pub async fn may_send(state: &State, caller: &Caller, to: UserId) -> Result<(), AppError> {
    state.auth.messages.look(caller.id())?;
    let mut conn = state.db.lookup().await?;
    let Err(refused) = access::recipient(&mut conn, caller, to).await else { return Ok(()) };
    let is_gone = matches!(refused, AppError::NotFound | AppError::AccountInactive);
    let may_have_come = is_gone && store::have_written(&mut conn, Pair::of(caller.id(), to)).await?;
    if may_have_come { Ok(()) } else { Err(refused) }
}

/// Sends files to somebody: one message with all of them. As [`service::send`], what came already is answered as it is.
pub async fn send(state: &State, caller: &Caller, to: UserId, upload: Upload) -> Result<Sent, AppError> {
    let request = MessageWithFiles {
        // A form writes each end of a line as two characters.
        body: upload.value(BODY.0).map(|body| body.replace("\r\n", "\n")),
        client_id: upload.value(CLIENT_ID.0).map(str::to_owned),
    };
    fields::check(&request).map_err(AppError::Validation)?;
    let body = request.body.as_deref().unwrap_or_default();
    let folded = folded(body);
    let counted = Counted::default();
    let draft = Draft { body, folded: &folded, client_id: request.client_id.as_deref(), counted: &counted };
    let origin = caller.origin();
    let entered = attachments::keep(state, upload.files, async |conn, files| {
        // Whoever sent them may have lost the right to while they came.
        let caller = &auth::service::again(conn, caller).await?;
        let entered = service::enter(state, conn, caller, to, draft).await?;
        let used = if entered.fresh { enter_files(conn, entered, files).await? } else { Vec::new() };
        service::announce(conn, &origin, to, entered).await?;
        Ok((entered, used))
    })
    .await?;
    Ok(Sent { fresh: entered.fresh, ..service::sent_before(state, entered.id).await? })
}

/// Enters the files of a new message; answers with the keys that are used from now on.
async fn enter_files(conn: &mut Conn, message: Entered, files: &[Kept]) -> Result<Vec<String>, AppError> {
    let mut used = Vec::new();
    for file in files {
        let blob = attachments::blob_for(conn, file, message.at, &mut used).await?;
        let new = NewFile {
            message_id: message.id.0,
            blob_id: blob,
            created_at: message.at,
            media_type: file.media_type,
            name: &file.name,
        };
        store::insert_file(conn, &new).await?;
    }
    Ok(used)
}

/// A file of a message that the caller wrote or got; any other is not there.
pub async fn find(
    state: &State,
    caller: &Caller,
    message: MessageId,
    file: MessageFileId,
) -> Result<FullFile, AppError> {
    let mut conn = state.db.lookup().await?;
    access::require_concerned(caller, store::find(&mut conn, message).await?)?;
    store::file(&mut conn, message, file).await?.ok_or(AppError::NotFound)
}
