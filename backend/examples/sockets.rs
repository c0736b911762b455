//! Holds thousands of sockets on one server, sends a message to each, and says how long they took and what a socket costs.
//!
//! `cargo run --release -p backend --example sockets [SOCKETS] [--json]` (5,000 unless told); `cargo xtask bench` runs it, too, and
//! holds its numbers against targets. It starts the `turno` beside it as a process of its own, on an empty SQLite file, so the
//! memory it reads is the server's alone. Build that first: `cargo build --release -p backend`.

use std::{
    collections::HashMap,
    env,
    error::Error,
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use backend::{
    auth::secrets::{Secrets, SessionKey},
    db::{self, Conn, DatabaseUrl, Db, DbError},
};
use diesel_async::RunQueryDsl;
use futures_util::{SinkExt, StreamExt, stream};
use serde_json::{Value, json};
use shared::{ids::SessionId, session};
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

type Failure = Box<dyn Error + Send + Sync>;

/// Signs the sessions of this run.
const KEY: &str = "a key for one measurement, known to everybody";
/// Sockets that are opened, and messages that are sent, at the same time.
const AT_ONCE: usize = 32;
/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// The server, ended with this.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    fn start(folder: &Path, address: &str) -> Result<Self, Failure> {
        let own = env::current_exe()?;
        let target = own.parent().and_then(Path::parent).ok_or("this program is nowhere")?;
        let child = Command::new(target.join("turno"))
            .arg("serve")
            .env("DATA_DIR", folder)
            .env("LISTEN", address)
            .env("SECRET_KEY", KEY)
            // One of those who hold a socket writes to all others.
            .env("MESSAGE_RATE_PER_MINUTE", "100000")
            .env("RUST_LOG", "warn")
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}; build it first", target.join("turno").display()))?;
        Ok(Self(child))
    }

    /// What it holds in memory, in kilobytes.
    fn memory(&self) -> Result<u64, Failure> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

/// One of those who are connected: number and cookie.
#[derive(Debug, Clone)]
struct Person {
    id: i64,
    cookie: String,
}

/// Puts people with sessions of an hour into the database: the first an administrator, the rest users.
async fn people(database: &DatabaseUrl, count: usize) -> Result<Vec<Person>, Failure> {
    let db = Db::open(database).await?;
    let secrets = Secrets::new(KEY.as_bytes());
    let (began, ends) = (db::to_micros(db::now()), db::to_micros(db::now() + chrono::TimeDelta::hours(1)));
    let ids: Vec<i64> = (1..=i64::try_from(count)?).map(|n| 1_000_000 + n).collect();
    let rows: Vec<String> = ids
        .iter()
        .enumerate()
        .flat_map(|(place, id)| {
            let role = if place == 0 { 2 } else { 0 };
            [
                format!(
                    "INSERT INTO users (id, username, username_folded, name, name_folded, email, email_folded, role, active, \
                     locale, theme, created_at) VALUES ({id}, 'p{id}', 'p{id}', 'P {id}', 'p {id}', 'p{id}@example.org', \
                     'p{id}@example.org', {role}, TRUE, 'es', 'system', {began})"
                ),
                format!(
                    "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, address, user_agent) VALUES \
                     ({id}, {id}, {began}, {began}, {ends}, '127.0.0.1', 'load')"
                ),
            ]
        })
        .collect();
    db.write(async |conn| -> Result<(), DbError> {
        for row in &rows {
            match conn {
                Conn::Sqlite(c) => diesel::sql_query(row).execute(&mut **c).await?,
                Conn::Postgres(c) => diesel::sql_query(row).execute(c).await?,
                Conn::MySql(c) => diesel::sql_query(row).execute(c).await?,
            };
        }
        Ok(())
    })
    .await?;
    let cookie = |&id: &i64| -> Result<Person, Failure> {
        let token = secrets.session_token(SessionKey { id: SessionId(id), began_at: began })?;
        Ok(Person { id, cookie: format!("{}={token}", session::COOKIE) })
    };
    ids.iter().map(cookie).collect()
}

/// Opens a socket and reads from it for good; says when a message came.
async fn listen(address: String, person: Person, got: mpsc::UnboundedSender<(i64, Instant)>) -> Result<(), Failure> {
    let mut request = format!("ws://{address}/api/v1/ws").into_client_request()?;
    request.headers_mut().insert("Cookie", person.cookie.parse()?);
    let (mut socket, _) = connect_async(request).await?;
    socket.send(Message::text(r#"{"type":"hello"}"#)).await?;
    let welcome = timeout(PATIENCE, socket.next()).await?.ok_or("closed")??;
    if !welcome.to_text()?.contains("welcome") {
        return Err(format!("instead of a welcome: {welcome}").into());
    }
    tokio::spawn(async move {
        while let Some(Ok(message)) = socket.next().await {
            let now = Instant::now();
            if let Ok(text) = message.to_text()
                && text.contains(r#""type":"message""#)
                && let Ok(frame) = serde_json::from_str::<Value>(text)
                && frame.get("to_id").and_then(Value::as_i64) == Some(person.id)
            {
                let _ = got.send((person.id, now));
            }
        }
    });
    Ok(())
}

/// A value that so many of a hundred are below.
fn percentile(sorted: &[Duration], of_hundred: usize) -> Duration {
    let place = (sorted.len() * of_hundred / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}

/// As many open files as the system lets this process have. The server sees to its own, from where it would begin.
fn raise_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
        eprintln!("the number of open files could not be raised: {error}");
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let (json, words): (Vec<String>, Vec<String>) = env::args().skip(1).partition(|word| word == "--json");
    let count: usize = words.as_slice().first().map_or(Ok(5_000), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let database = DatabaseUrl::Sqlite(folder.path().join("turno.db"));
    db::migrate::migrate(&database).await?;
    let everybody = people(&database, count + 1).await?;
    let (sender, listeners) = everybody.split_first().ok_or("nobody")?;
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let server = Server::start(folder.path(), &address)?;
    // Only now: a child has the limits of its parent.
    raise_limit();
    let http = reqwest::Client::new();
    let base = format!("http://{address}");
    let began = Instant::now();
    while http.get(format!("{base}/readyz")).send().await.is_err() {
        if began.elapsed() > PATIENCE {
            return Err("the server does not answer".into());
        }
        sleep(Duration::from_millis(50)).await;
    }

    let idle = server.memory()?;
    let (got, mut arrivals) = mpsc::unbounded_channel();
    let began = Instant::now();
    let opened = stream::iter(listeners.iter().cloned())
        .map(|person| listen(address.clone(), person, got.clone()))
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>();
    for result in opened.await {
        result?;
    }
    eprintln!("{count} sockets open after {:.1?}", began.elapsed());
    sleep(Duration::from_secs(5)).await;
    let held = server.memory()?;
    let each = f64::from(u32::try_from(held.saturating_sub(idle))?) / f64::from(u32::try_from(count)?);
    eprintln!("server: {} MB without sockets, {} MB with them: {each:.1} KB each", idle / 1024, held / 1024);

    let session: Value =
        http.get(format!("{base}/api/v1/session")).header("Cookie", &sender.cookie).send().await?.json().await?;
    let csrf = session.get("csrf_token").and_then(Value::as_str).ok_or("no session")?.to_owned();
    let sent = stream::iter(listeners.iter().map(|person| person.id)).map(|id| {
        let request = http
            .post(format!("{base}/api/v1/conversations/{id}/messages"))
            .header("Cookie", &sender.cookie)
            .header(session::CSRF_HEADER, &csrf)
            .header(session::BACKGROUND_HEADER, "1")
            .json(&json!({ "body": "Hola", "client_id": format!("load-{id}") }));
        async move {
            let at = Instant::now();
            let status = request.send().await?.error_for_status().map(|_| ());
            status.map(|()| (id, at))
        }
    });
    let began = Instant::now();
    let sent: HashMap<i64, Instant> =
        sent.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await.into_iter().collect::<Result<_, _>>()?;
    let mut latencies = Vec::with_capacity(count);
    while latencies.len() < count {
        let (id, at) = timeout(PATIENCE, arrivals.recv()).await?.ok_or("all sockets were closed")?;
        if let Some(&from) = sent.get(&id) {
            latencies.push(at.saturating_duration_since(from));
        }
    }
    eprintln!("{count} messages, {AT_ONCE} at a time, in {:.1?}", began.elapsed());
    latencies.sort_unstable();
    let (p50, p99) = (percentile(&latencies, 50), percentile(&latencies, 99));
    let longest = latencies.last().copied().unwrap_or_default();
    eprintln!("from the request to the other's socket: p50 {p50:.1?}, p99 {p99:.1?}, longest {longest:.1?}");
    eprintln!("server afterwards: {} MB", server.memory()? / 1024);
    if !json.is_empty() {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
        let numbers = json!({
            "sockets": count,
            "kilobytes_each": each,
            "megabytes": held / 1024,
            "p50_ms": milliseconds(p50),
            "p99_ms": milliseconds(p99),
        });
        println!("{numbers}");
    }
    Ok(())
}
