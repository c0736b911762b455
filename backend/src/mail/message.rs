//! A rendered letter as a message (RFC 5322), and the mail server that takes it.

use std::{fs, io, path::PathBuf, time::Duration};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error as SmtpError,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use thiserror::Error;

use super::{
    config::{MailServer, Security},
    render::Rendered,
};

/// How many mails are handed over at the same time, each over a connection of its own: one that is kept may be dead when the
/// next mail comes.
pub const LANES: usize = 4;

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
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Mailbox,
    patience: Duration,
}

/// What came of handing a message over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// The server has it.
    Over,
    /// The server refuses it for good.
    Refused(String),
    /// The server does not take it now.
    NotNow(String),
    /// The server was not reached, or fell silent.
    Unreachable(String),
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
        let tls = match server.security {
            Security::Plain => Tls::None,
            Security::StartTls => Tls::Required(trusted(server)?),
            Security::Tls => Tls::Wrapper(trusted(server)?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .tls(tls)
            .timeout(Some(patience));
        if let Some((name, password)) = &server.credentials {
            builder = builder.credentials(Credentials::new(name.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build(), sender: server.sender.clone(), patience })
    }

    /// Hands a message over.
    pub async fn hand_over(&self, post: Post) -> Handed {
        let message = match self.message(post) {
            Ok(message) => message,
            Err(cause) => return Handed::Refused(cause),
        };
        match tokio::time::timeout(self.patience, self.transport.send(message)).await {
            Ok(Ok(_)) => Handed::Over,
            Ok(Err(error)) => judged(&error),
            Err(_) => Handed::Unreachable("the server fell silent".to_owned()),
        }
    }

    /// Addresses and values go through types that keep line ends out of the head.
    fn message(&self, post: Post) -> Result<Message, String> {
        let wrong = |error: &dyn std::fmt::Display| format!("this address cannot be written to: {error}");
        let to: Address = post.address.parse().map_err(|error| wrong(&error))?;
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

/// What an error means for the mail. Only what is said of the recipient or the message is final: a wrong password or a
/// closed connection is the desk's trouble, and the mail waits until it is mended.
fn judged(error: &SmtpError) -> Handed {
    let mut cause = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let words = inner.to_string();
        if !cause.contains(&words) {
            cause = format!("{cause}: {words}");
        }
        source = inner.source();
    }
    match error.status().map(u16::from) {
        Some(521 | 541 | 550..=556) => Handed::Refused(cause),
        Some(_) => Handed::NotNow(cause),
        None => Handed::Unreachable(cause),
    }
}
