//! A program that is told to stop says so to everybody who is connected.

use reqwest::header::SET_COOKIE;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio_tungstenite::{connect_async, tungstenite::client::IntoClientRequest};

use crate::{
    cli::{Serving, folder, run, turno},
    support::{PASSWORD, Socket},
};

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
        // Ended by its system, by Ctrl-C, or by Ctrl-\.
        for told in [Signal::TERM, Signal::INT, Signal::QUIT] {
            let mut serving = Serving::start(&mut command(&["serve", "--listen", "127.0.0.1:0"]));
            let login = json!({ "login": "ana", "password": PASSWORD });
            let sent = reqwest::Client::new().post(format!("{}/api/v1/session", serving.origin)).json(&login).send().await.unwrap();
            let cookie = sent.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
            let url = format!("{}/api/v1/ws", serving.origin.replacen("http", "ws", 1));
            let mut request = url.into_client_request().unwrap();
            request.headers_mut().insert("Cookie", cookie.parse().unwrap());
            let mut socket = Socket { stream: connect_async(request).await.unwrap().0 };
            socket.send(json!({ "type": "hello" })).await;
            socket.frame("welcome").await;
            kill_process(Pid::from_child(&serving.child), told).unwrap();
            assert_eq!(socket.closed().await, 1001, "{told:?}");
            let ended = tokio::task::spawn_blocking(move || serving.child.wait().unwrap()).await.unwrap();
            assert!(ended.success(), "{told:?}: {ended}");
        }
    }
}
