//! A program that is told to stop says so to everybody who is connected.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::SET_COOKIE;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tokio_tungstenite::{connect_async, tungstenite::client::IntoClientRequest};

use crate::{
    cli::{Serving, folder, run, turno},
    support::{PASSWORD, Socket},
};

/// The cookie of somebody who has just logged in.
async fn log_in(serving: &Serving, login: &str) -> String {
    let login = json!({ "login": login, "password": PASSWORD });
    let sent =
        reqwest::Client::new().post(format!("{}/api/v1/session", serving.origin)).json(&login).send().await.unwrap();
    sent.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned()
}

on_each_database! {
    async fn sockets_are_told_and_the_program_ends(database: Database) {
        let folder = folder();
        let command = |words: &[&str]| {
            let mut command = turno(folder.path(), words);
            command.env("DATABASE_URL", &database.url);
            command
        };
        run(&mut command(&["migrate"]), "").succeeds();
        let create = ["user", "create", "--username", "ana", "--name", "Ana", "--email", "ana@example.org", "--role", "user"];
        run(&mut command(&[&create[..], &["--password-stdin"]].concat()), PASSWORD).succeeds();
        let create = ["user", "create", "--username", "luis", "--name", "Luis", "--email", "luis@example.org", "--role", "technician"];
        run(&mut command(&[&create[..], &["--password-stdin"]].concat()), PASSWORD).succeeds();
        let mut told_at = Utc::now();
        // Ended by its system, by Ctrl-C, or by Ctrl-\.
        for told in [Signal::TERM, Signal::INT, Signal::QUIT] {
            let mut serving = Serving::start(&mut command(&["serve", "--listen", "127.0.0.1:0"]));
            let cookie = log_in(&serving, "ana").await;
            let url = format!("{}/api/v1/ws", serving.origin.replacen("http", "ws", 1));
            let mut request = url.into_client_request().unwrap();
            request.headers_mut().insert("Cookie", cookie.parse().unwrap());
            let mut socket = Socket { stream: connect_async(request).await.unwrap().0 };
            socket.send(json!({ "type": "hello" })).await;
            socket.frame("welcome").await;
            told_at = Utc::now();
            kill_process(Pid::from_child(&serving.child), told).unwrap();
            assert_eq!(socket.closed().await, 1001, "{told:?}");
            let ended = tokio::task::spawn_blocking(move || serving.child.wait().unwrap()).await.unwrap();
            assert!(ended.success(), "{told:?}: {ended}");
        }
        // Who was connected then was there until then, and not since they logged in.
        let serving = Serving::start(&mut command(&["serve", "--listen", "127.0.0.1:0"]));
        let asked = reqwest::Client::new().get(format!("{}/api/v1/presence", serving.origin));
        let cookie = log_in(&serving, "luis").await;
        let people: Value = asked.header("Cookie", cookie).send().await.unwrap().json().await.unwrap();
        let ana = &people["items"][0];
        assert_eq!(ana["state"], "offline", "{people}");
        let seen: DateTime<Utc> = ana["last_seen_at"].as_str().unwrap().parse().unwrap();
        assert!(seen >= told_at - TimeDelta::milliseconds(1), "{people}, told to stop at {told_at}");
    }
}
