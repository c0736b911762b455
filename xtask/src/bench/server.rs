//! The servers that are measured.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};

use super::http;
use crate::{place::Place, run::end};

/// The longest a server may take to answer at all.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long nobody asks anything of a desk that is idle. What its last requests freed goes back to the system at the pace
/// of `backend/src/memory.rs`, over several rounds of five seconds.
const IDLE: Duration = Duration::from_secs(30);

/// What a process has asked for.
const ASKED_FOR: &str = "RssAnon:";
/// How often that is looked at. Whoever kept a file whole would keep it for longer.
const OFTEN: Duration = Duration::from_millis(2);

/// What a request of somebody who is logged in carries.
pub struct Session {
    /// The cookie, as it is sent.
    pub cookie: String,
    pub csrf_token: String,
}

/// Turno on a desk; ends when dropped.
pub struct Turno {
    pub address: SocketAddr,
    /// How long it took from its start to its first answer.
    pub first_answer: Duration,
    child: Child,
}

impl Turno {
    /// Starts it and waits until it can serve.
    pub fn start(place: &Place, folder: &Path) -> Result<Self> {
        let address = free_address()?;
        let mut command = super::turno(place);
        command.args(["serve", "--listen", &address.to_string(), "--data-dir"]).arg(folder);
        let (child, first_answer) = start(command, address, "/readyz")?;
        Ok(Self { address, first_answer, child })
    }

    /// An address on it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Begins a session.
    pub fn log_in(&self, login: &str, password: &str) -> Result<Session> {
        let body = serde_json::json!({ "login": login, "password": password });
        let answer = http::post(self.address, "/api/v1/session", &body)?.expect(201)?;
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).context("no cookie")?;
        let info: serde_json::Value = serde_json::from_slice(&answer.body)?;
        let csrf_token = info.get("csrf_token").and_then(|token| token.as_str()).context("no CSRF token")?;
        Ok(Session { cookie: cookie.to_owned(), csrf_token: csrf_token.to_owned() })
    }

    /// How much memory it holds (`VmRSS`), in megabytes.
    pub fn memory(&self) -> Result<f64> {
        self.measure("VmRSS:")
    }

    /// How much memory it holds when nothing was asked of it for half a minute, in megabytes.
    pub fn idle_memory(&self) -> Result<f64> {
        thread::sleep(IDLE);
        self.memory()
    }

    /// How much it has asked for when nothing was asked of it for half a minute, in megabytes; see [`Watch`].
    pub fn idle_asked_for(&self) -> Result<f64> {
        thread::sleep(IDLE);
        self.measure(ASKED_FOR)
    }

    /// Begins to watch how much it asks for.
    pub fn watch(&self) -> Watch {
        let process = self.child.id();
        let done = Arc::new(AtomicBool::new(false));
        let seen = done.clone();
        let watching = thread::spawn(move || {
            let mut most = 0.0_f64;
            while !seen.load(Ordering::Relaxed) {
                thread::sleep(OFTEN);
                most = most.max(measure(process, ASKED_FOR)?);
            }
            Ok(most)
        });
        Watch { done, watching }
    }

    fn measure(&self, what: &'static str) -> Result<f64> {
        measure(self.child.id(), what)
    }
}

/// Watches how much memory a server has asked for. Not all that counts as its own (`VmHWM`): the database is mapped, and
/// its pages, which the system takes back whenever it needs them, count once more for each connection that has read them.
pub struct Watch {
    done: Arc<AtomicBool>,
    watching: thread::JoinHandle<Result<f64>>,
}

impl Watch {
    /// The most since it began, in megabytes.
    pub fn end(self) -> Result<f64> {
        self.done.store(true, Ordering::Relaxed);
        self.watching.join().map_err(|_| anyhow!("whoever watched the memory broke off"))?
    }
}

/// A line of what the system knows of a process's memory, in megabytes.
fn measure(process: u32, what: &'static str) -> Result<f64> {
    let status =
        std::fs::read_to_string(format!("/proc/{process}/status")).context("memory can only be measured on Linux")?;
    let line = status.lines().find_map(|line| line.strip_prefix(what)).context(what)?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}

impl Drop for Turno {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// The smallest server; ends when dropped.
pub struct Baseline {
    address: SocketAddr,
    child: Child,
}

impl Baseline {
    /// Starts it with the bytes of a file.
    pub fn start(place: &Place, file: &Path) -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(place.target.join("release/examples/baseline"));
        command.arg(address.to_string()).arg(file);
        let (child, _) = start(command, address, "/")?;
        Ok(Self { address, child })
    }

    /// An address on it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Baseline {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// An address nobody listens on.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Starts a server and waits for its first 200; tells how long that took.
fn start(mut command: Command, address: SocketAddr, path: &str) -> Result<(Child, Duration)> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn().with_context(|| format!("cannot start {}", crate::run::line(&command)))?;
    loop {
        if http::get(address, path, None).is_ok_and(|answer| answer.status == 200) {
            return Ok((child, started.elapsed()));
        }
        if let Some(status) = child.try_wait()? {
            bail!("{} ended ({status})", crate::run::line(&command));
        }
        if started.elapsed() > PATIENCE {
            end(&mut child);
            bail!("{} does not answer", crate::run::line(&command));
        }
        thread::sleep(Duration::from_millis(1));
    }
}
