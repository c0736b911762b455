//! What a client's frames do.

use std::time::Duration;

use shared::{
    ids::{TicketId, UserId},
    live::{ClientFrame, FrameErrorCode, FrameFault, ServerFrame},
    permissions::may_chat,
    problem::ProblemCode,
};

use tokio::time::sleep;

use super::{chats, incoming::Refused, outbox::Closing, people::SocketId, socket::Connection};
use crate::{accounts, error::AppError, tickets::access};

/// How often it is looked whether somebody may see a ticket while something happens to it.
const ROUNDS: usize = 3;

/// Does what a frame asks, and answers when there is something to say.
pub async fn take(connection: &mut Connection, frame: ClientFrame) -> Result<(), Closing> {
    if let ClientFrame::Hello { last_event, idle_seconds } = frame {
        let idle = idle_seconds.map(|seconds| Duration::from_secs(seconds.into()));
        return connection.begin(last_event, idle).await;
    }
    let Some(socket) = connection.socket() else {
        return connection.answer(Refused::fault(FrameFault::HelloExpected)).await;
    };
    let user = connection.user();
    let live = &connection.state.live;
    if !matches!(frame, ClientFrame::Active { .. } | ClientFrame::Ping) {
        live.hub.note_use(user, socket);
    }
    // It waits here, and what the same connection sends waits behind it: whoever sends too much of it slows nobody else. What a
    // token that may only read sends is passed on to nobody, and takes nothing from what its person may send.
    if connection.may_write
        && let ClientFrame::Active { .. } | ClientFrame::Viewing { .. } | ClientFrame::Typing { .. } = frame
    {
        let wait = live.hub.passing(user);
        if !wait.is_zero() {
            sleep(wait).await;
        }
    }
    let answer = match frame {
        ClientFrame::Hello { .. } => None,
        ClientFrame::Ping => Some(ServerFrame::Pong),
        ClientFrame::Active { active } => {
            live.hub.set_active(user, socket, active);
            None
        }
        ClientFrame::Viewing { ticket_id: None, .. } => {
            live.hub.view(user, socket, None);
            None
        }
        ClientFrame::Viewing { ticket_id: Some(ticket), writing } => {
            let sees = look_at(connection, socket, ticket, writing).await;
            refusal(sees.and_then(|sees| if sees { Ok(()) } else { Err(AppError::NotFound) }), None)
        }
        ClientFrame::Typing { to } => {
            let done = may_write(connection, to).await;
            if done.is_ok() {
                connection.state.live.hub.typing(user, to);
            }
            refusal(done, None)
        }
        ClientFrame::Message { to, body, client_id } => {
            let sent = chats::send(connection, to, body, client_id.clone()).await;
            match sent {
                Ok(acknowledged) => acknowledged,
                Err(error) => refusal(Err(error), client_id),
            }
        }
        ClientFrame::Read { from } => refusal(chats::read(connection, from).await, None),
    };
    match answer {
        Some(answer) => connection.answer(answer).await,
        None => Ok(()),
    }
}

/// Shows a ticket to the person from now on, if they may see it; whether they may. Where its log does not stand still for long
/// enough to say so, it is not shown.
async fn look_at(connection: &Connection, socket: SocketId, ticket: TicketId, writing: bool) -> Result<bool, AppError> {
    require_write(connection)?;
    let (hub, user) = (&connection.state.live.hub, connection.user());
    for _ in 0..ROUNDS {
        let told = hub.turns(ticket);
        let sees = sees(connection, ticket).await;
        hub.view(user, socket, matches!(sees, Ok(true)).then_some((ticket, writing)));
        // An event that came in between turned away those who looked by then, and so not this socket.
        if !matches!(sees, Ok(true)) || hub.turns(ticket) == told {
            return sees;
        }
    }
    hub.view(user, socket, None);
    Err(AppError::Unavailable { cause: "the ticket changes all the time".to_owned() })
}

/// Whether the person may see a ticket now.
pub async fn sees(connection: &Connection, ticket: TicketId) -> Result<bool, AppError> {
    let state = &connection.state;
    let mut conn = state.db.lookup().await?;
    let caller = &connection.caller;
    Ok(access::sight(&mut conn, &caller.user, state.settings.technician_scope(), ticket).await?.is_some())
}

/// Refuses what a token may not do.
pub fn require_write(connection: &Connection) -> Result<(), AppError> {
    if connection.may_write { Ok(()) } else { Err(AppError::InsufficientScope("This token may only read.")) }
}

/// Refuses to write to somebody with whom the person may not chat.
async fn may_write(connection: &Connection, to: UserId) -> Result<(), AppError> {
    require_write(connection)?;
    let other = accounts::service::find(&mut connection.state.db.lookup().await?, to).await?;
    let may = other.is_some_and(|other| {
        other.active && to != connection.user() && may_chat(connection.caller.role(), other.role())
    });
    if may { Ok(()) } else { Err(AppError::NotFound) }
}

/// What is answered to a frame that was not taken.
fn refusal(done: Result<(), AppError>, client_id: Option<String>) -> Option<ServerFrame> {
    let error = done.err()?;
    let (code, ..) = error.kind();
    if matches!(code, ProblemCode::Internal | ProblemCode::Unavailable) {
        tracing::error!(cause = error.cause().unwrap_or_default(), "a frame of a socket failed");
    }
    Some(Refused { code: FrameErrorCode::Request(code), client_id }.into())
}
