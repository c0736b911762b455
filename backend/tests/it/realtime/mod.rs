//! `/ws` and `/presence`: what happens, told while it happens.

mod bell;
mod chats;
mod described;
mod frames;
#[cfg(target_os = "linux")]
mod limits;
mod listening;
#[cfg(target_os = "linux")]
mod many;
mod outages;
mod presence;
mod processes;
mod reading;
mod resuming;
mod rights;
mod sessions;
mod stopping;
mod stream;
mod viewers;

use serde_json::Value;

use crate::support::{Client, Socket, TestApp};

/// Everything that a person was told of until now: they open a ticket, and are told of that after all before it.
async fn told_by_now(app: &TestApp, person: &Client, socket: &mut Socket) -> Vec<Value> {
    let ticket = app.ticket(person, "Hasta aquí").await;
    let is_it = move |frame: &Value| frame["kind"] == "ticket_created" && frame["ticket_id"] == ticket;
    socket.told_before("the person's own ticket", is_it).await
}

/// The numbers of the events among frames.
fn events(frames: &[Value]) -> Vec<i64> {
    frames
        .iter()
        .filter(|frame| frame["type"] == "event")
        .map(|frame| frame["id"].as_i64().expect("a number"))
        .collect()
}
