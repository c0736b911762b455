//! What a mail says, before it is put into words.

use serde::{Deserialize, Serialize};
use shared::{
    ids::{CommentId, PasswordLinkId, TicketId},
    mail::MailKind,
    notifications::NotificationKind,
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
        /// The comment; none where there is none, nor in what an earlier version kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<CommentId>,
        /// The text, as Markdown: as it was when this was written, until the mail's turn comes.
        body: String,
        /// Whether it is an internal note.
        internal: bool,
    },
    /// Somebody mentioned the reader.
    Mentioned {
        /// The comment; none where there is none, nor in what an earlier version kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<CommentId>,
        /// The text, as Markdown: as it was when this was written, until the mail's turn comes.
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
    /// What it is to the reader, by which they choose whether it comes by mail.
    pub fn kind(&self) -> NotificationKind {
        match self {
            Self::Assigned | Self::Received => NotificationKind::Assigned,
            Self::Answered { .. } => NotificationKind::Answered,
            Self::Mentioned { .. } => NotificationKind::Mentioned,
            Self::StateChanged { .. } => NotificationKind::StateChanged,
            Self::Invited => NotificationKind::Invited,
        }
    }

    /// The comment it is about.
    pub fn comment(&self) -> Option<CommentId> {
        match self {
            Self::Answered { comment, .. } | Self::Mentioned { comment, .. } => *comment,
            Self::Assigned | Self::Received | Self::StateChanged { .. } | Self::Invited => None,
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_version_kept_is_read() {
        let kept = r#"{"kind":"ticket","ticket":7,"title":"Ratón","news":[
            {"by":"Ana","what":"answered","body":"Hola","internal":false},{"by":"Ana","what":"assigned"}]}"#;
        let body = "Hola".to_owned();
        let news = vec![
            News { by: "Ana".to_owned(), what: What::Answered { comment: None, body, internal: false } },
            News { by: "Ana".to_owned(), what: What::Assigned },
        ];
        let letter = Letter::Ticket { ticket: TicketId(7), title: "Ratón".to_owned(), news };
        assert_eq!(serde_json::from_str::<Letter>(kept).unwrap(), letter);
        let again = serde_json::to_string(&letter).unwrap();
        assert!(!again.contains("comment"), "{again}");
    }

    #[test]
    fn a_comment_is_kept_by_its_number() {
        let what = What::Mentioned { comment: Some(CommentId(5)), body: "Hola".to_owned(), internal: true };
        let news = News { by: "Ana".to_owned(), what };
        let kept = serde_json::to_string(&news).unwrap();
        assert!(kept.contains(r#""comment":5,"#), "{kept}");
        assert_eq!(serde_json::from_str::<News>(&kept).unwrap(), news);
    }
}
