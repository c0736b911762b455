//! The command line, with the real program: what an operator types and what comes back.

mod demo;
mod killed;
#[cfg(target_os = "linux")]
mod memory;
mod settings;
mod two_servers;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use backend::db::DatabaseUrl;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{PASSWORD, TestApp};

/// The program in a folder of its own, without the settings of whoever runs the tests.
pub fn turno(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turno"));
    command.args(words).current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

/// What a command that ended left.
#[derive(Debug)]
pub struct Outcome {
    code: i32,
    out: String,
    err: String,
}

/// How long a command may take that is to end by itself.
const LONGEST: Duration = Duration::from_secs(120);

/// Runs a command to its end.
pub fn run(command: &mut Command, input: &str) -> Outcome {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not want to hear has closed its end.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let id = child.id().to_string();
    let (told, ended) = mpsc::channel();
    thread::spawn(move || told.send(child.wait_with_output()));
    // One that should have refused to serve, and serves, would never end.
    let Ok(output) = ended.recv_timeout(LONGEST) else {
        Command::new("kill").arg(&id).status().unwrap();
        panic!("it has not ended after {LONGEST:?}: {command:?}");
    };
    let output = output.unwrap();
    Outcome {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Outcome {
    #[track_caller]
    pub fn succeeds(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }

    /// Exit code 1 and exactly one line on stderr, which it gives back.
    #[track_caller]
    pub fn fails(self) -> String {
        assert_eq!(self.code, 1, "{self:?}");
        assert_eq!(self.err.lines().count(), 1, "not one line: {self:?}");
        assert!(self.err.starts_with("turno: ") && self.err.ends_with('\n'), "{self:?}");
        self.err
    }
}

/// A server that runs until it is dropped.
pub struct Serving {
    pub child: Child,
    pub origin: String,
    /// What it printed before it listened.
    printed: Vec<String>,
}

impl Serving {
    #[track_caller]
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut printed = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(origin) = line.strip_prefix("Turno listens on ") {
                return Self { child, origin: origin.to_owned(), printed };
            }
            printed.push(line);
        }
        panic!("it did not listen: {printed:?} {:?}", child.wait_with_output());
    }

    /// Ends it, and gives back what it has logged.
    fn logged(mut self) -> String {
        self.child.kill().unwrap();
        let mut text = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        text
    }

    async fn log_in(&self, login: &str, password: &str) -> (u16, Value) {
        let body = json!({ "login": login, "password": password });
        let http = reqwest::Client::new();
        let reply = http.post(format!("{}/api/v1/session", self.origin)).json(&body).send().await.unwrap();
        (reply.status().as_u16(), reply.json().await.unwrap())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// What may be done with a file, and by whom.
#[track_caller]
fn mode(folder: &TempDir, name: &str) -> u32 {
    fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777
}

on_each_database! {
    async fn people_are_made_listed_and_helped(database: Database) {
        let folder = folder();
        let turno = |words: &[&str], input: &str| run(turno(folder.path(), words).env("DATABASE_URL", &database.url), input);
        let create = |username: &str, role: &str, password: &str| {
            let email = format!("{username}@example.org");
            let words = [
                "user", "create", "--username", username, "--name", "Luz Ordóñez", "--email", &email, "--role", role,
                "--password-stdin",
            ];
            turno(&words, password)
        };
        assert!(create("luz", "admin", &format!("{PASSWORD}\n")).succeeds().contains("luz"));
        create("bea", "technician", PASSWORD).succeeds();
        create("ana", "user", &format!("{PASSWORD}\r\n")).succeeds();
        assert!(create("LUZ", "user", PASSWORD).fails().contains("username"));
        assert!(create("eva", "user", "Password1").fails().contains("guessable"));
        assert!(create("eva", "user", "").fails().contains("password"));
        assert!(create("dos palabras", "user", PASSWORD).fails().contains("username"));
        assert!(create("eva", "root", PASSWORD).fails().contains("root"));

        let list = turno(&["user", "list"], "").succeeds();
        assert_eq!(list.lines().count(), 3, "{list}");
        for word in ["luz", "admin", "bea", "technician", "ana", "user", "Luz Ordóñez", "<ana@example.org>"] {
            assert!(list.contains(word), "{word} is not in {list}");
        }
        let app = TestApp::start(&database, &[]).await;
        for login in ["luz", "bea", "ana"] {
            app.log_in(login, PASSWORD).await.expect(201);
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM sessions").await, 3);
        turno(&["user", "reset-password", "ANA@example.org"], "Farol-rojo-91-puente\n").succeeds();
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM sessions").await, 2, "the old sessions go on");
        app.log_in("ana", PASSWORD).await.expect(401);
        app.log_in("ana", "Farol-rojo-91-puente").await.expect(201);
        assert!(turno(&["user", "reset-password", "nadie"], PASSWORD).fails().contains("nadie"));
        assert!(turno(&["user", "reset-password", "ana"], "corta").fails().contains("password"));
        app.stopper().stop(false).await;
    }

    async fn the_schema_is_migrated_and_verified(database: Database) {
        let folder = folder();
        let turno = |words: &[&str]| run(turno(folder.path(), words).env("DATABASE_URL", &database.url), "");
        // To look for a file is not to make one.
        if let DatabaseUrl::Sqlite(path) = database.parsed() {
            for words in ["verify-schema", "verify-audit"] {
                let line = turno(&[words]).fails();
                assert!(line.contains("there is no database at ") && line.contains("turno.db"), "{line}");
                assert!(!path.exists(), "{words} made a database");
            }
            fs::write(path, "").unwrap();
        }
        let nothing = turno(&["verify-schema"]);
        assert!(nothing.out.contains("table tickets is missing"), "{nothing:?}");
        nothing.fails();
        assert!(turno(&["migrate"]).succeeds().starts_with("Ran "));
        assert!(turno(&["migrate"]).succeeds().contains("up to date"));
        turno(&["verify-schema"]).succeeds();
        let mut outside = database.outside().await;
        outside.execute("ALTER TABLE tickets DROP COLUMN version").await;
        let found = turno(&["verify-schema"]);
        assert_eq!(found.out, "column tickets.version is missing\n");
        found.fails();
        outside.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')").await;
        for words in [&["migrate"][..], &["serve", "--listen", "127.0.0.1:0"], &["user", "list"]] {
            assert!(turno(words).fails().contains("newer"), "{words:?}");
        }
    }

    async fn an_empty_desk_gets_its_first_administrator_once(database: Database) {
        let folder = folder();
        let start = || {
            let mut command = turno(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
            Serving::start(command.env("DATABASE_URL", &database.url))
        };
        let first = start();
        let line = first.printed.iter().find(|line| line.contains("password")).expect("the first password").clone();
        let password = line.rsplit(' ').next().unwrap().to_owned();
        assert_eq!(first.printed.iter().filter(|line| line.contains(&password)).count(), 1);
        let (status, session) = first.log_in("admin", &password).await;
        assert_eq!((status, &session["user"]["role"]), (201, &"admin".into()), "{session}");
        drop(first);
        assert_eq!((mode(&folder, "data"), mode(&folder, "data/secret_key")), (0o700, 0o600));
        let second = start();
        assert_eq!(second.printed, [""; 0], "the second start printed something");
        assert_eq!(second.log_in("admin", &password).await.0, 201);
        assert_eq!(second.log_in("admin", "admin").await.0, 401);
    }
}

#[test]
fn a_desk_without_an_administrator_says_how_to_make_one() {
    let folder = folder();
    let words =
        ["user", "create", "--username", "ana", "--name", "Ana", "--email", "ana@example.org", "--role", "user"];
    run(&mut turno(folder.path(), &[&words[..], &["--password-stdin"]].concat()), PASSWORD).succeeds();
    let logged = || Serving::start(&mut turno(folder.path(), &["serve", "--listen", "127.0.0.1:0"])).logged();
    let lines = logged();
    let lines: Vec<&str> = lines.lines().filter(|line| line.contains("administrator")).collect();
    let [line] = lines[..] else { panic!("not one line: {lines:?}") };
    assert!(line.contains("turno user create ") && line.contains("--role admin"), "{line}");
    // What it says is what helps.
    let said = line.split_once(": turno ").unwrap().1.split_whitespace().map(|word| match word {
        "USER" => "luz",
        "NAME" => "Luz",
        "ADDRESS" => "luz@example.org",
        word => word,
    });
    run(&mut turno(folder.path(), &said.collect::<Vec<_>>()), PASSWORD).succeeds();
    assert!(!logged().contains("administrator"));
}

/// Sends something to a server, and gives back what comes until it hangs up.
fn answer(serving: &Serving, sent: &str) -> String {
    let mut stream = TcpStream::connect(serving.origin.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(sent.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn what_is_no_request_does_not_fill_the_log_unless_that_is_asked_for() {
    let folder = folder();
    // As much as actix looks at, and not a byte that it would leave unread.
    let head = "GET / HTTP/1.1\r\nX: ";
    let endless = format!("{head}{}", "x".repeat(131_072 - head.len()));
    let logged = |level: &str| {
        let mut command = turno(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
        let serving = Serving::start(command.env("RUST_LOG", level));
        for (sent, answered) in [("nonsense\r\n\r\n", "HTTP/1.1 400 "), (endless.as_str(), "HTTP/1.1 431 ")] {
            let answer = answer(&serving, sent);
            assert!(answer.starts_with(answered), "{answer}");
            let (_, body) = answer.split_once("\r\n\r\n").unwrap();
            assert_eq!(body, "", "no header guards this");
        }
        serving.logged()
    };
    let quiet = logged("");
    assert!(!quiet.contains("actix_http") && !quiet.contains("too large"), "{quiet}");
    assert!(logged("warn").contains("too large"), "there is nothing to be quiet of");
}

#[test]
fn a_command_that_only_looks_makes_nothing() {
    let folder = folder();
    for words in [&["verify-schema"][..], &["verify-audit"], &["verify-schema", "--database-url", "sqlite:no/turno.db"]]
    {
        let line = run(&mut turno(folder.path(), words), "").fails();
        assert!(line.contains("there is no database at "), "{line}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{words:?}");
    }
}

#[test]
fn a_wrong_command_is_one_line() {
    let folder = folder();
    for words in [
        &["sevre"][..],
        &["serve", "--nothing"],
        &["serve", "extra"],
        &["user", "create"],
        &["user", "create", "--username", "luz"],
        &["user", "reset-password"],
        &["demo", "--tickets", "many"],
        &["verify-audit", "--noted", "7"],
        &["verify-audit", "--noted", "7:abc"],
        &["demo", "--tickets", "-1"],
        &["--listen"],
        &["serve", "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0"],
    ] {
        let outcome = run(&mut turno(folder.path(), words), "");
        assert_eq!(outcome.out, "", "{words:?}");
        outcome.fails();
    }
}

#[test]
fn an_address_in_use_is_one_line() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let line = run(&mut turno(folder.path(), &["serve", "--listen", &address]), "").fails();
    assert!(line.contains(&address), "{line}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "it has begun before it knew");
}

#[test]
fn the_migrations_of_a_start_are_one_line_of_the_log() {
    let folder = folder();
    let migrated = || {
        let serving = Serving::start(&mut turno(folder.path(), &["serve", "--listen", "127.0.0.1:0"]));
        serving.logged().lines().filter(|line| line.contains("migrated")).count()
    };
    assert_eq!((migrated(), migrated()), (1, 0));
}

#[test]
fn help_is_there_for_every_command() {
    let folder = folder();
    for words in [
        &["--help"][..],
        &["serve", "--help"],
        &["migrate", "--help"],
        &["verify-schema", "--help"],
        &["verify-audit", "--help"],
        &["user", "--help"],
        &["user", "create", "--help"],
        &["user", "reset-password", "--help"],
        &["user", "list", "--help"],
        &["demo", "--help"],
        &["openapi", "--help"],
    ] {
        let help = run(&mut turno(folder.path(), words), "").succeeds();
        assert!(help.contains("Usage: turno"), "{words:?}: {help}");
    }
    let help = run(&mut turno(folder.path(), &["serve", "--help"]), "").succeeds();
    for setting in [
        "LISTEN",
        "DATA_DIR",
        "DATABASE_URL",
        "SECRET_KEY",
        "PUBLIC_URL",
        "SESSION_TIMEOUT_SECONDS",
        "SESSION_MODE",
        "LOGIN_RATE_PER_MINUTE",
        "MESSAGE_RATE_PER_MINUTE",
        "TECHNICIAN_SCOPE",
        "TRUSTED_PROXIES",
    ] {
        assert!(help.contains(setting), "{setting} is not in the help");
    }
    // Half a command is answered with the help, and is a failure.
    for words in [&[][..], &["user"]] {
        assert!(!turno(folder.path(), words).output().unwrap().status.success(), "{words:?}");
    }
    assert!(run(&mut turno(folder.path(), &["--version"]), "").succeeds().starts_with("turno "));
    // No secret of the environment is shown.
    let mut command = turno(folder.path(), &["serve", "--help"]);
    command.env("SECRET_KEY", "s3cret").env("DATABASE_URL", "postgres://u:s3cret@h/d");
    assert!(!run(&mut command, "").succeeds().contains("s3cret"));
}

#[test]
fn the_document_is_printed_as_it_is_kept() {
    let folder = folder();
    let printed = run(&mut turno(folder.path(), &["openapi"]), "").succeeds();
    assert!(printed.starts_with("openapi: "), "{}", &printed[..100.min(printed.len())]);
    let kept = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.yaml")).unwrap_or_default();
    assert!(printed == kept, "openapi.yaml is stale: cargo run -- openapi > openapi.yaml");
}
