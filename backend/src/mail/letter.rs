//! What a mail says, before it is put into words.

use serde::{Deserialize, Serialize};
use shared::{
    ids::{PasswordLinkId, TicketId},
    mail::MailKind,
    tickets::Status,
};

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Letter {
    /// A new account waits for its first password.
    Welcome {
        /// The link that sets it.
        link: PasswordLinkId,
    },
    /// The person asked for another password.
    PasswordReset {
        /// The link that sets it.
        link: PasswordLinkId,
    },
    /// An administrator lets the person set another password.
    PasswordLink {
        /// The link that sets it.
        link: PasswordLinkId,
    },
    /// What happened to a ticket, oldest first.
    Ticket {
        /// The ticket.
        ticket: TicketId,
        /// Its title.
        title: String,
        /// What happened.
        news: Vec<News>,
    },
    /// Messages wait that the person has not read. What they say stays between the two.
    Chat {
        /// Who wrote them.
        writers: Vec<Writer>,
    },
    /// A try whether mail arrives.
    Test,
}

/// Somebody whose messages wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writer {
    /// Their name.
    pub name: String,
    /// How many of their messages are unread.
    pub unread: u32,
}

/// One thing that happened to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Who did it.
    pub by: String,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// It was given to the reader.
    Assigned,
    /// It was opened, and its category gave it to the reader.
    Received,
    /// Somebody answered.
    Answered {
        /// The text, as Markdown.
        body: String,
        /// Whether it is an internal note.
        internal: bool,
    },
    /// Somebody mentioned the reader.
    Mentioned {
        /// The text, as Markdown.
        body: String,
        /// Whether it is an internal note.
        internal: bool,
    },
    /// It stands elsewhere now.
    StateChanged {
        /// Where.
        to: Status,
    },
    /// Somebody invited the reader to follow it.
    Invited,
}

impl What {
    /// Whether only those may know who read internal notes.
    pub fn is_internal(&self) -> bool {
        matches!(self, Self::Answered { internal: true, .. } | Self::Mentioned { internal: true, .. })
    }
}

impl Letter {
    /// What it is about.
    pub fn kind(&self) -> MailKind {
        match self {
            Self::Welcome { .. } => MailKind::Welcome,
            Self::PasswordReset { .. } => MailKind::PasswordReset,
            Self::PasswordLink { .. } => MailKind::PasswordLink,
            Self::Ticket { .. } => MailKind::Ticket,
            Self::Chat { .. } => MailKind::Chat,
            Self::Test => MailKind::Test,
        }
    }

    /// The link in it.
    pub fn link(&self) -> Option<PasswordLinkId> {
        match self {
            Self::Welcome { link } | Self::PasswordReset { link } | Self::PasswordLink { link } => Some(*link),
            Self::Ticket { .. } | Self::Chat { .. } | Self::Test => None,
        }
    }

    /// The ticket it is about.
    pub fn ticket(&self) -> Option<TicketId> {
        match self {
            Self::Ticket { ticket, .. } => Some(*ticket),
            _ => None,
        }
    }
}
