//! A mail server of the test's own: a real one, on a socket, that can be killed, refuse and fall silent.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use actix_web::rt::{self, task::JoinHandle};
use backend::{
    config::Config,
    mail::config::{MailServer, Security},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use super::{letter::Letter, until};

/// How long a mail may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

thread_local! {
    /// The office that a test has ordered with its settings and not yet opened. A test has its thread for itself.
    static ORDERED: RefCell<Option<PostOffice>> = const { RefCell::new(None) };
}

/// How it behaves.
#[derive(Default)]
struct Manners {
    /// What each recipient, or word of the talk, is answered with instead of being taken.
    refusals: RefCell<HashMap<String, &'static str>>,
    /// Whether it takes a mail and closes the connection without saying so, this many times.
    vanishes: Cell<u32>,
    /// Whether it accepts connections and says nothing.
    silent: Cell<bool>,
    /// Name and password that it asks for.
    password: RefCell<Option<(String, String)>>,
    /// How often something was said in the clear that should not be.
    indiscretions: Cell<u32>,
    arrived: RefCell<Vec<Letter>>,
}

/// A mail server.
#[derive(Clone)]
pub struct PostOffice {
    address: SocketAddr,
    security: Security,
    offers_tls: bool,
    tls: Option<TlsAcceptor>,
    manners: Rc<Manners>,
    open: Rc<RefCell<Vec<JoinHandle<()>>>>,
    listener: Rc<RefCell<Option<std::net::TcpListener>>>,
    _folder: Option<Rc<TempDir>>,
}

impl PostOffice {
    /// For `settings(…)`: the program sends its mail to an office that the test opens with [`Self::open`].
    pub fn order(config: &mut Config) {
        Self::order_with(config, Security::Plain);
    }

    /// The same over STARTTLS.
    pub fn order_starttls(config: &mut Config) {
        Self::order_with(config, Security::StartTls);
    }

    /// The same over TLS from the start.
    pub fn order_tls(config: &mut Config) {
        Self::order_with(config, Security::Tls);
    }

    fn order_with(config: &mut Config, security: Security) {
        // An address of its own: nobody else takes the port while the office is closed.
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let host = Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 77, 0, 0)) + next);
        let listener = std::net::TcpListener::bind((host, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (tls, authority, folder) = if security == Security::Plain {
            (None, None, None)
        } else {
            let (tls, authority, folder) = certified(&host.to_string());
            (Some(tls), Some(authority), Some(folder))
        };
        config.mail = Some(MailServer {
            host: host.to_string(),
            port: address.port(),
            security,
            credentials: None,
            sender: "Mesa de ayuda <desk@example.org>".parse().unwrap(),
            authority,
        });
        let office = Self {
            address,
            security,
            offers_tls: true,
            tls,
            manners: Rc::default(),
            open: Rc::default(),
            listener: Rc::new(RefCell::new(Some(listener))),
            _folder: folder.map(Rc::new),
        };
        ORDERED.with(|ordered| ordered.replace(Some(office)));
    }

    /// Opens the office that was ordered.
    pub fn open() -> Self {
        let office = ORDERED.with(RefCell::take).expect("an office is ordered with settings(PostOffice::order)");
        let listener = office.listener.take().unwrap();
        listener.set_nonblocking(true).unwrap();
        office.serve(TcpListener::from_std(listener).unwrap());
        office
    }

    /// The office that was ordered, which nobody opens yet: nothing listens there.
    pub fn closed() -> Self {
        let office = ORDERED.with(RefCell::take).expect("an office is ordered with settings(PostOffice::order)");
        drop(office.listener.take());
        office
    }

    fn serve(&self, listener: TcpListener) {
        let office = self.clone();
        self.open.borrow_mut().push(rt::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let visitor = office.clone();
                let talk = rt::spawn(async move {
                    if visitor.security == Security::Tls {
                        if let Ok(socket) = visitor.tls.as_ref().unwrap().accept(socket).await {
                            visitor.talk(socket, true).await;
                        }
                    } else if let Some(socket) = visitor.talk(socket, false).await {
                        // STARTTLS.
                        if let Ok(socket) = visitor.tls.as_ref().unwrap().accept(socket).await {
                            visitor.talk(socket, true).await;
                        }
                    }
                });
                office.open.borrow_mut().push(talk);
            }
        }));
    }

    /// Ends at once, with every connection, as when its machine loses power. What it has taken it has taken.
    pub fn kill(&self) {
        for task in self.open.borrow_mut().drain(..) {
            task.abort();
        }
    }

    /// Starts again at the same address.
    pub async fn restart(&self) {
        // The ended tasks let go of the port at their next turn.
        for _ in 0..100 {
            match TcpListener::bind(self.address).await {
                Ok(listener) => return self.serve(listener),
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
        panic!("{} is not to be had again", self.address);
    }

    /// From now on this recipient, or word (`HELLO`, `MAIL`, `DATA`, `QUIT`), is answered so; nothing to take them again.
    pub fn answer(&self, to: &str, line: Option<&'static str>) {
        let mut refusals = self.manners.refusals.borrow_mut();
        match line {
            Some(line) => refusals.insert(to.to_owned(), line),
            None => refusals.remove(to),
        };
    }

    /// What is said to a recipient or a word.
    fn line(&self, to: &str, usual: &'static str) -> &'static str {
        self.manners.refusals.borrow().get(to).copied().unwrap_or(usual)
    }

    /// The next mails are taken, and the connection breaks before that is said.
    pub fn vanish(&self, times: u32) {
        self.manners.vanishes.set(times);
    }

    /// Accepts connections and says nothing.
    pub fn fall_silent(&self, silent: bool) {
        self.manners.silent.set(silent);
    }

    /// Asks for this name and password.
    pub fn ask_for(&self, name: &str, password: &str) {
        self.manners.password.replace(Some((name.to_owned(), password.to_owned())));
    }

    /// Does not offer TLS although the program wants it.
    pub fn without_tls(mut self) -> Self {
        self.kill();
        self.offers_tls = false;
        self
    }

    /// How often something was said in the clear that should not be.
    pub fn indiscretions(&self) -> u32 {
        self.manners.indiscretions.get()
    }

    /// All that arrived so far.
    pub fn letters(&self) -> Vec<Letter> {
        self.manners.arrived.borrow().clone()
    }

    /// Those that arrived for somebody.
    pub fn letters_to(&self, address: &str) -> Vec<Letter> {
        self.letters().into_iter().filter(|letter| letter.to == address).collect()
    }

    /// How many different mails arrived.
    pub fn different(&self) -> usize {
        self.letters().iter().map(|letter| letter.message_id.clone()).collect::<HashSet<_>>().len()
    }

    /// Waits until so many different mails arrived.
    pub async fn expect(&self, count: usize) -> Vec<Letter> {
        until("the mails arrive", PATIENCE, async || self.different() >= count).await;
        self.letters()
    }

    /// Waits for the first mail to somebody.
    pub async fn expect_for(&self, address: &str) -> Letter {
        until("the mail arrives", PATIENCE, async || !self.letters_to(address).is_empty()).await;
        self.letters_to(address).remove(0)
    }

    /// One conversation; gives the socket back when it is to become TLS.
    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(&self, socket: S, covered: bool) -> Option<S> {
        let mut socket = BufReader::new(socket);
        let mut known = self.manners.password.borrow().is_none();
        let mut recipient = String::new();
        if self.manners.silent.get() {
            // Until the other side has had enough.
            let _ = socket.read_line(&mut String::new()).await;
            return None;
        }
        // Over STARTTLS the greeting was said before.
        if !covered || self.security == Security::Tls {
            say(&mut socket, self.line("HELLO", "220 post")).await?;
        }
        loop {
            let mut line = String::new();
            if socket.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let line = line.trim_end();
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            if self.security == Security::StartTls
                && !covered
                && !["EHLO", "STARTTLS", "QUIT", "NOOP"].contains(&verb.as_str())
            {
                self.manners.indiscretions.set(self.manners.indiscretions.get() + 1);
            }
            match verb.as_str() {
                "EHLO" if self.offers_tls && !covered && self.tls.is_some() => {
                    say(&mut socket, "250-post\r\n250-AUTH PLAIN\r\n250 STARTTLS").await?;
                }
                "EHLO" => say(&mut socket, "250-post\r\n250-AUTH PLAIN\r\n250 8BITMIME").await?,
                "STARTTLS" => {
                    say(&mut socket, "220 go on").await?;
                    return Some(socket.into_inner());
                }
                "AUTH" => {
                    known = self.is_known(line);
                    say(&mut socket, if known { "235 welcome" } else { "535 5.7.8 wrong" }).await?;
                }
                "MAIL" if !known => say(&mut socket, "530 5.7.0 who are you").await?,
                "MAIL" | "RSET" | "NOOP" => say(&mut socket, self.line(&verb, "250 fine")).await?,
                "RCPT" => {
                    recipient = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    say(&mut socket, self.line(&recipient, "250 fine")).await?;
                }
                "DATA" => {
                    let go_on = self.line("DATA", "354 go on");
                    say(&mut socket, go_on).await?;
                    if !go_on.starts_with("354") {
                        continue;
                    }
                    let letter = Letter::read(&mut socket, &recipient).await?;
                    self.manners.arrived.borrow_mut().push(letter);
                    let vanishes = self.manners.vanishes.get();
                    if vanishes > 0 {
                        self.manners.vanishes.set(vanishes - 1);
                        return None;
                    }
                    say(&mut socket, "250 taken").await?;
                }
                "QUIT" => {
                    let bye = self.line("QUIT", "221 bye");
                    if !bye.is_empty() {
                        say(&mut socket, bye).await?;
                        return None;
                    }
                }
                _ => say(&mut socket, "502 what").await?,
            }
        }
    }

    fn is_known(&self, line: &str) -> bool {
        use base64::{Engine, prelude::BASE64_STANDARD};

        let said = line.split(' ').nth(2).and_then(|text| BASE64_STANDARD.decode(text).ok()).unwrap_or_default();
        let asked = self.manners.password.borrow();
        asked.as_ref().is_some_and(|(name, password)| said == format!("\0{name}\0{password}").into_bytes())
    }
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut BufReader<S>, line: &str) -> Option<()> {
    socket.write_all(format!("{line}\r\n").as_bytes()).await.ok()?;
    socket.flush().await.ok()
}

/// A certificate for an address that nobody but its own authority vouches for.
fn certified(host: &str) -> (TlsAcceptor, PathBuf, TempDir) {
    let made = rcgen::generate_simple_self_signed(vec![host.to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authority.pem");
    std::fs::write(&path, made.cert.pem()).unwrap();
    (TlsAcceptor::from(Arc::new(config)), path, folder)
}
