//! Mails that the desk sends, as administrators see them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{accounts::UserRef, ids::MailId};

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// A new account, with a link to set its password.
    Welcome,
    /// A link to set another password, asked for by the person themselves.
    PasswordReset,
    /// A link to set another password, sent by an administrator.
    PasswordLink,
    /// News of a ticket.
    Ticket,
    /// Messages that wait to be read.
    Chat,
    /// A try whether mail arrives.
    Test,
}

/// What has become of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// It waits for its turn, or for its next try.
    Queued,
    /// The mail server has it.
    Sent,
    /// It was refused for good, or a day of tries was in vain.
    Failed,
    /// It is not to be sent any more.
    Cancelled,
}

impl MailState {
    /// Every state, in the order of their codes.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Failed, Self::Cancelled];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Why a mail was not sent, as `last_error` begins: the word, or the word, `: ` and what the mail server said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailTrouble {
    /// There is no mail server to send with.
    NoServer,
    /// The server was not reached, or broke off.
    Unreachable,
    /// The server did not answer in time.
    Silent,
    /// The server does not serve this desk: its greeting, TLS or the password.
    Unwelcome,
    /// The server takes no mail from the desk's address.
    SenderRefused,
    /// The server refuses the recipient or the message for good.
    Refused,
    /// The server does not take it now.
    NotNow,
    /// The address is none that a message can go to.
    Unwritable,
    /// The reader has no access any more.
    AccountInactive,
    /// What it said is no longer kept.
    TextGone,
    /// The link in it is used or too old.
    LinkOver,
    /// The reader may no longer see what it tells of.
    OutOfSight,
    /// The reader no longer wants mails of such things.
    Unwanted,
}

impl MailTrouble {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::NoServer,
        Self::Unreachable,
        Self::Silent,
        Self::Unwelcome,
        Self::SenderRefused,
        Self::Refused,
        Self::NotNow,
        Self::Unwritable,
        Self::AccountInactive,
        Self::TextGone,
        Self::LinkOver,
        Self::OutOfSight,
        Self::Unwanted,
    ];

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoServer => "no_server",
            Self::Unreachable => "unreachable",
            Self::Silent => "silent",
            Self::Unwelcome => "unwelcome",
            Self::SenderRefused => "sender_refused",
            Self::Refused => "refused",
            Self::NotNow => "not_now",
            Self::Unwritable => "unwritable",
            Self::AccountInactive => "account_inactive",
            Self::TextGone => "text_gone",
            Self::LinkOver => "link_over",
            Self::OutOfSight => "out_of_sight",
            Self::Unwanted => "unwanted",
        }
    }

    /// As `last_error` tells it.
    pub fn told(self, detail: &str) -> String {
        if detail.is_empty() { self.as_str().to_owned() } else { format!("{}: {detail}", self.as_str()) }
    }

    /// What `last_error` tells: the trouble, and what the mail server said.
    pub fn read(told: &str) -> Option<(Self, &str)> {
        let (word, detail) = told.split_once(": ").unwrap_or((told, ""));
        Some((Self::ALL.into_iter().find(|trouble| trouble.as_str() == word)?, detail))
    }
}

/// A mail, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mail {
    /// The number.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// What has become of it.
    pub state: MailState,
    /// To whom.
    pub to: UserRef,
    /// To which address.
    pub address: String,
    /// Its subject.
    pub subject: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next; absent unless it is queued.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// What went wrong at the last try: one of `no_server`, `unreachable`, `silent`, `unwelcome`, `sender_refused`,
    /// `refused`, `not_now`, `unwritable`, `account_inactive`, `text_gone`, `link_over`, `out_of_sight`, `unwanted`; often
    /// followed by a colon and what the mail server said.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_error: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When the mail server took it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub sent_at: Option<DateTime<Utc>>,
}

/// A mail with its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FullMail {
    /// Everything else.
    #[serde(flatten)]
    pub mail: Mail,
    /// Its text; absent when it is no longer kept. A link that sets a password is covered, unless the desk has no mail
    /// server: then this is how the person gets it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub text: Option<String>,
}

/// Which mails to list (`GET /mails`). Newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct MailQuery {
    /// Only those in this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<MailState>,
    /// At most this many, up to 100; 25 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100, default = 25))]
    pub limit: Option<u32>,
    /// Where the page starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// How the sending of mail stands (`GET /mails/status`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailStatus {
    /// Whether there is a mail server to send with (`MAIL_SERVER`).
    pub configured: bool,
    /// The server and its port.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub server: Option<String>,
    /// What mails say they are from.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub sender: Option<String>,
    /// Whether the server knows an address that leads others to it (`PUBLIC_URL`, or the one it listens on, unless that is of
    /// this machine alone). If not, links in mails lead to the machine itself.
    pub address_known: bool,
    /// How many mails wait.
    pub queued: u64,
    /// How many were given up.
    pub failed: u64,
    /// What went wrong last with those that wait, as in a mail; if none does, with one that was given up and was written since
    /// another one was sent.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_error: Option<String>,
    /// When the mail server last took one.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_sent_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_is_read_as_it_is_told() {
        for trouble in MailTrouble::ALL {
            assert_eq!(MailTrouble::read(&trouble.told("")), Some((trouble, "")));
            assert_eq!(MailTrouble::read(&trouble.told("550: no: such")), Some((trouble, "550: no: such")));
        }
        assert_eq!(MailTrouble::read("network error: broken"), None);
    }
}
