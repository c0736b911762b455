//! Private messages between two people: users with staff, and staff with anyone
//! ([`may_chat`](crate::permissions::may_chat)).

use chrono::{DateTime, TimeDelta, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{Role, UserRef},
    fields,
    ids::{CategoryId, MessageFileId, MessageId, UserId},
    problem::FieldCode,
    tickets::Priority,
};

/// The longest [`SendMessage::client_id`], in bytes.
pub const CLIENT_ID_MAX: usize = 64;
/// How long whoever wrote a message may edit and delete it, in minutes.
pub const MESSAGE_EDIT_MINUTES: i64 = 15;
/// The most messages that one ticket is made of.
pub const TICKET_MESSAGES_MAX: usize = 100;

/// A message from one person to another. A deleted one keeps its place, without text and files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// The number; later messages have larger ones.
    pub id: MessageId,
    /// Who wrote it.
    pub from_id: UserId,
    /// To whom.
    pub to_id: UserId,
    /// What it says, as light Markdown; empty when only files came, or when it was deleted.
    pub body: String,
    /// The same as HTML that is safe to show.
    pub body_html: String,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
    /// When a device of theirs had it, and had said so.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub delivered_at: Option<DateTime<Utc>>,
    /// When they read it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub read_at: Option<DateTime<Utc>>,
    /// What the writer's program called it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub client_id: Option<String>,
    /// When it was last edited.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub edited_at: Option<DateTime<Utc>>,
    /// When it was deleted.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub deleted_at: Option<DateTime<Utc>>,
    /// The files that came with it.
    pub files: Vec<MessageFile>,
}

impl Message {
    /// The other one of the two, as one of them sees it.
    pub fn peer_of(&self, me: UserId) -> UserId {
        if self.from_id == me { self.to_id } else { self.from_id }
    }

    /// Whether a person may still edit and delete it.
    pub fn is_editable_by(&self, me: UserId, now: DateTime<Utc>) -> bool {
        self.from_id == me
            && self.deleted_at.is_none()
            && now - self.created_at <= TimeDelta::minutes(MESSAGE_EDIT_MINUTES)
    }
}

/// A file on a message; the same rules hold as for those on tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageFile {
    /// The number.
    pub id: MessageFileId,
    /// What it is called.
    pub name: String,
    /// What it is, as its content says.
    pub media_type: String,
    /// How large, in bytes.
    pub size: u64,
    /// Where it is downloaded from.
    pub url: String,
    /// Where a small picture of it is; none unless it is a picture.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub thumbnail_url: Option<String>,
}

/// Writes to somebody (`POST /conversations/{user_id}/messages`, or the socket).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SendMessage {
    /// What to say: light Markdown, 1 to 10,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 10_000))]
    #[garde(custom(fields::message))]
    pub body: String,
    /// What the program calls it, in 1 to 64 visible characters of ASCII: the same message sent again under the same name is stored once, and answered as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    #[garde(inner(custom(visible_ascii)))]
    pub client_id: Option<String>,
}

/// What goes with the files of a message (`POST /conversations/{user_id}/files`, as fields of the form).
#[derive(Debug, Clone, Default, PartialEq, Eq, Validate)]
pub struct MessageWithFiles {
    /// What to say beside them: light Markdown, up to 10,000 characters.
    #[garde(inner(custom(fields::message)))]
    pub body: Option<String>,
    /// As [`SendMessage::client_id`].
    #[garde(inner(custom(visible_ascii)))]
    pub client_id: Option<String>,
}

/// Edits one's own message (`PATCH /messages/{id}`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditMessage {
    /// What it says from now on: light Markdown, 1 to 10,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 10_000))]
    #[garde(custom(fields::message))]
    pub body: String,
}

/// Makes a ticket of messages (`POST /conversations/{user_id}/ticket`). Its requester is the user of the two; between
/// staff, whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TicketFromMessages {
    /// Which messages, up to 100, in any order: they become the description, in the order they were written.
    #[garde(custom(fields::some), custom(fields::at_most(TICKET_MESSAGES_MAX)))]
    pub message_ids: Vec<MessageId>,
    /// The ticket's title: one line of 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    #[garde(custom(fields::title))]
    pub title: String,
    /// How urgent; medium unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub priority: Option<Priority>,
    /// The category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub category_id: Option<CategoryId>,
    /// What the program calls it, in 1 to 64 visible characters of ASCII: the same ticket sent again under the same name is
    /// opened once, and answered as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    #[garde(inner(custom(visible_ascii)))]
    pub client_id: Option<String>,
}

/// A program's own name for what it sends: 1 to 64 visible characters of ASCII, so that every database compares it alike.
pub(crate) fn visible_ascii<C>(name: &str, _: &C) -> garde::Result {
    let refused = if name.is_empty() {
        FieldCode::Required
    } else if name.len() > CLIENT_ID_MAX {
        FieldCode::TooLong
    } else if !name.bytes().all(|byte| byte.is_ascii_graphic()) {
        FieldCode::InvalidCharacters
    } else {
        return Ok(());
    };
    Err(fields::error(refused))
}

/// What two people wrote to each other, as one of them sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversation {
    /// The other one.
    pub user: UserRef,
    /// Their role.
    pub role: Role,
    /// Whether they can still log in; nobody writes to those who cannot.
    pub active: bool,
    /// What was written last.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_message: Option<Message>,
    /// How many of theirs are unread.
    pub unread: u32,
}

/// A page of conversations (`GET /conversations`), the one written in last first, and how much is unread altogether.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationPage {
    /// The conversations.
    pub items: Vec<Conversation>,
    /// Where the next page starts; absent on the last one.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
    /// How many messages are unread in all conversations.
    pub unread: u32,
}

/// Whom one may write to (`GET /conversations/people`): by name, up to 25.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChatPerson {
    /// Who.
    pub user: UserRef,
    /// Their role.
    pub role: Role,
}

/// Whom to look for (`GET /conversations/people`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct ChatPeopleQuery {
    /// How their name, a later word of it or their user name begins; all, unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub q: Option<String>,
    /// At most this many, up to 100, and never more than 25.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100, default = 25))]
    pub limit: Option<u32>,
}

/// Which messages to list (`GET /conversations/{user_id}/messages`). Newest first; the cursor leads backwards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct MessageQuery {
    /// Only those with these words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub q: Option<String>,
    /// At most this many, up to 100; 25 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100, default = 25))]
    pub limit: Option<u32>,
    /// Where the page starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// How far one has read (`PUT /conversations/{user_id}/read`): all of theirs up to a message, or all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct MarkMessagesRead {
    /// The last message that was read; none for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub up_to: Option<MessageId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::MESSAGE_MAX;

    #[test]
    fn a_message_says_something_within_bounds() {
        let sent = |body: &str, client_id: Option<&str>| {
            SendMessage { body: body.to_owned(), client_id: client_id.map(str::to_owned) }.validate().is_ok()
        };
        assert!(sent("ñ\n\tñ", None));
        assert!(sent(&"ñ".repeat(MESSAGE_MAX), Some("a-1")));
        assert!(!sent(&"ñ".repeat(MESSAGE_MAX + 1), None));
        for blank in ["", " \n", "\u{200b}"] {
            assert!(!sent(blank, None), "{blank:?}");
        }
        // No text of PostgreSQL holds it.
        assert!(!sent("a\0", None));
        for name in ["", "a b", "ñ", "a\0", &"a".repeat(CLIENT_ID_MAX + 1)] {
            assert!(!sent("a", Some(name)), "{name:?}");
        }
    }

    #[test]
    fn a_ticket_is_made_of_some_messages_but_not_of_all() {
        let made = |count: usize| {
            let message_ids = vec![MessageId(1); count];
            let title = "Printer".to_owned();
            TicketFromMessages { message_ids, title, priority: None, category_id: None, client_id: None }
                .validate()
                .is_ok()
        };
        assert!(made(1) && made(TICKET_MESSAGES_MAX));
        assert!(!made(0) && !made(TICKET_MESSAGES_MAX + 1));
    }

    #[test]
    fn whoever_wrote_a_message_edits_it_for_a_while() {
        let written = DateTime::UNIX_EPOCH;
        let message = Message {
            id: MessageId(1),
            from_id: UserId(1),
            to_id: UserId(2),
            body: String::new(),
            body_html: String::new(),
            created_at: written,
            delivered_at: None,
            read_at: None,
            client_id: None,
            edited_at: None,
            deleted_at: None,
            files: Vec::new(),
        };
        let minutes = |count| written + TimeDelta::minutes(count);
        assert!(message.is_editable_by(UserId(1), minutes(MESSAGE_EDIT_MINUTES)));
        assert!(!message.is_editable_by(UserId(1), minutes(MESSAGE_EDIT_MINUTES + 1)));
        assert!(!message.is_editable_by(UserId(2), written));
        let deleted = Message { deleted_at: Some(written), ..message };
        assert!(!deleted.is_editable_by(UserId(1), written));
        assert_eq!((deleted.peer_of(UserId(1)), deleted.peer_of(UserId(2))), (UserId(2), UserId(1)));
    }
}
