//! `/ws` and `/presence`: what happens, told while it happens.

mod bell;
mod chats;
mod frames;
#[cfg(target_os = "linux")]
mod limits;
mod listening;
mod outages;
mod presence;
mod processes;
mod resuming;
mod sessions;
mod stopping;
mod stream;
mod viewers;

use serde_json::Value;

/// The numbers of the events among frames.
fn events(frames: &[Value]) -> Vec<i64> {
    frames
        .iter()
        .filter(|frame| frame["type"] == "event")
        .map(|frame| frame["id"].as_i64().expect("a number"))
        .collect()
}
