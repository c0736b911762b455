//! `cargo xtask bench`: how fast the release program is, on a small desk and on a large one, and whether that will do.
//!
//! The load generator shares the machine's cores with the server, so what counts is the distance to the smallest server
//! that answers the same bytes, measured in the same minute. Other work on the machine disturbs everything here.

mod browser;
mod data;
mod exports;
mod http;
mod load;
mod report;
mod server;
mod sockets;
mod uploads;

use std::{process::Command, time::Duration};

use anyhow::{Context, Result};

use self::{
    data::Data,
    load::{Load, Request},
    report::Report,
    server::{Baseline, Session, Turno},
};
use crate::{
    place::Place,
    run::{run as run_it, step},
};

/// Connections that list, read and create.
const CONNECTIONS: [u32; 2] = [8, 64];
/// Connections that flood the login.
const FLOOD: u32 = 32;
/// The small desk.
const SMALL: u64 = 10_000;
/// How often a start is measured.
const STARTS: usize = 5;

/// What the memory of a large desk is called that was asked for a list, and then for nothing.
const IDLE_MEMORY: &str = "memory after 30 s without a request, large desk";

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// Tickets of the large desk [default: 1000000, with --quick 100000]
    #[arg(long)]
    tickets: Option<u64>,
    /// Measure each thing for one second instead of five
    #[arg(long)]
    quick: bool,
}

/// Prepares, measures, reports.
pub fn run(place: &Place, options: &Options) -> Result<()> {
    let large = options.tickets.unwrap_or(if options.quick { 100_000 } else { 1_000_000 }).max(SMALL);
    let generator = load::ensure(place)?;
    crate::build::all(place)?;
    step("Building the smallest server", || {
        run_it(place.command("cargo").args(["build", "--release", "--package", "backend", "--example", "baseline"]))
    })?;
    let seconds = if options.quick { 1 } else { 5 };
    let bench = Bench { place, load: Load { program: generator, time: Duration::from_secs(seconds) } };
    let mut report = Report::new(large, seconds);
    // Before the others: with --quick it is the large one as well.
    let (exported, took) = data::anew(place, exports::TICKETS)?;
    report.number(&data::demo_of(exports::TICKETS), took.as_secs_f64(), "s");
    let small = data::ensure(place, SMALL)?;
    let large = data::ensure(place, large)?;
    bench.small(&small, &mut report)?;
    uploads::measure(place, &small, &mut report)?;
    bench.large(&large, &mut report)?;
    exports::measure(place, &exported, &mut report)?;
    sockets::measure(place, &mut report)?;
    browser::measure(place, &mut report)?;
    report.judge();
    report.print();
    let file = report.write(&place.target)?;
    println!("\nWritten to {}.", file.display());
    Ok(())
}

struct Bench<'a> {
    place: &'a Place,
    load: Load,
}

impl Bench<'_> {
    /// On a copy of the small desk, since it also opens tickets.
    fn small(&self, data: &Data, report: &mut Report) -> Result<()> {
        let copy = data.copy(&self.place.own("bench")?.join("desk"))?;
        let turno = Turno::start(self.place, &copy.folder)?;
        let admin = turno.log_in(data::ADMIN, data::PASSWORD)?;
        self.reads(&turno, &admin, data, report)?;
        self.baselines(&turno, &admin, report)?;
        let bodies = self.bodies("tickets", |n| {
            let title = format!("Impresora {n} de la segunda planta");
            let description = format!("La impresora {n} no imprime desde esta mañana. Ya la he reiniciado dos veces.");
            serde_json::json!({ "title": title, "description": description })
        })?;
        for connections in CONNECTIONS {
            let request = Request::post(&turno.url("/api/v1/tickets"), &bodies).session(&admin);
            report.add("durable create", data.tickets, connections, self.load.run(&request, connections)?);
        }
        report.number("memory after load, small desk", turno.memory()?, "MB");
        Ok(())
    }

    fn large(&self, data: &Data, report: &mut Report) -> Result<()> {
        let mut starts = Vec::new();
        for _ in 0..STARTS {
            starts.push(Turno::start(self.place, &data.folder)?.first_answer);
        }
        starts.sort();
        let start = starts.get(STARTS / 2).copied().unwrap_or_default();
        report.number("cold start to the first 200, large desk", start.as_secs_f64() * 1000.0, "ms");

        let turno = Turno::start(self.place, &data.folder)?;
        let admin = turno.log_in(data::ADMIN, data::PASSWORD)?;
        http::get(turno.address, "/api/v1/tickets", Some(&admin))?.expect(200)?;
        report.number(IDLE_MEMORY, turno.idle_memory()?, "MB");
        self.reads(&turno, &admin, data, report)?;
        let technician = turno.log_in(&data.technician, data::PASSWORD)?;
        let list = Request::get(&turno.url("/api/v1/tickets?status=open,in_progress,waiting")).session(&technician);
        report.add("technician's open tickets", data.tickets, 8, self.load.run(&list, 8)?);
        let list = Request::get(&turno.url("/api/v1/tickets")).session(&admin);
        report.add("list of 25, compressed", data.tickets, 8, self.load.run(&list.clone().compressed(), 8)?);
        for (who, session) in [("administrator", &admin), ("technician", &technician)] {
            self.sums(&turno, (who, session), data, report)?;
        }
        report.number("memory after load, large desk", turno.memory()?, "MB");

        report.add("list of 25, before the flood", data.tickets, 8, self.load.run(&list, 8)?);
        let logins = self.bodies(
            "logins",
            |n| serde_json::json!({ "login": format!("nobody-{n}"), "password": "Not-the-password-1" }),
        )?;
        let flood = self.load.background(&Request::post(&turno.url("/api/v1/session"), &logins), FLOOD)?;
        report.add("list of 25, during a login flood", data.tickets, 8, self.load.run(&list, 8)?);
        report.add("login flood", data.tickets, FLOOD, flood.finish()?);
        Ok(())
    }

    /// The list and single tickets.
    fn reads(&self, turno: &Turno, session: &Session, data: &Data, report: &mut Report) -> Result<()> {
        let list = Request::get(&turno.url("/api/v1/tickets")).session(session);
        // Numbers of as many digits as the largest has: nine in ten of all.
        let digits = data.tickets.to_string().len() - 2;
        let read = Request::matching(&turno.url(&format!("/api/v1/tickets/[1-9][0-9]{{{digits}}}"))).session(session);
        for connections in CONNECTIONS {
            report.add("list of 25", data.tickets, connections, self.load.run(&list, connections)?);
            report.add("ticket read", data.tickets, connections, self.load.run(&read, connections)?);
        }
        Ok(())
    }

    /// What is counted over many tickets, or looked for in all of them.
    fn sums(&self, turno: &Turno, (who, session): (&str, &Session), data: &Data, report: &mut Report) -> Result<()> {
        let similar = "/api/v1/tickets/similar?title=La%20impresora%20parpadea%20en%20rojo%20otra%20vez";
        for (name, path) in [("dashboard", "/api/v1/dashboard"), ("similar tickets", similar)] {
            let request = Request::get(&turno.url(path)).session(session);
            report.add(&format!("{name}, {who}"), data.tickets, 8, self.load.run(&request, 8)?);
        }
        Ok(())
    }

    /// The smallest server with the same answers.
    fn baselines(&self, turno: &Turno, session: &Session, report: &mut Report) -> Result<()> {
        for (name, path) in
            [("smallest server, list", "/api/v1/tickets"), ("smallest server, ticket", "/api/v1/tickets/5000")]
        {
            let answer = http::get(turno.address, path, Some(session))?.expect(200)?;
            let file = self.place.own("bench")?.join("answer.json");
            std::fs::write(&file, answer.body)?;
            let baseline = Baseline::start(self.place, &file)?;
            for connections in CONNECTIONS {
                let request = Request::get(&baseline.url("/"));
                report.add(name, 0, connections, self.load.run(&request, connections)?);
            }
        }
        Ok(())
    }

    /// A file of bodies, each different.
    fn bodies(&self, name: &str, body: impl Fn(u32) -> serde_json::Value) -> Result<std::path::PathBuf> {
        let file = self.place.own("bench")?.join(format!("{name}.jsonl"));
        let lines: Vec<String> = (0..20_000).map(|n| body(n).to_string()).collect();
        std::fs::write(&file, lines.join("\n")).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(file)
    }
}

/// The release program.
fn turno(place: &Place) -> Command {
    let mut command = Command::new(place.turno("release"));
    // Settings of the person's own must not change what is measured, nor a `.env` in this folder.
    for name in ["DATABASE_URL", "SECRET_KEY", "PUBLIC_URL", "SESSION_MODE", "TECHNICIAN_SCOPE", "WORKERS", "RUST_LOG"]
    {
        command.env_remove(name);
    }
    command.env("SESSION_TIMEOUT_SECONDS", "86400").env("LOGIN_RATE_PER_MINUTE", "100000");
    command.env("MESSAGE_RATE_PER_MINUTE", "100000");
    command.current_dir(std::env::temp_dir());
    command
}
