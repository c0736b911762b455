//! Two servers on one database, each a program of its own: what happens at one is told at the other, and whoever was connected
//! to one that was killed is gone.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Serving, folder, run, turno};
use crate::support::{Client, Database, PASSWORD};

/// A server that says nothing for 45 seconds is gone; with the time that a busy machine takes beside that.
const GONE: Duration = Duration::from_secs(90);

/// Makes somebody, who has the password of everybody.
pub fn create(folder: &TempDir, database: &Database, username: &str, role: &str) {
    let email = format!("{username}@example.org");
    let words = [
        "user",
        "create",
        "--username",
        username,
        "--name",
        username,
        "--email",
        &email,
        "--role",
        role,
        "--password-stdin",
    ];
    run(turno(folder.path(), &words).env("DATABASE_URL", &database.url), PASSWORD).succeeds();
}

fn serve(folder: &TempDir, database: &Database) -> Serving {
    let mut command = turno(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    Serving::start(command.env("DATABASE_URL", &database.url))
}

/// Logs in as a browser does.
pub async fn enter(serving: &Serving, username: &str) -> Client {
    let nobody = Client {
        http: reqwest::Client::new(),
        origin: serving.origin.clone(),
        id: 0,
        username: username.to_owned(),
        name: username.to_owned(),
        session: 0,
        cookie: None,
        csrf: None,
        bearer: None,
        background: false,
    };
    let reply = nobody.post("/session", json!({ "login": username, "password": PASSWORD })).await.expect(201);
    let (_, rest) = reply.header("set-cookie").expect("a cookie").split_once('=').expect("its value");
    let cookie = rest.split(';').next().map(str::to_owned);
    let csrf = reply["csrf_token"].as_str().map(str::to_owned);
    let id = reply["user"]["id"].as_i64().expect("a number");
    Client { id, cookie, csrf, ..nobody }
}

on_each_database! {
    except(sqlite)
    async fn two_servers_may_start_on_an_empty_desk_at_once(database: Database) {
        let folders = [folder(), folder()];
        let starting = folders.each_ref().map(|folder| {
            let mut command = turno(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
            command.env("DATABASE_URL", &database.url);
            thread::spawn(move || Serving::start(&mut command))
        });
        let serving = starting.map(|start| start.join().expect("it serves"));
        let told: Vec<&String> =
            serving.iter().flat_map(|one| &one.printed).filter(|line| line.contains("password ")).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        let password = told[0].rsplit(' ').next().expect("a password");
        for one in &serving {
            assert_eq!(one.log_in("admin", password).await.0, 201);
        }
    }

    except(sqlite)
    async fn two_servers_are_one_desk_and_one_that_is_killed_takes_its_people_with_it(database: Database) {
        let folder = folder();
        create(&folder, &database, "ana", "user");
        create(&folder, &database, "tec", "technician");
        let first = serve(&folder, &database);
        let mut second = serve(&folder, &database);
        let (ana, tech) = (enter(&first, "ana").await, enter(&second, "tec").await);
        let (mut of_ana, mut of_tech) = (ana.live().await, tech.live().await);
        let id = tech.id;
        let is = |state: &'static str| {
            move |frame: &Value| frame["type"] == "presence" && frame["user_id"] == id && frame["state"] == state
        };
        of_ana.find("the technician is there", is("online")).await;

        of_ana.send(json!({ "type": "message", "to": tech.id, "body": "No imprime", "client_id": "a" })).await;
        assert_eq!(of_tech.frame("message").await["body"], "No imprime");
        // Whoever waits for a frame answers the ping behind the message, which is what says that it has come.
        for socket in [&mut of_tech, &mut of_ana] {
            let receipt = socket.frame("receipt").await;
            assert_eq!((&receipt["by"], &receipt["read"]), (&json!(tech.id), &json!(false)), "{receipt}");
        }
        of_tech.send(json!({ "type": "message", "to": ana.id, "body": "Voy", "client_id": "b" })).await;
        of_tech.find("it is acknowledged", |frame| frame["client_id"] == "b").await;
        of_ana.find("the answer", |frame| frame["client_id"] == "b").await;

        second.child.kill().expect("it is killed");
        second.child.wait().expect("it has ended");
        let began = Instant::now();
        // Whoever waits goes on answering pings meanwhile.
        let gone = loop {
            let told = of_ana.told().await;
            if let Some(gone) = told.into_iter().find(is("offline")) {
                break gone;
            }
            assert!(began.elapsed() < GONE, "the technician is still there");
            tokio::time::sleep(Duration::from_millis(500)).await;
        };
        // They were there until the server was last heard of, and not until somebody noticed.
        let left: chrono::DateTime<chrono::Utc> = gone["last_seen_at"].as_str().expect("a time").parse().expect("a time");
        assert!(chrono::Utc::now() - left > chrono::TimeDelta::seconds(20), "{gone}");
        let people = ana.get("/presence").await.expect(200);
        let listed = people.items().iter().find(|person| person["user_id"] == tech.id).expect("they are listed").clone();
        assert_eq!(listed["state"], "offline");
        // What it had acknowledged is there, and so is their session, at the server that is left.
        let again = Client { origin: first.origin.clone(), ..tech };
        let read = again.get(&format!("/conversations/{}/messages", ana.id)).await.expect(200);
        let bodies: Vec<_> = read.items().iter().map(|message| message["body"].clone()).collect();
        assert_eq!(bodies, [json!("Voy"), json!("No imprime")]);
        let _there = again.live().await;
        of_ana.find("the technician is back", is("online")).await;
    }
}
