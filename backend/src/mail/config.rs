//! The mail server, as the settings say, and the pace at which mails are tried.

use std::{path::PathBuf, time::Duration};

use lettre::{Address, message::Mailbox};
use url::{Host, Url};

use crate::config::{ConfigError, Settings, set};

/// How a connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all.
    Plain,
    /// It begins in the clear and must become TLS before anything is said (STARTTLS).
    StartTls,
    /// It is TLS from the start (port 465).
    Tls,
}

/// A mail server to send with.
#[derive(Clone)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Name and password, when it asks for them.
    pub credentials: Option<(String, String)>,
    /// What mails say they are from.
    pub sender: Mailbox,
    /// A file with the certificate of whoever vouches for it, when that is none of those the system trusts.
    pub authority: Option<PathBuf>,
}

impl std::fmt::Debug for MailServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the password.
        write!(f, "{}:{} ({:?})", self.host, self.port, self.security)
    }
}

/// When mails are tried.
#[derive(Debug, Clone)]
pub struct Pace {
    /// How long to wait after the first failed try, the second, …; the last one counts for all that follow.
    pub retries: Vec<Duration>,
    /// How long after it was written a mail is given up.
    pub give_up: Duration,
    /// How long one try may take.
    pub patience: Duration,
    /// How long no other mail is tried after the server was not reached.
    pub pause: Duration,
    /// How often due mails are looked for when nothing says that there is one.
    pub look: Duration,
    /// How long news of a ticket waits for more of it: an answer is often followed by closing.
    pub settle: Duration,
    /// One person is told of one ticket no more often than this; what happens meanwhile goes into one mail.
    pub gather: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        let retries = [5, 20, 60, 300, 900, 3600, 7200].map(Duration::from_secs).to_vec();
        Self {
            retries,
            give_up: Duration::from_hours(24),
            patience: Duration::from_mins(1),
            pause: Duration::from_secs(5),
            look: Duration::from_secs(15),
            settle: Duration::from_secs(5),
            gather: Duration::from_mins(1),
        }
    }
}

impl MailServer {
    /// Reads the settings; none without `MAIL_SERVER`, but what is wrong in the others is said all the same.
    pub fn from_settings(settings: &Settings, public_url: Option<&Url>) -> Result<Option<Self>, ConfigError> {
        let wrong = |name, text: &str, what| ConfigError::Mail { name, text: text.to_owned(), what };
        let text = |value: &Option<String>| value.as_deref().and_then(set).map(str::to_owned);
        let tls = match text(&settings.mail_use_tls) {
            None => true,
            Some(word) => match word.to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" => true,
                "false" | "0" | "no" => false,
                _ => return Err(wrong("MAIL_USE_TLS", &word, "true or false")),
            },
        };
        let port = match text(&settings.mail_port) {
            None => 587,
            Some(word) => match word.parse::<std::num::NonZeroU16>() {
                Ok(port) => port.get(),
                Err(_) => return Err(wrong("MAIL_PORT", &word, "a port")),
            },
        };
        let username = text(&settings.mail_username);
        let sender = match text(&settings.mail_default_sender) {
            Some(word) => match word.parse::<Mailbox>() {
                Ok(sender) => sender,
                Err(_) => return Err(wrong("MAIL_DEFAULT_SENDER", &word, "an address like Turno <desk@example.org>")),
            },
            None => default_sender(username.as_deref(), public_url)?,
        };
        let Some(host) = text(&settings.mail_server) else { return Ok(None) };
        let security = match (tls, port) {
            (false, _) => Security::Plain,
            (true, 465) => Security::Tls,
            (true, _) => Security::StartTls,
        };
        let credentials = username.map(|name| (name, settings.mail_password.clone().unwrap_or_default()));
        let authority = settings.mail_ca_file.clone().filter(|path| !path.as_os_str().is_empty());
        Ok(Some(Self { host, port, security, credentials, sender, authority }))
    }
}

/// The account's own address when it is one, else one at the desk's domain.
fn default_sender(username: Option<&str>, public_url: Option<&Url>) -> Result<Mailbox, ConfigError> {
    let own = username.and_then(|name| name.parse::<Address>().ok());
    let domain = match public_url.and_then(Url::host) {
        Some(Host::Domain(domain)) => domain,
        _ => "localhost",
    };
    let address = match own {
        Some(address) => address,
        None => Address::new("turno", domain).map_err(|_| ConfigError::Mail {
            name: "MAIL_DEFAULT_SENDER",
            text: String::new(),
            what: "an address like Turno <desk@example.org>",
        })?,
    };
    Ok(Mailbox::new(Some("Turno".to_owned()), address))
}
