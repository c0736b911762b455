//! Ids: 64-bit integers given by the database, one type for each kind of thing so that they cannot be mixed up.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// A person.
    UserId
);
id!(
    /// A ticket: the number on the stub.
    TicketId
);
id!(
    /// A comment on a ticket.
    CommentId
);
id!(
    /// A file on a ticket.
    AttachmentId
);
id!(
    /// A category of tickets.
    CategoryId
);
id!(
    /// A saved reply.
    ReplyId
);
id!(
    /// A session: one browser in which a person is logged in.
    SessionId
);
id!(
    /// A token that a program asks with in a person's name.
    TokenId
);
id!(
    /// A list of tickets that somebody keeps under a name.
    ViewId
);
id!(
    /// An event of the log; later events have larger ids.
    EventId
);
id!(
    /// A mail that the desk sends.
    MailId
);
id!(
    /// A link that sets a password.
    PasswordLinkId
);
id!(
    /// Something a person is told of.
    NotificationId
);
id!(
    /// A message between two people.
    MessageId
);
id!(
    /// A file on a message.
    MessageFileId
);
