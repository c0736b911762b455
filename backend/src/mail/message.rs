//! A rendered letter as a message (RFC 5322), and the mail server that takes it.

use std::{fs, io, path::PathBuf, time::Duration};

use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
    },
};
use shared::mail::MailTrouble;
use thiserror::Error;

use super::{
    config::{MailServer, Security},
    render::Rendered,
};
use crate::accounts::folding::email_in_ascii;

/// How many mails are handed over at the same time, each over a connection of its own: one that is kept may be dead when the
/// next mail comes.
pub const LANES: u8 = 4;

/// Why the mail server cannot be used.
#[derive(Debug, Error)]
pub enum CourierError {
    /// The authority's certificate.
    #[error("MAIL_CA_FILE: {path}: {source}")]
    Authority {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// TLS.
    #[error("MAIL_SERVER: {0}")]
    Tls(#[from] SmtpError),
}

/// Carries messages to the mail server.
pub struct Courier {
    host: String,
    port: u16,
    security: Security,
    /// Whom the connection trusts, unless it is in the clear.
    trusted: Option<TlsParameters>,
    credentials: Option<Credentials>,
    sender: Mailbox,
    patience: Duration,
}

/// What came of handing a message over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// The server has it.
    Over,
    /// The server refuses it for good.
    Refused(Cause),
    /// The server does not take it now.
    NotNow(Cause),
    /// The server was not reached, does not serve, or fell silent.
    Unreachable(Cause),
}

/// Why a message was not handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// In the desk's words.
    pub trouble: MailTrouble,
    /// In the words of the server or the system.
    pub detail: String,
}

/// How far the talk with the server has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Until it knows the desk: what it refuses here it refuses every mail.
    Greeting,
    /// It is told who writes: the desk, in every mail.
    Sender,
    /// It is told to whom.
    Recipient,
    /// It is given the message.
    Message,
}

/// A message to hand over.
pub struct Post {
    /// The reader's name.
    pub name: String,
    /// The reader's address.
    pub address: String,
    /// Names the message for ever, without the domain.
    pub id: String,
    /// Names the conversation it belongs to, without the domain.
    pub thread: Option<String>,
    /// What it says.
    pub letter: Rendered,
}

impl Courier {
    /// To a mail server.
    pub fn new(server: &MailServer, patience: Duration) -> Result<Self, CourierError> {
        let trusted = match server.security {
            Security::Plain => None,
            Security::StartTls | Security::Tls => Some(trusted(server)?),
        };
        let credentials = server.credentials.clone().map(|(name, password)| Credentials::new(name, password));
        let (host, sender) = (server.host.clone(), server.sender.clone());
        Ok(Self { host, port: server.port, security: server.security, trusted, credentials, sender, patience })
    }

    /// Hands a message over. It is over once the server says that it has it, however long it then takes to say goodbye.
    pub async fn hand_over(&self, post: Post) -> Handed {
        let message = match self.message(post) {
            Ok(message) => message,
            Err(detail) => return Handed::Refused(Cause { trouble: MailTrouble::Unwritable, detail }),
        };
        match tokio::time::timeout(self.patience, self.talk(&message)).await {
            Ok(Ok(())) => Handed::Over,
            Ok(Err(handed)) => handed,
            Err(_) => Handed::Unreachable(Cause { trouble: MailTrouble::Silent, detail: String::new() }),
        }
    }

    async fn talk(&self, message: &Message) -> Result<(), Handed> {
        let mut server = self.greet().await.map_err(judged(Stage::Greeting))?;
        let given = give(&mut server, message.envelope(), &message.formatted()).await;
        let patience = self.patience;
        tokio::spawn(async move {
            // Nobody waits for it, and whatever it says changes nothing.
            let _ = tokio::time::timeout(patience, server.quit()).await;
        });
        given
    }

    /// A connection on which the server knows the desk.
    async fn greet(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let hello = ClientId::default();
        let from_the_start = self.trusted.clone().filter(|_| self.security == Security::Tls);
        let place = (self.host.as_str(), self.port);
        let mut server =
            AsyncSmtpConnection::connect_tokio1(place, Some(self.patience), &hello, from_the_start, None).await?;
        if self.security == Security::StartTls
            && let Some(trusted) = self.trusted.clone()
        {
            server.starttls(trusted, &hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            server.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(server)
    }

    /// Addresses and values go through types that keep line ends out of the head.
    fn message(&self, post: Post) -> Result<Message, String> {
        let address = email_in_ascii(&post.address).unwrap_or(post.address);
        let to: Address = address.parse().map_err(|error: lettre::address::AddressError| error.to_string())?;
        let named = |id: &str| format!("<{id}@{}>", self.sender.email.domain());
        let word =
            |name: &'static str, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
        let mut builder = Message::builder()
            .from(self.sender.clone())
            .to(Mailbox::new(Some(post.name), to))
            .message_id(Some(named(&post.id)))
            .date_now()
            .subject(post.letter.subject)
            // Nobody's holiday notice answers it (RFC 3834).
            .raw_header(word("Auto-Submitted", "auto-generated"))
            .raw_header(word("X-Auto-Response-Suppress", "All"));
        if let Some(thread) = post.thread {
            builder = builder.references(named(&thread));
        }
        builder
            .multipart(MultiPart::alternative_plain_html(post.letter.text, post.letter.html))
            .map_err(|error| error.to_string())
    }
}

/// Whom the connection trusts.
fn trusted(server: &MailServer) -> Result<TlsParameters, CourierError> {
    let mut builder = TlsParameters::builder(server.host.clone());
    if let Some(path) = &server.authority {
        let failed = |source| CourierError::Authority { path: path.clone(), source };
        builder = builder.add_root_certificate(Certificate::from_pem(&fs::read(path).map_err(failed)?)?);
    }
    Ok(builder.build_rustls()?)
}

/// Gives a message to a server that knows the desk, and waits until it has it.
async fn give(server: &mut AsyncSmtpConnection, envelope: &Envelope, message: &[u8]) -> Result<(), Handed> {
    let mut needs = Vec::new();
    let is_wide = |address: &Address| !address.to_string().is_ascii();
    if envelope.to().iter().chain(envelope.from()).any(is_wide) {
        if !server.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Handed::Refused(Cause { trouble: MailTrouble::Unwritable, detail: "SMTPUTF8".to_owned() }));
        }
        needs.push(MailParameter::SmtpUtfEight);
    }
    if !message.is_ascii() && server.server_info().supports_feature(Extension::EightBitMime) {
        needs.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    server.command(Mail::new(envelope.from().cloned(), needs)).await.map_err(judged(Stage::Sender))?;
    for reader in envelope.to() {
        server.command(Rcpt::new(reader.clone(), Vec::new())).await.map_err(judged(Stage::Recipient))?;
    }
    server.command(Data).await.map_err(judged(Stage::Message))?;
    server.message(message).await.map_err(judged(Stage::Message))?;
    Ok(())
}

/// What an error means for the mail. Only what is said of the recipient or the message is final: a wrong password, an
/// address that the desk may not write from, a server that relays nothing for it or a closed connection is the desk's
/// trouble, and the mail waits until it is mended.
fn judged(stage: Stage) -> impl FnOnce(SmtpError) -> Handed {
    move |error| {
        let said = error.status().map(u16::from);
        let mut detail = said.map(|code| code.to_string()).unwrap_or_default();
        let mut source = std::error::Error::source(&error);
        while let Some(inner) = source {
            let words = inner.to_string();
            if !detail.contains(&words) {
                let gap = if detail.is_empty() { "" } else { " " };
                detail = format!("{detail}{gap}{words}");
            }
            source = inner.source();
        }
        let may_not = stage == Stage::Recipient && says_may_not(&detail);
        let cause = |trouble| Cause { trouble, detail };
        match (stage, said) {
            (_, None) => Handed::Unreachable(cause(MailTrouble::Unreachable)),
            (Stage::Greeting, Some(_)) => Handed::Unreachable(cause(MailTrouble::Unwelcome)),
            (Stage::Sender, Some(_)) => Handed::NotNow(cause(MailTrouble::SenderRefused)),
            (Stage::Recipient, Some(_)) if may_not => Handed::NotNow(cause(MailTrouble::NotNow)),
            (Stage::Recipient | Stage::Message, Some(521 | 541 | 550..=556)) => {
                Handed::Refused(cause(MailTrouble::Refused))
            }
            (Stage::Recipient | Stage::Message, Some(_)) => Handed::NotNow(cause(MailTrouble::NotNow)),
        }
    }
}

/// Whether a refusal is one of what the desk may do (RFC 3463: 5.7.x, security or policy), such as to have mail relayed, and
/// says nothing of the recipient's address.
fn says_may_not(detail: &str) -> bool {
    detail.split_whitespace().nth(1).is_some_and(|status| status.starts_with("5.7."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_told_from_an_address_that_is_none() {
        for policy in ["554 5.7.1 <eva@x.org>: Relay access denied", "550 5.7.26 unauthenticated", "530 5.7.0"] {
            assert!(says_may_not(policy), "{policy}");
        }
        for final_one in ["550 5.1.1 no such person", "554 Relay 5.7.1 denied", "550", "", "552 5.17.1 x"] {
            assert!(!says_may_not(final_one), "{final_one}");
        }
    }
}
