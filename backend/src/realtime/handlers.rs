//! `/ws` and `/presence`.

use actix_web::{
    HttpRequest, HttpResponse, get, rt,
    web::{Data, Json, Payload},
};
use shared::{
    accounts::Role,
    ids::UserId,
    live::{ClientFrame, Presence, PresenceState, ServerFrame},
    page::Page,
    permissions::may_chat,
    tickets::PageQuery,
};

use super::{framing, socket};
use crate::{
    accounts,
    auth::caller::{Onlooker, check_origin},
    error::AppError,
    state::State,
    web::{Params, errors, paging},
};

/// Open the live stream
///
/// A WebSocket (RFC 6455) of JSON objects, one in each text frame, told apart by `type`: the client sends `ClientFrame`s, the
/// server `ServerFrame`s.
///
/// **Beginning.** The first frame is `{"type":"hello","last_event":N}` with the last event seen, or without one to begin now.
/// The server answers `welcome`, then tells what was missed since, then what comes: each event once, in the order of their
/// numbers, and only what the person may see at that moment. When more than 1,000 events or more than a day were missed, it
/// says `resync` instead: read anew what is shown. Who loses sight of a ticket is told of the event that did it with
/// `lost: true`, and of nothing after it.
///
/// **What the client says**, what has a `?` being left out at will: `hello` (`last_event`?, `idle_seconds`?); `message` (`to`,
/// `body`, `client_id`?) writes to somebody; `typing` (`to`) says that its person is writing to somebody, for five seconds;
/// `read` (`from`) says that they have read all that somebody wrote; `viewing` (`ticket_id`?, `writing`?) says which ticket they
/// look at, `null` being none, and whether they are writing an answer; `active` (`active`) says whether they are at the device;
/// `ping` asks for a `pong`.
///
/// **What the server says**: `welcome` (`event`, `online`, `away`): who of those whom the person may chat with is there, and
/// nobody else is; `event` (`id`, `kind`, `at`, `actor_id`, `ticket_id`?, `comment_id`?, `notified`?, `lost`?) says what to read
/// anew; `message` (`event`? and what a `Message` has); `receipt` (`event`, `by`, `from`, `up_to`, `read`, `at`): what one wrote to
/// the other reached a device of theirs, or was read; `presence` (`user_id`, `state`, `last_seen_at`); `typing` (`from`), good for
/// five seconds; `notifications` (`unread`); `viewers` (`ticket_id`, `users`, `more`): who else looks at the ticket that the
/// socket shows; `resync` (`event`): read anew what is shown; `error` (`code`, `client_id`?); `pong`.
///
/// **Messages** come back to every socket of both people, the writer's own too, with their `client_id`: that acknowledges
/// them. A frame that cannot be taken is answered with `error`: `malformed_frame`, `unknown_type`, `hello_expected`, or the
/// `code` that a request would be refused with; the socket stays open. Frames that write or show something of
/// their person (`message`, `typing`, `read`, `viewing` of a ticket) take a token with the scope `write`. With one that may only
/// read, a socket is told everything and changes nothing: messages are not delivered by it, and its person is not there by it.
///
/// **Presence.** A person is online while a device of theirs is, away while all say `{"type":"active","active":false}`, and
/// offline a few seconds after the last socket was closed. A device that never says whether it is active counts as away five
/// minutes after the last frame by which somebody did something: any but `ping`. One that says so, with `true` too, counts as
/// what it said last; it says so again on every socket that it opens. One that opens a socket by itself while nobody is at it
/// says for how long that has been: `{"type":"hello","idle_seconds":900}`. Then its person is away, and was last there before
/// that, until it says that they are active.
///
/// **Keeping it open.** The server pings every 20 seconds, and closes what says nothing for 45. A frame is at most 131,072 bytes;
/// there may be 50 a second, 100 at once; of `active`, `viewing` and `typing`, what a person sends beyond ten a second, forty at
/// once, waits for its turn, and what the same socket sends waits behind it. Opening and using the socket never extends a
/// session. Close codes: 4401 the session or token ended, 4408 the reader was too slow (open another one with the last event
/// seen), 4409 too many frames, 1001 the server stops, 1002 what is no frame of RFC 6455 (no extension is agreed on, so reserved
/// bits mean nothing), 1007 text that is not UTF-8, 1008 no `hello` within ten seconds, or more than twenty sockets of one
/// person's sessions, or of their tokens (the oldest go, and none of the others), 1009 a frame too large, 1013 whether the
/// session ended could not be found out for half a minute (come back later).
///
/// Browsers are let in from this desk's own pages alone.
#[utoipa::path(
    tag = "live",
    operation_id = "open_socket",
    responses(
        (status = 101, description = "The stream is open", body = inline(Frames), content_type = "application/json"),
        errors::List
    )
)]
#[get("/ws")]
pub async fn open_socket(
    state: Data<State>,
    request: HttpRequest,
    onlooker: Onlooker,
    body: Payload,
) -> Result<HttpResponse, AppError> {
    let Onlooker(caller) = onlooker;
    if caller.session().is_ok() {
        check_origin(&request, &state)?;
    }
    let (response, session, stream) = framing::guard(&request, body)
        .await
        .and_then(|body| actix_ws::handle(&request, body))
        .map_err(|error| AppError::MalformedParameter(format!("This opens a WebSocket: {error}.")))?;
    let seat = state.live.hub.seat(caller.id(), caller.proof.into())?;
    rt::spawn(socket::serve(state, caller, session, stream, seat));
    Ok(response)
}

/// What goes over the socket.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it only names the schemas in the document")]
struct Frames {
    /// From the client.
    client: ClientFrame,
    /// From the server.
    server: ServerFrame,
}

/// List who is there
///
/// Everybody whom the caller may chat with, by their numbers, and whether they are online, away or offline.
#[utoipa::path(
    tag = "live",
    operation_id = "list_presence",
    params(PageQuery),
    responses((status = 200, description = "A page of people", body = Page<Presence>), errors::Find)
)]
#[get("/presence")]
pub async fn list_presence(
    state: Data<State>,
    Onlooker(caller): Onlooker,
    query: Params<PageQuery>,
) -> Result<Json<Page<Presence>>, AppError> {
    let limit = paging::limit(query.0.limit)?;
    let scope = paging::scope("presence", &caller.id())?;
    let after = paging::decode::<i64>(&scope, query.0.cursor.as_deref())?.unwrap_or_default();
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|&role| may_chat(caller.role(), role)).collect();
    let mut conn = state.db.read().await?;
    let rows = accounts::service::last_seen(&mut conn, &roles, UserId(after), paging::one_more(limit) + 1).await?;
    drop(conn);
    let others = rows.into_iter().filter(|(user, _)| *user != caller.id()).take(limit + 1).collect();
    let page = paging::page(
        &scope,
        others,
        limit,
        |(user, _)| user.0,
        |(user_id, seen)| {
            let state = state.live.hub.presence(user_id);
            Presence { user_id, state, last_seen_at: seen.filter(|_| state == PresenceState::Offline) }
        },
    );
    page.map(Json)
}
