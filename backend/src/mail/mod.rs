//! Mail: an outbox filled in the transaction of what a mail tells of, and a task that sends it.
//!
//! [`service::queue`] keeps a [`Letter`]: what is to be said, not yet in words. [`sender`] puts it into words when its turn
//! comes ([`current`]: what it tells of may be other by then; [`render`]: in the reader's language) and tries until the mail
//! server has it. Every mail arrives at least once: a process that dies after handing one over tries it again, under the same
//! Message-ID, by which receivers know it.

pub mod config;
mod current;
pub mod handlers;
mod html;
mod letter;
mod message;
mod render;
mod rows;
pub mod sender;
pub mod service;
mod store;

use std::{
    net::SocketAddr,
    sync::{LazyLock, OnceLock},
};

use tokio::sync::watch;

pub use self::letter::{Letter, News, What, Writer};
use crate::{config::Config, web::routes::Routes};

/// Counts the mails that this process has queued. Those who queue one know a connection and nothing else, so all the
/// servers of a process hear of it; that happens in tests alone.
static QUEUED: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::Sender::new(0));

/// What the parts of the program that write and send mail share.
pub struct Mailroom {
    public_url: Option<String>,
    listens: OnceLock<SocketAddr>,
    /// Whether mails go to anybody at all.
    sends: bool,
}

impl Mailroom {
    /// From the settings.
    pub fn new(config: &Config) -> Self {
        let public_url = config.public_url.as_ref().map(ToString::to_string);
        Self { public_url, listens: OnceLock::new(), sends: config.mail.is_some() }
    }

    /// Where the server listens, once it does.
    pub fn open(&self, address: SocketAddr) {
        // A second address would be another server's.
        let _ = self.listens.set(address);
        // Who tries the program on a machine of their own need not be told.
        if !self.is_address_known() && (self.sends || !address.ip().is_loopback()) {
            tracing::warn!("links in mails lead to localhost: set PUBLIC_URL to the address that people open");
        }
    }

    /// Whether the server knows an address that leads others here. Who listens on all addresses of a machine knows none, and
    /// one that listens for its own machine alone is behind a proxy if others are to find it.
    pub fn is_address_known(&self) -> bool {
        let leads_here = |address: &SocketAddr| !address.ip().is_unspecified() && !address.ip().is_loopback();
        self.public_url.is_some() || self.listens.get().is_some_and(leads_here)
    }

    /// The address of a place in the page: `PUBLIC_URL`, or where the server listens. Never what a request names: links go to
    /// other people than the one who asks.
    pub fn address_of(&self, path: &str) -> String {
        let base = self.public_url.clone().unwrap_or_else(|| match self.listens.get() {
            Some(address) if address.ip().is_unspecified() => format!("http://localhost:{}", address.port()),
            Some(address) => format!("http://{address}"),
            None => "http://localhost".to_owned(),
        });
        format!("{}{path}", base.trim_end_matches('/'))
    }

    /// The same for whoever is shown it on a page, and so knows an address that leads here: the path alone where the server
    /// knows none.
    pub fn shown_address_of(&self, path: &str) -> String {
        if self.is_address_known() { self.address_of(path) } else { path.to_owned() }
    }
}

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::get_mail_status)
        .service(handlers::list_mails)
        .service(handlers::send_test_mail)
        .service(handlers::get_mail)
        .service(handlers::retry_mail)
        .service(handlers::cancel_mail);
}
