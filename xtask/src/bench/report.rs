//! The numbers, whether they are good enough, and where they go.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{browser, data, exports, load::Measured, sockets, uploads};

/// One thing under load.
struct Row {
    name: String,
    /// Of the desk; none for the smallest server.
    tickets: u64,
    connections: u32,
    measured: Measured,
}

/// Something to reach.
struct Target {
    name: String,
    /// None when it was not measured: then it is missed.
    found: Option<f64>,
    /// At least or at most.
    wanted: f64,
    at_least: bool,
}

impl Target {
    fn is_met(&self) -> bool {
        self.found.is_some_and(|found| if self.at_least { found >= self.wanted } else { found <= self.wanted })
    }
}

/// Everything that was measured.
pub struct Report {
    large: u64,
    seconds: u64,
    rows: Vec<Row>,
    numbers: Vec<(String, f64, &'static str)>,
    /// What was measured of the page in a browser, and what it may be: times depend on how fast anything is drawn here.
    page: Vec<(String, f64, f64)>,
    targets: Vec<Target>,
    notes: Vec<String>,
}

impl Report {
    /// Nothing yet.
    pub fn new(large: u64, seconds: u64) -> Self {
        let (rows, numbers, page, targets, notes) = Default::default();
        Self { large, seconds, rows, numbers, page, targets, notes }
    }

    /// Something under load. It is said at once: a run takes minutes.
    pub fn add(&mut self, name: &str, tickets: u64, connections: u32, measured: Measured) {
        eprintln!("    {name}, {connections} connections: {:.0}/s", measured.per_second);
        self.rows.push(Row { name: name.to_owned(), tickets, connections, measured });
    }

    /// A single number.
    pub fn number(&mut self, name: &str, value: f64, unit: &'static str) {
        eprintln!("    {name}: {value:.1} {unit}");
        self.numbers.push((name.to_owned(), value, unit));
    }

    /// What was measured of the page in a browser, and what it may be at most.
    pub fn page(&mut self, name: &str, found: f64, at_most: f64) {
        self.page.push((name.to_owned(), found, at_most));
    }

    /// Something a reader must know.
    pub fn note(&mut self, note: &str) {
        self.notes.push(note.to_owned());
    }

    fn row(&self, name: &str, tickets: u64, connections: u32) -> Option<&Measured> {
        let row = self
            .rows
            .iter()
            .find(|row| (row.name.as_str(), row.tickets, row.connections) == (name, tickets, connections))?;
        Some(&row.measured)
    }

    /// Holds the numbers against what they should be: each of them, with few connections and with many.
    pub fn judge(&mut self) {
        let (small, large) = (super::SMALL, self.large);
        let mut targets = Vec::new();
        let mut target = |name: &str, found: Option<f64>, wanted, at_least| {
            targets.push(Target { name: name.to_owned(), found, wanted, at_least });
        };
        for (name, wanted) in [("list of 25", 5_000.0), ("ticket read", 5_000.0), ("durable create", 1_500.0)] {
            for connections in super::CONNECTIONS {
                let found = self.row(name, small, connections).map(|measured| measured.per_second);
                target(&format!("{name}, {connections} connections, requests/s"), found, wanted, true);
            }
        }
        let sent = || self.rows.iter().filter(|row| row.name != "login flood").map(|row| &row.measured);
        let failed = u32::try_from(sent().map(|measured| measured.failed).sum::<u64>()).unwrap_or(u32::MAX);
        target("requests that failed", sent().next().map(|_| f64::from(failed)), 0.0, false);
        for name in ["list of 25", "ticket read"] {
            for connections in super::CONNECTIONS {
                let p50 = |tickets| Some(self.row(name, tickets, connections)?.p50);
                let ratio = p50(large).zip(p50(small)).map(|(large, small)| large / small);
                let what = format!("{name}, {connections} connections, p50 of {large} by that of {small} tickets");
                target(&what, ratio, 1.3, false);
            }
        }
        let p99 = |name| Some(self.row(name, large, 8)?.p99);
        let ratio = p99("list of 25, during a login flood").zip(p99("list of 25, before the flood"));
        target(
            "list of 25, p99 in a login flood by that before",
            ratio.map(|(during, before)| during / before),
            3.0,
            false,
        );
        for (number, unit, wanted) in [
            (super::IDLE_MEMORY, "MB", 40.0),
            ("cold start to the first 200, large desk", "ms", 150.0),
            (&data::demo_of(exports::TICKETS), "s", 60.0),
            (uploads::MEMORY, "MB", 100.0),
            (sockets::P99, "ms", 1_000.0),
            (sockets::MEMORY, "kB", 50.0),
            (&exports::memory_of("csv"), "MB", 50.0),
            (&exports::memory_of("xlsx"), "MB", 50.0),
            (&exports::memory_of("pdf"), "MB", 50.0),
        ] {
            let found = self.numbers.iter().find(|(name, _, of)| (name.as_str(), *of) == (number, unit));
            target(&format!("{number}, {unit}"), found.map(|(_, value, _)| *value), wanted, false);
        }
        for (name, found, at_most) in &self.page {
            target(name, Some(*found), *at_most, false);
        }
        if self.page.is_empty() {
            target(browser::PAGE, None, 0.0, false);
        }
        self.targets = targets;
    }

    /// For a person.
    pub fn print(&self) {
        println!(
            "\n{:<34} {:>9} {:>5} {:>10} {:>9} {:>9}  answers",
            "", "tickets", "conns", "requests/s", "p50 ms", "p99 ms"
        );
        for Row { name, tickets, connections, measured } in &self.rows {
            let Measured { per_second, p50, p99, answers, .. } = measured;
            let tickets = if *tickets == 0 { "–".to_owned() } else { tickets.to_string() };
            println!("{name:<34} {tickets:>9} {connections:>5} {per_second:>10.0} {p50:>9.2} {p99:>9.2}  {answers}");
        }
        println!();
        for (name, value, unit) in &self.numbers {
            println!("{name:<50} {value:>10.1} {unit}");
        }
        println!();
        for target in &self.targets {
            let (word, verdict) =
                (if target.at_least { "at least" } else { "at most" }, if target.is_met() { "ok" } else { "MISSED" });
            let found = target.found.map_or_else(|| "–".to_owned(), |found| format!("{found:.2}"));
            println!("{:<88} {found:>10}  {word} {:<7.1} {verdict}", target.name, target.wanted);
        }
        for note in &self.notes {
            println!("\n{note}");
        }
    }

    /// For a program: `bench.json` in the target folder.
    pub fn write(&self, target: &Path) -> Result<PathBuf> {
        let rows = self.rows.iter().map(|row| {
            json!({
                "name": row.name, "tickets": row.tickets, "connections": row.connections,
                "requests": row.measured.requests, "failed": row.measured.failed,
                "requests_per_second": row.measured.per_second, "p50_ms": row.measured.p50, "p99_ms": row.measured.p99,
            })
        });
        let numbers =
            self.numbers.iter().map(|(name, value, unit)| json!({ "name": name, "value": value, "unit": unit }));
        let targets = self.targets.iter().map(|target| {
            json!({
                "name": target.name, "found": target.found, "wanted": target.wanted,
                "at_least": target.at_least, "met": target.is_met(),
            })
        });
        let whole = json!({
            "seconds_each": self.seconds,
            "large_desk": self.large,
            "load": rows.collect::<Value>(),
            "numbers": numbers.collect::<Value>(),
            "targets": targets.collect::<Value>(),
            "notes": self.notes,
        });
        let file = target.join("bench.json");
        fs::write(&file, serde_json::to_string_pretty(&whole)?)
            .with_context(|| format!("cannot write {}", file.display()))?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LARGE: u64 = 1_000_000;

    fn named<'a>(report: &'a Report, name: &str) -> &'a Target {
        report.targets.iter().find(|target| target.name == name).unwrap_or_else(|| panic!("no target {name}"))
    }

    fn measured(per_second: f64, p50: f64, p99: f64) -> Measured {
        Measured { requests: 100, per_second, p50, p99, ..Measured::default() }
    }

    #[test]
    fn what_was_not_measured_is_missed() {
        let mut report = Report::new(LARGE, 5);
        report.judge();
        assert!(report.targets.len() > 15, "{}", report.targets.len());
        assert!(report.targets.iter().all(|target| target.found.is_none() && !target.is_met()));
    }

    #[test]
    fn few_connections_do_not_make_up_for_many() {
        let mut report = Report::new(LARGE, 5);
        report.add("list of 25", super::super::SMALL, 8, measured(9_000.0, 1.0, 2.0));
        report.add("list of 25", super::super::SMALL, 64, measured(4_000.0, 1.0, 2.0));
        report.judge();
        assert!(named(&report, "list of 25, 8 connections, requests/s").is_met());
        assert!(!named(&report, "list of 25, 64 connections, requests/s").is_met());
        assert!(named(&report, "requests that failed").is_met());
    }

    #[test]
    fn a_number_is_held_against_its_target() {
        let mut report = Report::new(LARGE, 5);
        let demo = data::demo_of(exports::TICKETS);
        report.number(&demo, 60.1, "s");
        report.number(super::super::IDLE_MEMORY, 39.9, "MB");
        report.add("list of 25", super::super::SMALL, 8, measured(9_000.0, 1.0, 2.0));
        report.add("list of 25", LARGE, 8, measured(9_000.0, 1.2, 2.0));
        report.add("list of 25", super::super::SMALL, 64, measured(9_000.0, 6.0, 9.0));
        report.add("list of 25", LARGE, 64, measured(9_000.0, 9.0, 12.0));
        report.page("a ticket from the list, ms", 101.0, 100.0);
        report.page("usable login page, ms", 1_100.0, 1_200.0);
        report.judge();
        assert!(!named(&report, "a ticket from the list, ms").is_met());
        assert!(named(&report, "usable login page, ms").is_met());
        assert!(!named(&report, &format!("{demo}, s")).is_met());
        assert!(named(&report, &format!("{}, MB", super::super::IDLE_MEMORY)).is_met());
        assert!(named(&report, "list of 25, 8 connections, p50 of 1000000 by that of 10000 tickets").is_met());
        assert!(!named(&report, "list of 25, 64 connections, p50 of 1000000 by that of 10000 tickets").is_met());
    }
}
