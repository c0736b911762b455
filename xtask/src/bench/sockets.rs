//! Thousands who are connected at the same time: what a socket costs, and how soon a message is at the other's. All of it is
//! done by `backend/examples/sockets.rs`, on an empty SQLite file.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::report::Report;
use crate::{
    place::Place,
    run::{line, run, step},
};

/// How many are connected.
const SOCKETS: u32 = 5_000;
/// What a message takes from the request to the other's socket.
pub const P99: &str = "message among 5,000 sockets, p99";
/// What one of them costs the server.
pub const MEMORY: &str = "memory of one of 5,000 sockets";

/// Opens them all and writes to each.
pub fn measure(place: &Place, report: &mut Report) -> Result<()> {
    step("Building what opens sockets", || {
        run(place.command("cargo").args(["build", "--release", "--package", "backend", "--example", "sockets"]))
    })?;
    let mut command = Command::new(place.target.join("release/examples/sockets"));
    command.args([&SOCKETS.to_string(), "--json"]).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().with_context(|| format!("cannot start {}", line(&command)))?;
    if !output.status.success() {
        bail!("{} ended ({})", line(&command), output.status);
    }
    let found: Value = serde_json::from_slice(&output.stdout).context("the sockets' numbers are no JSON")?;
    let number = |name: &str| found.get(name).and_then(Value::as_f64).with_context(|| format!("there is no {name}"));
    report.number("message among 5,000 sockets, p50", number("p50_ms")?, "ms");
    report.number(P99, number("p99_ms")?, "ms");
    report.number(MEMORY, number("kilobytes_each")?, "kB");
    report.number("memory with 5,000 sockets", number("megabytes")?, "MB");
    Ok(())
}
