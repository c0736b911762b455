//! One connection, from its opening to its end. All of it runs in one task, which reads, writes and waits; others only put
//! something into its [`Outbox`].

mod missed;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::web::Data;
use actix_ws::{CloseCode, CloseReason, Message, MessageStream, ProtocolError};
use bytestring::ByteString;
use shared::{
    ids::{EventId, UserId},
    live::{FRAME_MAX, FrameFault, ServerFrame},
};
use tokio::time::{sleep_until, timeout};

use super::{
    answers, chats, framing,
    hub::{Joined, text},
    incoming::{self, Pieces, Refused},
    outbox::{Closing, Frame, Next, Outbox},
    people::{Device, SocketId},
    proof::prove,
    rates::{FRAMES, Rate},
    reaching::Reaching,
    seats::Seat,
};
use crate::{auth::caller::Caller, db::now, state::State};

/// How often a session or token is looked at when nothing says that it changed.
const LOOK: Duration = Duration::from_mins(1);
/// How long to wait after the database did not answer.
const AGAIN: Duration = Duration::from_secs(1);

/// See the [module](self).
pub(super) struct Connection {
    pub(super) state: Data<State>,
    pub(super) caller: Caller,
    /// Whether they may change anything: a token that may not delivers nothing, and shows nothing of its person.
    pub(super) may_write: bool,
    outbox: Arc<Outbox>,
    session: actix_ws::Session,
    joined: Option<Membership>,
    rate: Rate,
    pieces: Pieces,
    reaching: Reaching,
    /// When anything was last heard of the other side.
    heard: Instant,
    ping_at: Instant,
    look_at: Instant,
    hello_by: Instant,
    /// Since when it is not known whether the session still is. Nothing is told meanwhile.
    doubt: Option<Instant>,
    /// Given back at the end.
    _seat: Seat,
}

/// That a socket is told what happens: until this is dropped, however the connection ends.
struct Membership {
    state: Data<State>,
    user: UserId,
    socket: SocketId,
    /// What is told already: events up to this one.
    told: EventId,
    /// Whether its person is offline without the time of grace.
    parts: bool,
    /// When its person was last heard of, unless that is now.
    heard: Option<Instant>,
}

impl Drop for Membership {
    fn drop(&mut self) {
        let until = self.heard.unwrap_or_else(Instant::now);
        self.state.live.hub.leave(self.user, self.socket, until, self.parts);
    }
}

/// What happened first.
enum Step {
    Out(Next),
    In(Option<Result<Message, ProtocolError>>),
    Time,
}

/// Serves a socket to its end.
pub async fn serve(state: Data<State>, caller: Caller, session: actix_ws::Session, stream: MessageStream, seat: Seat) {
    let now = Instant::now();
    let pace = state.config.live_pace;
    let mut connection = Connection {
        state,
        caller,
        may_write: false,
        outbox: seat.outbox.clone(),
        session,
        joined: None,
        rate: Rate::new(FRAMES, now),
        pieces: Pieces::default(),
        reaching: Reaching::default(),
        heard: now,
        ping_at: now + pace.ping,
        look_at: now + LOOK,
        hello_by: now + pace.hello,
        doubt: None,
        _seat: seat,
    };
    let closing = connection.run(stream.max_frame_size(FRAME_MAX)).await;
    if let Some(mut membership) = connection.joined.take() {
        // A page that is loaded anew says that it closes: whoever was silent for long is not about to come back.
        membership.parts = matches!(closing, Closing::SessionEnded | Closing::Silent);
        membership.heard = (closing == Closing::Silent).then_some(connection.heard);
    }
    connection.close(closing).await;
}

impl Connection {
    pub(super) fn user(&self) -> UserId {
        self.caller.id()
    }

    /// What the socket is called, once it has joined.
    pub(super) fn socket(&self) -> Option<SocketId> {
        self.joined.as_ref().map(|membership| membership.socket)
    }

    /// Goes on until there is a reason to close.
    async fn run(&mut self, mut stream: MessageStream) -> Closing {
        let outbox = self.outbox.clone();
        if let Err(closing) = self.recheck().await {
            return closing;
        }
        loop {
            let certain = self.doubt.is_none();
            let step = tokio::select! {
                next = outbox.next(), if certain => Step::Out(next),
                closing = outbox.closing(), if !certain => Step::Out(Next::Close(closing)),
                message = stream.recv() => Step::In(message),
                () = sleep_until(self.deadline().into()) => Step::Time,
            };
            let done = match step {
                Step::Out(next) => self.put_out(next).await,
                Step::In(Some(Ok(message))) => self.take(message).await,
                Step::In(Some(Err(error))) => Err(framing::closing(&error)),
                Step::In(None) => Err(Closing::Gone),
                Step::Time => self.pass_time().await,
            };
            if let Err(closing) = done {
                return closing;
            }
        }
    }

    /// When something is due.
    fn deadline(&self) -> Instant {
        let due = self.ping_at.min(self.look_at).min(self.heard + self.state.config.live_pace.silence);
        if self.joined.is_none() { due.min(self.hello_by) } else { due }
    }

    async fn pass_time(&mut self) -> Result<(), Closing> {
        let (moment, pace) = (Instant::now(), self.state.config.live_pace);
        if moment >= self.heard + pace.silence {
            return Err(Closing::Silent);
        }
        if self.joined.is_none() && moment >= self.hello_by {
            return Err(Closing::NoHello);
        }
        if moment >= self.look_at {
            self.recheck().await?;
        }
        if moment >= self.ping_at {
            self.ping(self.reaching.payload()).await?;
        }
        Ok(())
    }

    async fn ping(&mut self, payload: [u8; 8]) -> Result<(), Closing> {
        let pace = self.state.config.live_pace;
        self.ping_at = Instant::now() + pace.ping;
        tokio::select! {
            sent = timeout(pace.patience, self.session.ping(&payload)) => {
                sent.map_err(|_| Closing::TooSlow)?.map_err(|_| Closing::Gone)
            }
            closing = self.outbox.closing() => Err(closing),
        }
    }

    /// Asks whether the messages that were written have come, unless that is being asked.
    async fn ask_whether_it_came(&mut self) -> Result<(), Closing> {
        match self.reaching.ask() {
            Some(payload) => self.ping(payload).await,
            None => Ok(()),
        }
    }

    async fn put_out(&mut self, next: Next) -> Result<(), Closing> {
        match next {
            Next::Frame(frame) => {
                let known = |event| self.joined.as_ref().is_some_and(|membership| event <= membership.told);
                if frame.event.is_some_and(known) {
                    return Ok(());
                }
                self.write_frame(frame).await?;
                self.ask_whether_it_came().await
            }
            Next::Fleeting(text) => self.write(text).await,
            Next::Recheck => self.recheck().await,
            Next::Close(closing) => Err(closing),
        }
    }

    /// Writes a frame. Who does not read it in time is closed, and so is who is to be closed meanwhile.
    async fn write(&mut self, text: ByteString) -> Result<(), Closing> {
        let patience = self.state.config.live_pace.patience;
        tokio::select! {
            sent = timeout(patience, self.session.text(text)) => {
                sent.map_err(|_| Closing::TooSlow)?.map_err(|_| Closing::Gone)?;
            }
            closing = self.outbox.closing() => return Err(closing),
        }
        metrics::counter!("live_frames_sent_total").increment(1);
        Ok(())
    }

    /// Writes a frame that stood in line, and notes what it delivers.
    async fn write_frame(&mut self, frame: Frame) -> Result<(), Closing> {
        self.write(frame.text).await?;
        // A token that may only read changes nothing by reading.
        if self.may_write {
            self.reaching.note(frame.delivers.into_iter().collect());
        }
        Ok(())
    }

    /// Writes an answer.
    pub(super) async fn answer(&mut self, frame: impl Into<ServerFrame>) -> Result<(), Closing> {
        self.write(text(&frame.into())).await
    }

    async fn take(&mut self, message: Message) -> Result<(), Closing> {
        let moment = Instant::now();
        self.heard = moment;
        if let Message::Close(_) = message {
            return Err(Closing::ByPeer);
        }
        if let Message::Pong(payload) = &message
            && let Some(came) = self.reaching.answered(payload)
        {
            // It was asked for, and so does not count as a frame too many.
            self.state.live.reached(self.user(), came);
            return self.ask_whether_it_came().await;
        }
        if !self.rate.takes(moment) {
            return Err(Closing::TooManyFrames);
        }
        let text = match message {
            Message::Text(text) => Ok(text),
            Message::Continuation(piece) => match self.pieces.take(piece)? {
                Some(whole) => whole.map(ByteString::from),
                None => return Ok(()),
            },
            Message::Ping(bytes) => {
                let sent = timeout(self.state.config.live_pace.patience, self.session.pong(&bytes)).await;
                return sent.map_err(|_| Closing::TooSlow)?.map_err(|_| Closing::Gone);
            }
            Message::Binary(_) => Err(Refused::fault(FrameFault::MalformedFrame)),
            Message::Pong(_) | Message::Close(_) | Message::Nop => return Ok(()),
        };
        match text.and_then(|text| incoming::read(&text)) {
            Ok(frame) => answers::take(self, frame).await,
            Err(refused) => self.answer(refused).await,
        }
    }

    /// Looks whether the session still is, what its person may do, and whether they may still see what they look at.
    async fn recheck(&mut self) -> Result<(), Closing> {
        let changes = self.state.live.hub.changes();
        let proven = match prove(&self.state, self.caller.proof).await {
            Ok(proven) => proven.ok_or(Closing::SessionEnded)?,
            Err(error) => {
                let moment = Instant::now();
                self.look_at = moment + AGAIN;
                let since = *self.doubt.get_or_insert_with(|| {
                    tracing::warn!(%error, "whether a socket may stay open is not known");
                    moment
                });
                let lasts = moment.saturating_duration_since(since) < self.state.config.live_pace.doubt;
                return if lasts { Ok(()) } else { Err(Closing::InDoubt) };
            }
        };
        self.doubt = None;
        self.may_write = proven.may_write;
        self.caller.user = proven.user;
        self.caller.scope = self.state.settings.technician_scope();
        // One moment later, so that it has ended by then.
        let left =
            proven.ends_at.and_then(|end| (end - now()).to_std().ok()).map(|left| left + Duration::from_millis(1));
        self.look_at = Instant::now() + left.unwrap_or(LOOK).min(LOOK);
        let Some(socket) = self.socket() else { return Ok(()) };
        if !self.state.live.hub.set_person_as_of(&self.caller.user, changes) {
            self.outbox.recheck();
        }
        if let Some(ticket) = self.state.live.hub.viewed(self.user(), socket)
            && !answers::sees(self, ticket).await.unwrap_or(false)
        {
            self.state.live.hub.view(self.user(), socket, None);
        }
        Ok(())
    }

    /// Joins as who the person is by then, whatever changed since the socket was opened.
    async fn join(&mut self, idle: Option<Duration>) -> Result<Joined, Closing> {
        loop {
            let changes = self.state.live.hub.changes();
            self.recheck().await?;
            if self.doubt.is_some() {
                return Err(Closing::InDoubt);
            }
            let device = Device { present: self.may_write, opener: self.caller.proof.into(), idle };
            if let Some(joined) = self.state.live.hub.join(&self.caller.user, changes, self.outbox.clone(), device) {
                return Ok(joined);
            }
        }
    }

    /// The first frame: from here on the socket is told what comes, after what it missed.
    /// `idle`: for so long nobody has been at the device, if it says so.
    pub(super) async fn begin(&mut self, seen: Option<EventId>, idle: Option<Duration>) -> Result<(), Closing> {
        if self.joined.is_some() {
            return self.answer(Refused::fault(FrameFault::MalformedFrame)).await;
        }
        let Joined { socket, position, online, away } = self.join(idle).await?;
        let (state, user) = (self.state.clone(), self.user());
        self.joined = Some(Membership { state, user, socket, told: position, parts: false, heard: None });
        self.answer(ServerFrame::Welcome { event: position, online, away }).await?;
        if let Some(seen) = seen {
            self.tell_missed(seen, position).await?;
        }
        self.deliver_all(position).await
    }

    /// What was written to the person until the socket joined is there for this device to read: all of it is delivered, once
    /// the device says that it is there.
    async fn deliver_all(&mut self, position: EventId) -> Result<(), Closing> {
        if !self.may_write {
            return Ok(());
        }
        match chats::undelivered(&self.state, self.user(), position).await {
            Ok(messages) => self.reaching.note(messages),
            // The next device may say so.
            Err(error) => tracing::warn!(%error, "what was not delivered yet could not be read"),
        }
        self.ask_whether_it_came().await
    }

    /// Tells the other side why, as far as it still listens.
    async fn close(self, closing: Closing) {
        metrics::counter!("live_sockets_closed_total", "reason" => closing.label()).increment(1);
        let Some((code, description)) = closing.reason() else { return };
        let description = Some(description.to_owned()).filter(|text| !text.is_empty());
        let reason = CloseReason { code: CloseCode::from(code), description };
        // Who reads too slowly may still come to it, until they count as gone; nothing else waits for them by now.
        let pace = self.state.config.live_pace;
        let wait = if closing == Closing::TooSlow { pace.silence } else { pace.patience };
        let _ = timeout(wait, self.session.close(Some(reason))).await;
    }
}
