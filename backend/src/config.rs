//! Settings: flags win over the environment, the environment over `.env`.

mod kept_key;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, ValueEnum};
use ipnet::IpNet;
use shared::{attachments::EXTENSIONS, permissions::TechnicianScope, session::SessionMode};
use thiserror::Error;
use url::Url;

use self::kept_key::kept_key;
use crate::{
    attachments,
    chat::digest,
    db::{self, DatabaseUrl, DatabaseUrlError},
    mail::config::{MailServer, Pace},
    realtime,
    storage::{StorageUrl, StorageUrlError, make_private_folder},
    web,
};

/// A megabyte, as `MAX_UPLOAD_MB` counts it, in bytes.
pub const MEGABYTE: u64 = 1024 * 1024;
/// How long the key that signs sessions is at least, in bytes.
const SHORTEST_KEY: usize = 32;

/// Every setting, as clap reads it. Each is documented in `.env.example`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Where to listen
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,
    /// Where the program keeps its own files
    #[arg(long, env = "DATA_DIR", default_value = "data", global = true)]
    pub data_dir: PathBuf,
    /// `sqlite:PATH`, `postgres://…` or `mysql://…` [default: `sqlite:DATA_DIR/turno.db`]
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// Signs sessions; made and kept in `DATA_DIR` when absent
    #[arg(long, env = "SECRET_KEY", hide_env_values = true, global = true)]
    pub secret_key: Option<String>,
    /// The address people open, when a proxy stands in front
    #[arg(long, env = "PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// How long a session lasts
    #[arg(long, env = "SESSION_TIMEOUT_SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u32).range(2..=86_400), global = true)]
    pub session_timeout_seconds: u32,
    /// Whether it counts from the last deliberate request or from login
    #[arg(long, env = "SESSION_MODE", default_value = "strict", global = true)]
    pub session_mode: SessionModeArg,
    /// Logins a minute from one address
    #[arg(long, env = "LOGIN_RATE_PER_MINUTE", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000), global = true)]
    pub login_rate_per_minute: u32,
    /// Messages that one person may write at once, and from there on in a minute
    #[arg(long, env = "MESSAGE_RATE_PER_MINUTE", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=100_000), global = true)]
    pub message_rate_per_minute: u32,
    /// Which tickets a technician sees
    #[arg(long, env = "TECHNICIAN_SCOPE", default_value = "queue", global = true)]
    pub technician_scope: TechnicianScopeArg,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Host` are believed: addresses or networks, separated by commas
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Vec<String>,
    /// The mail server; without one mails are kept for the administrator to see
    #[arg(long, env = "MAIL_SERVER", global = true)]
    pub mail_server: Option<String>,
    /// Its port [default: 587]
    #[arg(long, env = "MAIL_PORT", global = true)]
    pub mail_port: Option<String>,
    /// Whether mail is sent over TLS: from the start on port 465, by STARTTLS on any other [default: true]
    #[arg(long, env = "MAIL_USE_TLS", global = true)]
    pub mail_use_tls: Option<String>,
    /// The name to log in to the mail server with
    #[arg(long, env = "MAIL_USERNAME", global = true)]
    pub mail_username: Option<String>,
    /// The password that goes with it
    #[arg(long, env = "MAIL_PASSWORD", hide_env_values = true, global = true)]
    pub mail_password: Option<String>,
    /// What mails say they are from: `Turno <desk@example.org>`
    #[arg(long, env = "MAIL_DEFAULT_SENDER", global = true)]
    pub mail_default_sender: Option<String>,
    /// A file with the certificate of the authority that vouches for the mail server, when the system does not know it
    #[arg(long, env = "MAIL_CA_FILE", global = true)]
    pub mail_ca_file: Option<PathBuf>,
    /// Where files are kept: `file:FOLDER` or `s3://BUCKET/PREFIX` [default: `file:DATA_DIR/files`]
    #[arg(long, env = "STORAGE_URL", global = true)]
    pub storage_url: Option<String>,
    /// The largest file that may be attached, in megabytes
    #[arg(long, env = "MAX_UPLOAD_MB", default_value_t = 25, value_parser = clap::value_parser!(u16).range(1..=2048), global = true)]
    pub max_upload_mb: u16,
    /// The extensions that files may have, separated by commas [default: pdf, pictures, Office, text, zip]
    #[arg(long, env = "ALLOWED_EXTENSIONS", value_delimiter = ',', global = true)]
    pub allowed_extensions: Vec<String>,
    /// Threads that answer requests [default: one for each core]
    #[arg(long, env = "WORKERS", value_parser = clap::value_parser!(u16).range(1..=256), global = true)]
    pub workers: Option<u16>,
}

/// `SESSION_MODE` on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SessionModeArg {
    /// From the last deliberate request
    Strict,
    /// From login
    Absolute,
}

/// `TECHNICIAN_SCOPE` on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum TechnicianScopeArg {
    /// Only those assigned to them
    Assigned,
    /// Those assigned to them and those nobody has
    Queue,
    /// All
    All,
}

fn parse_network(text: &str) -> Result<IpNet, ConfigError> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| ConfigError::Proxy(text.to_owned()))
}

fn parse_extension(text: &str) -> Result<String, ConfigError> {
    let extension = text.trim_start_matches('.').to_lowercase();
    if attachments::is_known(&extension) { Ok(extension) } else { Err(ConfigError::Extension(text.to_owned())) }
}

/// The address people open. Links in mails and files begin with it, so it says where the desk is and no more. What stands
/// before an `@` is not repeated: there may be a password in it.
fn parse_public_url(text: &str) -> Result<Url, ConfigError> {
    let shown = || text.rsplit_once('@').map_or_else(|| text.to_owned(), |(_, rest)| format!("…@{rest}"));
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| ConfigError::PublicUrl(shown()))?;
    let is_bare = url.username().is_empty() && url.password().is_none();
    if is_bare && url.query().is_none() && url.fragment().is_none() {
        Ok(url)
    } else {
        Err(ConfigError::PublicUrlParts)
    }
}

/// A setting whose text is empty is not set: `.env` files often keep a name without a value.
pub(crate) fn set(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// The settings, checked and complete.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the data is.
    pub database: DatabaseUrl,
    /// How long a database server may keep silent while it owes an answer, before its connection is given up.
    pub database_patience: Duration,
    /// How long a JSON body may take to come.
    pub body_patience: Duration,
    /// Signs sessions; at least 32 bytes.
    pub secret_key: Vec<u8>,
    /// The address people open, when it differs from what the server sees.
    pub public_url: Option<Url>,
    /// How long a session lasts.
    pub session_timeout: Duration,
    /// What it counts from.
    pub session_mode: SessionMode,
    /// Logins a minute from one address.
    pub login_rate_per_minute: u32,
    /// Messages that one person may write at once, and from there on in a minute.
    pub message_rate_per_minute: u32,
    /// Which tickets a technician sees.
    pub technician_scope: TechnicianScope,
    /// Proxies whose forwarded headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// What mail is sent with.
    pub mail: Option<MailServer>,
    /// When mails are tried.
    pub mail_pace: Pace,
    /// When people who are away are told of messages.
    pub chat_pace: digest::Pace,
    /// Where files are kept.
    pub storage: StorageUrl,
    /// Where files arrive that go to a bucket.
    pub spool: PathBuf,
    /// The largest file, in bytes.
    pub max_upload: u64,
    /// The extensions that files may have, in lower case.
    pub extensions: Vec<String>,
    /// Threads that answer requests.
    pub workers: usize,
    /// How quick the live stream is.
    pub live_pace: realtime::Pace,
}

/// Why the settings cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The database's URL.
    #[error(transparent)]
    Database(#[from] DatabaseUrlError),
    /// The key is guessable.
    #[error("SECRET_KEY: needs at least 32 characters; leave it out to have one made")]
    ShortKey,
    /// The key that was made is not whole any more.
    #[error(
        "{0}: a key needs at least 32 characters; remove the file to have another one made, which ends all sessions"
    )]
    ShortKeptKey(PathBuf),
    /// The address people open.
    #[error("PUBLIC_URL: `{0}` is not an address like https://desk.example.org")]
    PublicUrl(String),
    /// The address people open says more than where the desk is.
    #[error(
        "PUBLIC_URL: takes an address like https://desk.example.org, without a user's name or password, a `?` or a `#`"
    )]
    PublicUrlParts,
    /// A proxy.
    #[error("TRUSTED_PROXIES: `{0}` is not an address or a network like 10.0.0.0/8")]
    Proxy(String),
    /// Where files are kept.
    #[error(transparent)]
    Storage(#[from] StorageUrlError),
    /// An extension.
    #[error("ALLOWED_EXTENSIONS: `{0}` is no kind of file that can be told from others")]
    Extension(String),
    /// A setting of the mail.
    #[error("{name}: `{text}` is not {what}")]
    Mail {
        /// The setting.
        name: &'static str,
        /// Its value.
        text: String,
        /// What it should be.
        what: &'static str,
    },
    /// A file of the program's own.
    #[error("{path}: {source}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Settings {
    /// The database alone, for commands that need nothing else. Makes `DATA_DIR` when the default database is in it.
    pub fn database(&self) -> Result<DatabaseUrl, ConfigError> {
        let database = self.named_database()?;
        if let DatabaseUrl::Sqlite(path) = &database
            && path.parent() == Some(&self.data_dir)
        {
            make_folder(&self.data_dir)?;
        }
        database.check_folder()?;
        Ok(database)
    }

    /// The database alone, for commands that only look at it: nothing is made, and one that is not there is an error.
    pub fn existing_database(&self) -> Result<DatabaseUrl, ConfigError> {
        let database = self.named_database()?;
        database.check_file()?;
        Ok(database)
    }

    fn named_database(&self) -> Result<DatabaseUrl, ConfigError> {
        match self.database_url.as_deref().and_then(set) {
            Some(url) => Ok(DatabaseUrl::parse(url)?),
            None => Ok(DatabaseUrl::Sqlite(self.data_dir.join("turno.db"))),
        }
    }

    /// Everything the server needs; makes the key when there is none.
    pub fn complete(&self) -> Result<Config, ConfigError> {
        let secret_key = match self.secret_key.as_deref().and_then(set) {
            Some(key) if key.len() < SHORTEST_KEY => return Err(ConfigError::ShortKey),
            Some(key) => key.as_bytes().to_vec(),
            None => kept_key(&self.data_dir)?,
        };
        let public_url = self.public_url.as_deref().and_then(set).map(parse_public_url).transpose()?;
        let mail = MailServer::from_settings(self, public_url.as_ref())?;
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(Config {
            listen: self.listen,
            database: self.database()?,
            database_patience: db::PATIENCE,
            body_patience: web::BODY_PATIENCE,
            secret_key,
            public_url,
            session_timeout: Duration::from_secs(self.session_timeout_seconds.into()),
            session_mode: match self.session_mode {
                SessionModeArg::Strict => SessionMode::Strict,
                SessionModeArg::Absolute => SessionMode::Absolute,
            },
            login_rate_per_minute: self.login_rate_per_minute,
            message_rate_per_minute: self.message_rate_per_minute,
            technician_scope: match self.technician_scope {
                TechnicianScopeArg::Assigned => TechnicianScope::Assigned,
                TechnicianScopeArg::Queue => TechnicianScope::Queue,
                TechnicianScopeArg::All => TechnicianScope::All,
            },
            trusted_proxies: self
                .trusted_proxies
                .iter()
                .filter_map(|text| set(text))
                .map(parse_network)
                .collect::<Result<_, _>>()?,
            mail,
            mail_pace: Pace::default(),
            chat_pace: digest::Pace::default(),
            storage: match self.storage_url.as_deref().and_then(set) {
                Some(url) => StorageUrl::parse(url)?,
                None => StorageUrl::within(&self.data_dir),
            },
            spool: self.data_dir.join("arriving"),
            max_upload: u64::from(self.max_upload_mb) * MEGABYTE,
            extensions: self.extensions()?,
            workers: self.workers.map_or(cores, usize::from),
            live_pace: realtime::Pace::default(),
        })
    }

    fn extensions(&self) -> Result<Vec<String>, ConfigError> {
        let mut named: Vec<String> = self
            .allowed_extensions
            .iter()
            .filter_map(|text| set(text))
            .map(parse_extension)
            .collect::<Result<_, _>>()?;
        if named.is_empty() {
            named = EXTENSIONS.map(str::to_owned).to_vec();
        }
        Ok(named)
    }
}

/// Makes a folder that is not there for the program's own account alone: the key is in it, and by default what people write
/// to each other. One that is there stays as it is.
fn make_folder(folder: &Path) -> Result<(), ConfigError> {
    make_private_folder(folder).map_err(|source| ConfigError::File { path: folder.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_and_single_addresses() {
        assert!(parse_network("10.0.0.0/8").unwrap().contains(&"10.1.2.3".parse::<IpAddr>().unwrap()));
        assert!(!parse_network("127.0.0.1").unwrap().contains(&"127.0.0.2".parse::<IpAddr>().unwrap()));
        assert!(parse_network("proxy").is_err());
    }

    #[test]
    fn the_address_people_open_says_where_the_desk_is_and_no_more() {
        for fine in ["https://desk.example.org", "http://localhost:8080/", "https://example.org/desk"] {
            assert!(parse_public_url(fine).is_ok(), "{fine}");
        }
        for more in ["https://u:s3cret@h", "https://u@h", "https://h/?", "https://h?key=s3cret", "https://h/#s3cret"] {
            let error = parse_public_url(more).unwrap_err();
            assert!(matches!(error, ConfigError::PublicUrlParts), "{more}: {error}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
        for none in ["desk.example", "ftp://u:s3cret@h", "mailto:u:s3cret@h", "https://"] {
            let error = parse_public_url(none).unwrap_err().to_string();
            assert!(error.contains("PUBLIC_URL") && !error.contains("s3cret"), "{error}");
        }
    }
}
