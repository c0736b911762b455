//! The whole program on a port of its own, and people to use it.

use std::{
    collections::BTreeSet,
    net::Ipv4Addr,
    sync::{
        OnceLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use actix_web::{dev::ServerHandle, rt, web::Data};
use backend::{
    auth::{passwords::Passwords, secrets::SessionKey},
    chat::digest,
    config::{Config, MEGABYTE},
    db,
    mail::config::Pace,
    realtime,
    state::State,
    storage::StorageUrl,
};
use serde_json::{Value, json};
use shared::{attachments::EXTENSIONS, ids::SessionId, permissions::TechnicianScope, session::SessionMode};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tracing_subscriber::EnvFilter;

use super::{Client, Database, Outside, Reply, Tune, server::on_its_own_runtime};

/// Everybody's password.
pub const PASSWORD: &str = "Grulla-lenta-42-mesa";

/// The tables that [`TestApp::stored`] counts.
const TABLES: [&str; 26] = [
    "ticket_clients",
    "ticket_reads",
    "replies",
    "users",
    "avatars",
    "sessions",
    "tokens",
    "categories",
    "tickets",
    "saved_views",
    "ticket_watchers",
    "comments",
    "comment_mentions",
    "events",
    "settings_pictures",
    "mails",
    "password_links",
    "notifications",
    "notification_choices",
    "blobs",
    "attachments",
    "messages",
    "conversations",
    "message_files",
    "chat_digests",
    "demo_rows",
];

/// A running Turno.
pub struct TestApp {
    /// `http://127.0.0.1:…`
    pub origin: String,
    /// What the program's handlers share.
    pub state: Data<State>,
    pub database: Database,
    outside: Mutex<Outside>,
    http: reqwest::Client,
    handle: ServerHandle,
    files: TempDir,
}

impl TestApp {
    /// Starts it as `turno serve` does, with settings that suit tests unless told otherwise.
    pub async fn start(database: &Database, tune: &[Tune]) -> Self {
        let files = tempfile::tempdir().unwrap();
        let mut config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            database: database.parsed(),
            database_patience: db::PATIENCE,
            body_patience: Duration::from_secs(60),
            secret_key: b"a key for tests, long enough, known to all".to_vec(),
            public_url: None,
            session_timeout: Duration::from_secs(300),
            session_mode: SessionMode::Strict,
            login_rate_per_minute: 100_000,
            message_rate_per_minute: 100_000,
            technician_scope: TechnicianScope::Queue,
            trusted_proxies: Vec::new(),
            mail: None,
            mail_pace: quick(),
            chat_pace: digest::Pace::default(),
            storage: StorageUrl::Folder(files.path().join("files")),
            spool: files.path().join("arriving"),
            max_upload: 25 * MEGABYTE,
            extensions: EXTENSIONS.map(str::to_owned).to_vec(),
            workers: 1,
            live_pace: realtime::Pace::default(),
        };
        tune.iter().for_each(|tune| tune(&mut config));
        Self::launch(database, config, files).await
    }

    /// Starts it with these settings.
    pub async fn start_with(database: &Database, config: Config) -> Self {
        Self::launch(database, config, tempfile::tempdir().unwrap()).await
    }

    async fn launch(database: &Database, config: Config, files: TempDir) -> Self {
        // What the program complains of is shown with the test that fails.
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("error"));
        let _ = tracing_subscriber::fmt().with_test_writer().with_ansi(false).with_env_filter(filter).try_init();
        db::migrate::migrate(&config.database).await.unwrap();
        let running = backend::start(config).await.unwrap();
        let handle = running.server.handle();
        rt::spawn(running.server);
        let mut address = running.address;
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        Self {
            origin: format!("http://{address}"),
            state: running.state,
            database: database.clone(),
            outside: Mutex::new(database.outside().await),
            http: reqwest::Client::builder().timeout(Duration::from_secs(60)).build().unwrap(),
            handle,
            files,
        }
    }

    /// What ends it.
    pub fn stopper(&self) -> ServerHandle {
        self.handle.clone()
    }

    /// Somebody without a session.
    pub fn anonymous(&self) -> Client {
        Client {
            http: self.http.clone(),
            origin: self.origin.clone(),
            id: 0,
            username: String::new(),
            name: String::new(),
            session: 0,
            cookie: None,
            csrf: None,
            bearer: None,
            background: false,
        }
    }

    /// A new person with problems, logged in.
    pub async fn user(&self) -> Client {
        self.person(0).await
    }

    /// A new technician, logged in.
    pub async fn technician(&self) -> Client {
        self.person(1).await
    }

    /// A new administrator, logged in.
    pub async fn admin(&self) -> Client {
        self.person(2).await
    }

    /// A new person, put straight into the database: to log in costs what a password's hash costs.
    async fn person(&self, role: i16) -> Client {
        let id = new_id();
        let person = Client { id, username: format!("persona{id}"), name: format!("Persona {id}"), ..self.anonymous() };
        let (person, session) = self.with_session(person);
        self.sql(&format!("{}; {session}", sql_for_person(&person, role))).await;
        person
    }

    /// The same person with another session, as in a second browser.
    pub async fn new_session(&self, person: Client) -> Client {
        let (person, session) = self.with_session(person);
        self.sql(&session).await;
        person
    }

    /// The same person with a session that begins when the SQL beside it is run.
    pub fn with_session(&self, person: Client) -> (Client, String) {
        let session = new_id();
        let now = db::now();
        let (begins, ends) = (db::to_micros(now), db::to_micros(now + self.state.config.session_timeout));
        let sql = format!(
            "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, address, user_agent) \
             VALUES ({session}, {}, {begins}, {begins}, {ends}, '127.0.0.1', 'test')",
            person.id
        );
        let secrets = &self.state.auth.secrets;
        let key = SessionKey { id: SessionId(session), began_at: begins };
        let cookie = Some(secrets.session_token(key).unwrap());
        let csrf = Some(secrets.csrf_token(key).unwrap());
        (Client { session, cookie, csrf, ..person }, sql)
    }

    /// A program that asks with a new token of a person's, and nothing else.
    pub async fn token(&self, of: &Client, scopes: &[&str]) -> Client {
        let made = of.post("/me/tokens", json!({ "name": "prueba", "scopes": scopes })).await.expect(201);
        let bearer = made["token"].as_str().map(str::to_owned);
        Client { bearer, session: 0, cookie: None, csrf: None, ..of.clone() }
    }

    /// Logs in over HTTP; everybody has the same password.
    pub async fn log_in(&self, login: &str, password: &str) -> Reply {
        self.anonymous().post("/session", json!({ "login": login, "password": password })).await
    }

    /// A ticket with this title, opened by a person.
    pub async fn ticket(&self, by: &Client, title: &str) -> i64 {
        self.ticket_like(by, json!({ "title": title })).await.id()
    }

    /// A ticket with these fields, opened by a person.
    pub async fn ticket_like(&self, by: &Client, mut fields: Value) -> Reply {
        if fields.get("description").is_none() {
            fields["description"] = "No enciende desde ayer.".into();
        }
        by.post("/tickets", fields).await.expect(201)
    }

    /// Gives a ticket to somebody, without anybody having done so.
    pub async fn give(&self, ticket: i64, to: &Client) {
        self.sql(&format!("UPDATE tickets SET assignee_id = {} WHERE id = {ticket}", to.id)).await;
    }

    /// Three tickets about keyboards: an open one, an urgent one that the administrator has, and a closed one.
    pub async fn three_keyboards(&self, requester: &Client, admin: &Client) -> [i64; 3] {
        let open = self.ticket(requester, "Teclado roto").await;
        let urgent = self.ticket(requester, "Teclado mojado").await;
        admin.patch(&format!("/tickets/{urgent}"), json!({ "version": 1, "priority": "urgent" })).await.expect(200);
        self.give(urgent, admin).await;
        let closed = self.ticket(requester, "Teclado nuevo").await;
        admin.act(&format!("/tickets/{closed}/close")).await.expect(200);
        [open, urgent, closed]
    }

    /// Lets a person follow a ticket.
    pub async fn invite(&self, ticket: i64, person: &Client) {
        self.sql(&format!("INSERT INTO ticket_watchers VALUES ({ticket}, {}, 0)", person.id)).await;
    }

    /// The files in the program's storage and on their way there, by their paths in it, without the mark of the desk.
    pub fn files(&self) -> Vec<String> {
        let root = self.files.path();
        let mut found = Vec::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
                }
            }
        }
        found.retain(|path| path != "files/desk");
        found.sort();
        found
    }

    /// Where the program's storage is.
    pub fn storage(&self) -> &std::path::Path {
        self.files.path()
    }

    /// Runs SQL beside the program.
    pub async fn sql(&self, sql: &str) {
        self.outside.lock().await.execute(sql).await;
    }

    /// The one integer, called `n`, of a query beside the program.
    pub async fn number(&self, sql: &str) -> i64 {
        self.outside.lock().await.number(sql).await
    }

    /// The integers, called `n`, of a query beside the program.
    pub async fn numbers(&self, sql: &str) -> Vec<i64> {
        self.outside.lock().await.numbers(sql).await
    }

    /// How many rows each table has: what a refused request must leave as it is.
    pub async fn stored(&self) -> Vec<(&'static str, i64)> {
        let count = |(place, table)| format!("SELECT COUNT(*) * 100 + {place} AS n FROM {table}");
        let counts: Vec<String> = TABLES.iter().enumerate().map(count).collect();
        let mut counts = self.numbers(&counts.join(" UNION ALL ")).await;
        counts.sort_by_key(|count| count % 100);
        TABLES.into_iter().zip(counts.into_iter().map(|count| count / 100)).collect()
    }

    /// Moves the end of a session, as if that time had passed.
    pub async fn let_pass(&self, session: i64, time: Duration) {
        let micros = time.as_micros();
        self.sql(&format!(
            "UPDATE sessions SET expires_at = expires_at - {micros}, last_used_at = last_used_at - {micros} \
             WHERE id = {session}"
        ))
        .await;
    }
}

/// Mail without the pauses that people are given.
fn quick() -> Pace {
    let millis = Duration::from_millis;
    Pace {
        retries: vec![millis(20), millis(100), millis(300)],
        patience: Duration::from_secs(5),
        pause: millis(20),
        look: millis(200),
        settle: Duration::ZERO,
        gather: Duration::ZERO,
        ..Pace::default()
    }
}

/// An id for a row that a test puts into the database itself: unused, and far from those the database gives.
pub fn new_id() -> i64 {
    static NEXT: AtomicI64 = AtomicI64::new(1_000_000);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The SQL that makes a person; role 0 is a user, 1 a technician, 2 an administrator.
pub fn sql_for_person(person: &Client, role: i16) -> String {
    let Client { id, username, name, .. } = person;
    let (folded, hash, now) = (name.to_lowercase(), hash(), db::to_micros(db::now()));
    format!(
        "INSERT INTO users (id, username, username_folded, name, name_folded, email, email_folded, role, active, locale, \
         theme, password_hash, created_at) VALUES ({id}, '{username}', '{username}', '{name}', '{folded}', \
         '{username}@example.org', '{username}@example.org', {role}, TRUE, 'es', 'system', '{hash}', {now})"
    )
}

#[test]
fn every_table_is_counted_or_left_out_for_a_reason() {
    // Each has one row, which was there before anybody asked for anything.
    const OF_ONE_ROW: [&str; 4] = ["event_counter", "desk_marks", "settings", "demo_state"];
    // Programs write into it all the time, whatever they are asked for.
    const NEVER_AT_REST: &str = "live_signals";
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations/postgres");
    let migrations = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("up.sql"));
    let statements: String = migrations.map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let made = statements.split("CREATE TABLE ").skip(1).map(|rest| rest.split_whitespace().next().unwrap());
    let known = TABLES.into_iter().chain(OF_ONE_ROW).chain([NEVER_AT_REST]);
    assert_eq!(known.collect::<BTreeSet<_>>(), made.collect::<BTreeSet<_>>());
}

/// The hash of [`PASSWORD`], made once.
fn hash() -> &'static str {
    static ONCE: OnceLock<String> = OnceLock::new();
    ONCE.get_or_init(|| {
        on_its_own_runtime(async { Passwords::new(2).unwrap().hash(PASSWORD.to_owned()).await.unwrap() })
    })
}
