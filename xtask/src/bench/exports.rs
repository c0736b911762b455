//! The whole list as a file of each kind: how long it takes, and how much memory on top of what the server holds anyway.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::{
    data::{self, Data},
    http,
    report::Report,
    server::Turno,
};
use crate::place::Place;

/// Tickets that are exported.
pub const TICKETS: u64 = 100_000;
/// The kinds of file.
pub const KINDS: [&str; 3] = ["csv", "xlsx", "pdf"];

/// What the memory that one kind takes is called.
pub fn memory_of(kind: &str) -> String {
    format!("memory of an export as {kind}")
}

/// Exports each kind twice: the first time the allocator has yet to find its shape.
pub fn measure(place: &Place, data: &Data, report: &mut Report) -> Result<()> {
    let turno = Turno::start(place, &data.folder)?;
    let admin = turno.log_in(data::ADMIN, data::PASSWORD)?;
    http::get(turno.address, "/api/v1/tickets", Some(&admin))?.expect(200)?;
    let idle = turno.idle_asked_for()?;
    for kind in KINDS {
        let mut most = 0.0_f64;
        let mut time = Duration::ZERO;
        for _ in 0..2 {
            let watch = turno.watch();
            let began = Instant::now();
            http::get(turno.address, &format!("/api/v1/reports/tickets.{kind}"), Some(&admin))?.expect(200)?;
            time = began.elapsed();
            most = most.max(watch.end()? - idle);
        }
        report.number(&format!("export of {} tickets as {kind}", data.tickets), time.as_secs_f64(), "s");
        report.number(&memory_of(kind), most, "MB");
    }
    Ok(())
}
