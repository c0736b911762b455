//! `/conversations` and `/messages`.

mod access;
mod digest;
mod edits;
mod files;
mod messages;
mod rate;
mod tickets;
mod unread;

use backend::chat::service;
use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::UserId;

use crate::support::{Client, Form, Reply, TestApp};

/// Writes to somebody.
async fn say(from: &Client, to: &Client, body: &str) -> Reply {
    send(from, to, json!({ "body": body })).await.expect(201)
}

/// Sends a message as it is given, whatever comes of it.
async fn send(from: &Client, to: &Client, message: Value) -> Reply {
    from.post(&format!("/conversations/{}/messages", to.id), message).await
}

/// All that was written to a person reaches a device of theirs.
async fn reach(app: &TestApp, person: &Client) {
    let to = UserId(person.id);
    let waiting = service::undelivered(&mut app.state.db.read().await.unwrap(), to).await.unwrap();
    service::delivered(&app.state, to, &waiting).await.unwrap();
}

/// What two people wrote to each other, as one of them reads it.
async fn read(reader: &Client, with: &Client) -> Reply {
    reader.get(&format!("/conversations/{}/messages", with.id)).await.expect(200)
}

/// Marks everything of somebody's as read.
async fn mark_read(reader: &Client, writer: &Client) {
    reader.put(&format!("/conversations/{}/read", writer.id), json!({})).await.expect(204);
}

/// Sends files to somebody, whatever comes of it.
async fn upload(from: &Client, to: &Client, form: Form) -> Reply {
    from.request(Method::POST, &format!("/conversations/{}/files", to.id)).form(form).send().await
}
