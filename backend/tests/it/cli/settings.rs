//! Settings, with the real program: what it says of wrong ones, and whom what it makes is for.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Serving, folder, mode, run, turno};
use crate::support::until;

#[test]
fn a_wrong_setting_is_one_line() {
    let folder = folder();
    let rubbish = folder.path().join("rubbish.db");
    fs::write(&rubbish, "no database, however long this text may be".repeat(200)).unwrap();
    let rubbish = format!("sqlite:{}", rubbish.display());
    for (name, value, says) in [
        ("DATABASE_URL", "oracle://u:s3cret@h/db", "oracle"),
        ("DATABASE_URL", "rubbish", "rubbish"),
        ("DATABASE_URL", "sqlite:", "path"),
        ("DATABASE_URL", "sqlite:no/such/folder/turno.db", "no/such/folder"),
        ("DATABASE_URL", "sqlite::memory:", "sqlite:data/turno.db"),
        ("DATABASE_URL", "sqlite:turno.db?mode=rwc", "sqlite:data/turno.db"),
        ("DATABASE_URL", rubbish.as_str(), "database"),
        ("DATABASE_URL", "postgres://u:s3cret@127.0.0.1:1/desk", "connect"),
        ("DATABASE_URL", "mysql://u:s3cret@127.0.0.1:1/desk", "connect"),
        ("DATABASE_URL", "mysql+mysqlconnector://u:s3cret@127.0.0.1:1/desk?charset=utf8mb4", "connect"),
        ("DATABASE_URL", "postgres://u:s3cret@no.such.host.invalid/desk", "connect"),
        ("DATABASE_URL", "mysql://u:s3cret@127.0.0.1:99999/desk", "URL"),
        ("SECRET_KEY", "s3cret", "SECRET_KEY"),
        ("LISTEN", "nowhere", "nowhere"),
        ("LISTEN", "8080", "8080"),
        ("PUBLIC_URL", "desk.example", "PUBLIC_URL"),
        ("PUBLIC_URL", "https://u:s3cret@desk.example.org", "https://desk.example.org"),
        ("PUBLIC_URL", "https://desk.example.org/?key=s3cret", "PUBLIC_URL"),
        ("PUBLIC_URL", "https://desk.example.org/#top", "PUBLIC_URL"),
        ("SESSION_TIMEOUT_SECONDS", "soon", "soon"),
        ("SESSION_TIMEOUT_SECONDS", "0", "0"),
        ("SESSION_TIMEOUT_SECONDS", "-5", "-5"),
        ("SESSION_MODE", "never", "never"),
        ("LOGIN_RATE_PER_MINUTE", "0", "0"),
        ("LOGIN_RATE_PER_MINUTE", "many", "many"),
        ("MESSAGE_RATE_PER_MINUTE", "0", "0"),
        ("TECHNICIAN_SCOPE", "some", "some"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy", "proxy"),
        ("WORKERS", "0", "0"),
        ("STORAGE_URL", "data/files", "data/files"),
        ("STORAGE_URL", "s3://key:s3cret@desk", "STORAGE_URL"),
        ("MAX_UPLOAD_MB", "0", "0"),
        ("MAX_UPLOAD_MB", "2049", "2049"),
        ("MAX_UPLOAD_MB", "many", "many"),
        ("ALLOWED_EXTENSIONS", "pdf,quux", "quux"),
        ("DATA_DIR", "/dev/null/data", "/dev/null/data"),
        ("RUST_LOG", "warn,backend=loud", "backend=loud"),
        ("RUST_LOG", "warn,[", "RUST_LOG"),
    ] {
        let mut command = turno(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
        if name == "LISTEN" {
            command = turno(folder.path(), &["serve"]);
        }
        let outcome = run(command.env(name, value), "");
        assert_eq!(outcome.out, "", "{name}={value}");
        let line = outcome.fails();
        assert!(line.contains(says), "{name}={value}: {line}");
        assert!(!line.contains("s3cret"), "a secret is shown: {line}");
    }
}

#[test]
fn a_wrong_mail_setting_is_one_line() {
    let folder = folder();
    for (name, text) in [("MAIL_PORT", "abc"), ("MAIL_PORT", "0"), ("MAIL_USE_TLS", "maybe")] {
        let mut command = turno(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
        let line = run(command.env(name, text), "").fails();
        assert!(line.contains(name) && line.contains(text), "{line}");
    }
}

#[test]
fn an_empty_setting_is_not_set() {
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let lines = include_str!("../../../../.env.example").lines().map(|line| line.trim_start_matches('#'));
    let mut names: Vec<&str> = lines.filter_map(|line| Some(line.split_once('=')?.0)).filter(is_name).collect();
    // The system's own, and not ours to understand.
    names.retain(|&name| name != "TMPDIR");
    assert!(names.len() > 20 && names.contains(&"LISTEN") && names.contains(&"RUST_LOG"), "{names:?}");
    for empty in ["", "  "] {
        let folder = folder();
        let turno = |words: &[&str]| {
            let mut command = turno(folder.path(), words);
            command.envs(names.iter().map(|name| (name, empty)));
            command
        };
        // Where it listens by default may be taken, but this command understands the setting too.
        run(&mut turno(&["migrate"]), "").succeeds();
        assert!(folder.path().join("data/turno.db").exists());
        drop(Serving::start(&mut turno(&["serve", "--listen", "127.0.0.1:0"])));
    }
}

#[test]
fn what_the_program_makes_is_its_owners_alone_and_what_is_there_stays() {
    let serve = |folder: &TempDir| Serving::start(&mut turno(folder.path(), &["serve", "--listen", "127.0.0.1:0"]));
    let made = folder();
    let serving = serve(&made);
    assert_eq!(mode(&made, "data"), 0o700);
    for name in ["secret_key", "turno.db", "turno.db-wal", "turno.db-shm"] {
        assert_eq!(mode(&made, &format!("data/{name}")), 0o600, "{name}");
    }
    drop(serving);
    let given = folder();
    fs::create_dir(given.path().join("data")).unwrap();
    fs::write(given.path().join("data/turno.db"), "").unwrap();
    for (name, bits) in [("data", 0o755), ("data/turno.db", 0o640)] {
        fs::set_permissions(given.path().join(name), fs::Permissions::from_mode(bits)).unwrap();
    }
    let serving = serve(&given);
    assert_eq!((mode(&given, "data"), mode(&given, "data/turno.db")), (0o755, 0o640));
    assert_eq!(mode(&given, "data/turno.db-wal"), 0o640);
    drop(serving);
}

#[test]
fn a_key_that_was_cut_short_is_one_line_with_its_name() {
    let folder = folder();
    fs::create_dir(folder.path().join("data")).unwrap();
    for text in ["", "s3cret"] {
        fs::write(folder.path().join("data/secret_key"), text).unwrap();
        let line = run(&mut turno(folder.path(), &["serve", "--listen", "127.0.0.1:0"]), "").fails();
        assert!(line.contains("data/secret_key") && !line.contains("s3cret"), "{line}");
    }
}

#[test]
fn a_key_that_others_may_read_is_closed_and_said_once() {
    let folder = folder();
    let key = folder.path().join("data/secret_key");
    let serve = || Serving::start(&mut turno(folder.path(), &["serve", "--listen", "127.0.0.1:0"])).logged();
    assert!(!serve().contains("secret_key"), "a new key is complained of");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o666)).unwrap();
    let logged = serve();
    assert_eq!(
        logged.lines().filter(|line| line.contains("secret_key") && line.contains("666")).count(),
        1,
        "{logged}"
    );
    assert_eq!(mode(&folder, "data/secret_key"), 0o600);
    assert!(!serve().contains("secret_key"), "it is said again");
}

#[test]
fn flags_win_over_the_environment_and_the_environment_over_the_file() {
    let folder = folder();
    let migrate = |variables: &[(&str, &str)], words: &[&str]| {
        let mut command = turno(folder.path(), words);
        command.envs(variables.iter().copied());
        run(&mut command, "").succeeds();
    };
    let made = |name: &str| folder.path().join(name).exists();
    fs::write(folder.path().join(".env"), "DATABASE_URL=sqlite:file.db\nSECRET_KEY=\n").unwrap();
    migrate(&[], &["migrate"]);
    assert!(made("file.db") && !made("data"));
    migrate(&[("DATABASE_URL", "sqlite:environment.db")], &["migrate"]);
    assert!(made("environment.db"));
    migrate(&[("DATABASE_URL", "sqlite:neither.db")], &["migrate", "--database-url", "sqlite:flag.db"]);
    assert!(made("flag.db") && !made("neither.db"));
    // Without any of them it is in the data folder, which is made.
    fs::remove_file(folder.path().join(".env")).unwrap();
    migrate(&[("DATA_DIR", "elsewhere")], &["migrate"]);
    assert!(made("elsewhere/turno.db") && !made("data"));
    fs::write(folder.path().join(".env"), "no assignment at all").unwrap();
    assert!(run(&mut turno(folder.path(), &["migrate"]), "").fails().contains(".env"));
}

#[test]
fn an_empty_variable_does_not_hide_what_the_file_says() {
    for empty in ["", "  "] {
        let folder = folder();
        let (made, file) = (|name: &str| folder.path().join(name).exists(), folder.path().join(".env"));
        let names = ["DATA_DIR", "DATABASE_URL", "RUST_LOG"];
        let migrate = || {
            let mut command = turno(folder.path(), &["migrate"]);
            command.envs(names.map(|name| (name, empty)));
            run(&mut command, "")
        };
        // One value names another one, as it counts; the first one that says something is taken.
        let text = "\u{feff}DATA_DIR=\nDATA_DIR=here\nDATA_DIR=there\nDATABASE_URL='sqlite:it$.db'\n";
        fs::create_dir(folder.path().join("here")).unwrap();
        fs::write(&file, text).unwrap();
        migrate().succeeds();
        assert!(made("it$.db") && !made("data"));
        fs::write(&file, "DATA_DIR=here\nDATABASE_URL=\"sqlite:${DATA_DIR}/own.db\"\n").unwrap();
        migrate().succeeds();
        assert!(made("here/own.db") && !made("data"));
        // What does not pass through the command line counts too.
        fs::write(&file, "RUST_LOG=warn,backend=loud\n").unwrap();
        assert!(migrate().fails().contains("RUST_LOG"));
    }
}

#[test]
fn settings_reach_the_server() {
    let folder = folder();
    let mut command = turno(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--session-mode", "absolute"]);
    let serving = Serving::start(command.env("SESSION_TIMEOUT_SECONDS", "2").env("LOGIN_RATE_PER_MINUTE", "2"));
    let line = serving.printed.iter().find(|line| line.contains("password")).unwrap();
    let password = line.rsplit(' ').next().unwrap();
    actix_web::rt::System::new().block_on(async {
        let http = reqwest::Client::builder().cookie_store(true).build().unwrap();
        let body = json!({ "login": "admin", "password": password });
        let reply = http.post(format!("{}/api/v1/session", serving.origin)).json(&body).send().await.unwrap();
        assert_eq!(reply.status(), 201);
        assert_eq!(reply.json::<Value>().await.unwrap()["mode"], "absolute");
        let me = format!("{}/api/v1/me", serving.origin);
        assert_eq!(http.get(&me).send().await.unwrap().status(), 200);
        until("the session has ended", std::time::Duration::from_secs(10), async || {
            http.get(&me).send().await.unwrap().status() == 401
        })
        .await;
        assert_eq!(serving.log_in("admin", password).await.0, 201);
        assert_eq!(serving.log_in("admin", password).await.0, 429);
    });
}

#[test]
fn who_does_not_know_the_address_that_people_open_warns_of_it() {
    let folder = folder();
    for (listen, public_url, is_warned) in
        [("0.0.0.0:0", "", true), ("0.0.0.0:0", "https://desk.example.org", false), ("127.0.0.1:0", "", false)]
    {
        let mut command = turno(folder.path(), &["serve", "--listen", listen]);
        let log = Serving::start(command.env("PUBLIC_URL", public_url)).logged();
        assert_eq!(log.contains("PUBLIC_URL"), is_warned, "{listen} {public_url}: {log}");
    }
}
