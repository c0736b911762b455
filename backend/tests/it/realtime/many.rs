//! Hundreds who are connected at the same time, each of whom is written to. How fast that is at its best, and with thousands, is
//! measured by `cargo xtask bench`.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, future::join_all, stream};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;

use crate::support::{Client, Socket};

/// How many are connected.
const SOCKETS: usize = 300;
/// How many sockets are opened, and messages sent, at the same time.
const AT_ONCE: usize = 16;
/// How long a message may take on whatever machine, however busy.
const CEILING: Duration = Duration::from_secs(10);

/// Both ends of every socket are this process's.
fn open_many_files() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
}

on_each_database! {
    async fn each_of_hundreds_gets_what_is_written_to_them(app: TestApp) {
        open_many_files();
        let tech = app.technician().await;
        let mut people = Vec::new();
        for _ in 0..SOCKETS {
            people.push(app.user().await);
        }
        let mut sockets: Vec<_> =
            stream::iter(&people).map(Client::live).buffered(AT_ONCE).collect().await;
        assert_eq!(app.state.live.hub.sockets(), SOCKETS);
        let tech = &tech;
        let write = stream::iter(&people).map(|person| async move {
            let began = Instant::now();
            let path = format!("/conversations/{}/messages", person.id);
            tech.post(&path, json!({ "body": format!("Para {}", person.name) })).await.expect(201);
            began
        });
        let read = sockets.iter_mut().zip(&people).map(|(socket, person)| async move {
            let message = socket.frame("message").await;
            assert_eq!((&message["to_id"], &message["body"]), (&json!(person.id), &json!(format!("Para {}", person.name))));
            Instant::now()
        });
        let (began, came) = tokio::join!(write.buffered(AT_ONCE).collect::<Vec<_>>(), join_all(read));
        let longest = came.iter().zip(&began).map(|(came, began)| came.saturating_duration_since(*began)).max().unwrap();
        assert!(longest < CEILING, "a message took {longest:?}");
        // Each its own, once.
        for told in join_all(sockets.iter_mut().map(Socket::told)).await {
            assert!(told.iter().all(|frame| frame["type"] != "message"), "{told:?}");
        }
    }
}
