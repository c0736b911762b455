//! A server that is killed while people write: what it had acknowledged is there when it has been started again. One of two
//! that is killed is in [`super::two_servers`].

use std::{cell::Cell, collections::BTreeSet, time::Duration};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{
    Serving, folder, run, turno,
    two_servers::{create, enter},
};
use crate::support::{Client, until};

/// How much was acknowledged when it is killed.
const ENOUGH: usize = 60;

/// What is sent with these words.
type Body = fn(&str) -> Value;

fn ticket(words: &str) -> Value {
    json!({ "title": words, "description": "No enciende desde ayer." })
}

fn message(words: &str) -> Value {
    json!({ "body": words })
}

/// Sends one after the other until nobody answers any more; gives back what was acknowledged, which it counts.
async fn write(by: &Client, (name, path, body): (&str, &str, Body), acknowledged: &Cell<usize>) -> Vec<String> {
    let mut kept = Vec::new();
    loop {
        let words = format!("{name} {}", kept.len());
        // Not as a client of the tests sends it: that one takes no broken connection for an answer.
        let sent = by.http.post(format!("{}/api/v1{path}", by.origin)).json(&body(&words));
        let sent = sent.header("Cookie", format!("turno_session={}", by.cookie.as_deref().unwrap()));
        let Ok(reply) = sent.header("X-CSRF-Token", by.csrf.as_deref().unwrap()).send().await else { return kept };
        assert_eq!(reply.status(), 201, "{words}");
        kept.push(words);
        acknowledged.set(acknowledged.get() + 1);
        // The rest of it may be broken off: that it is there has been said.
        let _ = reply.bytes().await;
    }
}

on_each_database! {
    only(sqlite)
    async fn what_was_acknowledged_before_a_server_was_killed_is_there_afterwards(database: Database) {
        let folder = folder();
        create(&folder, &database, "ana", "user");
        create(&folder, &database, "tec", "technician");
        let start = || {
            let mut command = turno(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
            Serving::start(command.env("DATABASE_URL", &database.url).env("MESSAGE_RATE_PER_MINUTE", "100000"))
        };
        let mut killed = start();
        let (ana, tech) = (enter(&killed, "ana").await, enter(&killed, "tec").await);
        let chat = format!("/conversations/{}/messages", tech.id);
        let writers: [(&str, &str, Body); 4] = [
            ("uno", "/tickets", ticket),
            ("dos", "/tickets", ticket),
            ("tres", chat.as_str(), message),
            ("cuatro", chat.as_str(), message),
        ];
        let acknowledged = Cell::new(0);
        let kill = async {
            until("enough is written", Duration::from_secs(60), async || acknowledged.get() >= ENOUGH).await;
            killed.child.kill().unwrap();
            killed.child.wait().unwrap();
        };
        let (kept, ()) = tokio::join!(join_all(writers.map(|what| write(&ana, what, &acknowledged))), kill);
        assert!(kept.iter().all(|kept| !kept.is_empty()), "not everybody wrote: {kept:?}");

        let again = start();
        let ana = Client { origin: again.origin.clone(), ..ana };
        let mut found = BTreeSet::new();
        for (path, words) in [("/tickets", "title"), (chat.as_str(), "body")] {
            let written = ana.pages(path, &[], 100).await;
            found.extend(written.iter().map(|item| item[words].as_str().unwrap().to_owned()));
        }
        for words in kept.iter().flatten() {
            assert!(found.contains(words), "acknowledged, and not there: {words}");
        }
        // Of what was on its way each had one.
        assert!(found.len() <= acknowledged.get() + writers.len(), "{found:?}");
        run(turno(folder.path(), &["verify-audit"]).env("DATABASE_URL", &database.url), "").succeeds();
    }
}
