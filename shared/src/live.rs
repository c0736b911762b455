//! The live stream (`GET /ws`): one JSON object in each text frame, told apart by `type`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::UserRef,
    chat::Message,
    ids::{CommentId, EventId, MessageId, TicketId, UserId},
    problem::ProblemCode,
};

/// The session ended: the socket is closed with this code.
pub const CLOSE_SESSION_ENDED: u16 = 4401;
/// The reader was too slow.
pub const CLOSE_TOO_SLOW: u16 = 4408;
/// There came too many frames.
pub const CLOSE_TOO_MANY_FRAMES: u16 = 4409;
/// The client did not say `hello` in time, or its person opened more sockets than one has: then the oldest go.
pub const CLOSE_CROWDED: u16 = 1008;
/// The largest frame a client may send, in bytes: room for the longest message, each of its characters written as two
/// escapes of JSON.
pub const FRAME_MAX: usize = 128 * 1024;

/// Whether a person is there, over all their devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PresenceState {
    /// There.
    Online,
    /// Connected, but without input for five minutes.
    Away,
    /// Not connected.
    #[default]
    Offline,
}

impl PresenceState {
    /// Every state, who is there first.
    pub const ALL: [Self; 3] = [Self::Online, Self::Away, Self::Offline];
}

/// Whether a person is there (`GET /presence`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Presence {
    /// Who.
    pub user_id: UserId,
    /// Whether they are there.
    pub state: PresenceState,
    /// When they were last there; none while they are, or when they never were.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// Somebody who looks at a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Viewer {
    /// Who.
    #[serde(flatten)]
    pub user: UserRef,
    /// Whether they are writing an answer.
    pub writing: bool,
}

/// What a client sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// The first frame: which event was seen last, so that what was missed is told.
    Hello {
        /// Its number; none to begin with what comes now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_event: Option<EventId>,
        /// For how many seconds there was no input at the device, if nobody is at it: then its person is not there again by its
        /// coming back, but `away` until it says that they are `active`. None says nothing of
        /// that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        idle_seconds: Option<u32>,
    },
    /// Writes to somebody. Its coming back in a [`ServerFrame::Message`] with the same `client_id` acknowledges it.
    Message {
        /// To whom.
        to: UserId,
        /// What to say.
        body: String,
        /// What the program calls it; see [`SendMessage::client_id`](crate::chat::SendMessage::client_id).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
    },
    /// They are writing to somebody; good for five seconds.
    Typing {
        /// To whom.
        to: UserId,
    },
    /// All that somebody wrote was read.
    Read {
        /// Who wrote it.
        from: UserId,
    },
    /// They look at a ticket now, or at none.
    Viewing {
        /// Which.
        ticket_id: Option<TicketId>,
        /// Whether they are writing an answer.
        #[serde(default)]
        writing: bool,
    },
    /// Whether there was input: a device says so on each socket that it opens, and when that changes, at most five minutes
    /// late.
    Active {
        /// Whether the person is at this device.
        active: bool,
    },
    /// Asks for a [`ServerFrame::Pong`].
    Ping,
}

/// What is wrong with a frame itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FrameFault {
    /// It is not text, not JSON, or not as its type demands.
    MalformedFrame,
    /// There is no such type.
    UnknownType,
    /// The first frame was no `hello`.
    HelloExpected,
}

/// Why a frame could not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum FrameErrorCode {
    /// For what it is.
    Frame(FrameFault),
    /// For what it asks, as a request would be refused.
    Request(ProblemCode),
}

/// What the server sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to `hello`: what was missed follows, then what comes.
    Welcome {
        /// The last event there is now.
        event: EventId,
        /// Who is online, of those whom the person may chat with.
        online: Vec<UserId>,
        /// Who is away.
        away: Vec<UserId>,
    },
    /// Something happened that the person may see.
    Event(LiveEvent),
    /// A message was sent, edited or deleted, as it is now: to every socket of both people.
    Message {
        /// The event that says so; none when a message that had been sent before is acknowledged once more, which is no
        /// news to anybody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event: Option<EventId>,
        /// The message.
        #[serde(flatten)]
        message: Message,
    },
    /// Messages reached a device of somebody's, which has said so by answering a ping of the server, or were read: to every
    /// socket of both people.
    Receipt {
        /// The event that says so.
        event: EventId,
        /// Who got or read them.
        by: UserId,
        /// Who wrote them.
        from: UserId,
        /// All up to this one.
        up_to: MessageId,
        /// Whether they were read.
        read: bool,
        /// When.
        at: DateTime<Utc>,
    },
    /// Somebody came, went, or is away.
    Presence(Presence),
    /// Somebody is writing to the person; good for five seconds.
    Typing {
        /// Who.
        from: UserId,
    },
    /// Some of the person's notifications were read, on whatever device, or the bell tells of something that no event does.
    Notifications {
        /// How many are unread now, up to 100.
        unread: u32,
    },
    /// Who else looks at the ticket that the person looks at.
    Viewers {
        /// Which.
        ticket_id: TicketId,
        /// Who, without the person: up to twelve, those who write first when there are more.
        users: Vec<Viewer>,
        /// How many more there are.
        #[serde(default)]
        more: u32,
    },
    /// What was missed is too much, or too long ago: read anew what is shown.
    Resync {
        /// The last event there is now.
        event: EventId,
    },
    /// A frame could not be taken.
    Error {
        /// Why.
        code: FrameErrorCode,
        /// The message that it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
    },
    /// The answer to `ping`.
    Pong,
}

/// Something that happened: enough to know what to read anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveEvent {
    /// The number; later events have larger ones.
    pub id: EventId,
    /// What, as the history and the audit log call it.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub actor_id: Option<UserId>,
    /// The ticket it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
    /// The comment it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<CommentId>,
    /// Whether it notified the person: the bell has something new.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub notified: bool,
    /// The person may no longer see the ticket since this.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lost: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told_apart_by_their_type() {
        let frame: ClientFrame = serde_json::from_str(r#"{"type":"hello","last_event":7}"#).expect("a frame");
        assert_eq!(frame, ClientFrame::Hello { last_event: Some(EventId(7)), idle_seconds: None });
        let idle = ClientFrame::Hello { last_event: None, idle_seconds: Some(900) };
        assert_eq!(serde_json::to_string(&idle).expect("JSON"), r#"{"type":"hello","idle_seconds":900}"#);
        assert_eq!(serde_json::from_str::<ClientFrame>(r#"{"type":"ping"}"#).expect("a frame"), ClientFrame::Ping);
        for unknown in [r#"{"type":"shout"}"#, r#"{"type":"typing","to":1,"from":2}"#, "{}"] {
            assert!(serde_json::from_str::<ClientFrame>(unknown).is_err(), "{unknown}");
        }
        let event = LiveEvent {
            id: EventId(3),
            kind: "ticket_closed".to_owned(),
            at: DateTime::UNIX_EPOCH,
            actor_id: None,
            ticket_id: Some(TicketId(4)),
            comment_id: None,
            notified: false,
            lost: false,
        };
        let written = serde_json::to_value(ServerFrame::Event(event)).expect("JSON");
        assert_eq!(
            written,
            serde_json::json!({
                "type": "event", "id": 3, "kind": "ticket_closed", "at": "1970-01-01T00:00:00Z", "actor_id": null,
                "ticket_id": 4,
            })
        );
    }

    #[test]
    fn a_message_lies_flat_in_its_frame() {
        let written = serde_json::json!({
            "type": "message", "event": 9, "id": 5, "from_id": 1, "to_id": 2, "body": "hola", "body_html": "<p>hola</p>",
            "created_at": "1970-01-01T00:00:00Z", "delivered_at": null, "read_at": null, "client_id": "a",
            "edited_at": null, "deleted_at": null, "files": [],
        });
        let frame: ServerFrame = serde_json::from_value(written.clone()).expect("a frame");
        assert!(
            matches!(&frame, ServerFrame::Message { event: Some(EventId(9)), message } if message.id == MessageId(5))
        );
        assert_eq!(serde_json::to_value(frame).expect("JSON"), written);
    }

    #[test]
    fn an_error_says_what_is_wrong_with_the_frame_or_with_what_it_asks() {
        for (code, written) in [
            (FrameErrorCode::Frame(FrameFault::UnknownType), "unknown_type"),
            (FrameErrorCode::Request(ProblemCode::NotFound), "not_found"),
        ] {
            let frame = ServerFrame::Error { code, client_id: None };
            let json = serde_json::json!({"type": "error", "code": written});
            assert_eq!(serde_json::to_value(&frame).expect("JSON"), json);
            assert_eq!(serde_json::from_value::<ServerFrame>(json).expect("a frame"), frame);
        }
    }

    #[test]
    fn the_longest_message_fits_in_a_frame_however_it_is_written() {
        // A character beyond the basic plane is two escapes of six bytes.
        const { assert!(crate::fields::MESSAGE_MAX * 12 + 1_024 <= FRAME_MAX) };
    }
}
